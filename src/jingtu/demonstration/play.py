"""The play: every step a deed of a named account on its day, in the order of the days.

All of it is one transaction: either the whole demonstration is there or none of it.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from jingtu.chapters.monitoring import actions as monitoring
from jingtu.chapters.monitoring.facts import networks, ready_to_upload
from jingtu.chapters.monitoring.models import PlannedPoint
from jingtu.demonstration import cast, estimating, fields, ground, rows, safe_use, season, soil
from jingtu.demonstration.course import Upload, Wave, shared_out, uploads, waves
from jingtu.demonstration.stage import DemonstrationBroken, Play, Step, accepted, at, hand_in, settle
from jingtu.demonstration.tour import leave_files
from jingtu.evidence import actions as evidence
from jingtu.evidence.facts import laboratories
from jingtu.evidence.models import Laboratory, SampleKind
from jingtu.land import facts as land
from jingtu.registers import clock, outbox
from jingtu.registers.ledger import verify
from jingtu.registers.models import Package
from jingtu.registers.reach import Reach

SEED = 20210915
FOUNDED_ON, POINTS_ON, PLANNED_ON = date(2021, 5, 10), date(2021, 5, 24), date(2021, 6, 15)
ISSUED_ON, DUE_ON = date(2021, 7, 12), date(2021, 9, 30)
LEFT_ON = date(2021, 9, 30)
NETWORKS = {
    "national": ("国家土壤环境监测网（演示）", "演示·国家监测网建设单位", "2021年国家网监测任务（演示）"),
    "provincial": ("省级土壤环境监测网（演示）", "山西省生态环境厅（演示）", "2021年省级网监测任务（演示）"),
}
BRANCHES = {"140105": "xian-xiaodian-jingban", "140214": "xian-yungang-jingban"}
TOUR_REGION = "140200"
CITY_DIGITS = 4
REFUSED_WHY = "演示：平台提示点位经纬度小数位数不足，请核对后重报"
RETURNED_WHY = "演示：标准物质铅的测定值超出证书给出的不确定度范围，请查明原因后重新分析"


@transaction.atomic
def perform(seed: int = SEED) -> bool:
    """Play everything up to the demonstration's today; returns whether anything had to be done."""
    if cast.is_present():
        return False
    play = Play(seed, random.Random(seed), {})  # noqa: S311
    for step in sorted(_steps(play.chance), key=lambda each: each.at):
        if settings.DEMO_TODAY is None or step.at.date() > settings.DEMO_TODAY:
            break
        with clock.travelling(step.at):
            step.do(play, step.at.date())
            settle()
    _count, breaks = verify()
    if breaks:
        raise DemonstrationBroken(f"ledger: {breaks[0]}")
    return True


def _steps(chance: random.Random) -> list[Step]:
    """All steps; nobody is at work on the stroke of the hour."""
    steps = [
        at(FOUNDED_ON, 9, found),
        at(POINTS_ON, 10, enter_points),
        at(PLANNED_ON, 10, plan),
        at(ISSUED_ON, 9, issue),
        at(LEFT_ON, 16, leave),
    ]
    for wave in waves():
        steps += _steps_of(wave)
    for upload in uploads():
        steps += _steps_to_upload(upload)
    steps += [*fields.steps(), *season.steps(), *safe_use.steps(), *estimating.steps()]
    return [replace(step, at=step.at + timedelta(seconds=chance.randint(60, 1500))) for step in steps]


def _steps_of(wave: Wave) -> list[Step]:
    """The steps of a wave; the trips are known only when the points are, so the field work is asked day by day."""
    last = wave.handed_on or wave.sampled_from + timedelta(7)
    days = [wave.sampled_from + timedelta(number) for number in range((last - wave.sampled_from).days + 1)]
    steps = [at(day, 17, lambda play, on: sample(play, wave, on)) for day in days if day != wave.handed_on]
    if wave.handed_on:
        steps.append(at(wave.handed_on, 9, lambda play, on: hand_over(play, wave, on)))
    if wave.received_on:
        steps.append(at(wave.received_on, 11, lambda play, on: receive(play, wave, on)))
    if wave.accepted_on:
        submitted_on = wave.accepted_on - timedelta(1)
        steps.append(at(submitted_on, 15, lambda play, on: hand_in_results(play, wave, on), 30))
        steps.append(at(wave.accepted_on, 10, lambda play, on: accept_results(play, wave, on)))
    if wave.decided_on:
        steps.append(at(wave.decided_on, 8, lambda play, on: decide(play, wave, on)))
    return steps


