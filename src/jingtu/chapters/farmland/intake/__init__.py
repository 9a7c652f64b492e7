"""The sheets of the chapter, one module a subject; importing them enters them."""

from jingtu.chapters.farmland.intake import pairs

__all__ = ["pairs"]
