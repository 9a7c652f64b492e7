"""Questions about farmland that other chapters may ask."""

from jingtu.chapters.farmland.facts.safe_use import croppings_of

__all__ = ["croppings_of"]
