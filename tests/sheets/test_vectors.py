"""Vector files become the same table as a workbook: attributes, geometries in degrees, faults by feature."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import shapely

from jingtu.sheets import Options, blank_workbook, load_spec, marked_workbook, read_sheet
from jingtu.sheets.vector_process import DRIVERS, _skipped
from tests.sheets import vectors
from tests.sheets.files import csv_bytes, xlsx

SPEC = load_spec(Path(__file__).parent / "unit.csv", "单元表")
EXACT, MILLIMETRE = 0.0, 1e-8  # degrees


def codes(data: bytes, name: str = "单元.zip") -> list[str]:
    return [each.code for each in read_sheet(SPEC, data, name).issues]


@pytest.mark.parametrize("kind", ["gpkg", "shp", "gdb", "geojson"])
def test_every_format_gives_the_same_table(kind: str) -> None:
    encoding = "GB18030" if kind == "shp" else None
    reading = read_sheet(SPEC, vectors.written(kind, encoding=encoding), f"单元.{kind}")
    assert reading.issues == []
    assert reading.columns["number"] == ["141024000001", "141024000002"]
    assert reading.columns["village"] == ["演示一村", "演示二村"]
    assert [float(area) for area in reading.columns["area"]] == [1350.5, 1800.25]
    assert reading.rows == [1, 2]
    for told, meant in zip(reading.columns["ground"], vectors.SHAPES, strict=True):
        # a geodatabase keeps whole steps of its grid, GeoJSON fifteen digits
        assert shapely.hausdorff_distance(told, meant) <= (EXACT if kind in ("gpkg", "shp") else MILLIMETRE)
        assert told.area == pytest.approx(meant.area)


@pytest.mark.parametrize("stated", ["", "UTF-8", "GB18030", "936"])
def test_a_shapefile_is_read_in_its_own_encoding(stated: str) -> None:
    data = vectors.written("shp", encoding="UTF-8" if stated == "UTF-8" else "GB18030")
    kept = vectors.members(vectors.without(data, ".cpg"))
    if stated:
        kept["单元.cpg"] = stated.encode()
    reading = read_sheet(SPEC, vectors.zipped(kept), "单元.zip")
    assert reading.columns["village"] == ["演示一村", "演示二村"]


def test_a_shapefile_of_utf8_without_a_word_about_it() -> None:
    data = vectors.without(vectors.written("shp", encoding="UTF-8"), ".cpg")
    assert read_sheet(SPEC, data, "单元.zip").columns["village"] == ["演示一村", "演示二村"]


@pytest.mark.parametrize("code", [4525, 4526, 4546, 4547, 32649])
def test_zones_of_three_degrees_become_degrees(code: int) -> None:
    data = vectors.written("gpkg", vectors.projected(code), crs=f"EPSG:{code}")
    reading = read_sheet(SPEC, data, "单元.gpkg")
    assert reading.issues == []
    for told, meant in zip(reading.columns["ground"], vectors.SHAPES, strict=True):
        assert shapely.hausdorff_distance(told, meant) < MILLIMETRE
    assert ("note.crs.wgs84" in [each.code for each in reading.notes]) == (code == 32649)


def test_the_prj_of_arcgis_is_understood() -> None:
    esri = (
        'PROJCS["CGCS2000_3_Degree_GK_Zone_37",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
        'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
        'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",37500000.0],'
        'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",1.0],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )
    kept = vectors.members(vectors.written("shp", vectors.projected(4525), crs="EPSG:4525"))
    kept["单元.prj"] = esri.encode()
    reading = read_sheet(SPEC, vectors.zipped(kept), "单元.zip")
    assert reading.issues == []
    assert shapely.hausdorff_distance(reading.columns["ground"][0], vectors.HOLED) < MILLIMETRE


@pytest.mark.parametrize(("crs", "code"), [("EPSG:4610", "file.crs.old"), ("EPSG:4214", "file.crs.old"),
                                           ("EPSG:2333", "file.crs.old"), ("EPSG:4258", "file.crs.unknown"),
                                           (None, "file.crs.missing")])  # fmt: skip
def test_other_coordinate_systems_are_refused_in_a_sentence(crs: str | None, code: str) -> None:
    (issue,) = read_sheet(SPEC, vectors.written("gpkg", crs=crs), "单元.gpkg").issues
    assert issue.code == code
    assert issue.cure


def test_a_shapefile_without_prj_is_refused() -> None:
    assert codes(vectors.without(vectors.written("shp", encoding="GB18030"), ".prj")) == ["file.crs.missing"]


def test_an_invalid_surface_says_what_and_where() -> None:
    reading = read_sheet(SPEC, vectors.written("gpkg", [vectors.HOLED, vectors.BOWTIE]), "单元.gpkg")
    (issue,) = reading.issues
    assert (issue.code, issue.row, issue.column) == ("cell.geometry.invalid", 2, "边界")
    assert "边界自相交，位于 111.705000, 36.255000" in issue.message
    assert reading.faulty == {1}


def test_a_feature_without_surface_and_one_far_away() -> None:
    data = vectors.written("gpkg", [None, shapely.box(10, 50, 10.1, 50.1)])
    assert codes(data, "单元.gpkg") == ["cell.required", "cell.geometry.outside"]
    swapped = shapely.transform(vectors.HOLED, lambda at: at[:, ::-1])
    assert codes(vectors.collection([swapped]), "单元.geojson") == ["cell.geometry.swapped"]


@pytest.mark.parametrize(("name", "issues"), [("", []), ("urn:ogc:def:crs:EPSG::4490", []),
                                              ("EPSG:4610", ["file.crs.old"])])  # fmt: skip
def test_geojson_is_wgs84_unless_it_says_so(name: str, issues: list[str]) -> None:
    reading = read_sheet(SPEC, vectors.collection([vectors.HOLED], name), "单元.geojson")
    assert [each.code for each in reading.issues] == issues
    if not issues:
        assert ("note.crs.wgs84" in [each.code for each in reading.notes]) == (not name)


def test_a_table_with_wkt_is_read_alike() -> None:
    data = xlsx([["单元编号", "村", "登记面积(亩)", "边界"], ["141024000001", "演示一村", "1350.5", vectors.HOLED.wkt]])
    reading = read_sheet(SPEC, data, "单元.xlsx")
    assert reading.issues == []
    assert reading.columns["ground"][0].equals_exact(vectors.HOLED, 0)
    hectares = xlsx([["村", "登记面积(公顷)", "边界"], ["演示一村", "90", vectors.HOLED.wkt]])
    assert codes(hectares, "单元.xlsx") == ["sheet.unit.incompatible"]
    assert codes(csv_bytes([["村", "边界"], ["演示一村", "POINT (111.7 36.2)"]]), "a.csv") == ["cell.geometry.kind"]
    assert codes(csv_bytes([["村", "边界"], ["演示一村", "不知道"]]), "a.csv") == ["cell.geometry.unreadable"]


def test_the_blank_workbook_takes_wkt() -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_workbook(SPEC)))
    assert any("WKT" in str(cell.value) for row in book["填写说明"].iter_rows() for cell in row)


def test_the_marked_file_of_a_layer_is_its_attributes() -> None:
    data = vectors.written("gpkg", [vectors.HOLED, vectors.BOWTIE])
    issues = read_sheet(SPEC, data, "单元.gpkg").issues
    book = openpyxl.load_workbook(io.BytesIO(marked_workbook(SPEC, data, "单元.gpkg", issues)))
    sheet = book["数据"]
    assert [cell.value for cell in sheet[3]][:2] == ["141024000002", "演示二村"]
    assert sheet["D3"].value == "（图形）"
    assert "自相交" in sheet["D3"].comment.text
    assert sheet["D2"].comment is None


def test_a_sheet_without_geometry_takes_no_vector_file() -> None:
    plain = load_spec(Path(__file__).parent / "demo.csv", "演示表")
    assert [each.code for each in read_sheet(plain, vectors.written("gpkg"), "a.gpkg").issues] == [
        "file.format.unknown"
    ]


def test_hostile_archives_are_refused() -> None:
    good = vectors.members(vectors.written("shp", encoding="GB18030"))
    vrt = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
    assert codes(vectors.zipped({**good, "单元.shp": vrt})) == ["file.vector.damaged"]
    assert codes(vectors.zipped({**good, "../../b.shp": good["单元.shp"]})) == ["file.vector.several"]
    assert codes(vectors.without(vectors.zipped(good), ".dbf")) == ["file.vector.part_missing"]
    assert codes(b"SQLite format 3\x00" + b"\0" * 4096, "a.gpkg") == ["file.format.unknown"]
    assert codes(vectors.written("gpkg")[:9000], "a.gpkg") == ["file.vector.damaged"]
    assert codes(b'{"type": "FeatureCollection", "features": [', "a.geojson") == ["file.vector.damaged"]
    assert codes(b'{"type":"STACIT"}', "a.geojson") == ["file.vector.damaged"]
    bomb = vectors.zipped({**good, "单元.sbn": b"\0" * 400_000_000})
    assert codes(bomb) == ["file.zip_bomb"]


def test_a_member_with_a_path_stays_in_the_folder(tmp_path: Path) -> None:
    inner = vectors.members(vectors.written("gdb"))
    outside = tmp_path / "evil"
    data = vectors.zipped({**inner, f"x.gdb/../../../../../..{outside}": b"x"})
    read_sheet(SPEC, data, "单元.zip", Options())
    assert not outside.exists()
    assert zipfile.is_zipfile(io.BytesIO(data))


def test_only_four_drivers_are_left() -> None:
    assert {"OGR_VRT", "CSV", "SQLite", "HTTP", "KML", "PDF"} <= set(_skipped().split(","))
    assert not DRIVERS & set(_skipped().split(","))
