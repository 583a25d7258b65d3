"""Movements put together from others: one after the other, one over the other, repeated, held.

All of them work on curves at 1/120 s. Breathing and unevenness are added once, to the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from .postures import torso_rotations
from .style import ARM_QUATERNIONS, FINE_FPS, Curves, Movement

_ADDED = ("spine", "head")
"""Channels that add up when one movement lies over another; arms and fingers replace those below."""
_BEFORE_S, _AFTER_S = 0.08, 0.30
"""An arm is handed over from a little before it leaves its place until it is well on its way, and so back."""


@dataclass(frozen=True)
class Ground:
    """Where a body that stands at ease stands: how far from the origin, in L, and turned about the vertical axis."""

    left_l: float = 0.0
    front_l: float = 0.0
    turned_rad: float = 0.0

    def carry(self, left: NDArray[np.float64], front: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """Turn vectors over the ground from the body's own axes into the world's."""
        cosine, sine = np.cos(self.turned_rad), np.sin(self.turned_rad)
        return cosine * left + sine * front, cosine * front - sine * left

    def moved(self, curves: Curves) -> Curves:
        """Return a movement that starts at the origin as it looks when it starts here."""
        moved = dict(curves)
        root, feet, hips = (curves[name].copy() for name in ("root", "left_foot", "hips"))
        hips[:, 1] += self.turned_rad
        moved["hips"] = hips
        for name, values in (("root", root), ("left_foot", feet), ("right_foot", curves["right_foot"].copy())):
            left, front = self.carry(values[:, 0], values[:, 2])
            values[:, 0], values[:, 2] = left + self.left_l, front + self.front_l
            if name != "root":
                values[:, 5] += self.turned_rad
            moved[name] = values
        return moved


@dataclass(frozen=True)
class Chained(Movement):
    """One movement, then another; between them both are in the same posture and one fades into the other."""

    first: Movement
    second: Movement
    start_s: float
    """When the second one's own time begins."""
    fade_s: tuple[float, float]
    """When the first begins to fade, and when only the second is left."""
    ground: Ground
    """Where the first one ends."""

    @property
    def seed(self) -> int:  # type: ignore[override]
        """Of breathing and unevenness."""
        return self.first.seed

    def curves(self, count: int) -> Curves:
        """Return both, faded into each other."""
        start = round(self.start_s * FINE_FPS)
        first = self.first.curves(min(count, round(self.fade_s[1] * FINE_FPS) + 1))
        second = self.ground.moved(self.second.curves(max(count - start, 2)))
        weight = rise(np.arange(count) / FINE_FPS, *self.fade_s)
        early, late = (np.arange(count) - shift for shift in (0, start))
        return {name: _mix(name, _at(first[name], early), _at(second[name], late), weight) for name in first}


@dataclass(frozen=True)
class Layered(Movement):
    """The arms, spine and head of one movement over the legs, hips and way of another."""

    upper: Movement
    lower: Movement
    start_s: float
    """When the upper one's own time begins."""
    taken: Mapping[str, tuple[float, float]]
    """Arms and fingers that the upper one uses, with the time it takes them up and lays them down, in its own time."""
    steady: bool = False
    """Whether the arms point where they point in the upper one, however the legs' movement bends the trunk; where hands
    lie on the trunk they must go along with it."""

    @property
    def seed(self) -> int:  # type: ignore[override]
        """Of breathing and unevenness."""
        return self.upper.seed

    def curves(self, count: int) -> Curves:
        """Return the lower movement with the upper one's channels put over it."""
        lower = self.lower.curves(count)
        start = round(self.start_s * FINE_FPS)
        upper = self.upper.curves(max(count - start, 2))
        rows = np.arange(count) - start
        times = rows / FINE_FPS
        layered = dict(lower)
        for name in _ADDED:
            layered[name] = lower[name] + _at(upper[name] - upper[name][0], rows)
        # The upper one's small turns of the pelvis are made by the spine: the pelvis belongs to the legs.
        layered["spine"] = layered["spine"] + _at(upper["hips"] - upper["hips"][0], rows)
        above = {name: _at(upper[name], rows) for name in self.taken}
        if self.steady:
            turn = _chest(layered).inv() * _chest({name: _at(upper[name], rows) for name in ("hips", "spine")})
            above |= {name: _turned_arm(values, turn) for name, values in above.items() if name.endswith("arm")}
        for name, (begin, end) in self.taken.items():
            weight = rise(times, begin - _BEFORE_S, begin + _AFTER_S) - rise(times, end - _AFTER_S, end + _BEFORE_S)
            layered[name] = _mix(name, lower[name], above[name], np.clip(weight, 0.0, 1.0))
        return layered


