"""Does the motion look physically possible: feet, floor, smoothness.

Positions are world positions in metres with y up and the floor at y = 0. What a planted foot is comes from the program
or the source, never from the prediction: a method that lifts its feet does not escape.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.signal import butter, sosfiltfilt

from ..datasets.body.feet import slide_speed

Floats = NDArray[np.floating]

REFERENCE_FPS = 30.0
"""Acceleration and jerk are taken at this rate, whatever the clip's own."""
LOW_PASS_HZ = 6.0


def foot_skate(foot_points: Floats, planted: NDArray[np.bool_], fps: float, leg_m: float) -> dict[str, float]:
    """Return ``skate_mean`` and ``skate_p95`` in leg lengths per second, over all steps with the foot planted.

    A step counts if the foot is planted at both of its ends; without such a step the result is empty.

    Args:
        foot_points: From ``foot_points_m``, [frames, 2, 2, 3].
        planted: Left and right foot planted, [frames, 2].
        fps: Frames per second.
        leg_m: Leg length.
    """
    counted = planted[1:] & planted[:-1]
    if not counted.any():
        return {}
    speeds = slide_speed(foot_points, fps)[counted] / leg_m
    return {"skate_mean": float(speeds.mean()), "skate_p95": float(np.percentile(speeds, 95))}


def float_height(lowest_foot_m: Floats, planted: NDArray[np.bool_], height_m: float) -> float | None:
    """Return the mean height above the floor of the lowest point of planted feet, in percent of H.

    Feet below the floor count 0 here, see ``floor_penetration``; ``None`` if no foot is ever planted.
    """
    if not planted.any():
        return None
    return float(100 * np.maximum(lowest_foot_m[planted], 0).mean() / height_m)


def floor_penetration(lowest_m: Floats, height_m: float) -> float:
    """Return the mean depth of the lowest vertex below the floor, 0 in frames without, in percent of H."""
    return float(100 * np.maximum(-lowest_m, 0).mean() / height_m)


def acceleration(positions_m: Floats, fps: float) -> float | None:
    """Return the mean size of the joints' acceleration in m/s2 at 30 frames per second.

    STaR prints this as "curvature", at 60 frames per second. ``None`` for clips shorter than three frames at 30.
    """
    at_30 = resample(positions_m, fps)
    if len(at_30) < 3:
        return None
    return float(np.linalg.norm(np.diff(at_30, 2, axis=0), axis=-1).mean() * REFERENCE_FPS**2)


def jerk(positions_m: Floats, fps: float, height_m: float) -> float | None:
    """Return the mean size of the joints' jerk in H/s3, at 30 frames per second after a 6 Hz low-pass.

    The filter is a Butterworth of order 4 run forwards and backwards (zero phase) at the clip's own rate, the clip
    continued by half a second on both sides by its point reflection. Near its ends the filter shows the reflection
    rather than the motion: the first and last sixth of a second are left out where that leaves four frames or more.
    ``None`` for clips shorter than four frames at 30.
    """
    smooth = positions_m
    if fps / 2 > LOW_PASS_HZ and len(positions_m) > 3:
        sections = butter(4, LOW_PASS_HZ, fs=fps, output="sos")
        smooth = sosfiltfilt(sections, positions_m, axis=0, padlen=min(round(fps / 2), len(positions_m) - 1))
    at_30 = resample(smooth, fps)
    if len(at_30) < 4:
        return None
    margin = min(round(REFERENCE_FPS / LOW_PASS_HZ), (len(at_30) - 4) // 2)
    third = np.diff(at_30[margin : len(at_30) - margin], 3, axis=0)
    return float(np.linalg.norm(third, axis=-1).mean() * REFERENCE_FPS**3 / height_m)


def resample(positions_m: Floats, fps: float) -> Floats:
    """Return positions at 30 frames per second: taken as they are where frames coincide, else by a cubic spline."""
    if abs(fps - REFERENCE_FPS) < 1e-6 or len(positions_m) < 4:
        return positions_m
    stride = fps / REFERENCE_FPS
    if abs(stride - round(stride)) < 1e-6:
        return positions_m[:: round(stride)]
    count = int(np.floor((len(positions_m) - 1) / stride + 1e-9)) + 1
    return np.asarray(CubicSpline(np.arange(len(positions_m)), positions_m)(np.arange(count) * stride))


def range_of_motion(positions_m: Floats, height_m: float) -> float:
    """Return how far joints stray from their mean place relative to joint 0 (root mean square), in percent of H.

    A motion smeared over time has low jerk and a low range of motion; a smooth one has only the former.
    """
    relative = positions_m - positions_m[:, :1]
    strayed = np.sqrt(np.square(relative - relative.mean(axis=0)).sum(axis=-1).mean(axis=0))
    return float(100 * strayed[1:].mean() / height_m)


def root_speed(root_m: Floats, fps: float, height_m: float) -> float | None:
    """Return the mean horizontal speed of the root in H/s; ``None`` for one frame."""
    if len(root_m) < 2:
        return None
    return float(np.linalg.norm(np.diff(root_m[:, (0, 2)], axis=0), axis=-1).mean() * fps / height_m)
