"""Small characters and motions made in code."""

import numpy as np

from retargetbench.datasets.body import Character, Motion, Skeleton

from .rigs import HUMANOID


def unit_quaternions(generator, *shape):
    values = generator.normal(size=(*shape, 4))
    return values / np.linalg.norm(values, axis=-1, keepdims=True)


def skeleton(axes=True):
    """A humanoid of 15 joints; ``axes``: with random rest rotations of the file it supposedly came from."""
    names = tuple(name for name, *_ in HUMANOID)
    parents = tuple(-1 if p is None else names.index(p) for _, p, _, _ in HUMANOID)
    at = np.array([position for _, _, position, _ in HUMANOID], dtype=float)
    offsets = at - np.where(np.array(parents)[:, None] >= 0, at[list(parents)], 0.0)
    rest = unit_quaternions(np.random.default_rng(4), len(names)) if axes else None
    return Skeleton(names, parents, offsets, rest)


def person(axes=True, influences=6):
    """A cloud of triangles around the joints, each vertex with up to six influences."""
    generator, bones = np.random.default_rng(5), skeleton(axes)
    joints = np.arange(15).repeat(12)
    vertices = bones.rest_positions_m[joints] + generator.normal(scale=0.05, size=(180, 3))
    indices = np.stack([joints, *generator.integers(0, 15, (influences - 1, 180))], axis=1)
    weights = generator.uniform(0.01, 1, (180, influences)) * [10, *range(influences - 1, 0, -1)]
    weights /= weights.sum(axis=1, keepdims=True)
    faces = np.arange(180).reshape(-1, 3)
    return Character("person", bones, vertices, faces, indices, weights)


def wild_motion(bones, frames=7, fps=24.0, seed=6):
    generator = np.random.default_rng(seed)
    rotations = unit_quaternions(generator, frames, bones.joint_count)
    return Motion(bones, rotations, generator.normal(size=(frames, 3)), fps)
