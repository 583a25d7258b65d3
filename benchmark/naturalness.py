"""How lively a motion is, measured alike on real animations and on Intents: jerk, peak speeds, swing of the arms.

``python -m retargetbench.benchmark.naturalness --data-root FOLDER`` prints the table of
``docs/intents-naturalness.md``.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ..datasets.body import Character, Motion
from ..datasets.body.joint_names import BODY_JOINTS, standard_joints
from ..datasets.body.kinematics import matrices_to_quaternions, motion_pose
from ..datasets.intents.bodies import key_vertices, load_body
from ..datasets.intents.programs import INTENTS, Program
from ..datasets.intents.solver import solve
from ..datasets.intents.solver.rig import PARAMETERS, RigBatch, StyleTensors, pose_batch
from ..metrics.plausibility import REFERENCE_FPS, jerk, resample
from .cli import console
from .real_motions import VERBS, real_motions

_PROGRAM_OF = {"gesture": "wave"}
BODIES = ("average_man", "schoolchild", "uncle", "lanky_woman", "toddler")
"""Very different bodies that the programs are measured on."""


@dataclass(frozen=True)
class Liveliness:
    """What is measured of one clip. Speeds are relative to the hips, as many animations run on the spot."""

    jerk: float
    """``metrics.plausibility.jerk`` of the standard body joints, in H/s3."""
    hand_speed: float
    """Largest speed of a hand, in H/s at 30 frames per second."""
    foot_speed: float
    """Largest speed of a foot, in H/s at 30 frames per second."""
    arm_swing_deg: float
    """Largest angle between two directions an upper arm has in the axes of the chest; of the arm that moves more."""


def liveliness(motion: Motion, height_m: float) -> Liveliness | None:
    """Measure a motion of any humanoid; ``None`` for one too short for its jerk.

    Args:
        motion: At any frame rate.
        height_m: H of the character.
    """
    joints = standard_joints(motion.skeleton)
    pose = motion_pose(motion)
    positions = pose.positions_m.numpy().astype(np.float64)
    body = positions[:, [joints[n] for n in BODY_JOINTS if n in joints]]
    third = jerk(body, motion.fps, height_m)
    if third is None:
        return None
    relative = positions - positions[:, joints["Hips"], None]
    speeds = [
        max(_peak_speed(relative[:, joints[side + part]], motion.fps) for side in ("Left", "Right"))
        for part in ("Hand", "Foot")
    ]
    chest = pose.rotations[:, joints.get("Spine2", joints["Hips"])].numpy().astype(np.float64)
    swings = [
        _widest_angle_deg(positions[:, joints[f"{s}ForeArm"]] - positions[:, joints[f"{s}Arm"]], chest)
        for s in ("Left", "Right")
    ]
    return Liveliness(third, speeds[0] / height_m, speeds[1] / height_m, max(swings))


def _peak_speed(positions_m: NDArray[np.float64], fps: float) -> float:
    at_30 = resample(positions_m, fps)
    return float(np.linalg.norm(np.diff(at_30, axis=0), axis=-1).max() * REFERENCE_FPS)


def _widest_angle_deg(bone: NDArray[np.float64], chest: NDArray[np.float64]) -> float:
    direction = np.einsum("fba,fb->fa", chest, bone)
    direction /= np.linalg.norm(direction, axis=-1, keepdims=True)
    return float(np.degrees(np.arccos(np.clip((direction @ direction.T).min(), -1, 1))))


def real_measures(data_root: Path, verb: str) -> NDArray[np.float64]:
    """Return the measures of all real clips of a verb, [clips, 4], in the order of ``Liveliness``.

    Args:
        data_root: Folder with the public files.
        verb: A key of ``real_motions.VERBS``.
    """
    return _together(liveliness(motion, height_m) for motion, height_m in real_motions(data_root, verb))


def program_measures(verb: str, *, draws: int, seed: int, solved: bool = True) -> NDArray[np.float64]:
    """Return the same for drawn programs on every body of ``BODIES``, [draws x bodies, 4].

    Args:
        verb: A key of ``real_motions.VERBS``.
        draws: Programs drawn.
        seed: Draws them, and starts the solver.
        solved: Whether they are solved; else the style itself is measured, from which solutions of motions without
            contacts depart by a few degrees.
    """
    generator = np.random.default_rng([seed, sum(map(ord, verb))])
    bodies = [load_body(name) for name in BODIES]
    programs = [INTENTS[_PROGRAM_OF.get(verb, verb)].draw(generator) for _ in range(draws)]
    return _together(
        liveliness(motion, body.height_m)
        for program in programs
        for body, motion in zip(bodies, _motions(program, bodies, seed if solved else None), strict=True)
    )


def _motions(program: Program, bodies: Sequence[Character], seed: int | None) -> Sequence[Motion]:
    if seed is not None:
        return solve(program, bodies, keys=key_vertices(), seed=seed).motions
    rig = RigBatch.of([body.skeleton for body in bodies])
    nothing = torch.zeros(len(bodies), program.frame_count, PARAMETERS)
    posed = pose_batch(rig, StyleTensors.of(program.track()), nothing)
    rotations = matrices_to_quaternions(posed.local).numpy()
    return [
        Motion(body.skeleton, wxyz, root.numpy(), program.fps)
        for body, wxyz, root in zip(bodies, rotations, posed.root_m, strict=True)
    ]


def _together(measured: Iterable[Liveliness | None]) -> NDArray[np.float64]:
    return np.array([astuple(m) for m in measured if m is not None])


def table_rows(
    data_root: Path, verbs: Sequence[str], *, draws: int, seed: int, solved: bool = True
) -> Iterator[tuple[str, ...]]:
    """Yield a row per verb and measure: verb, measure, n, real 5-95 %, programs 5-95 %, share of ours inside."""
    for verb in verbs:
        real, ours = real_measures(data_root, verb), program_measures(verb, draws=draws, seed=seed, solved=solved)
        for column, field in enumerate(fields(Liveliness)):
            low, high = np.percentile(real[:, column], [5, 95])
            least, most = np.percentile(ours[:, column], [5, 95])
            inside = ((ours[:, column] >= low) & (ours[:, column] <= high)).mean()
            yield (
                verb, field.name, str(len(real)), f"{low:.3g} to {high:.3g}", str(len(ours)),
                f"{least:.3g} to {most:.3g}", f"{inside:.0%}",
            )  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-root", type=Path, required=True, help="folder with the fetched public files")
    parser.add_argument("--draws", type=int, default=3, help="programs drawn per verb; each is solved on five bodies")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--verbs", nargs="+", default=list(VERBS), choices=list(VERBS))
    parser.add_argument("--style", action="store_true", help="measure styles without solving them, in seconds")
    options = parser.parse_args()
    columns = ("verb", "measure", "real clips", "real, 5-95 %", "Intents clips", "Intents, 5-95 %", "inside")
    rows = table_rows(
        options.data_root, options.verbs, draws=options.draws, seed=options.seed, solved=not options.style
    )
    console.table(columns, rows, align="llrrrrr")


if __name__ == "__main__":
    main()