def _steps_to_upload(upload: Upload) -> list[Step]:
    steps = [
        at(upload.packed_on, 10, lambda play, on: pack(play, upload, on)),
        at(upload.sent_on, 15, lambda play, on: send(play, upload, on)),
    ]
    if upload.receipt_on:
        steps.append(at(upload.receipt_on, 14, lambda play, on: take_receipts(play, upload, on)))
    return steps


# --- setting up -----------------------------------------------------------------------------------------------


def found(play: Play, on: date) -> None:
    """Offices, accounts, laboratories, networks."""
    play.cast = cast.enter(settings.DEMO_PASSWORD)
    cast.enter_laboratories(play.cast, on)
    for code, (name, owner, _campaign) in NETWORKS.items():
        monitoring.found_network(code, name, owner, by=play.cast["sheng-jingban"], on=on)


def enter_points(play: Play, on: date) -> None:
    """The province's list of points comes in as one workbook."""
    by = play.cast["sheng-jingban"]
    accepted(hand_in("monitoring.point", ground.points(play.seed), "演示-监测点位.xlsx", by, on), by, on)


def plan(play: Play, on: date) -> None:
    """Both campaigns are drafted."""
    by = play.cast["sheng-jingban"]
    for network in networks():
        name = NETWORKS[network.code][2]
        play.campaigns[network.code] = monitoring.plan_campaign(name, network, cast.ROUTINE, DUE_ON, by=by, on=on)


def issue(play: Play, on: date) -> None:
    """Both campaigns are issued and the points dealt to the cities' waves."""
    for campaign in play.campaigns.values():
        monitoring.issue_campaign(campaign, by=play.cast["sheng-jingban"], on=on)
    own: dict[str, list[PlannedPoint]] = {}
    for campaign in play.campaigns.values():
        for planned in campaign.planned_points.select_related("point__region").order_by("point__region_id"):
            own.setdefault(planned.point.region.parent_id, []).append(planned)
    play.points = shared_out(own)


# --- files through the door -----------------------------------------------------------------------------------


# --- the way of a wave ----------------------------------------------------------------------------------------


def sample(play: Play, wave: Wave, on: date) -> None:
    """The day's field records are entered the same evening, a county branch's by the branch."""
    for taken_on, points in wave.trips(play.points[wave.key]):
        if taken_on != on:
            continue
        for region in sorted({_office(each) for each in points}):
            own = [each for each in points if _office(each) == region]
            by = play.cast[BRANCHES[region]] if region in BRANCHES else _clerk(play, wave)
            name = str(land.region(region))
            content = rows.field_records(play.seed, taken_on, own)
            filename = f"演示-{name}-采样记录-{taken_on:%m%d}.xlsx"
            accepted(hand_in("monitoring.field_record", content, filename, by, on), by, on)


def _office(planned: PlannedPoint) -> str:
    county = planned.point.region_id
    return county if county in BRANCHES else planned.point.region.parent_id


def _clerk(play: Play, wave: Wave) -> Reach:
    return next(each for each in _of_ecology(play, "clerk") if each.region_code == wave.region)


def _of_ecology(play: Play, role: str) -> list[Reach]:
    return [each for each in play.cast.values() if each.role == role and each.department == "ecology"]


def _city(wave: Wave) -> str:
    return str(land.region(wave.region))


def _laboratory(play: Play, wave: Wave, on: date) -> Laboratory:
    return laboratories(on).get(organisation_id=play.cast[wave.laboratory].organisation_id)


