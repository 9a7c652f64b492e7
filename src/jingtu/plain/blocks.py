"""Long arrays in blocks that fit the processor's cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

BLOCK: Final = 1 << 16


def blocks(length: int, size: int = BLOCK) -> Iterator[slice]:
    """Slices that cover ``length`` rows one after another.

    >>> list(blocks(5, 2))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    return (slice(start, min(start + size, length)) for start in range(0, length, size))
