"""The labelled motions of ``retrieval/intents`` and ``recognition/intents`` that come with the package."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files

from ..errors import UnknownName
from .motion_shards import SolvedMotion, read_motions

PARTS = ("test",)


@cache
def load_motions(part: str = "test") -> Sequence[SolvedMotion]:
    """Return the motions of a part with their words, after checking every file against its SHA-256.

    Args:
        part: ``test``: motions of structures, bodies and words that training never sees. Training's and validation's
            are built by ``retargetbench data build intents --part train`` and read by ``motion_shards.read_motions``.

    Raises:
        UnknownName: If there is no such part.
        DamagedData: If a data file is missing or changed.
    """
    if part not in PARTS:
        raise UnknownName("part of the motions that come with the package", part, PARTS)
    with as_file(files(__package__) / "data") as folder:
        return tuple(read_motions(folder / f"{part}.manifest.json"))
