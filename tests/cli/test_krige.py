"""``jingtu krige`` from the command line: known answers, real files, every way a file can stand in the way."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.gis.gdal import GDALRaster
from scipy import stats

from jingtu.cli import main
from tests.assess.schema import faults

EXAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "examples"
MEUSE = Path(__file__).resolve().parents[1] / "science" / "meuse_zinc.csv"
beside = pytest.mark.skipif(not EXAMPLES.exists(), reason="the example files are not beside this checkout")
PUBLISHED = ("--model", "spherical", "--partial-sill", "134000", "--range", "800", "--nugget", "24200")
SCHEMA = json.loads((resources.files("jingtu.cli") / "krige_report.schema.json").read_text(encoding="utf-8"))
PNG = b"\x89PNG\r\n\x1a\n"


def rows(count: int = 40, *, heading: str = "样品编号,经度,纬度,镉(mg/kg)") -> list[str]:
    """Points around Taiyuan with a content that rises to the east: 演示 data."""
    made = [heading]
    for at in range(count):
        east, north = at % 8, at // 8
        content = 0.1 + 0.1 * east + 0.02 * (at % 3)
        made.append(f"Y{at},{112.5 + 0.003 * east + 0.0001 * north},{37.8 + 0.003 * north},{content:.2f}")
    return made


def krige(tmp_path: Path, lines: list[str] | Path, *options: str, analyte: str = "Cd") -> tuple[int, dict[str, Any]]:
    path = lines if isinstance(lines, Path) else tmp_path / "数据.csv"
    if not isinstance(lines, Path):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    out = tmp_path / "out.json"
    code = main(["krige", str(path), "--analyte", analyte, *options, "--format", "json", "--out", str(out)])
    report = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    assert not report or faults(report, SCHEMA) == []
    return code, report


def refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[str], *options: str) -> str:
    code, _ = krige(tmp_path, lines, *options)
    assert code == 2
    return capsys.readouterr().err


def test_zinc_at_the_meuse_reaches_the_raster(tmp_path: Path) -> None:
    """The cell whose centre is the published place holds the published estimate and variance."""
    folder = tmp_path / "图"
    options = (*PUBLISHED, "--crs", "EPSG:28992", "--cell", "20", "--to", str(folder))
    code, report = krige(tmp_path, MEUSE, *options, analyte="Zn")
    assert code == 0
    assert report["variogram"]["fitted"] is False
    raster = GDALRaster(str(folder / "Zn.tif"))
    assert raster.srid == 28992
    column = (181170 - raster.origin.x) / raster.scale.x
    row = (333250 - raster.origin.y) / raster.scale.y
    assert (column % 1, row % 1) == (0.5, 0.5)
    estimate, spread = (float(band.data()[int(row), int(column)]) for band in raster.bands)
    assert estimate == pytest.approx(269.6699920, abs=2e-5)
    assert spread == pytest.approx(math.sqrt(48488.71582), abs=2e-5)
    assert [(folder / name).read_bytes()[:8] for name in ("Zn_map.png", "Zn_variogram.png")] == [PNG, PNG]
    assert json.loads((folder / "Zn.json").read_text(encoding="utf-8"))["map"] == report["map"]


def test_degrees_are_projected_and_it_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    code, report = krige(tmp_path, rows(), "--threshold", "0.45", "--to", str(folder))
    assert code == 0
    assert report["points"]["crs"] == "EPSG:4547"
    assert "CGCS2000" in report["points"]["plane"]
    above = report["exceedance"]
    assert 0 < above["normal"]["expected_km2"] < above["normal"]["likely_km2"] * 2
    assert above["indicator"]["places_above"] == 20
    raster = GDALRaster(str(folder / "Cd.tif"))
    assert len(raster.bands) == 4
    assert {"estimate mg/kg"} == {raster.bands[0].metadata["DEFAULT"]["DESCRIPTION"]}
    for band in list(raster.bands)[2:]:
        assert 0 <= band.data().min() <= band.data().max() <= 1
    assert raster.bands[2].data()[:, 0].mean() < raster.bands[2].data()[:, -1].mean()


def test_logarithms_give_medians_and_other_probabilities(tmp_path: Path) -> None:
    """Kriging of logarithms equals kriging of a file that holds them; medians are never below zero."""
    rng = np.random.default_rng(4)
    lines = [
        line.rpartition(",")[0] + f",{value:.4f}"
        for line, value in zip(rows()[1:], rng.lognormal(0, 1.5, 40), strict=True)
    ]
    given = ("--model", "exponential", "--range", "500", "--partial-sill", "2", "--threshold", "1")
    _, logged = krige(tmp_path, [rows()[0], *lines], *given, "--log", "--to", str(tmp_path / "log"))
    _, raw = krige(tmp_path, [rows()[0], *lines], *given)
    assert (logged["transform"], raw["transform"]) == ("log", "none")
    assert logged["map"]["lowest"] > 0
    middle, spread, above = (band.data() for band in list(GDALRaster(str(tmp_path / "log" / "Cd.tif")).bands)[:3])
    assert ((above > 0.5) == (middle > 1)).all()
    assert above == pytest.approx(stats.norm.cdf(np.log(middle) / spread), abs=1e-5)
    assert any("偏斜大" in sentence for sentence in raw["sentences"])
    assert not any("偏斜大" in sentence for sentence in logged["sentences"])


def test_a_region_wider_than_a_zone_gets_a_plane_of_its_own(tmp_path: Path) -> None:
    lines = rows()[:1]
    for at, line in enumerate(rows()[1:]):
        name, _, _, content = line.split(",")
        lines.append(f"{name},{95 + 4 * (at % 8)},{30 + 2 * (at // 8)},{content}")
    code, report = krige(tmp_path, lines, "--to", str(tmp_path))
    assert (code, report["points"]["crs"]) == (0, None)
    assert "兰勃特等积方位投影（中心经度 109°、纬度 34°）" in report["points"]["plane"]
    raster = GDALRaster(str(tmp_path / "Cd.tif"))
    assert 'PROJECTION["Lambert_Azimuthal_Equal_Area"]' in raster.srs.wkt
    width_m = raster.width * raster.scale.x
    assert width_m == pytest.approx(28 * 111320 * math.cos(math.radians(30)), rel=0.1)


def test_axes_of_a_survey_are_turned(tmp_path: Path) -> None:
    """x to the north, y to the east, as Chinese surveyors write them; the answer is that of the usual order."""
    plain = ["样品编号,x,y,镉(mg/kg)"]
    turned = list(plain)
    for line in rows()[1:]:
        name, lon, lat, content = line.split(",")
        east, north = 500000 + (float(lon) - 112.5) * 88000, 4180000 + (float(lat) - 37.8) * 111000
        plain.append(f"{name},{east:.1f},{north:.1f},{content}")
        turned.append(f"{name},{north:.1f},{east:.1f},{content}")
    _, one = krige(tmp_path, plain, "--crs", "EPSG:4546")
    _, other = krige(tmp_path, turned, "--crs", "EPSG:4546")
    assert "x 向北" in other["points"]["plane"]
    assert "x 向北" not in one["points"]["plane"]
    assert one["map"] == other["map"]


def test_non_detects_doubles_and_gaps_are_counted(tmp_path: Path) -> None:
    lines = rows()
    lines[1] = lines[1].rpartition(",")[0] + ",<0.04"
    lines[2] = lines[2].rpartition(",")[0] + ",未检出"
    lines[3] = "Y2,,,0.3"
    lines[4] = lines[4].rpartition(",")[0] + ",/"
    lines.append("又一个" + lines[9].removeprefix("Y8"))
    code, report = krige(tmp_path, lines, "--same-place", "mean")
    counts = {key: report["points"][key] for key in ("used", "half_limit", "without_limit", "not_measured")}
    assert (code, counts) == (0, {"used": 37, "half_limit": 1, "without_limit": 1, "not_measured": 1})
    assert (report["points"]["without_coordinates"], report["points"]["merged"]) == (1, 1)
    assert report["points"]["lowest"] == 0.02
    assert any("检出限的一半" in sentence for sentence in report["sentences"])


def test_a_limit_above_the_threshold_tells_the_indicator_nothing(tmp_path: Path) -> None:
    lines = rows()
    lines[1] = lines[1].rpartition(",")[0] + ",<0.9"
    _, report = krige(tmp_path, lines, "--threshold", "0.45")
    assert report["exceedance"]["hidden_non_detects"] == 1
    assert report["exceedance"]["indicator"]["places_above"] == 20


def test_the_screening_value_of_the_standard_is_the_threshold(tmp_path: Path) -> None:
    _, report = krige(tmp_path, rows(), "--land-use", "R", "--on", "2021-09-15")
    above = report["exceedance"]
    assert (above["threshold"], above["table_row"]) == (20, "gb36600_2018.t1.cd.class1.screening")
    assert above["indicator"] is None
    assert any("GB 36600-2018" in sentence and "20 mg/kg" in sentence for sentence in report["sentences"])
    farmland = ("--land-use", "旱地", "--ph", "7.6", "--on", "2021-09-15")
    _, report = krige(tmp_path, rows(), *farmland)
    above = report["exceedance"]
    assert (above["threshold"], above["table_row"]) == (0.6, "gb15618_2018.t1.cd.other.ph4")
    _, report = krige(tmp_path, rows(), *farmland[:3], "7.5", *farmland[4:], "--limit", "control")
    above = report["exceedance"]
    assert (above["threshold"], above["limit"]) == (3, "GB 15618 旱地、pH 7.5 的管制值")


@pytest.mark.parametrize(
    ("lines", "options", "told"),
    [
        (rows(1), (), "只有一个点"),
        (rows(6), (), "少于 10 个"),
        (
            [line.rpartition(",")[0] + (",0.3" if at else ",镉(mg/kg)") for at, line in enumerate(rows())],
            (),
            "都是 0.3",
        ),
        (rows(heading="样品编号,a,b,镉(mg/kg)"), (), "坐标两列"),
        (rows(heading="样品编号,经度,纬度,铅(mg/kg)"), (), "找不到镉"),
        (rows(heading="样品编号,经度,纬度,镉"), (), "没有单位"),
        (rows(heading="样品编号,经度,纬度,镉(mg/L)"), (), "单位"),
        ([*rows(), "重复" + rows()[9].removeprefix("Y8")], (), "坐标完全相同（Y8与重复）"),
        ([*rows(), "Y99,一百一十二度,37.8,0.2"], (), "不是数字"),
        ([*rows(), "Y99,37.8,112.5,0.2"], (), "经度应在"),
        ([*rows(), "Y99,12.1,-37.8,0.2"], (), "长度变形"),
        (rows(heading="样品编号,x,y,镉(mg/kg)"), (), "像是经纬度"),
        (rows(), ("--crs", "epsg:4610"), "西安80"),
        (rows(heading="样品编号,x,y,镉(mg/kg)"), ("--crs", "EPSG:2273"), "不是米"),
        (rows(), ("--analyte", "魔素"), "不认识"),
        ([*rows(heading="样品编号,x,y,镉(mg/kg)"), "Y99,9e99,3,0.2"], (), "十万公里"),
        ([*rows(), "Y99,112.6,37.9,0"], ("--log",), "不能取对数"),
        (rows(), ("--range", "500"), "要一起写"),
        (rows(), ("--neighbours", "40"), "不小于点数"),
        (rows(), ("--cell", "0.01"), "请加大 --cell"),
        (rows(), ("--threshold", "1", "--land-use", "R"), "只写一个"),
        (rows(), ("--land-use", "火星"), "火星"),
        (rows(), ("--land-use", "火星", "--ph", "7"), "火星"),
        (rows(), ("--land-use", "旱地", "--ph", "77"), "0 到 14"),
        (rows(), ("--ph", "7"), "一起写"),
        (rows(), ("--x", "经度"), "一起给出"),
        (rows(), ("--x", "东", "--y", "北"), "“东”和“北”"),
    ],
)
def test_what_stands_in_the_way_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[str], options: tuple[str, ...], told: str
) -> None:
    said = refused(tmp_path, capsys, lines, *options)
    assert told in said
    assert said.rstrip().endswith("。")
    assert len(said.splitlines()) == 1


def test_a_cell_that_cannot_be_read_leaves_the_rest(tmp_path: Path) -> None:
    lines = rows()
    lines[5] = lines[5].rpartition(",")[0] + ",很高"
    code, report = krige(tmp_path, lines)
    assert (code, report["points"]["used"], len(report["issues"])) == (1, 39, 1)


def test_long_tables_have_their_coordinates_by_sample(tmp_path: Path) -> None:
    wide, long = rows(), ["样品编号,经度,纬度,检测项目,检测结果,单位"]
    for line in wide[1:]:
        head, _, content = line.rpartition(",")
        long += [f"{head},铅,20,mg/kg", f"{head},镉,{float(content) * 1000:.0f},µg/kg"]
    _, one = krige(tmp_path, wide)
    _, other = krige(tmp_path, long)
    assert other["map"] == one["map"]


@beside
def test_the_jura_and_a_city_as_they_are(tmp_path: Path) -> None:
    code, report = krige(tmp_path, EXAMPLES / "jura_prediction.csv", "--unit", "mg/kg", "--threshold", "0.8")
    assert (code, report["points"]["used"], report["points"]["crs"]) == (0, 259, "EPSG:32632")
    assert 0.7 < report["cross_validation"]["msdr"] < 1.3
    code, county = krige(tmp_path, EXAMPLES / "cd_paired_soil_rice.csv")
    assert (code, county["points"]["used"], county["points"]["crs"]) == (0, 136, "EPSG:4546")
    own = ("--x", "Xloc", "--y", "Yloc", "--coordinate-unit", "km", "--crs", "local")
    _, local = krige(tmp_path, EXAMPLES / "jura_prediction.csv", "--unit", "mg/kg", *own)
    for key in ("nugget", "partial_sill", "range_m"):
        assert local["variogram"][key] == pytest.approx(report["variogram"][key], rel=0.05)
    code, city = krige(tmp_path, EXAMPLES / "cumcm2011a_samples.csv", "--neighbours", "16")
    assert (code, city["points"]["used"], city["points"]["crs"], city["map"]["neighbours"]) == (0, 319, None, 16)
    with open(EXAMPLES / "cumcm2011a_samples.csv", encoding="utf-8", newline="") as stream:
        nanograms = [float(row["Cd_ng_g"]) for row in csv.DictReader(stream)]
    assert city["points"]["mean"] == pytest.approx(float(np.mean(nanograms)) / 1000)


def test_without_a_chinese_font_the_pictures_speak_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jingtu.plain.fonts.CHINESE", ())
    code, _ = krige(tmp_path, rows(), "--threshold", "0.45", "--to", str(tmp_path / "out"))
    assert code == 0
    assert (tmp_path / "out" / "Cd_map.png").read_bytes()[:8] == PNG


def test_the_screen_shows_sentences_and_help_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "数据.csv"
    path.write_text("\n".join(rows()), encoding="utf-8")
    command = [sys.executable, "-c", "import sys; from jingtu.cli import main; sys.exit(main())", "krige"]
    done = subprocess.run([*command, str(path), "--analyte", "镉"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "留一交叉验证" in done.stdout
    assert "不能代替点位的检测结果" in done.stdout
    shown = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout
    for option in ("--analyte", "--x", "--crs", "--model", "--neighbours", "--threshold", "--to"):
        assert option in shown


def test_more_than_the_soil_itself_is_left_out_and_said(tmp_path: Path) -> None:
    code, report = krige(tmp_path, [*rows(), "Y99,112.6,37.9,2000000"])
    assert code == 1
    assert [issue["code"] for issue in report["issues"]] == ["cell.reported.whole"]
