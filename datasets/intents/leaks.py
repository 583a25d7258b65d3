"""Whether the test leaks into training: by what is said of its motions, and by how near the solved motions come.

Ids and names say nothing of that. A caption of the test that training has seen is one leak; a motion of the test that
some motion of training nearly is, whatever it is called, is the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..body import Motion
from ..body.joint_names import BODY_JOINTS
from ..body.joint_poses import motion_poses
from .motion_jobs import body_of
from .words.grammar import normalised

Clip = tuple[Motion, float]
"""A motion, and H of the body that it was solved on, in metres."""

FRAMES = 32
"""Frames that every motion is resampled to, whatever its length: how fast it is makes no difference."""
BIN_H = 0.005
"""Width of the histogram's bins."""
_AVERAGED = 8
"""Frames that are averaged for a first, lower bound of a distance."""
_CHUNK = 2048
"""Motions of training that are looked at together, 8 KiB each."""
_BLOCK = 64


class Labelled(Protocol):
    """A solved motion with its words, as ``motion_shards.read_motions`` yields it."""

    @property
    def name(self) -> str:
        """Name of the program."""

    @property
    def body(self) -> str:
        """Name of the body."""

    @property
    def motion(self) -> Motion:
        """The motion."""

    @property
    def words(self) -> Mapping[str, Any]:
        """What ``words.words_of`` says of it; empty: nothing."""


def shared_captions(train: Iterable[str], test: Iterable[str]) -> set[str]:
    """Return the captions of the test that training has as well: in small letters, without punctuation.

    Args:
        train: All that is said of training's motions.
        test: All that is said of the test's.
    """
    return {normalised(text) for text in test} & {normalised(text) for text in train}


def nearest_training_distance(test_motions: Iterable[Clip], training_motions: Iterable[Clip]) -> NDArray[np.float64]:
    """Return the distance of each motion of the test to the nearest one of training, in H, [test motions].

    The distance of two motions is that of their joints, in the mean over the 21 body joints below the root and over
    time: both relative to the root, over H, facing the same way in their first frame, stretched to 32 frames. Where
    they go and how fast does not count, nor do the fingers. Left is not right: a mirror image is another motion. The
    same motion on two bodies has a small distance, which comes from their proportions.

    Args:
        test_motions: Motions with H of their bodies.
        training_motions: Likewise; read once, one after the other, and not kept. Without any all distances are
            infinite.
    """
    return _nearest(_stacked(test_motions), training_motions)[0]


def comparable_poses(motion: Motion, height_m: float) -> NDArray[np.float32]:
    """Return where the joints are, relative to the root, over H, without the first frame's facing, [32, 21, 3].

    Args:
        motion: Any motion of a skeleton with the standard body joints.
        height_m: H.
    """
    rotations, positions = motion_poses(motion)
    joints = [motion.skeleton.index(name) for name in BODY_JOINTS[1:]]
    relative = (positions[:, joints] - positions[:, :1]) / height_m
    # The axis through both hips says where the body faces, even where it is bent forwards by a right angle.
    across_x, _, across_z = rotations[0, 0, :, 0]
    length = max(float(np.hypot(across_x, across_z)), 1e-9)
    cosine, sine = across_x / length, -across_z / length
    unturned = relative @ np.array([[cosine, 0.0, sine], [0.0, 1.0, 0.0], [-sine, 0.0, cosine]])
    return _resampled(unturned).astype(np.float32)


