"""Real animations and captures by verb, from a folder of fetched public files: what Intents is compared with."""

import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..datasets.body import Motion
from ..datasets.body.joint_names import standard_joints
from ..datasets.body.kinematics import motion_pose
from ..datasets.readers.read import read_character, read_motions

_KNIGHT = "characters/kaykit_adventurers/Knight.glb"
_MEDIUM = "characters/kaykit_medium/Med_{}.glb"
_BASE = "characters/mesh2motion/human_base_animations.glb"
_ADDON = "characters/mesh2motion/human_addon_animations.glb"
_CAPTURE = "motions/cmu_acrnn_bvh.tar.xz"
_JUMP_TURNS = "motions/cmu_mesh2motion_fbx/91_{}.fbx"
_RIG = "Rig_Medium|"

VERBS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "walk": (
        (_KNIGHT, ("Walking_A", "Walking_B", "Walking_C")),
        (_MEDIUM.format("MovementBasic"), ("Walking_A", "Walking_B", "Walking_C")),
        (_MEDIUM.format("Special"), ("Skeletons_Walking",)), (_BASE, ("Walk_Loop", "Walk_Formal_Loop")),
    ),
    "run": (
        (_KNIGHT, ("Running_A", "Running_B")), (_MEDIUM.format("MovementBasic"), ("Running_A", "Running_B")),
        (_BASE, ("Jog_Fwd_Loop", "Sprint_Loop")), (_ADDON, ("Run Anime",)),
    ),
    "jump": (
        (_KNIGHT, ("Jump_Full_Long", "Jump_Full_Short")),
        (_MEDIUM.format("MovementBasic"), ("Jump_Full_Long", "Jump_Full_Short")),
        (_BASE, ("Jump_Start", "Jump_Land")),
        *((_JUMP_TURNS.format(trial), ()) for trial in range(48, 55)),
    ),
    "wave": ((_MEDIUM.format("Simulation"), ("Waving",)), (_ADDON, ("Greeting",))),
    "gesture": (
        (_KNIGHT, ("Cheer", "Interact", "Use_Item")),
        (_MEDIUM.format("Simulation"), ("Waving", "Cheering")), (_MEDIUM.format("General"), ("Interact", "Use_Item")),
        (_BASE, ("Idle_Talking_Loop", "Interact")),
        (_ADDON, ("Greeting", "Angry", "Confused", "Reject", "Victory", "Victory Fist Pump")),
    ),
    "punch": (
        (_KNIGHT, ("Unarmed_Melee_Attack_Punch_A", "Unarmed_Melee_Attack_Punch_B")),
        (_MEDIUM.format("CombatMelee"), ("Melee_Unarmed_Attack_Punch_A",)),
        (_BASE, ("Punch_Cross", "Punch_Jab")), (_ADDON, ("Fighting Left Jab", "Fighting Right Jab")),
        (_CAPTURE, ("135_09",)),
    ),
    "kick": (
        (_KNIGHT, ("Unarmed_Melee_Attack_Kick",)), (_MEDIUM.format("CombatMelee"), ("Melee_Unarmed_Attack_Kick",)),
        (_CAPTURE, ("135_04", "135_07", "135_11")),
    ),
}  # fmt: skip
"""Verb -> files and the animations in them that do it; an empty list: all there are. 135_09 are lunge punches, 135_04,
135_07 and 135_11 front, roundhouse and side kicks, 91_48 to 91_54 jump turns of the CMU database. Only two animations
wave: ``gesture`` adds other gestures of a person who stands."""

_CAPTURE_FPS = 120.0
_WINDOW_S = 2.5
"""Long captures repeat their act: they are cut into windows of this length around it."""
_STRIKING = {"punch": "Hand", "kick": "Foot", "jump": "Hips"}
_JOINTS_OVER_H = 0.94
"""From the ground to the uppermost joint of a person, over H: the height of skeletons without a mesh."""


def real_motions(data_root: Path, verb: str) -> Iterator[tuple[Motion, float]]:
    """Yield every real clip of a verb and the height of its character in metres.

    Args:
        data_root: Folder with the public files, laid out as the open-characters collection has them.
        verb: A key of ``VERBS``.
    """
    for name, animations in VERBS[verb]:
        path = data_root / name
        if name == _CAPTURE:
            for motion in _captures(path, animations):
                yield from _windows(motion, _height_m(motion), verb)
            continue
        wanted = tuple(_RIG + a for a in animations) if "kaykit_medium" in name else animations
        motions = read_motions(path, animations_named=wanted or None)
        for motion in motions.values():
            if not wanted:
                yield from _windows(motion, _height_m(motion), verb)
            else:
                with_mesh = data_root / _KNIGHT if "kaykit_medium" in name else path
                yield motion, read_character(with_mesh).height_m


def _captures(archive: Path, names: tuple[str, ...]) -> Iterator[Motion]:
    with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as packed:
        for member in packed:
            if Path(member.name).stem in names:
                packed.extract(member, folder, filter="data")
                motion = read_motions(Path(folder) / member.name, fps=_CAPTURE_FPS)
                (only,) = motion.values()
                yield _cut(only, 1, only.frame_count)  # row 0 is a T-pose that was put in front


def _cut(motion: Motion, start: int, stop: int) -> Motion:
    return Motion(
        motion.skeleton, motion.local_rotations_wxyz[start:stop], motion.root_translation_m[start:stop], motion.fps
    )


def _height_m(motion: Motion) -> float:
    return float(np.ptp(motion.skeleton.rest_positions_m[:, 1])) / _JOINTS_OVER_H


def _windows(motion: Motion, height_m: float, verb: str) -> Iterator[tuple[Motion, float]]:
    """Cut windows around the fastest moments of what strikes, none overlapping, down to half the fastest."""
    joints = standard_joints(motion.skeleton)
    positions = motion_pose(motion).positions_m.numpy()
    part = _STRIKING[verb]
    struck = [joints[n] for n in (("Hips",) if part == "Hips" else (f"Left{part}", f"Right{part}"))]
    relative = positions[:, struck] - (0 if part == "Hips" else positions[:, [joints["Hips"]]])
    speed = np.linalg.norm(np.diff(relative, axis=0), axis=-1).max(axis=-1)
    speed = np.convolve(speed, np.ones(7) / 7, mode="same")
    half, least = round(0.5 * _WINDOW_S * motion.fps), 0.5 * speed.max()
    while speed.max() > least and len(speed) > 2 * half:
        middle = int(np.clip(speed.argmax(), half, len(speed) - half))
        yield _cut(motion, middle - half, middle + half), height_m
        speed[max(middle - 2 * half, 0) : middle + 2 * half] = 0.0
