"""Task 2 on the board against an independent recomputation in plain SQL: random days, two knowledge days."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.db import connection

from jingtu import law
from jingtu.demonstration import cast
from jingtu.land.models import Account
from jingtu.plain.days import SHANGHAI
from jingtu.registers import duties, rowsecurity
from jingtu.registers.board import board
from jingtu.registers.clock import Clock

TODAY: date = settings.DEMO_TODAY
FIRST = date(2021, 7, 1)
KNOWLEDGE_DAYS = (date(2021, 9, 15), TODAY)
DUE_ON = date(2021, 9, 30)
DUTIES = ("T02-01", "T02-02", "T02-03", "T02-04")
SOON = timedelta(settings.DUE_SOON_DAYS)

# Written from the tables alone: a campaign counts once issued; a point is reviewed on the day its last analyte was,
# and that needs a result of each analyte, analysed by the day, in a batch whose newest move by then is the review.
REVIEWED = """
SELECT n.code AS network, substr(o.region_id, 1, 4) AS city, p.id,
  (SELECT CASE WHEN count(*) = cardinality(c.analytes) THEN max(first_on) END FROM (
     SELECT r.analyte, min(m."on") AS first_on
     FROM evidence_sample s
     JOIN evidence_result r ON r.sample_id = s.id AND r.analysed_on <= %(on)s AND r.recorded_at < %(known)s
     JOIN registers_move m ON m.register = 'evidence.batch' AND m.subject_id = r.batch_id
          AND m.to_state = 'reviewed' AND m."on" <= %(on)s AND m.recorded_at < %(known)s
     WHERE s.origin_register = 'monitoring.planned_point' AND s.origin_id = p.id AND s.kind = 'routine'
       AND r.analyte = ANY (c.analytes)
       AND NOT EXISTS (SELECT FROM registers_move later WHERE later.register = 'evidence.batch'
           AND later.subject_id = m.subject_id AND later.id > m.id AND later."on" <= %(on)s
           AND later.recorded_at < %(known)s)
     GROUP BY r.analyte) AS measured) AS reviewed_on,
  (SELECT min(k.sent_on) FROM registers_packageitem i JOIN registers_package k ON k.id = i.package_id
   WHERE i.register = 'monitoring.planned_point' AND i.subject_id = p.id AND i.accepted
     AND i.answered_at < %(known)s AND k.sent_on <= %(on)s) AS uploaded_on
FROM monitoring_plannedpoint p
JOIN monitoring_campaign c ON c.id = p.campaign_id
JOIN monitoring_point o ON o.id = p.point_id
JOIN monitoring_network n ON n.id = o.network_id
WHERE EXISTS (SELECT FROM registers_move m WHERE m.register = 'monitoring.campaign' AND m.subject_id = c.id
      AND m.to_state = 'issued' AND m."on" <= %(on)s AND m.recorded_at < %(known)s)
"""


def random_days() -> list[date]:
    chance = random.Random(20211008)  # noqa: S311
    return sorted(FIRST + timedelta(number) for number in chance.sample(range((TODAY - FIRST).days + 1), 10))


def state_of(done_on: date | None, on: date) -> str:
    if done_on is not None:
        return "done"
    if on > DUE_ON:
        return "overdue"
    return "soon" if on + SOON >= DUE_ON else "open"


def recomputed(on: date, known_on: date) -> Counter[tuple[str, str, str]]:
    """How many obligations of each duty in each city are in which state."""
    known = datetime.combine(known_on + timedelta(1), time(0), SHANGHAI)
    with connection.cursor() as cursor:
        cursor.execute(REVIEWED, {"on": on, "known": known})
        points = cursor.fetchall()
    found: Counter[tuple[str, str, str]] = Counter()
    for network, city, _pk, reviewed_on, uploaded_on in points:
        own = "T02-01" if network == "national" else "T02-02"
        found[own, city, state_of(reviewed_on, on)] += 1
        found["T02-03", city, state_of(reviewed_on, on)] += 1
        found["T02-04", city, state_of(uploaded_on, on)] += 1
    return found


def told(on: date, known_on: date) -> Counter[tuple[str, str, str]]:
    """The same, as the board's relation tells it; what no city owes yet is the province's."""
    counts = duties.counts(on, known_on, "14", 4)
    return Counter({(each.duty, each.region_code, each.state): each.number for each in counts})


@pytest.mark.parametrize("known_on", KNOWLEDGE_DAYS)
@pytest.mark.parametrize("on", random_days())
def test_the_board_agrees_with_plain_sql(demonstration: None, on: date, known_on: date) -> None:
    cities = {city.code[:4] for city in law.regions().cities}
    assert len(cities) == 11
    expected, said = recomputed(on, known_on), told(on, known_on)
    assert {key: n for key, n in said.items() if key[0] in DUTIES and key[1] in cities} == dict(expected)
    whole = Counter({duty: int(law.plan().duty(duty).quantity) for duty in DUTIES})
    assert Counter({duty: sum(n for key, n in said.items() if key[0] == duty) for duty in DUTIES}) == whole
    reach = cast.reach_of(Account.objects.get(username="sheng-jingban"))
    page = board(Clock(TODAY, on, known_on), reach, clause="T02")
    for row in page.rows:
        for city, cell in row.cells:
            own = {state: n for (duty, place, state), n in expected.items() if (duty, place) == (row.code, city)}
            assert (cell.done, cell.total, cell.late) == (
                own.get("done", 0),
                sum(own.values()),
                own.get("overdue", 0),
            ), (row.code, city)


def test_the_chosen_days_tell_different_stories(demonstration: None) -> None:
    """The comparison would prove little if every day looked alike."""
    stories = {tuple(sorted(recomputed(on, TODAY).items())) for on in random_days()}
    assert len(stories) >= 5
    known = {known_on: recomputed(date(2021, 9, 15), known_on) for known_on in KNOWLEDGE_DAYS}
    assert known[KNOWLEDGE_DAYS[0]] != known[KNOWLEDGE_DAYS[1]]


OFFICES = (
    *("sheng-jingban", "shi-taiyuan-jingban", "shi-datong-jingban"),
    *("xian-xiaodian-jingban", "xian-hongtong-nongye"),
)


@pytest.mark.parametrize("who", OFFICES)
@pytest.mark.parametrize("on", [date(2021, 9, 15), TODAY])
def test_an_office_is_told_of_its_places_what_the_platform_is(demonstration: None, who: str, on: date) -> None:
    """Row-level security keeps from an office what lies elsewhere, and nothing that its own duties hang on."""
    reach = cast.reach_of(Account.objects.get(username=who))
    question = duties.Question(on, TODAY, reach.prefix, limit=1000)
    whole = duties.obligations(question, with_evidence=False)
    assert whole
    with rowsecurity.entering(reach):
        assert duties.obligations(question, with_evidence=False) == whole


def test_a_place_out_of_reach_tells_of_no_result(demonstration: None) -> None:
    reach = cast.reach_of(Account.objects.get(username="shi-datong-jingban"))
    everywhere = duties.Question(TODAY, TODAY, "14", duties=("T02-03",), states=("done",), limit=1000)
    done = {each.region_code for each in duties.obligations(everywhere)}
    assert done
    assert not any(place.startswith(reach.prefix) for place in done)
    with rowsecurity.entering(reach):
        for place in done:
            asked = duties.Question(TODAY, TODAY, place, duties=("T02-03",), states=("done",))
            assert duties.obligations(asked) == []
