"""Catch trials: the right motion beside one that is plainly wrong, so that a rater who does not look is found out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from ...datasets.body import Character, Motion
from ...datasets.body.kinematics import motion_pose
from ...datasets.clip_set import ClipSet, PairData, PairSpec
from .errors import BadStudyRequest

PLAIN_H = 0.15
"""Distance of the joint that is farthest off, over the body height, from which a motion is plainly another one."""


@dataclass(frozen=True, eq=False)
class Catch:
    """One catch trial."""

    clip: PairData
    character: Character
    """The body that both sides show."""
    right: Motion
    wrong: Motion
    what: str
    """``another motion`` or ``frozen``."""


def right_side(pair: PairData) -> tuple[Character, Motion]:
    """Return what is certainly right: the ground truth on the target or, without one, the original itself."""
    if pair.ground_truths:
        return pair.target, pair.ground_truths[0]
    return pair.source, pair.source_motion


def distance_h(character: Character, right: Motion, wrong: Motion) -> float:
    """Return how far the joint that is farthest off is on average over the frames, over the body height.

    Roots are put over each other; gestures move one arm, so the mean over joints would hardly see them.
    """
    placed = []
    for motion in (right, wrong):
        positions = motion_pose(motion, dtype=torch.float64).positions_m
        placed.append(positions - positions[:, :1] * torch.tensor([1.0, 0.0, 1.0], dtype=torch.float64))
    return float((placed[0] - placed[1]).norm(dim=-1).amax(dim=-1).mean()) / character.height_m


def frozen(motion: Motion) -> Motion:
    """Return a motion that stays in its first frame."""
    first = np.zeros(motion.frame_count, dtype=np.int64)
    return Motion(motion.skeleton, motion.local_rotations_wxyz[first], motion.root_translation_m[first], motion.fps)


def worn(other: Motion, character: Character, like: Motion) -> Motion | None:
    """Return another clip's motion on a body, as long as ``like``; ``None`` where the skeletons have other joints.

    Rotations are copied and the root is scaled by the height of the hips: good enough for a side that is wrong.
    """
    if other.skeleton.joint_names != character.skeleton.joint_names:
        return None
    frames = np.minimum(np.arange(like.frame_count), other.frame_count - 1)
    hips = character.skeleton.rest_offsets_m[0, 1] / max(float(other.skeleton.rest_offsets_m[0, 1]), 1e-3)
    root = other.root_translation_m[frames] * np.float32(hips)
    return Motion(character.skeleton, other.local_rotations_wxyz[frames], root, like.fps)


def choose_catches(
    clips: ClipSet, specs: Sequence[PairSpec], count: int, generator: np.random.Generator
) -> list[Catch]:
    """Return catch trials whose wrong sides are plainly wrong, other motions and frozen ones by turns.

    Args:
        clips: The data.
        specs: Clips that may be used, those to be used first in front; used again when they are too few.
        count: How many.
        generator: Which motions are shown as wrong.

    Raises:
        BadStudyRequest: If no motion is far enough from another one, or from standing still.
    """
    found: list[Catch] = []
    tried = 0
    while len(found) < count:
        if tried >= 4 * len(specs) + 4 * count:
            raise BadStudyRequest(
                f"only {len(found)} of {count} catch trials could be made: the other clips hardly differ from each "
                "other or from standing still, so that no wrong side would be plainly wrong. Use more motions."
            )
        wanted = "frozen" if len(found) % 2 else "another motion"
        catch = _catch(clips, specs[tried % len(specs)], specs, wanted, generator)
        tried += 1
        if catch is not None:
            found.append(catch)
    return found


def _catch(
    clips: ClipSet, spec: PairSpec, specs: Sequence[PairSpec], wanted: str, generator: np.random.Generator
) -> Catch | None:
    pair = clips.load(spec.clip_id)
    character, right = right_side(pair)
    if wanted == "frozen":
        wrong: Motion | None = frozen(right)
    else:
        others = [other for other in specs if other.motion_cluster != spec.motion_cluster]
        if not others:
            return None
        other = clips.load(others[int(generator.integers(len(others)))].clip_id)
        wrong = worn(right_side(other)[1], character, right)
    if wrong is None or distance_h(character, right, wrong) < PLAIN_H:
        return None
    return Catch(pair, character, right, wrong, wanted)
