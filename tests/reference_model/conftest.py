"""A humanoid of sticks and a motion for it, shared by the tests of all reference models."""

import numpy as np
import pytest

from retargetbench.datasets.body import Character, Motion, Skeleton
from retargetbench.datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS

_MIDDLE = {"Hips": 1.0, "Spine": 1.1, "Spine1": 1.2, "Spine2": 1.3, "Neck": 1.45, "Head": 1.55}
_LEFT_LEG = {"UpLeg": (0.1, 0.95, 0.0), "Leg": (0.1, 0.52, 0.0), "Foot": (0.1, 0.1, 0.0), "ToeBase": (0.1, 0.0, 0.12)}
_SHOULDER = {"Shoulder": (0.05, 1.42, 0.0), "Arm": (0.18, 1.42, 0.0)}
_FOREARM_M, _HAND_M = 0.28, 0.53


@pytest.fixture(scope="session")
def stick_figure():
    """A function that makes a humanoid of 22 joints and one octahedron per joint as its mesh.

    ``scale`` scales everything, ``arms_down_deg`` lowers the resting arms from a T-pose, ``control_root`` puts the hips
    below a joint on the ground, as many game rigs do.
    """

    def make(scale=1.0, arms_down_deg=0.0, control_root=False):
        names, parents = list(BODY_JOINTS), list(BODY_PARENTS)
        positions = np.array([_position(name, arms_down_deg) for name in names])
        if control_root:
            names, parents = ["root", *names], [-1, *(p + 1 for p in parents)]
            positions = np.concatenate([np.zeros((1, 3)), positions])
        positions *= scale
        offsets = np.array([p - (positions[q] if q >= 0 else 0) for p, q in zip(positions, parents, strict=True)])
        octahedron = np.concatenate([np.eye(3), -np.eye(3)]) * 0.04 * scale
        vertices = (positions[:, None] + octahedron).reshape(-1, 3)
        vertices[:, 1] = np.maximum(vertices[:, 1], 0.0)
        faces = np.array([[x, y, z] for x in (0, 3) for y in (1, 4) for z in (2, 5)])
        all_faces = (np.arange(len(names))[:, None, None] * 6 + faces).reshape(-1, 3)
        owners = np.repeat(np.arange(len(names)), 6)[:, None]
        skeleton = Skeleton(tuple(names), tuple(parents), offsets)
        return Character("stick", skeleton, vertices, all_faces, owners, np.ones((len(owners), 1)))

    return make


def _position(name, arms_down_deg):
    if name in _MIDDLE:
        return np.array([0.0, _MIDDLE[name], 0.0])
    side, bare = (1.0, name[4:]) if name.startswith("Left") else (-1.0, name[5:])
    if bare in _LEFT_LEG:
        point = np.array(_LEFT_LEG[bare])
    else:
        drop = np.radians(arms_down_deg)
        along = np.array([np.cos(drop), -np.sin(drop), 0.0])
        reach = {"ForeArm": _FOREARM_M, "Hand": _HAND_M}.get(bare)
        point = np.array(_SHOULDER["Arm"]) + reach * along if reach else np.array(_SHOULDER[bare])
    return point * np.array([side, 1.0, 1.0])


@pytest.fixture(scope="session")
def wander():
    """A function that makes a smooth motion on any skeleton: every joint turns, the root walks a curve."""

    def make(character, frames=40, fps=30.0, seed=0):
        generator = np.random.default_rng(seed)
        skeleton = character.skeleton
        axes, phases = generator.normal(size=(skeleton.joint_count, 3)), generator.uniform(0, 6, skeleton.joint_count)
        axes /= np.linalg.norm(axes, axis=1, keepdims=True)
        times = np.arange(frames) / fps
        half = 0.25 * np.sin(2.0 * times[:, None] + phases)
        rotations = np.concatenate([np.cos(half)[..., None], np.sin(half)[..., None] * axes], axis=-1)
        root = np.stack([0.7 * times, 0.05 * np.sin(3 * times), 0.2 * np.cos(times)], axis=1)
        return Motion(skeleton, rotations, root + skeleton.rest_offsets_m[0], fps)

    return make
