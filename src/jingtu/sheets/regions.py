"""Administrative regions as files name them: six digits, a name, or both."""

from __future__ import annotations

import re
from typing import Final

from jingtu import law

_BOTH: Final = re.compile(r"(\d{6})\s*(\D*)")
_LONG_CODE: Final = re.compile(r"(\d{6})0{3,6}")


class AmbiguousRegion(Exception):
    """A name that more than one region bears."""

    def __init__(self, candidates: list[str]) -> None:
        super().__init__(", ".join(candidates))
        self.candidates = candidates


def region_code(text: str) -> str:
    """The six-digit code a cell means; ``KeyError`` when there is none, :class:`AmbiguousRegion` when several.

    >>> region_code("小店区"), region_code("140105 小店区"), region_code("阳泉市城区")
    ('140105', '140105', '140302')
    """
    regions = law.regions()
    long_code = _LONG_CODE.fullmatch(text)
    both = _BOTH.fullmatch(long_code[1] if long_code else text)
    if both:
        found = [region for region in regions if region.code == both[1]]
        if found and both[2].strip() in ("", found[0].name_zh, found[0].full_name_zh):
            return both[1]
        raise KeyError(text)
    name = text.replace(" ", "")
    matches = [region for region in regions if name in (region.name_zh, region.full_name_zh)]
    if not matches:
        matches = [region for region in regions if region.name_zh and _ends_like(region.full_name_zh, name)]
    if len(matches) > 1:
        raise AmbiguousRegion([f"{region.code} {region.full_name_zh}" for region in matches])
    if not matches:
        raise KeyError(text)
    return matches[0].code


def _ends_like(full: str, name: str) -> bool:
    """Whether a name is the full name without its province, such as 阳泉市城区."""
    return full.endswith(name) and full.removesuffix(name) == "山西省"
