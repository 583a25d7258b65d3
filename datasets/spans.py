"""Which part of a motion a video query shows: never all of it, so that its length does not give the motion away."""

import zlib

import numpy as np

SEED = 20_261_124
LEAST_SHARE, MOST_SHARE = 0.5, 0.9
"""Of the motion's frames, how many are shown."""


def shown_span(name: str, frame_count: int) -> range:
    """Return the frames that a video query shows: between half and nine tenths, something cut off at both ends.

    The share is drawn evenly, and so is where the span lies. Of fewer than four frames all are shown.

    Args:
        name: Of the video; equal names give equal spans for all time.
        frame_count: Of the whole motion.
    """
    if frame_count < 4:
        return range(frame_count)
    generator = np.random.default_rng([SEED, zlib.crc32(name.encode())])
    share = generator.uniform(LEAST_SHARE, MOST_SHARE)
    length = min(max(round(share * frame_count), 2), frame_count - 2)
    first = 1 + int(generator.integers(frame_count - length - 1))
    return range(first, first + length)
