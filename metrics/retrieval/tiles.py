"""How many rows of a matrix are held at once, so that memory is bounded however large the gallery is."""

from collections.abc import Iterator

MOST_ENTRIES = 2**26
"""Entries of a tile, at most, unless a single row has more: 256 MiB of float32. About three tiles' worth is alive."""
CACHED_ENTRIES = 2**20
"""Entries that stay in a processor's cache while they are compared again and again."""
FEWEST_ROWS = 64
"""Rows that make a matrix product worth its reading of the gallery."""


def tile_rows(width: int) -> int:
    """Return how many rows of ``width`` entries one tile has: at least 1, at most ``MOST_ENTRIES`` in all."""
    return max(1, min(max(FEWEST_ROWS, CACHED_ENTRIES // width), MOST_ENTRIES // width))


def row_tiles(rows: int, width: int) -> Iterator[slice]:
    """Yield consecutive slices that cover ``rows`` rows of ``width`` entries."""
    step = tile_rows(width)
    for start in range(0, rows, step):
        yield slice(start, min(start + step, rows))
