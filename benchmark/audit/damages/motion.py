"""Damages of the whole motion: noise, a shift in time, another motion, sliding feet, a body off the floor."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from ....datasets.body import Motion
from ....datasets.body.joint_names import BODY_JOINTS
from ....datasets.body.turned_joints import turn_body_joints
from ....datasets.rotations import slerp
from ..case import AuditCase

SMOOTH_HZ = 3.0
"""Above this frequency smooth noise dies away."""
_SLIDE_PERIOD_S = 1.0


def white_noise(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion:
    """Turn every body joint in every frame about a drawn axis, ``degree`` degrees root mean square.

    Args:
        case: Any clip.
        degree: Root mean square of the angles, in degrees; another degree scales the same noise.
        generator: Draws the noise.
    """
    return _noisy(case.truth, degree, _drawn(case.truth, generator))


def smooth_noise(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion:
    """As ``white_noise``, low-passed at 3 Hz: joints wander instead of trembling.

    Args:
        case: Any clip.
        degree: Root mean square of the angles, in degrees, after the low-pass.
        generator: Draws the noise.
    """
    noise = _drawn(case.truth, generator)
    passed = butter(4, min(SMOOTH_HZ / (case.truth.fps / 2), 0.99), output="sos")
    padding = min(3 * case.truth.frame_count // 4, 30)
    return _noisy(case.truth, degree, sosfiltfilt(passed, noise, axis=0, padlen=padding))


def _drawn(truth: Motion, generator: np.random.Generator) -> NDArray[np.float64]:
    return generator.standard_normal((truth.frame_count, len(BODY_JOINTS), 3))


def _noisy(truth: Motion, degree: float, noise: NDArray[np.float64]) -> Motion:
    size = np.sqrt((noise**2).sum(axis=-1).mean())
    return turn_body_joints(truth, noise / max(float(size), 1e-12) * np.radians(degree))


def late(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion | None:
    """Do everything ``degree`` frames late; the first pose is held meanwhile.

    Args:
        case: Any clip; ``None`` is returned for one that is not longer than the delay.
        degree: Frames.
        generator: Not used: nothing here is random.
    """
    if degree >= case.truth.frame_count:
        return None
    shown = np.maximum(np.arange(case.truth.frame_count) - round(degree), 0)
    return replace(
        case.truth,
        local_rotations_wxyz=case.truth.local_rotations_wxyz[shown],
        root_translation_m=case.truth.root_translation_m[shown],
    )


def blended(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion | None:
    """Blend the motion with one of another program on the same body; 1 is that other motion altogether.

    Args:
        case: A clip; ``None`` is returned where the clip set has no other program on the target.
        degree: Share of the other motion, 0 to 1.
        generator: Not used: the case holds the drawn motion.
    """
    other, truth = case.other_motion, case.truth
    if other is None:
        return None
    share = np.full(truth.local_rotations_wxyz.shape[:2], degree)
    mine, theirs = (m.local_rotations_wxyz.astype(np.float64) for m in (truth, other))
    root = truth.root_translation_m + degree * (other.root_translation_m - truth.root_translation_m)
    rotations = slerp(mine, theirs, share).astype(np.float32)
    return replace(truth, local_rotations_wxyz=rotations, root_translation_m=root.astype(np.float32))


def sliding(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion | None:
    """Slide the body to and fro over the floor at a steady speed, so that planted feet slide.

    It turns round every half second: a drift would also change where the body is.

    Args:
        case: A clip; ``None`` is returned for one in which no foot is ever planted.
        degree: Speed in centimetres per second.
        generator: Draws the direction.
    """
    if case.pair.planted is None or not case.pair.planted.any():
        return None
    angle = generator.uniform(0, 2 * np.pi)
    time_s = np.arange(case.truth.frame_count) / case.truth.fps
    phase = np.mod(time_s / _SLIDE_PERIOD_S, 1.0)
    way_m = degree / 100 * _SLIDE_PERIOD_S * np.minimum(phase, 1 - phase)
    moved = case.truth.root_translation_m.astype(np.float64)
    moved += way_m[:, None] * np.array([np.cos(angle), 0.0, np.sin(angle)])
    return replace(case.truth, root_translation_m=moved.astype(np.float32))


def raised(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion | None:
    """Lift the body ``degree`` percent of H off the floor.

    Args:
        case: A clip; ``None`` is returned for one in which no foot is ever planted.
        degree: Height in percent of the body height.
        generator: Not used: nothing here is random.
    """
    if case.pair.planted is None or not case.pair.planted.any():
        return None
    return _shifted_up(case, degree)


def sunk(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion:
    """Sink the body ``degree`` percent of H into the floor.

    Args:
        case: Any clip.
        degree: Depth in percent of the body height.
        generator: Not used: nothing here is random.
    """
    return _shifted_up(case, -degree)


def _shifted_up(case: AuditCase, percent: float) -> Motion:
    moved = case.truth.root_translation_m.astype(np.float64)
    moved[:, 1] += percent / 100 * case.pair.target.height_m
    return replace(case.truth, root_translation_m=moved.astype(np.float32))
