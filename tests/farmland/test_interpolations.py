"""Interpolations in the platform: from results on record to kept cells, over the map, made again; never evidence."""

from __future__ import annotations

import io
import math
from datetime import date
from typing import Any

import numpy as np
import pytest
from django.contrib.gis.gdal import GDALRaster
from django.http import HttpResponse
from django.test import Client, TestCase
from matplotlib.image import imread

from jingtu.chapters.farmland.actions import classes, interpolations
from jingtu.chapters.farmland.actions.interpolations import Wanted
from jingtu.chapters.farmland.facts import evaluating, rasters
from jingtu.chapters.farmland.facts import interpolations as facts
from jingtu.chapters.farmland.models import Evaluation, Interpolation, Pair
from jingtu.evidence import actions as evidence
from jingtu.evidence.models import Batch
from jingtu.land.models import Account, Department, Role
from jingtu.registers import documents, progress
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import LedgerEntry
from jingtu.registers.reach import Reach
from jingtu.science import planes
from tests.farmland import ground
from tests.farmland.season import IN_SOIL, REPORTED, Season, begun
from tests.flows.world import at, person

pytestmark = pytest.mark.django_db
APRIL, LATER = date(2021, 4, 12), date(2021, 9, 28)
COLUMNS, ROWS, CORNER, POINTS = 7, 6, 10, 39  # the far corner of the grid is not sampled


def content(column: int, row: int) -> float:
    """Cadmium that falls away from a corner, with a little of its own at each place."""
    return 0.15 + 0.9 * math.exp(-math.hypot(column, row) / 3) + 0.02 * math.sin(7 * column + 13 * row)


def sampled(season: Season, columns: int = COLUMNS, smooth: bool = True, review: bool = True) -> Batch:
    """A grid of soil samples measured by the laboratory, one a square."""
    by = season.people["county-clerk"]
    with at(APRIL):
        ground.opened(by, ground.entry(ground.square(0, 0, 8), APRIL))
    chance = np.random.default_rng(20210915)
    rows, found = [], {}
    for column in range(columns):
        for row in range(min(ROWS, CORNER - column)):
            middle, code = ground.square(column, row).centroid, f"CZ{column}{row}"
            place = {"soil_lon": f"{middle.x:.6f}", "soil_lat": f"{middle.y:.6f}"}
            rows.append(season.pair_row(code, None, **place, crop_lon=place["soil_lon"], crop_lat=place["soil_lat"]))
            found[code] = content(column, row) if smooth else float(chance.uniform(0.1, 1.0))
    season.enter(rows)
    handover = season.hand_over("soil", ["pH", "Cd"])
    codes = dict(Pair.objects.filter(code__in=found).values_list("code", "soil_sample__code"))
    own = {codes[code]: {"Cd": f"{value:.4f}"} for code, value in found.items()}
    batch = season.report(handover, IN_SOIL, REPORTED, own)
    return season.review(batch) if review else batch


@pytest.fixture
def season() -> Season:
    return begun()


def asked(season: Season, who: str = "county-clerk", on: date = LATER, **own: Any) -> Interpolation:
    """An interpolation asked for and drawn, as the worker would."""
    said: dict[str, Any] = {"region": ground.HONGTONG, "analyte": "Cd", "as_of_on": on, "known_on": on} | own
    with at(on), TestCase.captureOnCommitCallbacks(execute=True):
        made = interpolations.ask(Wanted(**said), by=season.people[who], on=on)
    return facts.interpolation(made.pk)


def get(by: Reach, address: str, **given: str) -> HttpResponse:
    client = Client()
    client.force_login(Account.objects.get(pk=by.account_id))
    with at(LATER):
        return client.get(address, given)


