"""What a retargeting test is made of: pairs of a motion on a source and a target character, with what is known of them.

Every collection (Intents, open-characters, a user's Mixamo folder) presents itself as a ``ClipSet``; tracks, the runner
and the metrics know nothing else of it.
"""

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from .body import Character, Motion

SPLITS = ("SC+SM", "SC+UM", "UC+SM", "UC+UM")
"""Seen/unseen character, seen/unseen motion. A collection without training data uses ``all``."""


@dataclass(frozen=True)
class PairSpec:
    """The committed line that names one test pair; cheap, nothing is loaded."""

    clip_id: str
    """``<track>/<motion>/<source>><target>``: an id, never a file name."""
    split: str
    """One of ``SPLITS``, or ``all``."""
    motion: str
    source: str
    """Name of the source character."""
    target: str
    """Name of the target character: the cluster on the body side of the two-way bootstrap."""
    motion_cluster: str
    """The cluster on the motion side: the program, or the recorded clip, that the motion came from."""
    frame_count: int
    fps: float


@dataclass(frozen=True, eq=False)
class ContactGoal:
    """A programmed self-contact: one key vertex on a place of the body, stated frame by frame."""

    name: str
    """For people, for example ``right_palm on left_shoulder``."""
    vertex: int
    """The vertex that touches (a palm, a fingertip)."""
    place: int
    """The vertex that is touched."""
    held: NDArray[np.bool_]
    """Frames in which the contact must be there, [frames]."""
    free: NDArray[np.bool_]
    """Frames in which the program keeps the two at least 5 % H apart, [frames]; frames of neither are transitions."""
    faces_skin: bool = True
    """Whether the touching vertex is a palm that must face the skin."""


@dataclass(frozen=True, eq=False)
class PairData:
    """Everything that is known of one pair. A method is given only a ``MethodInput`` made from it."""

    spec: PairSpec
    source: Character
    source_motion: Motion
    target: Character
    ground_truths: tuple[Motion, ...] = ()
    """Right answers on the target, the shipped one first; empty where there is no ground truth."""
    contact_goals: tuple[ContactGoal, ...] = ()
    """Contacts on the target's mesh."""
    planted: NDArray[np.bool_] | None = None
    """Whether the program (or the source) has the left, the right foot planted, [frames, 2]; never the prediction."""
    source_is_proxy: bool = False
    """Whether the source's skin is a declared stand-in for a skeleton-only capture."""


@dataclass(frozen=True, eq=False)
class MethodInput:
    """What a method is given: no program, goal, caption, key vertex, clip id or ground truth."""

    source: Character
    motion: Motion
    target: Character
    seed: int = field(kw_only=True)


class ClipSet(Protocol):
    """A collection of test pairs with a content hash; picklable, because scoring spreads over processes."""

    @property
    def data_sha256(self) -> str:
        """Hash of the manifest, which lists a SHA-256 per file: the data version."""
        ...

    @property
    def pairs(self) -> tuple[PairSpec, ...]:
        """All pairs, sorted by clip id."""
        ...

    def target(self, clip_id: str) -> Character:
        """Load the target character of one pair alone: all that checking a prediction file needs."""
        ...

    def load(self, clip_id: str) -> PairData:
        """Load one pair with everything the scorer may know."""
        ...

    def method_input(self, clip_id: str, seed: int) -> MethodInput:
        """Load what a method may see of one pair (on Intents: vertices permuted by a manifest seed)."""
        ...


@runtime_checkable
class CaptionedClips(Protocol):
    """What a clip set offers besides, where it knows in words what its clips show."""

    @property
    def captions_sha256(self) -> str:
        """Hash of all sentences: scores that rest on them name it."""
        ...

    def caption(self, clip_id: str) -> str:
        """Return the one sentence that says what happens in a clip; methods never see it."""
        ...
