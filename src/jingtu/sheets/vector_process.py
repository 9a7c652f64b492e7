"""A vector file laid out in a folder of its own and read by a limited process."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any, Final

from jingtu.sheets.container import Container
from jingtu.sheets.faults import Place, refuse

READER: Final = Path(__file__).with_name("vector_reader.py")
DRIVERS: Final = {"GPKG", "ESRI Shapefile", "OpenFileGDB", "GeoJSON"}
SECONDS: Final = 180
_SHAPEFILE: Final = ("shp", "shx", "dbf", "prj", "cpg")
_GDB_MEMBER: Final = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)?")
_SHP_MAGIC: Final = b"\x00\x00\x27\x0a"
_GPKG_APPLICATION: Final = slice(68, 72)
_CODE_PAGES: Final = dict.fromkeys(("936", "cp936", "gbk", "gb2312", "gb18030", "ansi 936", "cp54936"), "gb18030")
_DBF_FIELD: Final = 32
_DBF_NAME: Final = 11
_ENCODINGS: Final = ("utf-8", "gb18030")


def read_layers(container: Container) -> list[dict[str, Any]]:
    """The layers of a vector file as the reader tells them; raises :class:`FileRefused` when it cannot."""
    with tempfile.TemporaryDirectory(prefix="jingtu-vector-") as folder:
        path, encoding = _LAYOUTS[container.kind](container, Path(folder))
        return _run(path, encoding, container.name)


def _run(path: Path, encoding: str, filename: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-I", str(READER), str(path), encoding]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=SECONDS, check=False, cwd=path.parent, env=_environment()
        )
        layers: list[dict[str, Any]] = json.loads(done.stdout) if done.returncode == 0 else []
    except (subprocess.TimeoutExpired, ValueError):
        layers = []
    if not layers:
        raise refuse("file.vector.damaged", Place(filename))
    return layers


def _environment() -> dict[str, str]:
    """Nothing of the platform's own environment but where programs are; no driver beside the four."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {
        "OGR_SKIP": _skipped(),
        "OPENBLAS_NUM_THREADS": "1",
        "GDAL_HTTP_MAX_RETRY": "0",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
        "PYTHONUTF8": "1",
    }


@cache
def _skipped() -> str:
    from pyogrio import list_drivers

    return ",".join(sorted(set(list_drivers()) - DRIVERS))


def _lay_gpkg(container: Container, folder: Path) -> tuple[Path, str]:
    if container.data[_GPKG_APPLICATION] not in (b"GPKG", b"GP10", b"GP11"):
        raise refuse("file.format.unknown", Place(container.name), "数据库文件")
    path = folder / "layer.gpkg"
    path.write_bytes(container.data)
    return path, ""


def _lay_geojson(container: Container, folder: Path) -> tuple[Path, str]:
    path = folder / "layer.geojson"
    path.write_bytes(container.data)
    return path, ""


def _lay_shapefile(container: Container, folder: Path) -> tuple[Path, str]:
    """The parts of the one Shapefile of an archive, under names of our own."""
    with zipfile.ZipFile(io.BytesIO(container.data)) as archive:
        parts = _parts_of_shapefile(archive, container)
        for extension, member in parts.items():
            (folder / f"layer.{extension}").write_bytes(archive.read(member))
    path = folder / "layer.shp"
    if not path.read_bytes().startswith(_SHP_MAGIC):
        raise refuse("file.vector.damaged", Place(container.name))
    encoding = _encoding(folder)
    _mend_names(folder / "layer.dbf", encoding)
    return path, encoding


def _parts_of_shapefile(archive: zipfile.ZipFile, container: Container) -> dict[str, zipfile.ZipInfo]:
    members = [each for each in archive.infolist() if not each.is_dir() and "__MACOSX" not in each.filename]
    stems = sorted({each.filename[:-4] for each in members if each.filename.lower().endswith(".shp")})
    if len(stems) != 1:
        raise refuse("file.vector.several", Place(container.name), "、".join(stems))
    parts = {
        extension: each
        for extension in _SHAPEFILE
        for each in members
        if each.filename[:-4] == stems[0] and each.filename.lower().endswith(f".{extension}")
    }
    missing = [f".{each}" for each in ("shx", "dbf") if each not in parts]
    if missing:
        raise refuse("file.vector.part_missing", Place(container.name), "、".join(missing))
    return parts


def _encoding(folder: Path) -> str:
    """What the attribute table is written in: as it says itself, else UTF-8 or GB18030, whichever reads it better."""
    stated = folder / "layer.cpg"
    if stated.exists():
        name = stated.read_text("ascii", "ignore").strip().lower()
        stated.unlink()  # GDAL would read it with names of its own
        return _CODE_PAGES.get(name, "utf-8")
    content = (folder / "layer.dbf").read_bytes()
    return min(_ENCODINGS, key=lambda name: content.decode(name, "replace").count("\ufffd"))


def _mend_names(path: Path, encoding: str) -> None:
    """Field names hold ten bytes; the half of a character that the limit left over goes, lest nothing be readable."""
    content = bytearray(path.read_bytes())
    for start in range(_DBF_FIELD, min(len(content), int.from_bytes(content[8:10], "little")) - 1, _DBF_FIELD):
        name = bytes(content[start : start + _DBF_NAME]).partition(b"\0")[0]
        whole = name.decode(encoding, "ignore").encode(encoding)
        content[start : start + _DBF_NAME] = whole.ljust(_DBF_NAME, b"\0")
    path.write_bytes(content)


def _lay_geodatabase(container: Container, folder: Path) -> tuple[Path, str]:
    path = folder / "layer.gdb"
    path.mkdir()
    with zipfile.ZipFile(io.BytesIO(container.data)) as archive:
        members = [each for each in archive.infolist() if not each.is_dir() and ".gdb/" in each.filename]
        if len({each.filename.rpartition("/")[0] for each in members}) != 1:
            raise refuse("file.vector.several", Place(container.name), "多个地理数据库")
        for each in members:
            name = each.filename.rpartition("/")[2]
            if _GDB_MEMBER.fullmatch(name) and not name.endswith(".lock"):
                (path / name).write_bytes(archive.read(each))
    return path, ""


_LAYOUTS: Final = {
    "gpkg": _lay_gpkg,
    "geojson": _lay_geojson,
    "shp": _lay_shapefile,
    "gdb": _lay_geodatabase,
}
