"""The obligations of tasks 3 to 5 as relations, one module a subject; importing them binds them."""

from jingtu.chapters.farmland.duties import classes, control, rate, safe_use

__all__ = ["classes", "control", "rate", "safe_use"]
