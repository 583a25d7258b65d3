"""A test whose sources are measured badly: methods are given a noisy motion, and are scored against the clean one.

What a tracker delivers trembles. The variant ``full-noisy`` of a track says how much of it a method hands on.
"""

import hashlib
import zlib
from dataclasses import replace

import numpy as np

from .body import Character, Motion
from .body.joint_names import BODY_JOINTS
from .body.turned_joints import turn_body_joints
from .clip_set import CaptionedClips, ClipSet, MethodInput, PairData, PairSpec

JITTER_DEG, ROOT_NOISE_M = 3.0, 0.02
"""Root mean square of a joint's angle, in degrees, and of the root along each axis, in metres; white in time."""
_SEED = 20261122
"""Of all noise; a part of the data version."""


class NoisySource:
    """A ``ClipSet`` with noise on what methods are given; what scorers know stays as it is."""

    def __init__(self, clean: ClipSet) -> None:
        """Wrap a clip set.

        Args:
            clean: The clips as they are.
        """
        self._clean = clean

    @property
    def data_sha256(self) -> str:
        """Hash of the clean clips' version and of the noise: another data version than theirs."""
        told = f"{self._clean.data_sha256}, noisy source: {JITTER_DEG} deg, {ROOT_NOISE_M} m, seed {_SEED}"
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def pairs(self) -> tuple[PairSpec, ...]:
        """The clean clips' pairs."""
        return self._clean.pairs

    def target(self, clip_id: str) -> Character:
        """Load the target character of one pair."""
        return self._clean.target(clip_id)

    def load(self, clip_id: str) -> PairData:
        """Load one pair with everything the scorer may know, the clean source among it."""
        return self._clean.load(clip_id)

    def method_input(self, clip_id: str, seed: int) -> MethodInput:
        """Load what a method may see: the source's motion with noise, the same every time."""
        given = self._clean.method_input(clip_id, seed)
        generator = np.random.default_rng([_SEED, zlib.crc32(clip_id.encode())])
        return replace(given, motion=noisy(given.motion, generator))


class NoisyCaptionedSource(NoisySource):
    """The same of clips that know in words what they show; see ``CaptionedClips``."""

    def __init__(self, clean: ClipSet, captions: CaptionedClips) -> None:
        """Wrap a clip set.

        Args:
            clean: The clips as they are.
            captions: The same clips, as what knows their sentences.
        """
        super().__init__(clean)
        self._captions = captions

    @property
    def captions_sha256(self) -> str:
        """Hash of all sentences."""
        return self._captions.captions_sha256

    def caption(self, clip_id: str) -> str:
        """Return the one sentence that says what happens in a clip."""
        return self._captions.caption(clip_id)


def with_noisy_source(clean: ClipSet) -> NoisySource:
    """Return the same clips with a noisy source, and with their captions where they have some."""
    return NoisyCaptionedSource(clean, clean) if isinstance(clean, CaptionedClips) else NoisySource(clean)


def noisy(motion: Motion, generator: np.random.Generator) -> Motion:
    """Turn every body joint in every frame about a drawn axis, and move the root.

    Args:
        motion: Any humanoid's motion; fingers and joints between the body's are left alone.
        generator: Draws the noise, which does not depend on the skeleton.

    Raises:
        UnmappedJoints: If the skeleton is no humanoid.
    """
    turns = generator.standard_normal((motion.frame_count, len(BODY_JOINTS), 3)) * np.radians(JITTER_DEG) / np.sqrt(3)
    moves = generator.standard_normal((motion.frame_count, 3)) * ROOT_NOISE_M
    root = (motion.root_translation_m + moves).astype(np.float32)
    return replace(turn_body_joints(motion, turns), root_translation_m=root)
