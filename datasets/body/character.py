"""The character: a skeleton with a skinned mesh."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ._arrays import BadArray, frozen_array
from .joint_names import part_of_joints
from .skeleton import Skeleton

PARTS = ("torso", "head", "left_arm", "left_hand", "right_arm", "right_hand", "left_leg", "right_leg")
"""Names of the body parts; ``Character.parts`` holds indices into this tuple. A leg includes its foot."""


@dataclass(frozen=True, eq=False)
class Character:
    """A skinned mesh in its rest pose.

    Raises:
        BadArray: If a shape is wrong, a value is NaN, an index is out of range, or a vertex's weights do not sum to 1
            within 1e-3 (they are renormalised exactly).
    """

    name: str
    skeleton: Skeleton
    rest_vertices_m: NDArray[np.float32]
    """World positions in the rest pose, [vertices, 3]; feet on y = 0."""
    faces: NDArray[np.int32]
    """Vertex indices of triangles, counter-clockwise seen from outside, [faces, 3]."""
    joint_indices: NDArray[np.int32]
    """Joints that move each vertex, [vertices, k]."""
    weights: NDArray[np.float32]
    """Linear blend skinning weights, [vertices, k], each row sums to 1."""
    parts: NDArray[np.uint8] | None = None
    """Body part of each vertex as an index into ``PARTS``, [vertices]; ``None``: from the joint with most weight."""
    uncounted: NDArray[np.bool_] | None = None
    """Limb vertices that penetration never counts, [vertices]: near their limb's cut, or inside the body in the rest
    pose already. ``None``: the metric works the list out from the geometry."""

    def __post_init__(self) -> None:
        vertices = frozen_array("rest_vertices_m", self.rest_vertices_m, (None, 3))
        count = len(vertices)
        faces = frozen_array("faces", self.faces, (None, 3), np.int32)
        joints = frozen_array("joint_indices", self.joint_indices, (count, None), np.int32)
        weights = frozen_array("weights", self.weights, joints.shape)
        _check_range("faces", faces, count)
        _check_range("joint_indices", joints, self.skeleton.joint_count)
        sums = weights.astype(np.float64).sum(axis=1)
        if count and (np.abs(sums - 1).max() > 1e-3 or weights.min() < 0):
            worst = int(np.abs(sums - 1).argmax())
            raise BadArray(
                f"weights of {self.name} must be non-negative and sum to 1 for every vertex; vertex {worst} sums to "
                f"{sums[worst]:.4g}, the smallest weight is {weights.min():.4g}."
            )
        weights = frozen_array("weights", weights / sums[:, None], joints.shape)
        parts = self._parts_from_weights(joints, weights) if self.parts is None else self.parts
        fields = {"rest_vertices_m": vertices, "faces": faces, "joint_indices": joints, "weights": weights}
        fields["parts"] = frozen_array("parts", parts, (count,), np.uint8)
        _check_range("parts", fields["parts"], len(PARTS))
        if self.uncounted is not None:
            fields["uncounted"] = frozen_array("uncounted", self.uncounted, (count,), np.bool_)
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def _parts_from_weights(self, joints: NDArray[np.int32], weights: NDArray[np.float32]) -> NDArray[np.uint8]:
        part_of_joint = np.array([PARTS.index(p) for p in part_of_joints(self.skeleton)], dtype=np.uint8)
        total = np.zeros((len(joints), len(PARTS)))
        rows = np.repeat(np.arange(len(joints)), joints.shape[1])
        np.add.at(total, (rows, part_of_joint[joints].ravel()), weights.ravel())
        return np.asarray(total.argmax(axis=1), dtype=np.uint8)

    @property
    def vertex_count(self) -> int:
        """Number of vertices."""
        return len(self.rest_vertices_m)

    @cached_property
    def height_m(self) -> float:
        """H, the body height: the mesh's extent along y in the rest pose."""
        return float(self.rest_vertices_m[:, 1].max() - self.rest_vertices_m[:, 1].min())

    @cached_property
    def dense_weights(self) -> NDArray[np.float32]:
        """Skinning weights as one matrix, [vertices, joints]; ``skin`` multiplies with it."""
        dense = np.zeros((self.vertex_count, self.skeleton.joint_count), dtype=np.float32)
        rows = np.repeat(np.arange(self.vertex_count), self.joint_indices.shape[1])
        np.add.at(dense, (rows, self.joint_indices.ravel()), self.weights.ravel())
        dense.setflags(write=False)
        return dense

    def part_vertices(self, *names: str) -> NDArray[np.intp]:
        """Return the indices of the vertices that belong to any of the named parts, ascending."""
        wanted = [PARTS.index(name) for name in names]
        return np.flatnonzero(np.isin(self.parts, wanted))  # type: ignore[arg-type]  # parts is set in __post_init__


def _check_range(name: str, indices: NDArray[np.int32] | NDArray[np.uint8], stop: int) -> None:
    if indices.size and (indices.min() < 0 or indices.max() >= stop):
        raise BadArray(f"{name} holds the index {int(indices.max())}; expected 0 to {stop - 1}.")
