"""Taking in patches of changed land, and the events that they are for the units they touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from jingtu.chapters.farmland.actions.classes import raise_trigger
from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.facts.geometry import as_geom
from jingtu.chapters.farmland.models import LandChange, Unit
from jingtu.chapters.farmland.models.classes import TriggerKind
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Dossier


def enter_land_changes(
    rows: Sequence[Mapping[str, Any]], doing: Deed, *, dossier: Dossier | None = None, demonstration: bool = False
) -> dict[str, int]:
    """Add patches inside the deed that took the sheet; each county's touched units are one triggering event."""
    made = LandChange.objects.bulk_create(
        [
            LandChange(
                number=row["number"],
                year=row["changed_on"].year,
                region_id=row["county_code"],
                geom=as_geom(row["ground"]),
                from_use=row["from_use"],
                to_use=row["to_use"],
                changed_on=row["changed_on"],
                dossier=dossier,
                is_demonstration=demonstration,
                recorded_at=doing.recorded_at,
            )
            for row in rows
        ]
    )
    triggers = sum(_trigger(region, made, doing) for region in sorted({each.region_id for each in made}))
    return {"made": len(made), "triggers": triggers}


def _trigger(region: str, made: Sequence[LandChange], doing: Deed) -> int:
    own = [each for each in made if each.region_id == region]
    touched: dict[int, Unit] = {}
    patches = []
    for patch in own:
        found = facts.touched_by(patch.geom, patch.changed_on)
        touched |= {each.unit_id: each.unit for each in found}
        patches += [patch] if found else []
    if not touched:
        return 0
    told = _("年度国土变更调查的图斑 %(patches)s 用途变更，涉及 %(count)d 个耕地单元：%(units)s。") % {
        "patches": "、".join(f"{each.number}（{each.from_use}→{each.to_use}）" for each in patches),
        "count": len(touched),
        "units": "、".join(unit.number for unit in touched.values()),
    }
    happened_on = max(each.changed_on for each in patches)
    raise_trigger(TriggerKind.LAND_USE, region, list(touched.values()), happened_on, told, by=doing.by, on=doing.on)
    return 1
