"""The declarations of the chapter, one module a subject; importing them enters them."""

from jingtu.chapters.farmland.registers import control, pairs, safe_use

__all__ = ["control", "pairs", "safe_use"]
