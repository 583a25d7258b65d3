"""A retrieval test with all that running and scoring need: the searched set, and what stands behind its items."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Motion
from ...datasets.readers.video import Video
from ...datasets.text_motion.feature_motions import FeatureMotion
from .collection import RetrievalSet
from .declarations import Modality
from .errors import WrongSet


@dataclass(frozen=True, eq=False)
class CaptionVectors:
    """What the protocol ``threshold`` compares captions by, where a test comes with it."""

    model: str
    """Name of the sentence model, part of every key."""
    vectors: NDArray[np.float32]
    """One per caption of the set, [captions, width]."""


@dataclass(frozen=True, eq=False)
class RetrievalData:
    """A retrieval test.

    A method is given captions, motions and videos, shuffled; not the ids, and nothing of ``items.meanings``, of
    ``structures`` and ``bodies``.

    Raises:
        WrongSet: If the numbers of motions, structures and bodies differ, or those of videos.
    """

    items: RetrievalSet
    """Motions, captions and videos by their ids, and what makes two of them mean the same."""
    motions: Sequence[Motion] | Sequence[FeatureMotion]
    """The motions themselves, in the set's order."""
    structures: Sequence[str]
    """Of each motion the program structure (or the recording) it comes from: motions that share one are not
    independent."""
    bodies: Sequence[str]
    """Of each motion who performs it; all empty where the data does not say: intervals are then one-way."""
    data_sha256: str
    """The data version."""
    sentences: CaptionVectors | None = None
    """Sentence vectors of the captions; ``None``: ``threshold`` is not scored."""
    videos: Sequence[Video] = ()
    """The videos themselves, in the set's order; each may be read only when it is asked for."""

    def __post_init__(self) -> None:
        if len(self.videos) != len(self.items.video_of):
            raise WrongSet(
                f"{len(self.items.video_of)} videos are listed, {len(self.videos)} given; expected each once."
            )
        count = len(self.items.motions)
        for name in ("motions", "structures", "bodies"):
            if len(getattr(self, name)) != count:
                raise WrongSet(f"{count} motions have {len(getattr(self, name))} {name}; expected one each.")

    @cached_property
    def item_ids(self) -> dict[Modality, tuple[str, ...]]:
        """Ids of the items of each kind that the set has, in its order.

        ``1a2b3c4d`` is a motion, ``1a2b3c4d.0`` its first caption, or its first video.
        """
        found: dict[Modality, tuple[str, ...]] = {"motion": tuple(self.items.motions)}
        kinds: tuple[Modality, ...] = ("text", "video")
        for kind in kinds:
            seen: dict[int, int] = {}
            ids = []
            for owner in self.items.owners(kind).tolist():
                number = seen.get(owner, 0)
                seen[owner] = number + 1
                ids.append(f"{self.items.motions[owner]}.{number}")
            if ids:
                found[kind] = tuple(ids)
        return found
