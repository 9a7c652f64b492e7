"""Settings of the tests: own home, throw-away cluster, quick password hashes.

The served instance lies in another home and is out of reach of every test.
"""

from __future__ import annotations

import os

from jingtu.config.instance import CHECKOUT

os.environ["JINGTU_TESTING"] = "1"
os.environ["JINGTU_HOME"] = os.environ.get("JINGTU_TEST_HOME") or str(CHECKOUT / "var" / "testing")
os.environ["JINGTU_DB_ROLE"] = "owner"  # makes and migrates the test database; the tests then run as the app role
for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "JINGTU_TODAY", "JINGTU_POOL", "JINGTU_DEBUG"):
    os.environ.pop(name, None)

from jingtu.config.settings import *  # noqa: E402,F403
from jingtu.config.settings import HOME, STORAGES  # noqa: E402

FILES_DIR = HOME / f"files-{os.getpid()}"
STORAGES["default"]["OPTIONS"] = {"location": FILES_DIR}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