def hand_over(play: Play, wave: Wave, on: date) -> None:
    """Samples leave for the laboratory, with a blank and two portions of reference material among them."""
    by, laboratory = _clerk(play, wave), _laboratory(play, wave, on)
    controls = evidence.make_controls(SampleKind.BLANK, 1, wave.region, by=by, on=on)
    controls += evidence.make_controls(SampleKind.REFERENCE, 2, wave.region, by=by, on=on, certified=soil.certified())
    campaigns = {planned.campaign_id for planned in play.points[wave.key]}
    for campaign in play.campaigns.values():
        if campaign.pk in campaigns:
            made = monitoring.hand_over(campaign, laboratory, wave.region, by=by, on=on, controls=controls)
            play.handovers.setdefault(wave.key, []).append(evidence.send(made, by=by, on=on))
            controls = []


def receive(play: Play, wave: Wave, on: date) -> None:
    """The laboratory counts and takes the samples."""
    by = play.cast[wave.laboratory]
    play.handovers[wave.key] = [evidence.receive(each, by=by, on=on) for each in play.handovers[wave.key]]


def hand_in_results(play: Play, wave: Wave, on: date) -> None:
    """The laboratory hands in its report."""
    if wave.reported_on is None:
        raise DemonstrationBroken(f"wave {wave.key} hands in a report without a day")
    number = f"演示-YS-{wave.region}-{wave.reported_on:%m%d}"
    content, _analytes = rows.results(
        play.seed, play.handovers[wave.key], wave.laboratory, (number, wave.reported_on), wave.analysed(),
        poor=wave.outcome == "return",
    )  # fmt: skip
    filename = f"演示-{_city(wave)}-检测结果-{wave.reported_on:%m%d}.xlsx"
    by = play.cast[wave.laboratory]
    play.dossiers[wave.key] = hand_in("evidence.result", content, filename, by, on, wave.region)


def accept_results(play: Play, wave: Wave, on: date) -> None:
    """The city takes the report; quality control and findings follow."""
    dossier = accepted(play.dossiers[wave.key], _clerk(play, wave), on)
    settle()
    play.batches[wave.key] = dossier.batch


def decide(play: Play, wave: Wave, on: date) -> None:
    """A reviewer passes the batch or sends it back."""
    own = _of_ecology(play, "reviewer")
    by = next((each for each in own if each.region_code == wave.region), play.cast["sheng-shenhe"])
    batch = play.batches[wave.key]
    if wave.outcome == "return":
        evidence.send_back(batch, by=by, on=on, reason=RETURNED_WHY)
    else:
        evidence.review(batch, by=by, on=on)


# --- uploading ------------------------------------------------------------------------------------------------


def pack(play: Play, upload: Upload, on: date) -> None:
    """What is reviewed is packed for the national platform."""
    by = play.cast["sheng-jingban"]
    ready = [each for each in play.campaigns.values() if ready_to_upload(each).exists()]
    play.packages[upload.packed_on] = [monitoring.build_package(each, by=by, on=on) for each in ready]


def send(play: Play, upload: Upload, on: date) -> None:
    """The packages are sent."""
    by, packages = play.cast["sheng-jingban"], play.packages[upload.packed_on]
    play.packages[upload.packed_on] = [outbox.send(each, by=by, on=on) for each in packages]


def take_receipts(play: Play, upload: Upload, on: date) -> None:
    """The platform answers; one point of one city may not be taken."""
    by = play.cast["sheng-jingban"]
    for number, package in enumerate(play.packages[upload.packed_on], 1):
        refused = _refused(package, upload) if number == 1 else {}
        content = rows.receipt(package, f"演示-HZ-{on:%Y%m%d}-{number:02d}", on, refused)
        filename = f"演示-回执-{package.number}.xlsx"
        accepted(hand_in("monitoring.receipt", content, filename, by, on), by, on)


def _refused(package: Package, upload: Upload) -> dict[str, str]:
    keys = package.items.order_by("key").values_list("key", flat=True)
    own = [key for key in keys if upload.refused and key.split("-")[2].startswith(upload.refused[:CITY_DIGITS])]
    return dict.fromkeys(own[:1], REFUSED_WHY)


def leave(play: Play, on: date) -> None:
    """The files of the tour are left with the samples that wait for results."""
    wave = next(each for each in waves() if each.region == TOUR_REGION)
    leave_files(play.seed, play.handovers[wave.key], wave.laboratory, play.cast[wave.laboratory], on)
    settle()
