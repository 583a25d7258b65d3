"""Whether hands are where the program has them, as a classifier says that sees joint positions and nothing else.

A judge looks at pictures and a contact metric at the skin; this looks at neither, so it can say whether what they agree
on is more than what the two have in common. It is fitted on training's solved motions, with a seed, in seconds.

``python -m retargetbench.benchmark.hand_places PREDICTIONS... --training build/intents-train --variant full``
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..datasets.body import Motion
from ..datasets.body.joint_names import require_joints
from ..datasets.body.joint_poses import motion_poses
from ..datasets.clip_set import ClipSet, PairData
from ..datasets.intents.motion_jobs import motion_jobs
from ..datasets.intents.motion_shards import read_motions
from ..datasets.intents.programs import Program
from ..datasets.manifest import read_manifest
from ..datasets.readers.clip_npz import read_clip
from .cli import console
from .statistics import ClipValues, Estimate, estimate_mean, seed_from
from .submission.folder import Submission, open_submission
from .tracks import open_track

APART = "apart"
REGIONS: Mapping[str, tuple[str, ...]] = {
    "face": ("nose", "mouth", "chin", "cheek", "temple", "forehead", "ear"),
    "head": ("crown", "head_back", "neck_back"),
    "shoulder": ("shoulder",),
    "arm": ("upper_arm", "elbow", "wrist"),
    "chest": ("chest",),
    "belly": ("belly", "upper_belly"),
    "hip or back": ("hip", "lower_back"),
    "leg": ("thigh", "knee", "toe"),
    "other hand": ("palm", "hand_back"),
}
"""Where a hand can be, by the key vertices that lie there; ``APART`` is nowhere."""
FRAMES = 3
"""Looked at of each contact, evenly within it."""
_NEAR_S = 0.3
"""So long before and after a contact a hand counts as neither here nor there."""
_SIDES = ("left", "right")
_OWN, _OTHERS = ("Arm", "ForeArm", "UpLeg", "Leg", "Foot"), ("Arm", "ForeArm", "Hand", "UpLeg", "Leg", "Foot")
_MIDDLE = ("Head", "Neck", "Spine2", "Hips")


def region_of(place: str) -> str:
    """Return the region of a key vertex, ``left_upper_arm`` -> ``arm``.

    Raises:
        KeyError: If it lies in none of them.
    """
    bare = place.removeprefix("left_").removeprefix("right_")
    return next(name for name, places in REGIONS.items() if bare in places)


def hand_features(motion: Motion, frames: Sequence[int] | NDArray[np.intp], side: str) -> NDArray[np.float64]:
    """Return where a hand is relative to the joints of its body.

    Vectors from joints to the wrist over the height of the resting head, in the axes of shoulders and trunk, seen in a
    mirror if it is the right hand's, and their lengths: no turn, place or height of the body is left, and no side.

    Args:
        motion: On any skeleton with the 22 standard joints.
        frames: Which frames, [n].
        side: ``left`` or ``right``.

    Returns:
        [n, 4 x joints].

    Raises:
        UnmappedJoints: If the skeleton is no humanoid.
    """
    own, other = (name.capitalize() for name in (_SIDES if side == "left" else _SIDES[::-1]))
    joints = [f"{own}{n}" for n in _OWN] + [f"{other}{n}" for n in _OTHERS] + list(_MIDDLE)
    found = require_joints(motion.skeleton, [*joints, f"{own}Hand"])
    _, positions = motion_poses(motion)
    at = {name: positions[np.asarray(frames, dtype=np.intp), index] for name, index in found.items()}
    axes = _trunk_axes(at["LeftArm"] - at["RightArm"], at["Neck"] - at["Hips"])
    away = np.stack([at[f"{own}Hand"] - at[name] for name in joints], axis=1)
    local = np.einsum("nab,njb->nja", axes, away) / float(motion.skeleton.rest_positions_m[found["Head"], 1])
    if side == "right":
        local[..., 0] *= -1
    lengths = np.linalg.norm(local, axis=-1)
    return np.concatenate([local.reshape(len(local), 3 * len(joints)), lengths], axis=1)


def _trunk_axes(across: NDArray[np.float64], up: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows: to the left, up, and to the front of the trunk, [n, 3, 3]."""
    up = up / np.linalg.norm(up, axis=-1, keepdims=True)
    front = np.cross(across, up)
    front /= np.linalg.norm(front, axis=-1, keepdims=True)
    return np.stack([np.cross(up, front), up, front], axis=1)


def training_samples(manifest: Path) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """Return features and regions of both hands of training's motions: in every contact, and far from all of them.

    Args:
        manifest: Of a folder of ``data build intents --part train``.

    Raises:
        DamagedData: If a file is missing or changed.
    """
    drawn = motion_jobs("train", int(read_manifest(manifest).content["motions"]))
    programs = {job.program.name: job.program for job in drawn}
    features, regions = [], []
    for one in read_motions(manifest):
        for side in _SIDES:
            frames, names = _labelled(programs[one.name], side)
            features.append(hand_features(one.motion, frames, side))
            regions += names
    return np.concatenate(features), np.array(regions)


