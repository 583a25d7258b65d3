"""A small humanoid of boxes, one per bone, for pictures in tests."""

import numpy as np

from retargetbench.datasets.body import Character, Motion, Skeleton

JOINTS = {
    "Hips": (None, (0, 0.9, 0)), "Spine": ("Hips", (0, 0.15, 0)), "Head": ("Spine", (0, 0.45, 0)),
    "LeftUpLeg": ("Hips", (0.1, 0, 0)), "LeftLeg": ("LeftUpLeg", (0, -0.4, 0)), "LeftFoot": ("LeftLeg", (0, -0.4, 0)),
    "RightUpLeg": ("Hips", (-0.1, 0, 0)), "RightLeg": ("RightUpLeg", (0, -0.4, 0)),
    "RightFoot": ("RightLeg", (0, -0.4, 0)),
    "LeftArm": ("Spine", (0.2, 0.35, 0)), "LeftForeArm": ("LeftArm", (0.25, 0, 0)),
    "LeftHand": ("LeftForeArm", (0.25, 0, 0)),
    "RightArm": ("Spine", (-0.2, 0.35, 0)), "RightForeArm": ("RightArm", (-0.25, 0, 0)),
    "RightHand": ("RightForeArm", (-0.25, 0, 0)),
}  # fmt: skip

_CUBE = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=float)
CUBE_FACES = np.array(
    [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
     [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]]
)  # fmt: skip


def cube(centre, half=(0.5, 0.5, 0.5)):
    """Vertices of a box; its faces, counter-clockwise from outside, are ``CUBE_FACES``."""
    return (_CUBE * half + centre).astype(np.float32)


def figure(name="boxes", scale=1.0):
    """A box around every joint, the feet's standing on the floor."""
    names = tuple(JOINTS)
    parents = tuple(-1 if p is None else names.index(p) for p, _ in JOINTS.values())
    skeleton = Skeleton(names, parents, scale * np.array([o for _, o in JOINTS.values()], dtype=float))
    boxes = [cube(p, scale * np.array([0.08, 0.1, 0.08])) for p in skeleton.rest_positions_m]
    faces = np.concatenate([CUBE_FACES + 8 * k for k in range(len(names))])
    joints = np.repeat(np.arange(len(names)), 8)[:, None]
    return Character(name, skeleton, np.concatenate(boxes), faces, joints, np.ones((len(joints), 1)))


def resting(character, frames=6, rise_m=0.0):
    """The rest pose, standing still, lifted by ``rise_m``."""
    rotations = np.zeros((frames, character.skeleton.joint_count, 4))
    rotations[..., 0] = 1
    root = np.tile(character.skeleton.rest_positions_m[0] + np.array([0, rise_m, 0]), (frames, 1))
    return Motion(character.skeleton, rotations, root, 30.0)
