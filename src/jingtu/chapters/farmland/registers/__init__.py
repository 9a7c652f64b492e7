"""The declarations of the chapter, one module a subject; importing them enters them."""

from jingtu.chapters.farmland.registers import classes, control, pairs, rate, safe_use, units

__all__ = ["classes", "control", "pairs", "rate", "safe_use", "units"]
