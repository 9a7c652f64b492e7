"""What a file of the chapter tells by itself, one module a subject."""

from jingtu.chapters.farmland.checking import control, pairs, safe_use, units, zones

SHEETS = (*units.SHEETS, *pairs.SHEETS, *safe_use.SHEETS, *control.SHEETS, *zones.SHEETS)
