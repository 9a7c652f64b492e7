"""The units of a county as a layer to take away, which comes back through the sheet without a difference."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingtu import law
from jingtu.chapters.farmland.checking.units import UNITS
from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.chapters.farmland.models import Unit, UnitVersion
from jingtu.land import facts as land
from jingtu.registers.declare import Download
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach
from jingtu.sheets.layer_file import layer_file

STYLE: Final = Path(__file__).parents[1] / "sheets" / "unit.qml"
JOIN: Final = "、"


def county_layer(unit: Unit, _reach: Reach) -> tuple[str, bytes]:
    """The standing units of a unit's county as a GeoPackage with the classes' pattern and letter for QGIS."""
    versions = list(facts.standing_within(unit.region_id).order_by("unit__number"))
    if not versions:
        raise DeedRefused(str(_("本县在所查看的日期没有现行的耕地单元。")))
    county, notice = str(land.region(unit.region_id)), _("演示数据_") if unit.is_demonstration else ""
    rows, grounds = [_row(each) for each in versions], [as_ground(each.geom) for each in versions]
    name = _("%(county)s-耕地单元") % {"county": county}
    return f"{name}.gpkg", layer_file(UNITS.spec, rows, grounds, notice + name, STYLE.read_text("utf-8"))


def _row(version: UnitVersion) -> dict[str, str]:
    """A version in the words of the sheet."""
    spec, origin = UNITS.spec, version.unit.origin
    return {
        "number": version.unit.number,
        "county_code": version.region_id,
        "township": version.township,
        "village": version.village,
        "stated_area_mu": f"{version.stated_area_mu:.4f}",
        "land_use": law.codes("land_use").label(version.land_use),
        "crops": JOIN.join(law.codes("crop").label(each) for each in version.crops),
        "target_analytes": JOIN.join(law.analytes()[each].name_zh for each in version.target_analytes),
        "land_class": law.codes("farmland_class").label(version.land_class) if version.land_class else "",
        "pollution_degree": version.get_pollution_degree_display(),
        "origin": dict(spec.column("origin").codes).get(origin, ""),
        "begun_on": version.unit.begun_on.isoformat(),
    }


COUNTY_LAYER = Download("layer", gettext_lazy("下载本县现行耕地单元（GeoPackage，含图例）"), county_layer)
