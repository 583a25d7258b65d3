"""The skeleton: named joints in a tree with their rest positions."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..errors import BenchError, suggestion
from ._arrays import frozen_array, unit_quaternions


class BadSkeleton(BenchError):
    """A joint tree that is not one: no single root, a parent after its child, a repeated name."""

    rule = "M002"


class UnknownJoint(BenchError):
    """A joint name that a skeleton does not have."""

    rule = "M003"


@dataclass(frozen=True, eq=False)
class Skeleton:
    """A joint tree in its rest pose.

    In the canonical pose every joint's rest orientation is the world axes: the rest pose is identity quaternions
    everywhere. Rest poses differ between characters (A-pose, T-pose); aligning them is explicit, see ``alignment``.

    Raises:
        BadSkeleton: If there is not exactly one root at index 0, a parent does not come before its child, or a name
            is repeated or empty.
        BadArray: If an array has a wrong shape or holds NaN.
    """

    joint_names: tuple[str, ...]
    """Unique names, the root first."""
    parents: tuple[int, ...]
    """Index of each joint's parent; -1 for the root; a parent always comes before its children."""
    rest_offsets_m: NDArray[np.float32]
    """Rest position minus the parent's, world axes, [joints, 3]; row 0 is the root's rest position, ground at y = 0."""
    source_rest_rotations_wxyz: NDArray[np.float32] | None = None
    """World rest rotations of the file it came from, [joints, 4]; only writers use them."""

    def __post_init__(self) -> None:
        names, parents = tuple(self.joint_names), tuple(int(p) for p in self.parents)
        object.__setattr__(self, "joint_names", names)
        object.__setattr__(self, "parents", parents)
        if not names or len(names) != len(parents):
            raise BadSkeleton(
                f"a skeleton has {len(names)} names and {len(parents)} parents; expected as many of each."
            )
        if parents[0] != -1 or -1 in parents[1:]:
            raise BadSkeleton(f"joint 0 must be the only root (parent -1); parents are {list(parents)}.")
        for child, parent in enumerate(parents[1:], start=1):
            if not 0 <= parent < child:
                raise BadSkeleton(f"joint '{names[child]}' (index {child}) has parent {parent}; a parent comes first.")
        repeated = sorted({n for n in names if names.count(n) > 1 or not n})
        if repeated:
            raise BadSkeleton(f"joint names must be unique and not empty; repeated or empty: {repeated}.")
        object.__setattr__(self, "rest_offsets_m", frozen_array("rest_offsets_m", self.rest_offsets_m, (len(names), 3)))
        if self.source_rest_rotations_wxyz is not None:
            rotations = unit_quaternions("source_rest_rotations_wxyz", self.source_rest_rotations_wxyz, (len(names), 4))
            object.__setattr__(self, "source_rest_rotations_wxyz", rotations)

    @property
    def joint_count(self) -> int:
        """Number of joints."""
        return len(self.joint_names)

    @cached_property
    def rest_positions_m(self) -> NDArray[np.float32]:
        """World positions of all joints in the rest pose, [joints, 3]."""
        positions = np.zeros((self.joint_count, 3))
        for joint, parent in enumerate(self.parents):
            positions[joint] = self.rest_offsets_m[joint] + (positions[parent] if parent >= 0 else 0.0)
        return frozen_array("rest_positions_m", positions, (self.joint_count, 3))

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The children of each joint, in index order."""
        return tuple(tuple(c for c, p in enumerate(self.parents) if p == joint) for joint in range(self.joint_count))

    def index(self, joint: str) -> int:
        """Return the index of a joint.

        Raises:
            UnknownJoint: If no joint has that name; the message lists the nearest names.
        """
        if joint not in self.joint_names:
            raise UnknownJoint(f"the skeleton has no joint '{joint}'.{suggestion(joint, self.joint_names)}")
        return self.joint_names.index(joint)

    def same_joints(self, other: "Skeleton") -> bool:
        """Whether names and tree are the same; the rest positions may differ."""
        return self.joint_names == other.joint_names and self.parents == other.parents
