"""Writes of the safe-use rate: the target that was set down for a place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from jingtu.chapters.farmland.models import RateTarget
from jingtu.chapters.farmland.workflow import FARMING, clerk
from jingtu.land import facts as land
from jingtu.registers import ledger
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach, permits

REGISTER = "farmland.rate_target"
SETTERS = clerk("set", "province", departments=FARMING)


def set_target(
    region: str,
    year: int,
    percent: Decimal,
    document_number: str,
    set_by: str,
    set_on: date,
    *,
    by: Reach,
    on: date,
) -> RateTarget:
    """Enter the target of a place for a year as a document sets it down; a later document goes before."""
    if not permits(SETTERS, by):
        raise DeedRefused(_("您的岗位不能登记安全利用率目标：目标由省级登记。"))
    if set_on > on:
        raise DeedRefused(_("下达日期晚于业务日期，请核对。"))
    if RateTarget.objects.filter(region_id=region, year=year, set_on=set_on).exists():
        raise DeedRefused(_("该地区本年度在这一天下达的目标已经登记。"))
    with ledger.deed("farmland.rate_target.set", by=by, on=on, register=REGISTER, region=region) as doing:
        target = RateTarget.objects.create(
            region_id=region,
            year=year,
            percent=percent,
            document_number=document_number,
            set_by=set_by,
            set_on=set_on,
            is_demonstration=land.is_demonstration(by.organisation_id),
            recorded_at=doing.recorded_at,
        )
        doing.subject_id = str(target.pk)
        doing.sentence = _("登记%(target)s安全利用率目标 %(percent)s%%（%(number)s）") % {
            "target": target,
            "percent": percent,
            "number": document_number,
        }
    return target
