"""How a gait comes to a halt: one foot stays, the other is set beside it, and the body comes to rest above them."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .blend import Ground, rise
from .common import at_ease
from .facts import Fact
from .goals import Goal, Plant, Side, Speed
from .postures import CHANNELS, channel_values
from .program import FPS, Program
from .style import FINE_FPS, LIVELINESS, Curves, Movement, Style
from .times import cut, cut_fact

_GOES_S = 0.9
"""How long it goes before the step that it stops with."""
_SETTLE_S = 0.15
_REST_S = 0.1
_FLAT_RAD = 2e-3
_FASTEST_L_S = 2.0
"""Above this speed, in L per second, nobody stops within one step."""

_Foot = Literal["left_foot", "right_foot"]


@dataclass(frozen=True)
class Halt:
    """When a gait stops."""

    stays: Side
    """The foot that steps last at full length."""
    from_s: float
    """When that foot is flat."""
    beside_s: float
    """When the other foot stands beside it."""

    @property
    def done_s(self) -> float:
        """When the body rests above both feet."""
        return self.beside_s + _SETTLE_S


@dataclass(frozen=True)
class Halted(Movement):
    """A gait that stops."""

    gait: Style
    halt: Halt

    @property
    def seed(self) -> int:  # type: ignore[override]
        """Of breathing and unevenness."""
        return self.gait.seed

    def foot(self) -> NDArray[np.float64]:
        """Return where the foot that stays stands when it is flat, as numbers of its channel."""
        curve = self.gait.curve(f"{self.halt.stays}_foot", self.row(self.halt.from_s) + 1)
        return np.asarray(curve[-1])

    def curves(self, count: int) -> Curves:
        """Return the gait, and from the halt on how it comes to rest."""
        begin, beside, done = (self.row(s) for s in (self.halt.from_s, self.halt.beside_s, self.halt.done_s))
        curves = dict(self.gait.curves(max(count, done + 1)))
        rows = np.arange(len(curves["root"]))
        stays, comes = (f"{side}_foot" for side in _in_order(self.halt.stays))
        place = curves[stays][begin]
        weight = rise(rows / FINE_FPS, self.halt.from_s, self.halt.done_s)[:, None]
        ease = at_ease(self.seed)
        for name in CHANNELS:
            if not name.endswith("foot") and name != "root":
                rest = channel_values(name, getattr(ease, name))
                signed = rest if not name.endswith("arm") else _same_side(rest, curves[name][begin])
                curves[name] = (1 - weight) * curves[name] + weight * signed
        curves[LIVELINESS] = (1 - weight) * curves[LIVELINESS] + weight
        lowered = rise(rows / FINE_FPS, self.halt.beside_s, self.halt.done_s)[:, None]
        flat = np.array([*place[:3], 0.0, 0.0, 0.0])
        curves[stays] = np.where(rows[:, None] < begin, curves[stays], (1 - lowered) * place + lowered * flat)
        curves[comes] = _set_beside(curves[comes], place, (begin, beside))
        up = 0.0 if ease.root is None else ease.root[1]
        curves["root"] = _coming_to_rest(curves["root"], np.array([place[0], up, place[2]]), (begin, done))
        return {name: values[:count] for name, values in curves.items()}

    @staticmethod
    def row(time_s: float) -> int:
        """Return the step at a time."""
        return round(time_s * FINE_FPS)


def halted(program: Program) -> tuple[Program, Ground] | None:
    """Return a gait that stops after a few steps, and where; ``None`` if the program has no such steps."""
    halt = _halt_of(program)
    if halt is None or not isinstance(program.style, Style):
        return None
    end = np.ceil((halt.done_s + _REST_S) * FPS) / FPS
    style = Halted(program.style, halt)
    place = style.foot()
    goals: list[Goal | None] = [Plant(foot=_in_order(halt.stays)[1], from_s=halt.beside_s, to_s=end)]
    on_toes = np.abs(place[3:]).max() > _FLAT_RAD
    spans = ((halt.from_s, halt.beside_s), (halt.done_s, end)) if on_toes else ((halt.from_s, end),)
    goals += [Plant(foot=halt.stays, from_s=begin, to_s=until) for begin, until in spans]
    for goal in program.goals:
        if not isinstance(goal, Plant):
            goals.append(cut(goal, 0.0, halt.from_s if isinstance(goal, Speed) else end))
        elif goal.from_s < halt.from_s - 1e-6:
            goals.append(goal)
    facts: list[Fact | None] = [cut_fact(fact, 0.0, halt.beside_s) for fact in program.facts]
    stopped = replace(
        program,
        frame_count=round(end * FPS) + 1,
        goals=tuple(g for g in goals if g is not None),
        facts=tuple(f for f in facts if f is not None),
        style=style,
    )
    return stopped, Ground(float(place[0]), float(place[2]))


def can_halt(program: Program) -> bool:
    """Whether a gait can stop within a step: not from a run."""
    return _halt_of(program) is not None


def _halt_of(program: Program) -> Halt | None:
    if any(isinstance(g, Speed) and np.hypot(*g.leg_lengths_per_s) > _FASTEST_L_S for g in program.goals):
        return None
    plants = sorted((g for g in program.goals if isinstance(g, Plant)), key=lambda g: g.from_s)
    for index, plant in enumerate(plants):
        others = [g for g in plants[index + 1 :] if g.foot != plant.foot and g.from_s > plant.from_s + 0.1]
        if plant.from_s >= _GOES_S and others and others[0].from_s + _SETTLE_S <= program.length_s:
            return Halt(plant.foot, plant.from_s, others[0].from_s)
    return None


def _in_order(stays: Side) -> tuple[Side, Side]:
    return (stays, "right" if stays == "left" else "left")


def _same_side(rest: NDArray[np.float64], like: NDArray[np.float64]) -> NDArray[np.float64]:
    """Flip the quaternions of an arm at rest to the side of the sphere that the arm is on."""
    signed = rest.copy()
    for start in (0, 4, 8):
        if rest[start : start + 4] @ like[start : start + 4] < 0:
            signed[start : start + 4] *= -1
    return signed


def _set_beside(foot: NDArray[np.float64], place: NDArray[np.float64], rows: tuple[int, int]) -> NDArray[np.float64]:
    """Shorten a foot's step so that it ends beside the other one."""
    begin, beside = rows
    step = foot[beside, 2] - foot[begin, 2]
    share = (place[2] - foot[begin, 2]) / step if abs(step) > 1e-6 else 1.0
    weight = rise(np.arange(len(foot), dtype=np.float64), begin + 0.25 * (beside - begin), beside)
    shorter = foot.copy()
    shorter[begin:, 2] = foot[begin, 2] + share * (foot[begin:, 2] - foot[begin, 2])
    shorter[:, 0] += weight * (place[0] - foot[:, 0])
    shorter[begin:, 3:] *= 1 - weight[begin:, None]
    shorter[beside:] = [place[0], 0.0, place[2], 0.0, 0.0, 0.0]
    return shorter


def _coming_to_rest(
    root: NDArray[np.float64], target: NDArray[np.float64], rows: tuple[int, int]
) -> NDArray[np.float64]:
    """Lead the hips to a place with the speed they have, until they rest there."""
    begin, done = rows
    speed = (root[begin] - root[begin - 1]) * (done - begin)
    x = np.clip((np.arange(len(root)) - begin) / (done - begin), 0.0, 1.0)[:, None]
    slower = (2 * x**3 - 3 * x**2 + 1) * root[begin] + (x**3 - 2 * x**2 + x) * speed + (3 * x**2 - 2 * x**3) * target
    return np.where(x > 0, slower, root)
