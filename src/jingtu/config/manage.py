"""Django's own commands under the right role, with the private database up.

``python -m jingtu.config.manage migrate`` does the same as ``jingtu manage migrate``.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from jingtu.config import instance as instances
from jingtu.config.cluster import Cluster
from jingtu.config.refusal import Refusal

# Commands that change the schema or load what the texts say; all others run as the app role.
OWNER_COMMANDS = frozenset({"migrate", "makemigrations", "load_law", "pgtrigger", "sqlmigrate", "sqlflush", "flush"})
NO_DATABASE = frozenset({"makemessages", "compilemessages", "collectstatic", "findstatic", "diffsettings", "help"})


def prepare_environment(command: str) -> None:
    """Settings module and role for one command; a role named in ``JINGTU_DB_ROLE`` is kept."""
    module = os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingtu.config.settings")
    if module == "jingtu.config.testing":
        importlib.import_module(module)  # moves this process to the home of the tests
    if command in OWNER_COMMANDS:
        os.environ.setdefault("JINGTU_DB_ROLE", "owner")


def execute(arguments: Sequence[str]) -> None:
    """Run one Django command in this process."""
    command = arguments[0] if arguments else "help"
    prepare_environment(command)
    if not os.environ.get("DATABASE_URL") and command not in NO_DATABASE:
        Cluster(instances.home(), throwaway=bool(os.environ.get("JINGTU_TESTING"))).start()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["jingtu manage", *(arguments or ["help"])])


def main() -> None:
    """Entry for ``python -m jingtu.config.manage``."""
    try:
        execute(sys.argv[1:])
    except Refusal as refusal:
        raise SystemExit(str(refusal)) from None


if __name__ == "__main__":
    main()
