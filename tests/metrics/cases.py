"""Pairs and motions that the tests of the metrics share."""

from dataclasses import replace

import numpy as np

from retargetbench.datasets.body import Motion
from retargetbench.datasets.clip_set import ContactGoal, PairData, PairSpec
from retargetbench.datasets.intents.bodies import key_vertices, load_body

from ..datasets.body.messy import capsule_person, still, wiggle

__all__ = ["bend", "capsule_person", "goal", "load_body", "pair_of", "replace", "still", "wiggle"]


def pair_of(target, motion, *, truths=(), goals=(), planted=None, source=None, source_motion=None):
    """A pair; without a source of its own the target plays the source."""
    spec = PairSpec("test/x/a>b", "all", "x", "a", "b", "x", motion.frame_count, motion.fps)
    return PairData(spec, source or target, source_motion or motion, target, tuple(truths), tuple(goals), planted)


def goal(touching, place, frames, *, held=(), free=(), faces_skin=True):
    """A programmed contact between two key vertices; ``held`` and ``free`` are (first, one past the last) frames."""
    keys = key_vertices()
    rows = {}
    for name, spans in (("held", held), ("free", free)):
        rows[name] = np.zeros(frames, dtype=bool)
        for start, stop in spans:
            rows[name][start:stop] = True
    return ContactGoal(f"{touching} on {place}", keys[touching], keys[place], rows["held"], rows["free"], faces_skin)


def bend(motion, **degrees_about):
    """The motion with joints turned in every frame: ``bend(m, LeftArm=("z", -70))``."""
    rotations = motion.local_rotations_wxyz.copy()
    for joint, (axis, degrees) in degrees_about.items():
        half = np.radians(degrees) / 2
        rotations[:, motion.skeleton.index(joint)] = [
            np.cos(half),
            *(np.sin(half) * np.array([axis == a for a in "xyz"])),
        ]
    return Motion(motion.skeleton, rotations, motion.root_translation_m, motion.fps)


def moved(motion, turn_deg=0.0, shift_m=(0.0, 0.0, 0.0)):
    """The whole motion turned about the vertical through the origin and shifted."""
    half = np.radians(turn_deg) / 2
    w, y = np.cos(half), np.sin(half)
    rotations = motion.local_rotations_wxyz.astype(np.float64).copy()
    a, b, c, d = np.moveaxis(rotations[:, 0], -1, 0)
    rotations[:, 0] = np.stack([w * a - y * c, w * b + y * d, w * c + y * a, w * d - y * b], axis=-1)
    x, h, z = np.moveaxis(motion.root_translation_m.astype(np.float64), -1, 0)
    cos, sin = np.cos(2 * half), np.sin(2 * half)
    root = np.stack([cos * x + sin * z, h, cos * z - sin * x], axis=-1) + np.array(shift_m)
    return Motion(motion.skeleton, rotations, root, motion.fps)


def mirrored(motion):
    """The motion's mirror image in the plane x = 0, on a skeleton with Left and Right names."""
    names = motion.skeleton.joint_names
    swap = [names.index(_other_side(name)) for name in names]
    rotations = motion.local_rotations_wxyz[:, swap] * np.array([1, 1, -1, -1], dtype=np.float32)
    return Motion(motion.skeleton, rotations, motion.root_translation_m * np.array([-1, 1, 1]), motion.fps)


def _other_side(name):
    if name.startswith("Left"):
        return name.replace("Left", "Right", 1)
    return name.replace("Right", "Left", 1) if name.startswith("Right") else name
