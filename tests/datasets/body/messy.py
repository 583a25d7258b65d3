"""Meshes as they come in real files: made of shells, with holes, with vertices doubled along seams."""

from dataclasses import replace

import numpy as np

from retargetbench.datasets.body import Character, Motion, Skeleton
from retargetbench.datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS

_PLACES = {
    "Hips": (0, 0.95, 0), "Spine": (0, 1.05, 0), "Spine1": (0, 1.15, 0), "Spine2": (0, 1.27, 0), "Neck": (0, 1.45, 0),
    "Head": (0, 1.52, 0), "UpLeg": (0.1, 0.9, 0), "Leg": (0.1, 0.5, 0), "Foot": (0.1, 0.09, 0),
    "ToeBase": (0.1, 0.03, 0.13), "Shoulder": (0.04, 1.4, 0), "Arm": (0.18, 1.4, 0), "ForeArm": (0.45, 1.4, 0),
    "Hand": (0.7, 1.4, 0),
}  # fmt: skip
_SHELLS = {  # joint -> (end of its capsule, radius)
    "Hips": ((0, 1.4, 0), 0.16), "Head": ((0, 1.65, 0), 0.1), "UpLeg": ((0.1, 0.5, 0), 0.075),
    "Leg": ((0.1, 0.09, 0), 0.05), "Foot": ((0.1, 0.03, 0.15), 0.035), "Arm": ((0.45, 1.4, 0), 0.045),
    "ForeArm": ((0.7, 1.4, 0), 0.035), "Hand": ((0.85, 1.4, 0), 0.03),
}  # fmt: skip


def capsule(start, end, radius, rings=6, sides=10):
    """A closed capsule: vertices and counter-clockwise faces."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    axis = (end - start) / np.linalg.norm(end - start)
    across = np.cross(axis, [0.3, 0.5, 0.8])
    across /= np.linalg.norm(across)
    up = np.cross(axis, across)
    around = np.arange(sides) * 2 * np.pi / sides
    rim = np.cos(around)[:, None] * across + np.sin(around)[:, None] * up
    latitudes = np.linspace(-np.pi / 2, np.pi / 2, 2 * rings)[1:-1]
    circles = [(start if t < 0 else end) + radius * (np.sin(t) * axis + np.cos(t) * rim) for t in latitudes]
    vertices = np.concatenate([[start - radius * axis], *circles, [end + radius * axis]])
    last, faces = len(vertices) - 1, []
    for side in range(sides):
        a, b = 1 + side, 1 + (side + 1) % sides
        faces.append([0, b, a])
        for ring in range(len(circles) - 1):
            low, high = ring * sides, (ring + 1) * sides
            faces += [[a + low, b + low, b + high], [a + low, b + high, a + high]]
        top = (len(circles) - 1) * sides
        faces.append([a + top, b + top, last])
    return vertices, np.array(faces)


def capsule_person(scale=1.0, arms_down=False):
    """A humanoid of 22 joints whose skin is one closed, overlapping capsule per limb segment, rigidly bound."""
    places = np.array([_place(name) for name in BODY_JOINTS])
    if arms_down:
        for joint, name in enumerate(BODY_JOINTS):
            if name.endswith(("Arm", "Hand")):
                side = 1 if name.startswith("Left") else -1
                along = abs(places[joint][0]) - 0.18
                places[joint] = (side * (0.18 + 0.5 * along), 1.4 - 0.85 * along, 0)
    parents = np.array(BODY_PARENTS)
    offsets = places - np.where(parents[:, None] >= 0, places[np.maximum(parents, 0)], 0)
    vertices, faces, joints = [], [], []
    for joint, name in enumerate(BODY_JOINTS):
        bare = name.removeprefix("Left").removeprefix("Right")
        if bare not in _SHELLS:
            continue
        end, radius = _SHELLS[bare]
        end = np.array(end) - np.array(_PLACES[bare])
        if arms_down and bare in {"Arm", "ForeArm", "Hand"}:
            end = np.array([0.5, -0.85, 0]) * np.linalg.norm(end)
        end = end * ((-1, 1, 1) if name.startswith("Right") else (1, 1, 1))
        shell, triangles = capsule(places[joint], places[joint] + end, radius)
        faces.append(triangles + sum(len(v) for v in vertices))
        vertices.append(shell)
        joints += [joint] * len(shell)
    rest = np.concatenate(vertices)
    rest[:, 1] -= rest[:, 1].min()
    skeleton = Skeleton(BODY_JOINTS, BODY_PARENTS, offsets * scale)
    joints = np.array(joints)[:, None]
    return Character("capsules", skeleton, rest * scale, np.concatenate(faces), joints, np.ones(joints.shape))


def _place(name):
    if name.startswith("Right"):
        return np.array(_PLACES[name.removeprefix("Right")], float) * (-1, 1, 1)
    return np.array(_PLACES[name.removeprefix("Left")], float)


def with_holes(character, share, seed=0):
    """The same character with a share of its faces missing."""
    kept = np.random.default_rng(seed).random(len(character.faces)) >= share
    return replace(character, faces=character.faces[kept], uncounted=None)


def with_seams(character, seed=0):
    """The same character with every vertex of about half its faces doubled, as along texture seams."""
    faces = character.faces.copy()
    cut = np.random.default_rng(seed).random(len(faces)) < 0.5
    doubled = np.unique(faces[cut])
    new = np.full(character.vertex_count, -1)
    new[doubled] = character.vertex_count + np.arange(len(doubled))
    faces[cut] = new[faces[cut]]
    return replace(
        character,
        faces=faces,
        rest_vertices_m=np.concatenate([character.rest_vertices_m, character.rest_vertices_m[doubled]]),
        joint_indices=np.concatenate([character.joint_indices, character.joint_indices[doubled]]),
        weights=np.concatenate([character.weights, character.weights[doubled]]),
        parts=np.concatenate([character.parts, character.parts[doubled]]),
        uncounted=None,
    )


def wiggle(character, frames=8, scale=0.4, seed=0, fps=30.0):
    """A smooth random motion in place."""
    generator = np.random.default_rng(seed)
    joints = character.skeleton.joint_count
    time = np.linspace(0, 1, frames)[:, None, None]
    phase = generator.uniform(0, 6, (1, joints, 1))
    vector = generator.normal(0, scale, (1, joints, 3)) * np.sin(2 * np.pi * time + phase)
    angle = np.linalg.norm(vector, axis=-1, keepdims=True)
    rotations = np.concatenate([np.cos(angle / 2), np.sin(angle / 2) * vector / np.maximum(angle, 1e-9)], axis=-1)
    root = character.skeleton.rest_positions_m[0] + 0.1 * np.sin(2 * np.pi * time[:, 0] + [[0.0, 1.0, 2.0]])
    return Motion(character.skeleton, rotations, root, fps)


def still(character, frames=4, fps=30.0):
    """The rest pose, held."""
    rotations = np.zeros((frames, character.skeleton.joint_count, 4))
    rotations[..., 0] = 1
    return Motion(character.skeleton, rotations, np.tile(character.skeleton.rest_positions_m[0], (frames, 1)), fps)