def _labelled(program: Program, side: str) -> tuple[list[int], list[str]]:
    """Frames of a program in which a hand's region is known, and the regions."""
    touching = [c for c in program.contacts if c.vertex.startswith(side)]
    touched = [c for c in program.contacts if c.place.startswith(side) and region_of(c.place) == "other hand"]
    frames, names = [], []
    for contact in touching:
        held = _frames_within(contact.from_s * program.fps, contact.to_s * program.fps)
        frames += held
        names += [region_of(contact.place)] * len(held)
    moments = np.arange(program.frame_count) / program.fps
    near = [(moments > c.from_s - _NEAR_S) & (moments < c.to_s + _NEAR_S) for c in (*touching, *touched)]
    far = np.flatnonzero(~np.any(near, axis=0)) if near else np.arange(program.frame_count)
    chosen = far[np.linspace(0, len(far) - 1, min(FRAMES, len(far))).round().astype(int)].tolist()
    return frames + chosen, names + [APART] * len(chosen)


def _frames_within(first: float, last: float) -> list[int]:
    inner = np.linspace(first, last, FRAMES + 2)[1:-1]
    return [int(frame) for frame in inner]


def fitted(features: NDArray[np.float64], regions: NDArray[np.str_], seed: int) -> Any:
    """Return scikit-learn's extremely randomised trees, fitted; regions count alike however rare.

    Args:
        features: [n, numbers].
        regions: [n].
        seed: Of the trees.
    """
    from sklearn.ensemble import ExtraTreesClassifier

    trees = ExtraTreesClassifier(300, min_samples_leaf=2, class_weight="balanced", random_state=seed)
    return trees.fit(features, regions)


@dataclass(frozen=True)
class Asked:
    """What is asked of one clip: the frames of its hands' programmed contacts, and the regions."""

    pair: PairData
    frames: Mapping[str, tuple[tuple[int, ...], tuple[str, ...]]]
    """Side -> frames and their regions."""


def asked_of(clips: ClipSet) -> Iterator[Asked]:
    """Yield the clips in which a hand is programmed to touch something."""
    for spec in clips.pairs:
        pair = clips.load(spec.clip_id)
        frames: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = dict.fromkeys(_SIDES, ((), ()))
        for goal in pair.contact_goals:
            touching, _, place = goal.name.partition(" on ")
            side, held = touching.partition("_")[0], np.flatnonzero(goal.held)
            if len(held):
                chosen = tuple(held[_frames_within(0, len(held) - 1)].tolist())
                known = frames[side]
                frames[side] = known[0] + chosen, known[1] + (region_of(place),) * len(chosen)
        if any(found for found, _ in frames.values()):
            yield Asked(pair, frames)


def share_right(trees: Any, asked: Asked, motion: Motion) -> float:
    """Return in which share of the frames that are asked of a clip the classifier finds the hand in its region.

    Args:
        trees: From ``fitted``.
        asked: From ``asked_of``.
        motion: On the clip's target.
    """
    right = [
        trees.predict(hand_features(motion, frames, side)) == np.array(regions)
        for side, (frames, regions) in asked.frames.items()
        if frames
    ]
    return float(np.concatenate(right).mean())


def table_rows(trees: Any, clips: ClipSet, submissions: Sequence[Submission]) -> Iterator[tuple[str, ...]]:
    """Yield per method, the ground truth first: its share, and its difference to the first submission's.

    Args:
        trees: From ``fitted``.
        clips: With programmed contacts.
        submissions: Whose predictions are looked at; a clip without one counts 0.
    """
    asked = list(asked_of(clips))
    clusters = [a.pair.spec.motion_cluster for a in asked], [a.pair.spec.target for a in asked]
    seed = seed_from(clips.data_sha256, "hand places")

    def told(values: NDArray[np.float64]) -> Estimate:
        """The mean over clips with its interval."""
        return estimate_mean(ClipValues(values, *clusters), seed=seed)

    truth = np.array([share_right(trees, a, a.pair.ground_truths[0]) for a in asked])
    yield "ground truth", str(len(asked)), _percent(told(truth)), ""
    first: NDArray[np.float64] | None = None
    for submission in submissions:
        own = np.array([_share_of(trees, a, submission) for a in asked])
        first = own if first is None else first
        yield submission.card.name, str(len(asked)), _percent(told(own)), _percent(told(own - first), "+")


def _share_of(trees: Any, asked: Asked, submission: Submission) -> float:
    file = submission.files.get(asked.pair.spec.clip_id)
    if file is None:
        return 0.0
    return share_right(trees, asked, read_clip(file, asked.pair.target.skeleton))


def _percent(found: Estimate, sign: str = "") -> str:
    value = f"{100 * found.value:{sign}.1f}"
    return value if found.lo is None or found.hi is None else f"{value} [{100 * found.lo:.1f}, {100 * found.hi:.1f}]"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("predictions", type=Path, nargs="*", help="folders of `run`, the one to compare with first")
    parser.add_argument("--training", type=Path, default=Path("build/intents-train"), help="of `data build intents`")
    parser.add_argument("--variant", default="val")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    features, regions = training_samples(options.training / "train.manifest.json")
    trees = fitted(features, regions, options.seed)
    clips = open_track("retarget/intents", options.variant)
    with ExitStack() as opened:
        submissions = [opened.enter_context(open_submission(path)) for path in options.predictions]
        rows = list(table_rows(trees, clips, submissions))
    columns = ("method", "clips", "hands in their region, %", "difference to the first")
    console.table(columns, rows, align="lrrr")
    console.say(f"Fitted on {len(regions)} hands of training's motions, seed {options.seed}.")


if __name__ == "__main__":
    main()
