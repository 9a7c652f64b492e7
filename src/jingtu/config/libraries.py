"""The geometry libraries GeoDjango loads: those inside the wheels, so that one process has one GDAL."""

from __future__ import annotations

import importlib
from pathlib import Path

from jingtu.config.refusal import Refusal


def gdal_library() -> str:
    """The GDAL that came with pyogrio (newer and safer than the distribution's)."""
    return _inside("pyogrio", "libgdal*")


def geos_library() -> str:
    """The GEOS C interface that came with shapely."""
    return _inside("shapely", "libgeos_c*")


def _inside(package: str, pattern: str) -> str:
    module = importlib.import_module(package)
    folder = Path(str(module.__file__)).parents[1] / f"{package}.libs"
    found = sorted(folder.glob(pattern))
    if not found:
        raise Refusal(f"The {package} wheel holds no {pattern}; run `make setup` to install the locked wheels.")
    return str(found[0])
