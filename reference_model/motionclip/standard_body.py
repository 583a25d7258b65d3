"""The standard body: whose motion is generated, and on whose skin the vertex term is measured."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.body import Character
from ...datasets.body.bones import joint_bones
from ...datasets.body.joint_names import BODY_PARENTS
from ...datasets.body.kinematics import forward_kinematics, skin
from ...datasets.intents.bodies import load_body
from .pose import JOINTS, matrices_of

STANDARD = "average_man"
"""A training body; the release has SMPL's neutral one."""


def standard_body() -> Character:
    """Return the standard body."""
    return load_body(STANDARD)


@dataclass(frozen=True)
class StandardPlaces:
    """Joints of the standard body, and places on its skin that follow the 22 body joints (fingers at rest)."""

    offsets_m: Tensor
    """Rest position minus the parent's, [22, 3]."""
    rest_m: Tensor
    """Rest positions, [22, 3]."""
    places_m: Tensor
    """[places, 3]."""
    weights: Tensor
    """[places, 22]."""

    @classmethod
    def of(cls, count: int | None, device: str = "cpu") -> "StandardPlaces":
        """Choose vertices that lie far from one another.

        Args:
            count: How many; ``None``: all vertices.
            device: Where the tensors go.
        """
        body = standard_body()
        chosen = np.arange(body.vertex_count) if count is None else _far_apart(body.rest_vertices_m, count)
        bones, weights = joint_bones(body.skeleton), np.zeros((len(chosen), JOINTS))
        np.add.at(weights, (np.arange(len(chosen))[:, None], bones[body.joint_indices[chosen]]), body.weights[chosen])
        skeleton = body.skeleton
        arrays = (skeleton.rest_offsets_m[:JOINTS], skeleton.rest_positions_m[:JOINTS], body.rest_vertices_m[chosen],
                  weights)  # fmt: skip
        return cls(*(torch.tensor(np.array(array), dtype=torch.float32, device=device) for array in arrays))

    def joints_m(self, features: Tensor) -> Tensor:
        """Return the joints with the hips held at their rest position, [..., 135] -> [..., 22, 3]."""
        return forward_kinematics(BODY_PARENTS, self.offsets_m, matrices_of(features), self.offsets_m[0]).positions_m

    def skin_m(self, features: Tensor) -> Tensor:
        """Return the places with the hips held at their rest position, [..., 135] -> [..., places, 3]."""
        pose = forward_kinematics(BODY_PARENTS, self.offsets_m, matrices_of(features), self.offsets_m[0])
        return skin(self.places_m, self.weights, self.rest_m, pose)


def _far_apart(vertices_m: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Farthest-point sampling from the crown, ascending indices."""
    points = vertices_m.astype(np.float64)
    chosen = [int(points[:, 1].argmax())]
    nearest = np.linalg.norm(points - points[chosen[0]], axis=1)
    for _ in range(min(count, len(points)) - 1):
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return np.array(sorted(chosen), dtype=np.int64)
