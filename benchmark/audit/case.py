"""What the audit needs of one clip: a right answer to damage, the others to compare with, and another motion.

The answer that is damaged is the last one, as for the ceiling of every table, and is no reference for itself: position
metrics compare it with the pair's other right answers.
"""

import zlib
from dataclasses import dataclass, replace

import numpy as np

from ...datasets.body import Motion
from ...datasets.clip_set import ClipSet, PairData, PairSpec
from ...datasets.errors import BenchError
from ...datasets.rotations import slerp


class NoRightAnswers(BenchError):
    """A clip set whose pairs have fewer than two right answers."""

    rule = "C030"


@dataclass(frozen=True, eq=False)
class AuditCase:
    """One clip, ready to be damaged."""

    pair: PairData
    """The clip as metrics see it: without the answer that is damaged."""
    truth: Motion
    """The right answer that is damaged, on the target."""
    nulls: tuple[tuple[PairData, Motion], ...]
    """The other right answers, each with the pair as metrics see it when that one is judged."""
    other_motion: Motion | None
    """Another program's motion on the same target, as long as the truth; ``None`` where the clip set has none."""


def audit_case(clips: ClipSet, clip_id: str, seed: int) -> AuditCase:
    """Return what the audit needs of a clip.

    Args:
        clips: The clip set.
        clip_id: One of its pairs.
        seed: Draws the other motion; the same for all clips of an audit.

    Raises:
        NoRightAnswers: If the pair has fewer than two right answers.
    """
    pair = clips.load(clip_id)
    answers = pair.ground_truths
    if len(answers) < 2:
        raise NoRightAnswers(
            f"{clip_id} has {len(answers)} right answers; the audit damages one and compares with the others, so it "
            "needs two or more. Audit a variant of retarget/intents."
        )
    without = [replace(pair, ground_truths=answers[:k] + answers[k + 1 :]) for k in range(len(answers))]
    return AuditCase(
        pair=without[-1],
        truth=answers[-1],
        nulls=tuple(zip(without[:-1], answers[:-1], strict=True)),
        other_motion=_other_motion(clips, pair, seed),
    )


def _other_motion(clips: ClipSet, pair: PairData, seed: int) -> Motion | None:
    spec = drawn_other(clips, pair.spec, pair.spec.target, seed)
    if spec is None:
        return None
    other = clips.load(spec.clip_id)
    return stretched(other.ground_truths[-1] if other.ground_truths else other.source_motion, pair.spec.frame_count)


def drawn_other(clips: ClipSet, spec: PairSpec, target: str, seed: int) -> PairSpec | None:
    """Return a pair of another program on a target, drawn by seed and clip; ``None`` if there is none.

    Args:
        clips: The clip set.
        spec: The pair whose program must differ.
        target: Name of the target body.
        seed: Draws.
    """
    found = [p for p in clips.pairs if p.target == target and p.motion_cluster != spec.motion_cluster]
    if not found:
        return None
    generator = np.random.default_rng([seed, zlib.crc32(f"{spec.clip_id}/other motion".encode())])
    return found[int(generator.integers(len(found)))]


def stretched(motion: Motion, frame_count: int) -> Motion:
    """Return a motion faster or slower, with as many frames as asked for, at its own frame rate."""
    at = np.linspace(0, motion.frame_count - 1, frame_count)
    before = np.minimum(at.astype(int), motion.frame_count - 1)
    after = np.minimum(before + 1, motion.frame_count - 1)
    share = at - before
    rotations = motion.local_rotations_wxyz.astype(np.float64)
    turned = slerp(rotations[before], rotations[after], share[:, None] * np.ones(rotations.shape[1]))
    root = motion.root_translation_m.astype(np.float64)
    moved = root[before] + (root[after] - root[before]) * share[:, None]
    return Motion(motion.skeleton, turned.astype(np.float32), moved.astype(np.float32), motion.fps)
