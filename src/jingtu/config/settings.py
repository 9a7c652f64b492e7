"""Settings of Django. Everything that differs between machines comes from the instance."""

from __future__ import annotations

import os
from typing import Any

from jingtu.config import instance as instances
from jingtu.config.database import databases
from jingtu.config.libraries import gdal_library, geos_library

HOME = instances.home()
INSTANCE = instances.load(HOME)
TESTING = bool(os.environ.get("JINGTU_TESTING"))

SECRET_KEY = INSTANCE.secret_key
DEBUG = bool(os.environ.get("JINGTU_DEBUG")) and INSTANCE.mode == "demo"
MODE = INSTANCE.mode
DEMO_TODAY = INSTANCE.today(os.environ.get("JINGTU_TODAY", ""))
DEMO_PASSWORD = INSTANCE.demo_password
FILES_DIR = HOME / "files"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *INSTANCE.hosts, *(["testserver"] if TESTING else [])]

GDAL_LIBRARY_PATH = gdal_library()
GEOS_LIBRARY_PATH = geos_library()


HOUSE_APPS = [
    "jingtu.land",
    "jingtu.registers",
    "jingtu.evidence",
    "jingtu.chapters.monitoring",
    "jingtu.chapters.farmland",
    "jingtu.faces.console",
    "jingtu.faces.api",
    *(("jingtu.demonstration",) if INSTANCE.mode == "demo" else ()),
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    *HOUSE_APPS,
]
AUTH_USER_MODEL = "land.Account"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jingtu.config.headers.SecurityHeaders",
    "jingtu.config.headers.KnownMethods",
    "jingtu.config.headers.BodyLimit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jingtu.entrance.sessions.SessionLimits",
    "jingtu.entrance.tokens.Bearers",
    "jingtu.config.pacing.Pacing",
    "jingtu.registers.middleware.ReachMiddleware",
]
ROOT_URLCONF = "jingtu.config.urls"
WSGI_APPLICATION = "jingtu.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Offices' own settings, shown as such: how late is late, how soon is soon.
LATE_RECORDING_DAYS = 10
DUE_SOON_DAYS = 30
# Tests run deferred work in the same process, after the transaction.
TASKS_INLINE = TESTING
# A worker says every few seconds that it lives; what a dead one left is taken up by ``registers.tasks.rescue``.
PROCRASTINATE_WORKER_DEFAULTS = {
    "update_heartbeat_interval": 5.0,
    "stalled_worker_timeout": 20.0,
    "delete_jobs": "successful",
}

DATABASES = databases(HOME, TESTING)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PGHISTORY_APPEND_ONLY = True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "jingtu.land.passwords.ContextValidator"},
]
# Everybody needs a second factor, except in a demonstration, whose accounts share one printed password.
SECOND_FACTOR_REQUIRED = INSTANCE.mode == "production"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_MANIFEST_STRICT = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_DIR}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SESSION_ENGINE = "jingtu.land.sessions"
SESSION_IDLE_MINUTES = 30
SESSION_LONGEST_HOURS = 8
ADMINISTRATION_MINUTES = 30
# Requests answered: so many a minute, so many at once. An address counts for requests that nobody stands behind.
PACES = {"token": (300, 100), "account": (600, 300), "address": (300, 300)}
BEHIND_PROXY = INSTANCE.https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = INSTANCE.https
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "jingtu.faces.console.views.failures.stale_form"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = INSTANCE.https
if INSTANCE.https:
    SESSION_COOKIE_NAME = "__Host-jingtu"
    CSRF_COOKIE_NAME = "__Host-jingtu-csrf"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in INSTANCE.hosts]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
MOST_REQUEST_BYTES = 66 * 1024 * 1024  # a file of 64 MB and the form around it
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"jingtu": {"level": "INFO"}},
}
