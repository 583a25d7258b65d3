"""The style of a motion: reference postures at key times, follow-through, breathing and small uneven movements.

A style is what every body does alike; the solver departs from it only as far as a body's goals need.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from .postures import CHANNELS, FREE_JOINTS, Posture, channel_values, torso_rotations

FINE_FPS = 120.0
"""Rate at which styles are worked out before their frames are taken."""
ARM_QUATERNIONS = ((0, 4), (4, 8), (8, 12))

_SPRING_HZ = {"hips": 4.5, "spine": 3.6, "head": 3.2, "root": 5.0, "left_arm": 4.0, "right_arm": 4.0,
              "left_fingers": 3.0, "right_fingers": 3.0}  # fmt: skip
"""Natural frequency of the slightly underdamped spring each channel follows its keys with. Feet follow exactly."""
_SPRING_DAMPING = 0.8

_NOISE_DEG = {"hips": (0.5, 0.8, 0.6), "spine": (0.8, 1.0, 0.7), "head": (1.6, 2.6, 1.2)}
_NOISE_ROOT_L = (0.012, 0.0, 0.006)
_BREATH_HZ = 0.28


@dataclass(frozen=True)
class Key:
    """A posture at a time."""

    time_s: float
    posture: Posture
    through: bool = False
    """Whether the motion passes through without stopping (in a cycle), rather than coming to rest."""


@dataclass(frozen=True, eq=False)
class PoseTrack:
    """A style sampled frame by frame, in the solver's own parameters. Angles in radians, L the leg length."""

    free_wxyz: NDArray[np.float64]
    """Local rotations of ``FREE_JOINTS``, [frames, 12, 4]."""
    elbows: NDArray[np.float64]
    """Flexion and twist of the left and the right forearm, [frames, 2, 2]."""
    curls: NDArray[np.float64]
    """Curl per finger joint and per thumb joint, left and right, [frames, 2, 2]."""
    root_l: NDArray[np.float64]
    """Offset of the hips from rest in L, [frames, 3]."""
    feet: NDArray[np.float64]
    """Ball of the foot from its rest place in L (x, y, z), yaw, pitch (heel up), and the angle by which the rest
    place itself is carried around the vertical axis, toes along, [frames, 2, 6]."""
    knees: NDArray[np.float64]
    """Outward turn of the knees, left and right, [frames, 2]."""


Curves = dict[str, NDArray[np.float64]]
"""Numbers per channel of a posture over time, [times, numbers], and how lively it is, [times, 1]."""

LIVELINESS = "liveliness"


class Movement(ABC):
    """Anything that says how a program moves: keys of its own, or other movements put together."""

    seed: int
    """Of breathing and unevenness."""

    @abstractmethod
    def curves(self, count: int) -> Curves:
        """Return all channels, and ``LIVELINESS``, without breathing and unevenness, at ``count`` steps of 1/120 s."""

    def sample(self, frame_count: int, fps: float) -> PoseTrack:
        """Return the movement at ``frame_count`` frames from time 0, breathing and unevenness added."""
        stride = FINE_FPS / fps
        count = round((frame_count - 1) * stride) + 1
        frames = np.minimum(np.round(np.arange(frame_count) * stride).astype(int), count - 1)
        fine = dict(self.curves(count))
        _enliven(fine, np.arange(count) / FINE_FPS, self.seed)
        return _pose_track({channel: fine[channel][frames] for channel in CHANNELS})


@dataclass(frozen=True)
class Style(Movement):
    """Keys and what makes them a living motion. The same seed gives the same small movements on every body."""

    keys: tuple[Key, ...]
    seed: int
    liveliness: float = 1.0
    """Scales breathing and unevenness; 0 turns them off."""
    springs: dict[str, float] = field(default_factory=dict)
    """Frequencies in Hz that replace the usual ones, for quick actions."""

    def curves(self, count: int) -> Curves:
        """Return the keys' interpolation, followed by springs."""
        fine = {channel: self.curve(channel, count) for channel in CHANNELS}
        return fine | {LIVELINESS: np.full((count, 1), self.liveliness)}

    @cached_property
    def keys_of(self) -> dict[str, tuple[Key, ...]]:
        """The keys that set a channel, in time, per channel."""
        ordered = sorted(self.keys, key=lambda k: k.time_s)
        return {c: tuple(k for k in ordered if getattr(k.posture, c) is not None) for c in CHANNELS}

    @cached_property
    def _tracks(self) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]]:
        tracks = {}
        for channel in CHANNELS:
            keys = self.keys_of[channel]
            values = np.stack([channel_values(channel, getattr(k.posture, channel)) for k in keys])
            if channel.endswith("arm"):
                align_signs(values)
            tracks[channel] = (np.array([k.time_s for k in keys]), values, np.array([k.through for k in keys]))
        return tracks

    def curve(self, channel: str, count: int) -> NDArray[np.float64]:
        """Interpolate a channel's keys with cubic Hermite curves, then let a spring follow the curve."""
        times = np.arange(count) / FINE_FPS
        key_times, values, through = self._tracks[channel]
        curve = _hermite(times, key_times, values, through)
        frequency = self.springs.get(channel, _SPRING_HZ.get(channel, 0.0))
        return _spring(curve, frequency) if frequency else curve


