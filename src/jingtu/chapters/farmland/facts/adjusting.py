"""Questions about adjustments: what is held against each unit in one, by all that is on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jingtu.assess import adjusting, effect_season
from jingtu.assess.measures import Caution
from jingtu.chapters.farmland.facts import classes
from jingtu.chapters.farmland.facts.descent import harvests_of
from jingtu.chapters.farmland.models import Adjustment, AdjustmentItem
from jingtu.registers import documents


def cautions_of(adjustment: Adjustment, on: date, more_files: int = 0) -> dict[int, list[Caution]]:
    """What is held against each item of an adjustment by what is on record on a day, by the key of the item.

    A file counts that the event, the adjustment, or the deed under way (``more_files``) has.
    """
    event = adjustment.trigger
    files = more_files + len(documents.of(classes.ADJUSTMENT, str(adjustment.pk)))
    files += len(documents.of(classes.TRIGGER, str(event.pk))) if event else 0
    items = list(adjustment.items.select_related("unit", "evaluation").order_by("pk"))
    held = harvests_of(adjustment.region_id, [item.unit_id for item in items])
    return {
        item.pk: adjusting.cautions(
            event.kind if event else "", item.from_class, item.to_class, on,
            _grounds(item, held[item.unit_id], files, on),
        )
        for item in items
    }  # fmt: skip


def _grounds(item: AdjustmentItem, held: Sequence[effect_season.Harvest], files: int, on: date) -> adjusting.Grounds:
    told = item.evaluation
    return adjusting.Grounds(
        soil_points=told.soil_points if told else 0,
        crop_points=told.crop_points if told else 0,
        is_evaluated=told is not None,
        seasons=int(effect_season.overall(str(item.unit), held, on, "upgrade.periods").value or 0),
        documents=files,
    )
