"""AMASS: a capture as rotation vectors of SMPL's joints in an npz file, read as a motion of 22 joints.

The rotations are the file's own. Bone lengths are not in it, only the shape numbers of a body model that may not be
passed on; so every capture is read onto one built-in body, as MotionCLIP's data are onto SMPL's neutral one. SMPL rests
in a T-pose with its joints along the axes, y up, facing +z, as ours; the captures themselves have z up.

``root_translation_m`` is the file's ``trans``, turned to y up: where SMPL's origin is, a few centimetres below the
pelvis and about 20 cm beside it, a constant that depends on the body's shape.
"""

import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..body import Motion, Skeleton
from ..body.joint_names import BODY_JOINTS, BODY_PARENTS, SMPL_JOINTS
from ..rotations import from_rotation_vectors, multiply
from .errors import BadAmass

FPS = 30.0
_BODY = "average_man"
_RATES = ("mocap_framerate", "mocap_frame_rate")
"""What the frame rate is called: in files of SMPL-H, in files of SMPL-X."""
_Y_UP = np.array([np.sqrt(0.5), -np.sqrt(0.5), 0.0, 0.0])
"""Turns z up to y up: minus a quarter turn about x, wxyz."""


@dataclass(frozen=True, eq=False)
class AmassCapture:
    """A file's content."""

    vectors: NDArray[np.float64]
    """Axis times angle in radians, relative to the parent, of ``SMPL_JOINTS``, [frames, 22, 3]."""
    trans_m: NDArray[np.float64]
    """Where SMPL's origin is, z up, [frames, 3]."""
    fps: float

    @property
    def frame_count(self) -> int:
        """Frames at ``FPS``."""
        return int(np.ceil(len(self.vectors) * FPS / self.fps - 1e-6))

    def motion(self, first: int = 0, stop: int | None = None) -> Motion:
        """Return a span as a motion at 30 frames per second; of each moment the last captured frame before it is taken.

        Args:
            first: First frame of the span, counted at 30 frames per second.
            stop: The frame after its last one; what the file does not have is left out.
        """
        count = self.frame_count
        at = np.floor(np.arange(first, count if stop is None else min(stop, count)) * self.fps / FPS + 1e-6).astype(int)
        local = from_rotation_vectors(self.vectors[at])
        local[:, 0] = multiply(_Y_UP, local[:, 0])
        order = [SMPL_JOINTS.index(name) for name in BODY_JOINTS]
        x, y, z = self.trans_m[at].T
        root = np.stack([x, z, -y], axis=1)
        return Motion(_skeleton(), local[:, order].astype(np.float32), root.astype(np.float32), FPS)


def read_amass(path: Path) -> AmassCapture:
    """Read an AMASS file of SMPL-H or SMPL-X; nothing is unpickled.

    Raises:
        BadAmass: If it cannot be read, or lacks poses, translation or frame rate.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            rate = next((name for name in _RATES if name in stored.files), None)
            lacking = [name for name in ("poses", "trans") if name not in stored.files]
            if rate is None or lacking:
                missing = ", ".join([*lacking, *(() if rate else (_RATES[0],))])
                raise BadAmass(f"{path} lacks {missing}; expected an AMASS capture (SMPL-H or SMPL-X).")
            poses, trans, fps = stored["poses"], stored["trans"], float(stored[rate])
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise BadAmass(f"{path} cannot be read ({error}); expected an npz file of AMASS.") from error
    width = 3 * len(SMPL_JOINTS)
    fits = poses.ndim == 2 and poses.shape[1] >= width and trans.shape == (len(poses), 3) and len(poses) > 0
    if not fits or not np.isfinite(fps) or fps <= 0 or not (np.isfinite(poses).all() and np.isfinite(trans).all()):
        raise BadAmass(
            f"{path} has poses {list(poses.shape)}, trans {list(trans.shape)} and {fps:g} frames per second; expected "
            f"finite [frames, {width} or more] and [frames, 3]."
        )
    vectors = poses[:, :width].astype(np.float64).reshape(len(poses), -1, 3)
    return AmassCapture(vectors, trans.astype(np.float64), fps)


@cache
def _skeleton() -> Skeleton:
    from ..intents.bodies import load_body

    count = len(BODY_JOINTS)
    return Skeleton(BODY_JOINTS, BODY_PARENTS, load_body(_BODY).skeleton.rest_offsets_m[:count])
