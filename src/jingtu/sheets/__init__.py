"""Tables from files: sheet specifications, reading CSV, XLSX and XLS, blank and marked workbooks.

Knows what a cell says and where it stands; knows neither thresholds nor the database.
"""

from jingtu.sheets.batches import read_batches
from jingtu.sheets.blank import blank_workbook
from jingtu.sheets.faults import FileRefused
from jingtu.sheets.marked import marked_workbook
from jingtu.sheets.reading import Options, Reading
from jingtu.sheets.sheet import read_sheet
from jingtu.sheets.spec import Column, Kind, SheetSpec, load_spec, parse_spec

__all__ = [
    "Column",
    "FileRefused",
    "Kind",
    "Options",
    "Reading",
    "SheetSpec",
    "blank_workbook",
    "load_spec",
    "marked_workbook",
    "parse_spec",
    "read_batches",
    "read_sheet",
]
