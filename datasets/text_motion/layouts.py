"""The two skeletons: which joints there are, how they hang together, and what the public code does with them.

Source of all numbers: HumanML3D ``paramUtil.py`` and ``motion_representation.ipynb``, text-to-motion
``scripts/motion_process.py``. Left and right are the names of the public code; on KIT-ML they may be exchanged.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from ..body.joint_names import SMPL_JOINTS
from ..errors import BenchError, UnknownName
from ..rotations import Array


class BadJoints(BenchError):
    """Joint positions or features whose shape or values do not fit the skeleton that is meant."""

    rule = "D211"


@dataclass(frozen=True)
class JointLayout:
    """One skeleton of the 263-d or 251-d representation."""

    name: str
    """``humanml3d`` or ``kit-ml``."""
    joint_names: tuple[str, ...]
    """The root first."""
    chains: tuple[tuple[int, ...], ...]
    """Joints along which rotations are counted; a joint's number stands behind that of its parent."""
    bone_axes: tuple[str, ...]
    """Direction of the bone that ends at each joint, in the pose without rotations."""
    hips: tuple[int, int]
    """Right, left."""
    shoulders: tuple[int, int]
    """Right, left."""
    lower_leg: tuple[int, int]
    """The two joints whose bones add up to the length of a leg."""
    feet: tuple[int, int, int, int]
    """Joints of the four contacts: two of the left foot, two of the right one."""
    contact_below: float
    """A foot touches the ground while its squared displacement per frame is below this, in ``unit`` squared."""
    fps: float
    unit: str

    @property
    def joint_count(self) -> int:
        """Number of joints."""
        return len(self.joint_names)

    @property
    def width(self) -> int:
        """Numbers per frame: 4 of the root, 3 + 6 per other joint, 3 velocities per joint, 4 contacts."""
        return 4 + 9 * (self.joint_count - 1) + 3 * self.joint_count + 4

    @cached_property
    def columns(self) -> dict[str, slice]:
        """Where each part of a row stands."""
        others = self.joint_count - 1
        widths = {
            "root_turn": 1,
            "root_velocity": 2,
            "root_height": 1,
            "positions": 3 * others,
            "rotations": 6 * others,
            "velocities": 3 * self.joint_count,
            "contacts": 4,
        }
        ends = np.cumsum([*widths.values()]).tolist()
        return {name: slice(end - width, end) for (name, width), end in zip(widths.items(), ends, strict=True)}

    @cached_property
    def parents(self) -> tuple[int, ...]:
        """Parent of each joint, -1 for the root."""
        parent = {joint: before for chain in self.chains for before, joint in pairwise(chain)}
        return tuple(parent.get(joint, -1) for joint in range(self.joint_count))

    @cached_property
    def bone_directions(self) -> Array:
        """Unit direction of the bone that ends at each joint, [joints, 3]; zero for the root."""
        directions = np.zeros((self.joint_count, 3))
        for joint, axis in enumerate(self.bone_axes[1:], start=1):
            directions[joint, "xyz".index(axis[1])] = -1.0 if axis[0] == "-" else 1.0
        return directions

    def checked(self, joints: Array, least_frames: int = 1) -> Array:
        """Return joint positions as float64, [frames, joints, 3].

        Raises:
            BadJoints: If the shape is another one, there are too few frames, or a value is not finite.
        """
        array = np.asarray(joints, dtype=np.float64)
        if array.ndim != 3 or array.shape[1:] != (self.joint_count, 3) or len(array) < least_frames:
            wanted = f"[{least_frames} or more frames, {self.joint_count}, 3]"
            raise BadJoints(f"joint positions of {self.name} have the shape {list(array.shape)}; expected {wanted}.")
        return self._finite(array, "joint positions")

    def checked_features(self, features: Array) -> Array:
        """Return features as float64, [frames, width].

        Raises:
            BadJoints: If the shape is another one, there is no frame, or a value is not finite.
        """
        array = np.asarray(features, dtype=np.float64)
        if array.ndim != 2 or array.shape[1] != self.width or not len(array):
            wanted = f"[1 or more frames, {self.width}]"
            raise BadJoints(f"features of {self.name} have the shape {list(array.shape)}; expected {wanted}.")
        return self._finite(array, "features")

    def _finite(self, array: Array, what: str) -> Array:
        bad = np.flatnonzero(~np.isfinite(array).reshape(len(array), -1).all(axis=1))
        if len(bad):
            raise BadJoints(f"{what} of {self.name} hold NaN or infinity in frame {bad[0]} of {len(array)}.")
        return array


HUMANML3D = JointLayout(
    name="humanml3d",
    joint_names=SMPL_JOINTS,
    chains=((0, 2, 5, 8, 11), (0, 1, 4, 7, 10), (0, 3, 6, 9, 12, 15), (9, 14, 17, 19, 21), (9, 13, 16, 18, 20)),
    bone_axes=(
        "  ", "+x", "-x", "+y", "-y", "-y", "+y", "-y", "-y", "+y", "+z", "+z", "+y", "+x", "-x", "+z", "-y", "-y",
        "-y", "-y", "-y", "-y",
    ),
    hips=(2, 1),
    shoulders=(17, 16),
    lower_leg=(5, 8),
    feet=(7, 10, 8, 11),
    contact_below=0.002,
    fps=20.0,
    unit="m",
)  # fmt: skip
"""The first 22 joints of SMPL, under their standard names."""

KIT_ML = JointLayout(
    name="kit-ml",
    joint_names=(
        "root", "spine1", "spine2", "spine3", "head", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder",
        "left_elbow", "left_wrist", "right_hip", "right_knee", "right_ankle", "right_foot1", "right_foot2", "left_hip",
        "left_knee", "left_ankle", "left_foot1", "left_foot2",
    ),
    chains=((0, 11, 12, 13, 14, 15), (0, 16, 17, 18, 19, 20), (0, 1, 2, 3, 4), (3, 5, 6, 7), (3, 8, 9, 10)),
    bone_axes=(
        "  ", "+y", "+y", "+y", "+y", "+x", "-y", "-y", "-x", "-y", "-y", "+x", "-y", "-y", "+z", "+z", "-x", "-y",
        "-y", "+z", "+z",
    ),
    hips=(11, 16),
    shoulders=(5, 8),
    lower_leg=(17, 18),
    feet=(19, 20, 14, 15),
    contact_below=0.05,
    fps=12.5,
    unit="its own",
)  # fmt: skip
"""KIT-ML's 21 joints; the names are ours."""

LAYOUTS = {layout.name: layout for layout in (HUMANML3D, KIT_ML)}


def find_layout(name: str) -> JointLayout:
    """Return a layout by its name.

    Raises:
        UnknownName: With the nearest names.
    """
    if name not in LAYOUTS:
        raise UnknownName("text-and-motion data set", name, LAYOUTS)
    return LAYOUTS[name]
