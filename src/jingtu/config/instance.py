"""One instance of Jingtu: its home folder, its mode and its secrets.

The home holds everything that is not source: database cluster, kept files, logs, secrets.
Nothing is written when settings are merely imported; ``create`` writes, and only ``up`` calls it.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Literal

from jingtu.config.refusal import Refusal

Mode = Literal["demo", "production"]
CHECKOUT = Path(__file__).resolve().parents[3]
DEMO_TODAY = "2021-10-08"  # the first working day after the plan's deadlines of 30 September
DEFAULT_PORT = 8021


@dataclass(frozen=True, slots=True)
class Instance:
    """The facts of one instance, as kept in ``instance.json``."""

    mode: Mode
    secret_key: str
    demo_today: str = ""
    demo_password: str = ""
    port: int = DEFAULT_PORT
    hosts: tuple[str, ...] = ()
    https: bool = False

    def today(self, wanted: str) -> date | None:
        """The demonstration's own day, or None when the real calendar rules.

        >>> Instance("demo", "k", demo_today="2021-09-15").today("")
        datetime.date(2021, 9, 15)
        """
        if self.mode == "production":
            if wanted:
                raise Refusal(
                    "JINGTU_TODAY is set, but this is a production instance, where the day is always "
                    "the real one. Unset JINGTU_TODAY. 正式实例不能使用演示日期，请取消 JINGTU_TODAY。"
                )
            return None
        text = wanted or self.demo_today
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise Refusal(f"JINGTU_TODAY={text!r} is not a day; write it as 2021-09-15.") from error


def home() -> Path:
    """The folder of the instance: ``JINGTU_HOME``, else ``var`` in the checkout."""
    return Path(os.environ.get("JINGTU_HOME") or CHECKOUT / "var").resolve()


def record(place: Path) -> Path:
    """Where the instance's own facts are kept."""
    return place / "instance.json"


def fresh(mode: Mode, port: int = DEFAULT_PORT) -> Instance:
    """A new instance with its own secrets; demonstration passwords differ on every machine."""
    demo = mode == "demo"
    return Instance(
        mode=mode,
        secret_key=secrets.token_urlsafe(48),
        demo_today=DEMO_TODAY if demo else "",
        demo_password=secrets.token_urlsafe(9) if demo else "",
        port=port,
    )


def load(place: Path) -> Instance:
    """The recorded instance; before the first run, one that lives only in this process."""
    path = record(place)
    if not path.exists():
        return fresh("demo")
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        known = {field.name for field in fields(Instance)}
        facts = {name: value for name, value in facts.items() if name in known}
        facts["hosts"] = tuple(facts.get("hosts", ()))
        return Instance(**facts)
    except (ValueError, TypeError, OSError) as error:
        raise Refusal(
            f"{path} cannot be read ({error}). Mend it, or restore it from a copy; without it the "
            "sessions and signatures made under its secret key are lost."
        ) from error


def save(place: Path, instance: Instance) -> None:
    """Write the record so that only its owner can read it."""
    make_home(place)
    path = record(place)
    draft = path.with_suffix(".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(asdict(instance), stream, ensure_ascii=False, indent=2)
        stream.write("\n")
    draft.replace(path)


def make_home(place: Path) -> None:
    """Make the home and its rooms; files and logs are closed to others."""
    place.mkdir(parents=True, exist_ok=True)
    for room in ("files", "log"):
        folder = place / room
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
