"""Questions about safe use."""

from __future__ import annotations

from jingtu.chapters.farmland.models import Cropping
from jingtu.plain.identifiers import region_prefix


def croppings_of(region: str, year: int) -> bool:
    """Whether main crops and habits of a region, or of a county below it, are recorded for a year."""
    return Cropping.objects.filter(region_id__startswith=region_prefix(region), year=year).exists()
