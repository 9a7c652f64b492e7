"""Writes of interpolations: asking for one, drawing it in the background, making it again to compare."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from jingtu import law
from jingtu.chapters.farmland.actions.classes import next_number
from jingtu.chapters.farmland.facts import interpolations as facts
from jingtu.chapters.farmland.facts import rasters
from jingtu.chapters.farmland.facts.interpolations import Drawn
from jingtu.chapters.farmland.models import Interpolation
from jingtu.chapters.farmland.workflow import BOTH, clerk, reviewer
from jingtu.land import facts as land
from jingtu.registers import clock, documents, ledger, progress, rowsecurity, tasks
from jingtu.registers.ledger import Deed, DeedRefused
from jingtu.registers.reach import Reach, permits
from jingtu.science.estimates import NoEstimate

DRAW = "farmland.draw_interpolation"
EVERY = ("county", "city", "province")
ASKING = (*clerk("interpolate", *EVERY, departments=BOTH), *reviewer("interpolate", *EVERY, departments=BOTH))
STEPS = 3


@dataclass(frozen=True)
class Wanted:
    """What is asked for: which content of which land, as of which days, held against which limit."""

    region: str
    analyte: str
    as_of_on: date
    known_on: date
    land_uses: tuple[str, ...] = ()
    is_logged: bool = False
    limit_use: str = ""
    limit_band: int | None = None


def ask(wanted: Wanted, *, by: Reach, on: date) -> Interpolation:
    """Ask for an interpolation; it is drawn in the background."""
    if not permits(ASKING, by):
        raise DeedRefused(_("您的岗位不能作含量插值：由各级经办人或审核人提出。"))
    if max(wanted.as_of_on, wanted.known_on) > clock.today():
        raise DeedRefused(_("数据截至的日期不能晚于今天，请核对。"))
    if bool(wanted.limit_use) != (wanted.limit_band is not None):
        raise DeedRefused(_("界限的土地利用和 pH 档要么都选，要么都不选（不选时取各点适用筛选值中最严的）。"))
    with ledger.deed(
        "farmland.interpolation.asked", by=by, on=on, register=facts.REGISTER, region=wanted.region
    ) as doing:
        made = _enter(wanted, doing)
        doing.subject_id = str(made.pk)
        doing.sentence = _("提出%(region)s土壤%(analyte)s含量插值 %(number)s（数据截至 %(on)s）") % {
            "region": made.region, "analyte": law.analytes()[made.analyte].name_zh, "number": made,
            "on": wanted.as_of_on,
        }  # fmt: skip
    tasks.defer(DRAW, interpolation=made.pk)
    return made


def _enter(wanted: Wanted, doing: Deed) -> Interpolation:
    return Interpolation.objects.create(
        number=next_number("CZ", Interpolation, wanted.region, doing.on),
        region_id=wanted.region, analyte=wanted.analyte, land_uses=list(wanted.land_uses),
        as_of_on=wanted.as_of_on, known_on=wanted.known_on, is_logged=wanted.is_logged, limit_use=wanted.limit_use,
        limit_band=wanted.limit_band, asked_on=doing.on, recorded_at=doing.recorded_at,
        is_demonstration=land.is_demonstration(doing.by.organisation_id),
    )  # fmt: skip


# --- in the background ----------------------------------------------------------------------------------------


def progress_key(identity: int) -> str:
    """Under which name the work reports how far it is."""
    return f"interpolation:{identity}"


def left_undone(interpolation: int) -> None:
    """The last attempt failed: say so, since somebody waits."""
    asked = facts.interpolation(interpolation)
    if asked.outcome == "waiting":
        _refuse(asked, _("后台计算多次未能完成，请联系系统管理员查看运行日志，排除后重新提出。"))


@tasks.work(DRAW, give_up=left_undone)
def draw(interpolation: int) -> None:
    """Draw an interpolation that waits; run again it changes nothing."""
    asked, key = facts.interpolation(interpolation), progress_key(interpolation)
    if asked.outcome != "waiting":
        return
    progress.report(key, "reading", 0, STEPS)
    points = facts.points_of(asked)
    progress.report(key, "kriging", 1, STEPS)
    try:
        made = facts.drawn(asked, points)
    except NoEstimate as refusal:
        _refuse(asked, str(refusal), points)
    else:
        progress.report(key, "keeping", 2, STEPS)
        _keep(asked, made)
    progress.report(key, "done", STEPS, STEPS)


def _deed(code: str, asked: Interpolation, by: Reach, on: date | None = None) -> AbstractContextManager[Deed]:
    region, day = asked.region_id, on or clock.today()
    return ledger.deed(code, by=by, on=day, register=facts.REGISTER, region=region, subject_id=str(asked.pk))


def _refuse(asked: Interpolation, why: str, points: facts.Points | None = None) -> None:
    with _deed("farmland.interpolation.refused", asked, Reach.system()) as doing:
        asked.outcome, asked.refusal = "refused", why
        if points is not None:
            asked.point_count, asked.inputs_digest = len(points.kept), points.digest
        asked.save()
        doing.sentence = _("含量插值 %(number)s 不成图：%(why)s") % {"number": asked, "why": why}


def _keep(asked: Interpolation, made: Drawn) -> None:
    """Keep the cells as a file under its hash, and all numbers with the record."""
    with _deed("farmland.interpolation.drawn", asked, Reach.system()) as doing:
        file = documents.keep(rasters.geotiff(asked, made), rasters.filename(asked, "tif"))
        asked.outcome, asked.raster, asked.report = "drawn", file, facts.report_of(made)
        asked.point_count, asked.warnings = len(made.estimate.values), list(rasters.warnings_of(asked, made))
        asked.limit_mg_kg = made.limit.required_number("value_mg_kg") if made.limit else None
        asked.inputs_digest, asked.cells_digest = made.points.digest, made.digest
        asked.save()
        documents.attach(file, facts.REGISTER, str(asked.pk), asked.region_id, _("插值栅格（估计值，不作为分类依据）"))
        doing.documents = [file]
        doing.data = {"inputs": asked.inputs_digest, "cells": asked.cells_digest, "points": asked.point_count}
        doing.sentence = _("含量插值 %(number)s 已成图：%(count)d 个点，仅为估计值") % {
            "number": asked,
            "count": asked.point_count,
        }


# --- again ----------------------------------------------------------------------------------------------------


def replay(asked: Interpolation, *, by: Reach, on: date) -> Interpolation:
    """Make an interpolation again from the same question and compare both fingerprints."""
    if not permits(ASKING, by):
        raise DeedRefused(_("您的岗位不能重算含量插值。"))
    if asked.outcome != "drawn":
        raise DeedRefused(_("只有已成图的插值可以重算。"))
    with _deed("farmland.interpolation.replayed", asked, by, on) as doing:
        with rowsecurity.entering(Reach.system()):  # as the worker read: reports of a county's points are the city's
            points = facts.points_of(asked)
            cells, same_cells = _cells_again(asked, points)
        same_inputs = points.digest == asked.inputs_digest
        asked.replayed_on, asked.replay_agrees = on, same_inputs and same_cells
        asked.save()
        doing.data = {"inputs": points.digest, "cells": cells, "agrees": asked.replay_agrees}
        told = _("一致") if asked.replay_agrees else _("结果不一致") if same_inputs else _("输入的点已不同")
        doing.sentence = _("重算含量插值 %(number)s：%(told)s") % {"number": asked, "told": told}
    return asked


def _cells_again(asked: Interpolation, points: facts.Points) -> tuple[str, bool]:
    """The fingerprint of the cells made again, and whether they are the kept ones but for the machine's rounding."""
    try:
        made = facts.drawn(asked, points)
    except NoEstimate:
        return "", False
    return made.digest, made.digest == asked.cells_digest or rasters.agree(rasters.cells_of(asked), made)
