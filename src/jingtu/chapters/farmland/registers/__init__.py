"""The declarations of the chapter, one module a subject; importing them enters them, and the pages beside them."""

from jingtu.chapters.farmland.registers import classes, control, interpolations, pairs, rate, safe_use, units
from jingtu.chapters.farmland.screens import season, story

__all__ = ["classes", "control", "interpolations", "pairs", "rate", "safe_use", "season", "story", "units"]