@dataclass(frozen=True)
class Looped(Movement):
    """A cyclic movement that goes on after its end, period after period."""

    cycle: Movement
    end_s: float
    """How long it lasts by itself; the last period before that is repeated."""
    period_s: float
    travel_l: tuple[float, float]
    """Way to the left and to the front per period, in L."""

    @property
    def seed(self) -> int:  # type: ignore[override]
        """Of breathing and unevenness."""
        return self.cycle.seed

    def curves(self, count: int) -> Curves:
        """Return the movement, its last period repeated as often as needed."""
        own = min(count, round(self.end_s * FINE_FPS) + 1)
        curves = self.cycle.curves(own)
        period = self.period_s * FINE_FPS
        rows = np.arange(count, dtype=np.float64)
        rounds = np.ceil(np.maximum(rows - (own - 1), 0.0) / period)
        looped = {name: _between(values, rows - rounds * period) for name, values in curves.items()}
        for name in ("root", "left_foot", "right_foot"):
            looped[name][:, 0] += rounds * self.travel_l[0]
            looped[name][:, 2] += rounds * self.travel_l[1]
        return looped


@dataclass(frozen=True)
class Paused(Movement):
    """A movement that stays for a while where it rests."""

    movement: Movement
    at_s: float
    for_s: float

    @property
    def seed(self) -> int:  # type: ignore[override]
        """Of breathing and unevenness."""
        return self.movement.seed

    def curves(self, count: int) -> Curves:
        """Return the movement with the pause put in."""
        at, stay = self.at_s * FINE_FPS, self.for_s * FINE_FPS
        rows = np.arange(count, dtype=np.float64)
        rows = np.where(rows <= at, rows, np.maximum(rows - stay, at))
        curves = self.movement.curves(max(int(np.ceil(rows[-1])) + 1, 2))
        return {name: _between(values, rows) for name, values in curves.items()}


def _chest(curves: Curves) -> Rotation:
    """Return the chest's rotations."""
    spine = torso_rotations(curves["spine"], "spine")
    turn = torso_rotations(curves["hips"], "hips")["Hips"]
    for joint in ("Spine", "Spine1", "Spine2"):
        turn = turn * spine[joint]
    return turn


def _turned_arm(values: NDArray[np.float64], turn: Rotation) -> NDArray[np.float64]:
    """Turn an upper arm about the axes of the chest; the collar bone stays."""
    (collar_at, arm_at, _), turned = ARM_QUATERNIONS, values.copy()
    collar, arm = (Rotation.from_quat(values[:, slice(*at)], scalar_first=True) for at in (collar_at, arm_at))
    quaternions = (collar.inv() * turn * collar * arm).as_quat(scalar_first=True)
    # The turn is small: every quaternion stays on the side of the sphere it was on, so that they follow one another.
    same_side = (quaternions * values[:, slice(*arm_at)]).sum(axis=1, keepdims=True) >= 0
    turned[:, slice(*arm_at)] = np.where(same_side, quaternions, -quaternions)
    return turned


def rise(times: NDArray[np.float64], begin: float, end: float) -> NDArray[np.float64]:
    """Rise smoothly from 0 to 1."""
    x = np.clip((times - begin) / max(end - begin, 1e-6), 0.0, 1.0)
    return np.asarray(x * x * x * (10 - 15 * x + 6 * x * x))


def _at(values: NDArray[np.float64], rows: NDArray[np.int_]) -> NDArray[np.float64]:
    """Take rows; before the first and after the last one it rests."""
    return values[np.clip(rows, 0, len(values) - 1)]


def _between(values: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take rows between rows."""
    low = np.clip(np.floor(rows).astype(int), 0, len(values) - 1)
    high = np.minimum(low + 1, len(values) - 1)
    share = (rows - low)[:, None]
    return np.asarray((1 - share) * values[low] + share * values[high])


def _mix(
    channel: str, below: NDArray[np.float64], above: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Fade a channel from one movement's numbers into another's; rotations take the short way."""
    above = above.copy()
    if channel.endswith("arm"):
        for start, stop in ARM_QUATERNIONS:
            below_q, above_q = below[:, start:stop], above[:, start:stop]
            below_q = below_q / np.linalg.norm(below_q, axis=1, keepdims=True)
            above_q = above_q / np.linalg.norm(above_q, axis=1, keepdims=True)
            # The side of the sphere is settled once, where both weigh alike: flipping later would jump.
            middle = int(np.argmin(np.abs(weight - 0.5)))
            above[:, start:stop] = above_q * (1.0 if below_q[middle] @ above_q[middle] >= 0 else -1.0)
    return np.asarray((1 - weight[:, None]) * below + weight[:, None] * above)
