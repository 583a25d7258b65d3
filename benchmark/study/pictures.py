"""Motions as film strips: all frames of a clip in one WebP picture, which the page plays in step.

Several animated pictures in one page run each on a clock of its own; motions that are compared must not.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...datasets.body import Character, Motion

PLAYED_FPS = 15.0
MOST_FRAMES = 150
"""Ten seconds; of longer clips the beginning is shown."""
_QUALITY, _METHOD = 72, 4
_EDGE_PX = 2
"""Contact sheets have lines along the edges of their frames."""


@dataclass(frozen=True)
class Film:
    """How the strips of one clip are to be played."""

    frames: int
    fps: float
    columns: int
    width: int
    height: int
    """Size of one frame in pixels."""


def film_strips(
    rows: Sequence[tuple[Character, Motion]], *, height_px: int, view: str
) -> tuple[Film, list[NDArray[np.uint8]]]:
    """Return motions as pictures of the same size, frames in rows of ``columns``, seen from the same place.

    The only function of the study that renders.

    Args:
        rows: Characters and their motions of one clip, the original first; all of the same frame count.
        height_px: Height of a frame.
        view: A named view of ``datasets.rendering``.
    """
    from ...datasets.rendering import SheetRow, SheetStyle, sheet_image

    motion = rows[0][1]
    step = max(1, round(motion.fps / PLAYED_FPS))
    at = tuple(range(0, motion.frame_count, step))[:MOST_FRAMES]
    style = SheetStyle(at=at, size_px=height_px + 2 * _EDGE_PX, aspect=0.8, view=view, numbered=False)
    sheet = sheet_image([SheetRow("", character, moved) for character, moved in rows], style)
    film = Film(
        frames=len(at),
        fps=motion.fps / step,
        columns=math.ceil(math.sqrt(len(at))),
        width=style.width_px - 2 * _EDGE_PX,
        height=height_px,
    )
    return film, [_strip(band, film) for band in np.split(sheet, len(rows))]


def _strip(band: NDArray[np.uint8], film: Film) -> NDArray[np.uint8]:
    """One row of a contact sheet, its frames cut out and put into rows of ``columns``."""
    outer = film.width + 2 * _EDGE_PX
    lines = math.ceil(film.frames / film.columns)
    strip = np.full((lines * film.height, film.columns * film.width, 3), 255, dtype=np.uint8)
    for number in range(film.frames):
        frame = band[_EDGE_PX:-_EDGE_PX, number * outer + _EDGE_PX : (number + 1) * outer - _EDGE_PX]
        y, x = (number // film.columns) * film.height, (number % film.columns) * film.width
        strip[y : y + film.height, x : x + film.width] = frame
    return strip


def webp(picture: NDArray[np.uint8]) -> bytes:
    """Return a picture as a WebP file without any metadata."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="WEBP", quality=_QUALITY, method=_METHOD)
    return buffer.getvalue()


def padded(file: bytes, size: int) -> bytes:
    """Return a WebP file that shows the same picture and has ``size`` bytes, at least 26 more than before.

    A motion that stands still makes a small file: sizes would tell methods apart. The filling is a chunk of a name of
    its own after the picture, which readers pass over (WebP container specification, "Unknown chunks"; it asks for the
    extended form of the file, with the header VP8X).

    Raises:
        ValueError: If the file is too large for the size, or is no WebP of the simple, lossy form.
    """
    if file[:4] != b"RIFF" or file[8:16] != b"WEBPVP8 ":
        raise ValueError("not a WebP file of the simple, lossy form")
    with Image.open(io.BytesIO(file)) as picture:
        width, height = picture.size
    header = b"VP8X" + (10).to_bytes(4, "little") + bytes(4)
    header += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    filling = size - len(file) - len(header) - 8
    if filling < 0 or filling % 2:
        raise ValueError(f"{len(file)} bytes cannot be filled up to {size}")
    chunks = header + file[12:] + b"FILL" + filling.to_bytes(4, "little") + bytes(filling)
    return b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + chunks


def equally_large(files: Sequence[bytes]) -> list[bytes]:
    """Return WebP files filled up to one size."""
    size = max(len(file) for file in files) + 26
    return [padded(file, size + size % 2) for file in files]
