"""Whatever the description of the API allows is asked of it, and whatever it forbids: no fault, no answer outside.

Schemathesis makes the questions from ``docs/openapi.json`` as served, always the same ones (derandomised). It is told
names that exist, so that most questions get past the door; the demonstration answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck
from schemathesis.config import SchemathesisConfig

from jingtu.entrance import tokens
from jingtu.faces.api.service import description
from jingtu.land.models import TokenScope
from jingtu.registers.declare import all_registers, all_sheets, get_register
from tests.contract import kit
from tests.contract.people import PROVINCE, client_of, reach_of

EXAMPLES = 25
CSRF = "c" * 32
NAMES = [register.name for register in all_registers() if not register.name.startswith("sample.")]
LAYERED = [register.name for register in all_registers() if register.layer and register.name in NAMES]
COLUMNS = sorted({column.name for register in all_registers() for column in register.columns})
KNOWN: dict[str, list[Any]] = {
    "path.name": NAMES,
    "path.code": ["T02-01", "T02-04", "T01-01", "T99-99"],
    "query.on": ["2021-09-15", "2021年9月15日", "2021-10-08", "2999-01-01"],
    "query.known_on": ["2021-09-15", "2021-10-08"],
    "query.region": ["140000", "140100", "140105", "110000"],
    "query.clause": ["T02", "T01"],
    "query.sort": [*COLUMNS, *(f"-{name}" for name in COLUMNS)],
    "query.bbox": ["112.0,37.0,113.0,38.0", "113,38,112,37", "110,34,115,41"],
    "query.q": ["小店", "%", "_", "' OR 1=1"],
    "body.sheet": [sheet.name for sheet in all_sheets() if not sheet.name.startswith("sample.")],
    "body.region": ["140000", "140100"],
    "body.on": ["2021-10-08", "2021-10-01", "2999-01-01"],
}
# The kit cannot tell our session from one it made up; and a day or a filter may be well-formed and yet refused (422).
LEFT_OUT = [schemathesis.checks.ignored_auth, schemathesis.checks.positive_data_acceptance]


def config() -> SchemathesisConfig:
    """The same questions every time, and words that exist for four of five parameters."""
    return SchemathesisConfig.from_dict(
        {
            "generation": {
                "deterministic": True,
                "max-examples": EXAMPLES,
                "database": "none",
                "with-security-parameters": False,
            },
            "dictionaries": {name: {"values": values} for name, values in KNOWN.items()},
            "parameters": {name: {"dictionary": name, "probability": 0.8} for name in KNOWN},
        }
    )


schema = schemathesis.openapi.from_dict(json.loads(description()), config=config())
schema.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Let the application answer on the test's own connection, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(params=["session", "token"])
def asker(request: pytest.FixtureRequest, settings: Any) -> dict[str, Any]:
    """What a program sends along: the session of the province's clerk, or a token of the same post; never too fast."""
    settings.PACES = dict.fromkeys(settings.PACES, (1_000_000, 1_000_000))
    if request.param == "token":
        made = tokens.make("测试", TokenScope.SUBMIT, (), 30, by=reach_of(PROVINCE), address="")
        return {"headers": {"Authorization": f"Bearer {made.secret}"}}
    key = client_of(PROVINCE).cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: key, settings.CSRF_COOKIE_NAME: CSRF}
    return {"cookies": cookies, "headers": {"X-CSRFToken": CSRF}}


def fitted(case: Any) -> None:
    """Make two of three well-formed questions fit together: a record, column or layer of the register they name."""
    name, pick = case.path_parameters.get("name"), crc32(repr((case.path_parameters, case.query)).encode())
    if name not in NAMES or case.meta.generation.mode.is_negative or pick % 3 == 0:
        return
    if case.path.startswith("/api/v1/layers"):
        case.path_parameters["name"] = LAYERED[pick % len(LAYERED)]
    elif "pk" in case.path_parameters:
        keys = list(kit.rows(get_register(name)).order_by("pk").values_list("pk", flat=True)[:100]) or [1]
        case.path_parameters["pk"] = keys[pick % len(keys)]
    else:
        columns = [column.name for column in get_register(name).columns]
        for cursor in ("after", "before"):
            case.query.pop(cursor, None)
        case.query |= {"sort": columns[pick % len(columns)], "columns": columns[: pick % 5]}


@schema.parametrize()
@hypothesis.settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_no_answer_is_outside_the_description(case: Any, asker: dict[str, Any]) -> None:
    fitted(case)
    with transaction.atomic():
        answer = case.call_and_validate(**asker, excluded_checks=LEFT_OUT)
        transaction.set_rollback(True)
    assert answer.status_code != 401, "the question was not asked as somebody"
