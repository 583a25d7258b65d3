"""What is searched: motions, their captions and their videos, and what makes two of them mean the same. No torch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...datasets.errors import suggestion
from .declarations import Modality
from .errors import WrongSet


def _none() -> NDArray[np.int64]:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class RetrievalSet:
    """The items of a test set, in the order of a submission's embeddings.

    Raises:
        WrongSet: If ids repeat, lengths do not fit, or an owner is not among the motions.
    """

    motions: Sequence[str]
    """Ids, each once."""
    captions: Sequence[str] = ()
    """Any number per motion; the first of a motion is the one that one-caption protocols use."""
    caption_of: NDArray[np.int64] = field(default_factory=_none)
    """Index of the motion that each caption describes, int64 [captions]."""
    video_of: NDArray[np.int64] = field(default_factory=_none)
    """Index of the motion that each video shows, int64 [videos]."""
    meanings: Sequence[str] | None = None
    """Normal form of what each motion means; equal for two motions that words cannot tell apart. For evaluation only:
    it comes from the program, and no method may see it."""
    dissimilar: Sequence[str] | None = None
    """Ids of the motions of the protocol ``dissimilar``."""
    subset: str = ""
    """Name of the part of a test set that this is, ``no-mirror`` for example; stands in every key. Empty: all of it."""

    def __post_init__(self) -> None:
        for name in ("caption_of", "video_of"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.int64))
        if not self.motions:
            raise WrongSet("the retrieval set has no motions; expected at least one.")
        if len(set(self.motions)) != len(self.motions):
            twice = next(m for i, m in enumerate(self.motions) if m in self.motions[:i])
            raise WrongSet(f"the motion '{twice}' is listed twice; ids must differ.")
        if len(self.captions) != len(self.caption_of):
            raise WrongSet(f"{len(self.captions)} captions have {len(self.caption_of)} owners; expected one each.")
        if self.meanings is not None and len(self.meanings) != len(self.motions):
            raise WrongSet(f"{len(self.motions)} motions have {len(self.meanings)} meanings; expected one each.")
        for name, owner in (("caption", self.caption_of), ("video", self.video_of)):
            bad = np.flatnonzero((owner < 0) | (owner >= len(self.motions)))
            if len(bad):
                raise WrongSet(f"{name} {bad[0]} belongs to motion {owner[bad[0]]} of {len(self.motions)}.")
        if self.dissimilar is not None and len(set(self.dissimilar)) != len(self.dissimilar):
            raise WrongSet("the dissimilar list names a motion twice; ids must differ.")
        for motion in self.dissimilar or ():
            if motion not in self.position:
                raise WrongSet(f"'{motion}' of the dissimilar list is no motion of the set.{self._near(motion)}")

    def _near(self, motion: str) -> str:
        return suggestion(motion, self.motions)

    @cached_property
    def position(self) -> dict[str, int]:
        """Index of each motion by its id."""
        return {motion: index for index, motion in enumerate(self.motions)}

    @cached_property
    def captions_of(self) -> tuple[tuple[int, ...], ...]:
        """Indices of each motion's captions, in their order."""
        found: list[list[int]] = [[] for _ in self.motions]
        for caption, motion in enumerate(self.caption_of.tolist()):
            found[motion].append(caption)
        return tuple(map(tuple, found))

    def count(self, modality: Modality) -> int:
        """Return how many items of a kind there are: rows of a submission's embeddings."""
        return {"motion": len(self.motions), "text": len(self.captions), "video": len(self.video_of)}[modality]

    def owners(self, modality: Modality) -> NDArray[np.int64]:
        """Return the index of the motion behind each item of a kind."""
        return {"motion": np.arange(len(self.motions)), "text": self.caption_of, "video": self.video_of}[modality]


@dataclass(frozen=True, eq=False)
class Selection:
    """Some motions of a set with their captions and videos: a whole gallery, a subset or a batch."""

    whole: RetrievalSet
    motions: NDArray[np.int64]
    """Indices of the motions, in the gallery's order."""
    all_captions: bool = False
    """Whether every caption takes part, or only the first of each motion."""

    def rows(self, modality: Modality) -> NDArray[np.int64]:
        """Return the items of a kind, motion after motion: rows of a submission's embeddings."""
        if modality == "motion":
            return self.motions
        if modality == "text":
            return np.array([c for own in self.captions for c in own], dtype=np.int64)
        place = np.full(len(self.whole.motions), -1)
        place[self.motions] = np.arange(len(self.motions))
        videos = np.flatnonzero(place[self.whole.video_of] >= 0)
        return videos[np.argsort(place[self.whole.video_of[videos]], kind="stable")]

    @cached_property
    def captions(self) -> list[tuple[int, ...]]:
        """The captions of each motion that take part."""
        own = [self.whole.captions_of[motion] for motion in self.motions.tolist()]
        return own if self.all_captions else [captions[:1] for captions in own]
