"""The program that opens a vector file: a process of its own with little memory, little time and four drivers.

GDAL reads dozens of formats, some of which fetch other files or addresses. It is never loaded where the platform
works: this file runs alone, without its package, on a folder that holds nothing but the file handed in.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date
from typing import Any

MEMORY_BYTES = 3 * 1024**3
SECONDS = 120
WRITTEN_BYTES = 2 * 1024**3


def limit() -> None:
    """Take away what a file may not use up."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(value: Any) -> Any:
    """An attribute as JSON can hold it; what is not there is blank."""
    value = value.item() if hasattr(value, "item") else value
    if value is None or value != value:  # noqa: PLR0124  (only NaN differs from itself)
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float) else str(value)


def layers(path: str, encoding: str | None) -> list[dict[str, Any]]:
    """Every layer of a file: name, coordinate system, field names, attributes row by row, geometries as hex."""
    import pyogrio

    return [layer(path, str(name), encoding) for name, _kind in pyogrio.list_layers(path)]


def layer(path: str, name: str, encoding: str | None) -> dict[str, Any]:
    """One layer."""
    from pyogrio.raw import read

    meta, _fids, shapes, fields = read(path, layer=name, encoding=encoding, force_2d=True, datetime_as_string=True)
    columns = [[plain(value) for value in column] for column in fields]
    count = len(shapes) if shapes is not None else len(columns[0]) if columns else 0
    return {
        "name": name,
        "crs": meta["crs"] or "",
        "fields": [str(field) for field in meta["fields"]],
        "rows": [[column[at] for column in columns] for at in range(count)],
        "shapes": ["" if shape is None else shape.hex() for shape in shapes] if shapes is not None else [],
    }


def main() -> None:
    """Write the layers of the file named first, in the encoding named second, to the output."""
    limit()
    json.dump(layers(sys.argv[1], sys.argv[2] or None), sys.stdout)


if __name__ == "__main__":
    main()