def _enliven(fine: Curves, times: NDArray[np.float64], seed: int) -> None:
    """Add breathing, sway and small uneven movements in place."""
    lively = fine[LIVELINESS]
    generator = np.random.default_rng(seed)
    noise = {channel: _smooth_noise(times, generator) for channel in (*_NOISE_DEG, "root", "arms")}
    breath = np.sin(2 * np.pi * (_BREATH_HZ * times + generator.uniform()))[:, None]
    for channel, degrees in _NOISE_DEG.items():
        fine[channel] = fine[channel] + lively * noise[channel] * np.radians(degrees)
    sway = lively * noise["root"] * np.array(_NOISE_ROOT_L)
    fine["root"] = fine["root"] + sway
    # Weight over one leg: that side of the pelvis rises and the spine leans back over it.
    lean = np.radians(70.0) * sway[:, :1]
    fine["hips"] = fine["hips"] + lean * np.array([0.0, 0.0, -1.0])
    fine["spine"] = fine["spine"] + lean * np.array([0.0, 0.0, 1.2])
    fine["spine"] = fine["spine"] + lively * breath * np.radians([-0.8, 0.0, 0.0])
    for side, column in (("left_arm", 0), ("right_arm", 1)):
        fine[side] = fine[side].copy()
        fine[side][:, 12] += lively[:, 0] * np.radians(2.5) * noise["arms"][:, column]


def _pose_track(channels: dict[str, NDArray[np.float64]]) -> PoseTrack:
    free: dict[str, Rotation] = {}
    for part in ("hips", "spine", "head"):
        free |= torso_rotations(channels[part], part)
    for side in ("left", "right"):
        arm = channels[f"{side}_arm"]
        for (start, stop), joint in zip(ARM_QUATERNIONS, ("Shoulder", "Arm", "Hand"), strict=True):
            free[side.capitalize() + joint] = Rotation.from_quat(arm[:, start:stop], scalar_first=True)
    arms = [channels["left_arm"], channels["right_arm"]]
    elbows = np.stack([a[:, 12:14] for a in arms], axis=1)
    elbows[..., 0] = np.maximum(elbows[..., 0], np.radians(3.0))
    return PoseTrack(
        free_wxyz=np.stack([free[j].as_quat(canonical=True, scalar_first=True) for j in FREE_JOINTS], axis=1),
        elbows=elbows,
        curls=np.stack([channels["left_fingers"], channels["right_fingers"]], axis=1),
        root_l=channels["root"],
        feet=np.stack([channels["left_foot"], channels["right_foot"]], axis=1),
        knees=channels["knees"],
    )


def align_signs(values: NDArray[np.float64]) -> None:
    """Flip quaternions in place so that neighbours in time lie on the same half of the sphere."""
    for start, stop in ARM_QUATERNIONS:
        for row in range(1, len(values)):
            if values[row, start:stop] @ values[row - 1, start:stop] < 0:
                values[row, start:stop] *= -1


def _hermite(
    times: NDArray[np.float64], key_times: NDArray[np.float64], values: NDArray[np.float64], through: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Cubic Hermite curve through the keys: at rest in each, but for those that are passed through."""
    if len(key_times) == 1:
        return np.repeat(values, len(times), axis=0)
    slopes = np.zeros_like(values)
    slopes[1:-1] = (values[2:] - values[:-2]) / (key_times[2:] - key_times[:-2])[:, None]
    if through[0]:
        slopes[0] = (values[1] - values[0]) / (key_times[1] - key_times[0])
    if through[-1]:
        slopes[-1] = (values[-1] - values[-2]) / (key_times[-1] - key_times[-2])
    slopes *= through[:, None]
    segment = np.clip(np.searchsorted(key_times, times, side="right") - 1, 0, len(key_times) - 2)
    span = (key_times[1:] - key_times[:-1])[segment]
    x = np.clip((times - key_times[segment]) / span, 0.0, 1.0)[:, None]
    span = span[:, None]
    return (
        (2 * x**3 - 3 * x**2 + 1) * values[segment]
        + (x**3 - 2 * x**2 + x) * span * slopes[segment]
        + (3 * x**2 - 2 * x**3) * values[segment + 1]
        + (x**3 - x**2) * span * slopes[segment + 1]
    )


def _spring(curve: NDArray[np.float64], frequency_hz: float) -> NDArray[np.float64]:
    """Let a damped spring follow a curve: late at the start, a little past the end, then settling."""
    step, omega = 1.0 / FINE_FPS, 2 * np.pi * frequency_hz
    out = np.empty_like(curve)
    position, velocity = curve[0].copy(), (curve[1] - curve[0]) / step
    for index, aim in enumerate(curve):
        velocity = velocity + step * (omega**2 * (aim - position) - 2 * _SPRING_DAMPING * omega * velocity)
        position = position + step * velocity
        out[index] = position
    return out


def _smooth_noise(times: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.float64]:
    """Three slow waves per axis, about unit size, [times, 3]."""
    frequencies = generator.uniform([0.15, 0.35, 0.6], [0.3, 0.6, 1.1], size=(3, 3))
    phases = generator.uniform(0, 2 * np.pi, size=(3, 3))
    sizes = np.array([0.7, 0.4, 0.15])
    waves = np.sin(2 * np.pi * times[:, None, None] * frequencies + phases)
    return np.asarray((waves * sizes).sum(axis=-1))
