"""The declarations of the chapter, one module a subject; importing them enters them."""

from jingtu.chapters.farmland.registers import pairs

__all__ = ["pairs"]
