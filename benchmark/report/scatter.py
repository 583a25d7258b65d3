"""Scatter plots of two metrics against each other, as coordinates that the page's template draws."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..comparison import ScoredRun
from ..ranking import is_ceiling, is_floor
from ..records import Score
from .headline import contact_key
from .numbers import decimals_for, written
from .tables import Column, column_of, in_table_order

WIDTH, HEIGHT = 520, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 16, 46
_LETTER_PX = 6.8


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Point:
    """A method in the plot, pixels."""

    name: str
    role: str
    x: float
    y: float
    x_span: tuple[float, float] | None
    """Ends of the horizontal interval."""
    y_span: tuple[float, float] | None
    label_x: float
    label_y: float
    anchor: str
    hint: str


@dataclass(frozen=True)
class Plot:
    """One scatter plot."""

    x: Column
    y: Column
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    points: tuple[Point, ...]
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def scatter_plots(runs: Sequence[ScoredRun]) -> list[Plot]:
    """Return contact against penetration and contact against position, as far as the runs have them."""
    scored = {key for run in runs for key in run.result.scores.get("all", {})}
    contact = contact_key(scored)
    others = [key for key in ("pen_limb@1[0.3%H]", "mpjpe_cm@1[global]", "skate_mean@1") if key in scored]
    return [_plot(runs, contact, other) for other in others[:2]] if contact else []


@dataclass(frozen=True)
class _Axis:
    start: float
    stop: float
    from_px: float
    to_px: float

    def px(self, value: float) -> float:
        """Return where a value lies along the axis, in pixels."""
        return round(self.from_px + (value - self.start) / (self.stop - self.start) * (self.to_px - self.from_px), 1)

    def ticks(self) -> tuple[Tick, ...]:
        """Return round values along the axis."""
        step = _round_step((self.stop - self.start) / 5)
        first = math.ceil(self.start / step - 1e-9)
        values = [k * step for k in range(first, math.floor(self.stop / step + 1e-9) + 1)]
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        return tuple(Tick(self.px(v), f"{v:.{decimals}f}") for v in values)


def _plot(runs: Sequence[ScoredRun], x_key: str, y_key: str) -> Plot:
    shown = [run for run in in_table_order(runs) if {x_key, y_key} <= run.result.scores.get("all", {}).keys()]
    x_scores = [run.result.scores["all"][x_key] for run in shown]
    y_scores = [run.result.scores["all"][y_key] for run in shown]
    x_axis = _axis(x_scores, _LEFT, WIDTH - _RIGHT)
    y_axis = _axis(y_scores, HEIGHT - _BOTTOM, _TOP)
    x, y = column_of(x_key), column_of(y_key)
    points = [_point(run, (x_axis, y_axis), (x_key, y_key)) for run in shown]
    return Plot(
        x=x,
        y=y,
        x_ticks=x_axis.ticks(),
        y_ticks=y_axis.ticks(),
        points=tuple(_labelled(points)),
    )


def _axis(scores: Sequence[Score], from_px: float, to_px: float) -> _Axis:
    ends = [e for s in scores for e in (s.value, s.lo, s.hi) if e is not None]
    start, stop = min([0.0, *ends]), max([0.0, *ends])
    span = (stop - start) or 1.0
    return _Axis(start - 0.03 * span, stop + 0.05 * span, from_px, to_px)


def _round_step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return next(size * k for k in (1.0, 2.0, 5.0, 10.0) if size * k >= rough * 0.9)


def _point(run: ScoredRun, axes: tuple[_Axis, _Axis], keys: tuple[str, str]) -> Point:
    name = run.result.method.name
    role = "ceiling" if is_ceiling(name) else "floor" if is_floor(name) else "method"
    scores = [run.result.scores["all"][key] for key in keys]
    (x, x_span), (y, y_span) = (_place(axis, score) for axis, score in zip(axes, scores, strict=True))
    texts = [f"{key} {written(s.value, decimals_for([s.value]))}" for key, s in zip(keys, scores, strict=True)]
    return Point(name, role, x, y, x_span, y_span, x + 9, y + 4, "start", f"{name}: {', '.join(texts)}")


def _place(axis: _Axis, score: Score) -> tuple[float, tuple[float, float] | None]:
    span = None if score.lo is None or score.hi is None else (axis.px(score.lo), axis.px(score.hi))
    return axis.px(score.value), span


def _labelled(points: Sequence[Point]) -> list[Point]:
    """Put each label beside its point where it covers least of other labels and points, and stays in the picture."""
    taken = [_Box(p.x - 6, p.y - 6, p.x + 6, p.y + 6) for p in points]
    placed: list[Point] = []
    for point in sorted(points, key=lambda p: (-p.x, p.y)):  # those at the right edge have the fewest places
        wide = _LETTER_PX * len(point.name)
        places = [(side, drop) for drop in (-8.0, 16.0, -21.0, 29.0) for side in ("start", "end")]
        boxes = [_label_box(point, wide, *place) for place in places]
        clashes = [sum(box.shared(other) for other in taken) + WIDTH * HEIGHT * box.is_outside() for box in boxes]
        best = clashes.index(min(clashes))
        side, drop = places[best]
        taken.append(boxes[best])
        x = point.x + 8 if side == "start" else point.x - 8
        placed.append(replace(point, label_x=round(x, 1), label_y=round(point.y + drop, 1), anchor=side))
    return placed


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: "_Box") -> float:
        """Return the area that lies in both boxes."""
        across = min(self.right, other.right) - max(self.left, other.left)
        along = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(across, 0.0) * max(along, 0.0)

    def is_outside(self) -> bool:
        """Say whether the box leaves the picture."""
        return self.left < _LEFT or self.right > WIDTH or self.top < 0 or self.bottom > HEIGHT - _BOTTOM + 2


def _label_box(point: Point, wide: float, side: str, drop: float) -> _Box:
    start = point.x + 8 if side == "start" else point.x - 8 - wide
    return _Box(start, point.y + drop - 10, start + wide, point.y + drop + 3)