def test_results_on_record_become_cells_that_are_kept(season: Season) -> None:
    sampled(season)
    made = asked(season)
    assert (made.outcome, made.point_count, made.refusal) == ("drawn", POINTS, "")
    assert made.report["cross_validation"]["skill"] > 0.8
    assert progress.of(interpolations.progress_key(made.pk)).done == interpolations.STEPS
    assert float(made.limit_mg_kg) == 0.6, "every point has pH 8.1 and is irrigated"
    cells = rasters.cells_of(made)
    for column, row in ((1, 1), (3, 2), (5, 3)):
        middle = ground.square(column, row).centroid
        east, north = planes.onto(cells.zone, [middle.x], [middle.y])[0]
        at_row = int((cells.grid.north_m - north) // cells.grid.cell_m)
        at_column = int((east - cells.grid.west_m) // cells.grid.cell_m)
        found = cells.measures["content"].reshape(cells.grid.rows, -1)[at_row, at_column]
        assert abs(found - content(column, row)) < 0.1, (column, row, found)
    entries = LedgerEntry.objects.filter(register=facts.REGISTER).order_by("id").values_list("deed", flat=True)
    assert list(entries) == ["farmland.interpolation.asked", "farmland.interpolation.drawn"]


def test_what_is_far_from_points_is_left_blank(season: Season) -> None:
    sampled(season)
    cells = rasters.cells_of(asked(season))
    blank = np.isnan(cells.measures["content"])
    assert blank.any()
    assert not blank.all()
    for values in cells.measures.values():
        assert (np.isnan(values) == blank).all()
    assert (cells.banded("above") == -1).sum() == blank.sum()


def test_the_probability_follows_from_estimate_and_error(season: Season) -> None:
    from scipy.stats import norm

    sampled(season)
    for logged in (False, True):
        cells = rasters.cells_of(asked(season, is_logged=logged))
        estimate, spread, above = (cells.measures[name] for name in rasters.MEASURES)
        told = (np.log(0.6) - np.log(estimate) if logged else 0.6 - estimate) / spread
        assert np.nanmax(np.abs(norm.sf(told) - above)) < 1e-4


def test_the_limit_is_the_strictest_unless_one_is_chosen(season: Season) -> None:
    sampled(season)
    chosen = asked(season, limit_use="paddy", limit_band=0)
    assert float(chosen.limit_mg_kg) == 0.3
    with pytest.raises(DeedRefused, match="要么都选"):
        asked(season, limit_use="paddy")


def test_too_few_points_are_refused_with_a_sentence(season: Season) -> None:
    sampled(season, columns=4)
    made = asked(season)
    assert made.outcome == "refused"
    assert "只有 24 个点，少于 30 个" in made.refusal
    assert made.raster is None
    shown = get(season.people["county-clerk"], "/pages/farmland.interpolation/", of=str(made.pk)).content.decode()
    assert "少于 30 个" in shown
    assert "<img" not in shown


def test_contents_without_any_spatial_link_are_refused(season: Season) -> None:
    sampled(season, smooth=False)
    made = asked(season)
    assert made.outcome == "refused"
    assert "看不出空间上的联系" in made.refusal


def test_only_what_was_on_record_of_the_day_counts(season: Season) -> None:
    batch = sampled(season, review=False)
    waiting = asked(season)
    assert any("尚未审核" in each for each in waiting.warnings)
    before = asked(season, as_of_on=date(2021, 9, 20), known_on=LATER)
    assert before.outcome == "refused", "the results were analysed later"
    with at(LATER):
        evidence.send_back(batch, by=season.people["city-reviewer"], on=LATER, reason="测试")
    assert asked(season, on=date(2021, 9, 29)).outcome == "refused", "a report sent back takes its results with it"


def test_it_can_be_made_again_to_the_same_fingerprints(season: Season) -> None:
    batch = sampled(season)
    made, by = asked(season), season.people["city-reviewer"]
    with at(LATER):
        assert interpolations.replay(made, by=by, on=LATER).replay_agrees is True
        Interpolation.objects.filter(pk=made.pk).update(inputs_digest="0" * 64)
        assert interpolations.replay(facts.interpolation(made.pk), by=by, on=LATER).replay_agrees is False
        Interpolation.objects.filter(pk=made.pk).update(inputs_digest=made.inputs_digest)
    with at(date(2021, 9, 30)):
        evidence.send_back(batch, by=season.people["city-reviewer"], on=date(2021, 9, 30), reason="测试")
        again = interpolations.replay(facts.interpolation(made.pk), by=by, on=date(2021, 9, 30))
    assert again.replay_agrees is True, "what is learned later does not change what was known then"


def test_classes_never_take_it(season: Season) -> None:
    sampled(season)
    units = evaluating.units_to_evaluate(ground.HONGTONG)
    with at(LATER):
        classes.evaluate(units, ground.HONGTONG, by=season.people["county-clerk"], on=LATER)
        before = {each.unit: each.digest for each in evaluating.evaluate(units, LATER)}
        count = Evaluation.objects.count()
    made = asked(season)
    assert made.outcome == "drawn"
    with at(LATER):
        assert {each.unit: each.digest for each in evaluating.evaluate(units, LATER)} == before
        assert classes.evaluate(units, ground.HONGTONG, by=season.people["county-clerk"], on=LATER) == []
    assert Evaluation.objects.count() == count


def test_it_is_laid_over_the_map_within_reach_only(season: Season) -> None:
    sampled(season)
    made, county = asked(season), season.people["county-clerk"]
    address = f"/tiles/overlays/{facts.REGISTER}/{made.pk}/above.png"
    picture = get(county, address)
    assert picture["Content-Type"] == "image/png"
    image = imread(io.BytesIO(picture.content))
    assert image.shape[2] == 4
    assert (image[:, :, 3] == 0).any(), "blank cells are see-through"
    assert get(county, address.replace("above", "nothing")).status_code == 404
    shown = get(county, "/map/", overlay=f"{facts.REGISTER}:{made.pk}").content.decode()
    assert "插值估计，不作为分类依据" in shown
    assert address in shown
    person(season.world, "away", "外县经办", "140121", Role.CLERK, Department.AGRICULTURE, "清徐农业局（测试）")
    away = season.people["away"]
    addresses = (f"/r/{facts.REGISTER}/{made.pk}/", f"/r/{facts.REGISTER}/{made.pk}/files/geotiff/", address)
    for each in addresses:
        assert get(away, each).status_code == 404, each
    assert get(away, "/pages/farmland.interpolation/", of=str(made.pk)).status_code == 404
    assert get(away, "/map/", overlay=f"{facts.REGISTER}:{made.pk}").status_code == 404
    assert get(season.people["laboratory"], address).status_code == 404
    assert Client().get(address).status_code == 401, "nobody sees it without signing in"
    with pytest.raises(DeedRefused, match="管辖范围"):
        asked(season, "away")


def test_files_say_that_they_are_estimates_and_invented(season: Season) -> None:
    sampled(season)
    made, county = asked(season), season.people["county-clerk"]
    raster = GDALRaster(documents.content(made.raster))
    assert raster.srs.srid == 4546
    assert "NOT EVIDENCE" in raster.metadata["DEFAULT"]["TIFFTAG_IMAGEDESCRIPTION"]
    assert "演示数据" in raster.metadata["DEFAULT"]["TIFFTAG_IMAGEDESCRIPTION"]
    address = f"/r/{facts.REGISTER}/{made.pk}/files/"
    table = get(county, f"{address}table/").content.decode("utf-8-sig").splitlines()
    assert table[0].endswith("说明,数据性质")
    assert all(line.endswith("插值估计，不作为分类依据,演示数据") for line in table[1:])
    assert len(table) - 1 == made.report["grid"]["said"]
    assert get(county, f"{address}geotiff/")["Content-Type"] == "image/tiff"
    picture = get(county, f"{address}picture/")
    assert imread(io.BytesIO(picture.content)).shape[1] > 1000


def test_the_page_shows_pictures_figures_and_doubts(season: Season) -> None:
    sampled(season)
    made = asked(season)
    shown = get(season.people["county-clerk"], "/pages/farmland.interpolation/", of=str(made.pk)).content.decode()
    assert shown.count("<img") == 3
    assert "少于通常要求的 100 个" in shown
    assert "留一交叉验证" in shown
    assert "不会低估概率" in shown
