"""What every answer carries, and what the health address tells."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.django_db


def test_health_is_told_without_signing_in(client: Client) -> None:
    reply = client.get("/healthz")
    assert (reply.status_code, reply.content) == (200, b"ok\n")


def test_every_answer_is_closed_to_foreign_content(client: Client) -> None:
    for address in ("/healthz", "/no-such-page"):
        headers = client.get(address).headers
        policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


def test_no_answer_is_kept_by_the_browser(client: Client) -> None:
    for address in ("/healthz", "/no-such-page", "/sign-in/"):
        assert "no-store" in client.get(address).headers["Cache-Control"]


def test_methods_that_nobody_needs_are_refused(client: Client) -> None:
    for method in ("TRACE", "PROPFIND"):
        assert client.generic(method, "/sign-in/").status_code == 405
    assert client.get("/sign-in/").status_code == 200


def test_a_lost_database_is_told_without_details(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError("secret host name")

    monkeypatch.setattr(connection, "cursor", refuse)
    reply = client.get("/healthz")
    assert reply.status_code == 503
    assert b"secret" not in reply.content


def test_cookies_and_passwords_are_hardened() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
    assert settings.PASSWORD_HASHERS[-1].endswith("Argon2PasswordHasher")


def test_the_declared_schema_and_the_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_house_days_are_shanghai_days() -> None:
    assert settings.TIME_ZONE == "Asia/Shanghai"
    assert settings.USE_TZ
