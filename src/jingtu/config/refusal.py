"""A plain sentence to the person at the machine instead of a traceback."""

from __future__ import annotations


class Refusal(Exception):
    """What stands in the way and what to do about it, as one readable sentence."""
