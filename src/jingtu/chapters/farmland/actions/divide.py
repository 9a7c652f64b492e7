"""Dividing a unit and evaluating the pieces anew: so ends what the rules could not settle for the unit as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from jingtu.chapters.farmland.actions import classes, lineage
from jingtu.chapters.farmland.actions.lineage import Attached
from jingtu.chapters.farmland.facts import classes as facts
from jingtu.chapters.farmland.facts import evaluating
from jingtu.chapters.farmland.models import Evaluation, Unit, UnitVersion
from jingtu.chapters.farmland.models.classes import TriggerKind
from jingtu.chapters.farmland.models.units import ROMAN
from jingtu.registers import documents, ledger, rowsecurity
from jingtu.registers.reach import Reach


def divide(
    unit: Unit, parts: Sequence[BaseGeometry], *, by: Reach, on: date, reason: str, file: Attached = None
) -> list[UnitVersion]:
    """Split a unit; each piece with evidence is evaluated at once, and an evaluation that waited is closed by it.

    A piece whose evidence proposes another class than it inherited is an event that obliges to look.
    """
    waiting = facts.waiting_evaluation(unit)
    with transaction.atomic():
        made = lineage.split(unit, parts, by=by, on=on, reason=reason, file=file)
        with rowsecurity.entering(Reach.system()):  # what the rules say is the platform's deed, whoever divided
            drawn = _evaluated(made, on)
            _raise(unit, drawn, on)
        if waiting is not None:
            _close(waiting, made, drawn, by=by, on=on, reason=reason, file=file)
    return made


def _evaluated(made: Sequence[UnitVersion], on: date) -> list[Evaluation]:
    wanted = evaluating.with_evidence([each.unit_id for each in made])
    return classes.evaluate(wanted, made[0].region_id, by=Reach.system(), on=on) if wanted else []


def _raise(unit: Unit, drawn: Sequence[Evaluation], on: date) -> None:
    differ = classes.differing(drawn)
    if not differ:
        return
    told = _("耕地单元 %(unit)s 拆分后，%(count)d 块的评价与现行类别不同：%(units)s。") % {
        "unit": unit,
        "count": len(differ),
        "units": classes.told_of(differ),
    }
    units = [each.unit for each in differ]
    classes.raise_trigger(TriggerKind.PAIRED, unit.region_id, units, on, told, by=Reach.system(), on=on)


def _close(
    waiting: Evaluation,
    made: Sequence[UnitVersion],
    drawn: Sequence[Evaluation],
    *,
    by: Reach,
    on: date,
    reason: str,
    file: Attached,
) -> None:
    """The trail on the evaluation that waited: into what the unit was divided, and what the rules say of each piece."""
    kept = [documents.keep(file[1], file[0])] if file else []
    with ledger.deed(
        "farmland.evaluation.divided", by=by, on=on, register=facts.EVALUATION, region=waiting.region_id,
        subject_id=str(waiting.pk), reason=reason, documents=kept,
    ) as doing:  # fmt: skip
        said = {each.unit_id: each for each in drawn}
        doing.data = {"units": [each.unit.number for each in made]}
        doing.sentence = _("研判办结：单元 %(unit)s 拆分为 %(pieces)s") % {
            "unit": waiting.unit,
            "pieces": "、".join(_piece(each, said.get(each.unit_id)) for each in made),
        }


def _piece(made: UnitVersion, drawn: Evaluation | None) -> str:
    if drawn is None:
        words = _("块内没有可作证据的点位，沿用原类别")
    elif drawn.needs_review:
        words = _("重新评价，仍须研判")
    else:
        words = _("重新评价，建议%(proposed)s类") % {"proposed": ROMAN.get(drawn.proposed_class, "—")}
    return f"{made.unit.number}（{words}）"
