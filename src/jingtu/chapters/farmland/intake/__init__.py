"""The sheets of the chapter, one module a subject; importing them enters them."""

from jingtu.chapters.farmland.intake import control, pairs, safe_use, units, zones

__all__ = ["control", "pairs", "safe_use", "units", "zones"]