def leak_report(test: Iterable[Labelled], training: Iterable[Labelled], *, closest: int = 12) -> dict[str, Any]:
    """Return what is known of leaks from a test into training, as plain values.

    Args:
        test: Motions of the test, with or without words.
        training: Motions of training; read once and not kept.
        closest: How many pairs of neighbours are named.

    Returns:
        How many motions were compared; ``counts``: a histogram of the distances to the nearest motion of training, in
        bins of ``bin_h`` from 0 on; ``least_h`` and ``median_h``; the ``closest`` neighbours; ``shared_captions`` and
        ``shared_detailed``: what is said, word by word, of motions of both.
    """
    kept, names, told = list(test), list[tuple[str, str]](), list[Mapping[str, Any]]()

    def clips(motions: Iterable[Labelled]) -> Iterator[Clip]:
        """Remember who is compared and what is said of them, and pass the motions on."""
        for one in motions:
            names.append((one.name, one.body))
            told.append(one.words)
            yield one.motion, body_of(one.body).height_m

    stacked = _stacked((one.motion, body_of(one.body).height_m) for one in kept)
    distance_h, nearest = _nearest(stacked, clips(training))
    known = np.flatnonzero(nearest >= 0)
    order = known[np.argsort(distance_h[known], kind="stable")][:closest]
    return {
        "test_motions": len(kept),
        "training_motions": len(names),
        "bin_h": BIN_H,
        "counts": np.bincount((distance_h[known] / BIN_H).astype(int)).tolist(),
        "least_h": _digits(distance_h[known].min()) if len(known) else None,
        "median_h": _digits(np.median(distance_h[known])) if len(known) else None,
        "closest": [
            {
                "distance_h": _digits(distance_h[row]),
                "test": {"motion": kept[row].name, "body": kept[row].body},
                "training": dict(zip(("motion", "body"), names[nearest[row]], strict=True)),
            }
            for row in order.tolist()
        ],
        "shared_captions": sorted(shared_captions(_captions(told), _captions([one.words for one in kept]))),
        "shared_detailed": sorted(shared_captions(_detailed(told), _detailed([one.words for one in kept]))),
    }


def _captions(told: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    return (caption["text"] for words in told for caption in words.get("captions", ()))


def _detailed(told: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    return (words["detailed"] for words in told if "detailed" in words)


def _digits(value: float) -> float:
    return float(f"{value:.4g}")


def _stacked(clips: Iterable[Clip]) -> NDArray[np.float32]:
    poses = [comparable_poses(motion, height_m) for motion, height_m in clips]
    return np.stack(poses) if poses else np.empty((0, FRAMES, len(BODY_JOINTS) - 1, 3), dtype=np.float32)


def _resampled(poses: NDArray[np.float64]) -> NDArray[np.float64]:
    at = np.linspace(0, len(poses) - 1, FRAMES)
    before = np.minimum(at.astype(int), max(len(poses) - 2, 0))
    share = (at - before)[:, None, None]
    return (1 - share) * poses[before] + share * poses[np.minimum(before + 1, len(poses) - 1)]


def _nearest(test: NDArray[np.float32], training: Iterable[Clip]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return each test motion's distance to its nearest motion of training, and which that is, -1: none."""
    best, which = np.full(len(test), np.inf), np.full(len(test), -1, dtype=np.intp)
    rest, seen = iter(training), 0
    while len(chunk := _stacked(islice(rest, _CHUNK))):
        coarse_test, coarse = _averaged(test), _averaged(chunk)
        for row in range(len(test)):
            # Points that are averaged over time are no further apart than the points themselves in the mean.
            least = _distances(coarse_test[row], coarse)
            order = np.argsort(least, kind="stable")
            for start in range(0, len(order), _BLOCK):
                rows = order[start : start + _BLOCK]
                if least[rows[0]] >= best[row]:
                    break
                exact = _distances(test[row], chunk[rows])
                if exact.min() < best[row]:
                    best[row], which[row] = exact.min(), seen + rows[exact.argmin()]
        seen += len(chunk)
    return best, which


def _averaged(poses: NDArray[np.float32]) -> NDArray[np.float32]:
    return poses.reshape(len(poses), -1, _AVERAGED, *poses.shape[2:]).mean(axis=2)


def _distances(one: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean distance of the points of one motion to those of each other motion, [others]."""
    apart = others - one
    squared = np.einsum("mtjx,mtjx->mtj", apart, apart)
    return np.asarray(np.sqrt(squared).mean(axis=(1, 2)))
