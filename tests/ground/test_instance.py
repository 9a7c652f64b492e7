"""The facts of an instance: its mode, its day, its secrets."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jingtu.config import instance as instances
from jingtu.config.database import databases, from_url
from jingtu.config.prepare import settle
from jingtu.config.refusal import Refusal
from jingtu.config.reset import reset
from jingtu.config.stamps import Stamps, digest_of


def test_an_instance_keeps_its_secrets_to_itself(tmp_path: Path) -> None:
    made = settle(tmp_path, None, None)
    assert made.mode == "demo"
    assert instances.load(tmp_path) == made
    assert instances.record(tmp_path).stat().st_mode & 0o077 == 0
    assert (tmp_path / "files").stat().st_mode & 0o077 == 0


def test_two_instances_share_no_secret() -> None:
    one, other = instances.fresh("demo"), instances.fresh("demo")
    assert one.secret_key != other.secret_key
    assert one.demo_password != other.demo_password


def test_reading_settings_before_the_first_run_writes_nothing(tmp_path: Path) -> None:
    instances.load(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_production_lives_on_the_real_day() -> None:
    production = instances.fresh("production")
    assert production.today("") is None
    assert production.demo_password == ""
    with pytest.raises(Refusal, match="JINGTU_TODAY"):
        production.today("2021-09-15")


def test_a_demonstration_has_a_day_of_its_own() -> None:
    demo = instances.fresh("demo")
    assert demo.today("") == date(2021, 10, 8)
    assert demo.today("2021-10-01") == date(2021, 10, 1)
    with pytest.raises(Refusal, match="not a day"):
        demo.today("15 September")


def test_a_demonstration_never_becomes_production(tmp_path: Path) -> None:
    settle(tmp_path, "demo", None)
    with pytest.raises(Refusal, match="JINGTU_HOME"):
        settle(tmp_path, "production", None)


def test_a_damaged_record_is_refused_with_its_place(tmp_path: Path) -> None:
    instances.save(tmp_path, replace(instances.fresh("demo"), port=8100))
    instances.record(tmp_path).write_text("{", encoding="utf-8")
    with pytest.raises(Refusal, match=r"instance\.json"):
        instances.load(tmp_path)


def test_a_database_address_is_read_whole() -> None:
    facts = from_url("postgresql://app:p%40ss@db.example:5433/jingtu?sslmode=require")
    assert facts == {
        "NAME": "jingtu",
        "USER": "app",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }
    with pytest.raises(Refusal, match="PostgreSQL"):
        from_url("mysql://a@b/c")


def test_the_owner_has_an_address_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/jingtu")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@db/jingtu")
    assert databases(tmp_path, testing=False)["default"]["USER"] == "app"
    monkeypatch.setenv("JINGTU_DB_ROLE", "owner")
    assert databases(tmp_path, testing=False)["default"]["USER"] == "owner"


def test_a_stamp_holds_until_a_source_changes(tmp_path: Path) -> None:
    source, stamps = tmp_path / "a.csv", Stamps(tmp_path)
    source.write_text("1")
    stamps.put("load", digest_of([source]))
    assert stamps.fresh("load", digest_of([source]))
    source.write_text("2")
    assert not stamps.fresh("load", digest_of([source]))


def test_deleting_needs_a_yes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setenv("JINGTU_HOME", str(tmp_path))
    reset(force=False)
    assert "nothing to delete" in capsys.readouterr().out
    settle(tmp_path, None, None)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(Refusal, match="FORCE=1"):
        reset(force=False)
    assert instances.record(tmp_path).exists()
    reset(force=True)
    assert list(tmp_path.iterdir()) == []
