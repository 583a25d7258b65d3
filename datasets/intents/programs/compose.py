"""Programs composed of two: one after the other, or the upper body of one over the legs of the other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...errors import BenchError
from .blend import Chained, Ground, Layered, Looped, Paused
from .ends import is_busy, quiet, quiet_from_s, quiet_until_s, standing_at
from .facts import Fact
from .goals import Contact, Face, Free, Goal, Lean, Plant, Reach
from .halt import halted
from .program import FPS, Program
from .roles import Cycle, can_be_second, can_be_upper, cycle_of, hold_of
from .times import carried, cut, cut_fact, plants_joined, shifted, stretched

PAUSE_S = 0.27
"""From the end of one act to the start of the next."""
_UPPER = ("left_arm", "right_arm", "left_fingers", "right_fingers")


class NotComposable(BenchError):
    """Two programs that cannot be put together."""

    rule = "D111"


def sequence(first: Program, second: Program) -> Program:
    """Do one thing, then another: the second starts where the first one ends, facing the same way.

    Args:
        first: A single intent that ends standing at ease; it may have travelled or turned. A gait is brought to a halt.
        second: A single intent that starts standing at ease.

    Raises:
        NotComposable: If the first does not end, or the second does not start, standing at ease.
    """
    ending, starts = _ending(first), can_be_second(second)
    if ending is None or not starts:
        culprit = f"{first.name} does not end" if ending is None else f"{second.name} does not start"
        raise NotComposable(f"{culprit} standing at ease with both feet planted; take another program.")
    done, begun = ending.done_s, quiet_until_s(second)
    shift = start_of_second_s(done, begun)
    seam = (done, shift + begun)
    end = shift + second.length_s
    goals = [cut(g, 0.0, seam[1]) for g in ending.program.goals]
    goals += [cut(carried(shifted(g, shift), ending.ground), seam[0], end) for g in second.goals]
    facts = [cut_fact(f, 0.0, seam[1]) for f in ending.program.facts] + [f.shifted(shift) for f in second.facts]
    return Program(
        f"{first.intent}+{second.intent}",
        f"{first.name}+{second.name}",
        _both_parameters({"first": first, "second": second}),
        round(end * FPS) + 1,
        plants_joined(tuple(g for g in goals if g is not None)),
        Chained(ending.program.style, second.style, shift, seam, ending.ground),
        facts=tuple(f for f in facts if f is not None),
        parts=(first, second),
        part_spans_s=((0.0, seam[1]), (shift, end)),
    )


def overlay(upper: Program, lower: Program) -> Program:
    """Do one thing with arms, head and spine while legs and hips do another.

    A lower program that cycles goes on, or is cut, until the upper one is done; one that goes down and comes up again
    stays down for as long as the upper one takes.

    Args:
        upper: A single intent done standing, without contacts on the legs.
        lower: A single intent without contacts that travels in cycles, or goes into a posture and back.

    Raises:
        NotComposable: If one of them is not of that kind; the message says which.
    """
    if not can_be_upper(upper):
        raise NotComposable(f"{upper.name} needs its own legs or hips; take one that is done standing still.")
    cycle, hold = cycle_of(lower), hold_of(lower)
    if cycle is not None:
        shift, base = 0.0, _lasting(lower, cycle, upper.length_s)
    elif hold is not None:
        shift, base = _held(lower, hold, upper)
    else:
        raise NotComposable(f"{lower.name} neither travels in cycles nor stays in a posture; take another program.")
    busy = [name for name in _UPPER if is_busy(upper, name.split("_")[0])]
    taken = {name: q for name in busy if (q := quiet(upper, name)) is not None}
    spans: Mapping[str, tuple[float, float]] = {name: (q.until_s, q.from_s) for name, q in taken.items()}
    turned = any(isinstance(g, Face | Lean) for g in base.goals)
    wanted = (Contact, Free, Reach) if turned else (Contact, Free, Reach, Face, Lean)
    kept = [g for g in upper.goals if isinstance(g, wanted)]
    hands = {name.replace("_arm", "_hand") for name in spans}
    return Program(
        f"{upper.intent}@{lower.intent}",
        f"{upper.name}@{lower.name}",
        _both_parameters({"upper": upper, "lower": lower}),
        base.frame_count,
        (*(shifted(g, shift) for g in kept), *base.goals),
        Layered(upper.style, base.style, shift, spans, steady=not upper.contacts),
        said={**lower.said, **upper.said},
        facts=(
            *(f.shifted(shift) for f in upper.facts if _is_upper(f)),
            *(f for f in base.facts if f.part not in hands),
        ),
        parts=(upper, lower),
        part_spans_s=((shift, shift + upper.length_s), (0.0, base.length_s)),
    )


def done_s(program: Program) -> float | None:
    """Return since when a program that something may follow has been at rest; ``None`` of one that nothing may."""
    ending = _ending(program)
    return None if ending is None else ending.done_s


def start_of_second_s(done: float, begun: float) -> float:
    """Return when the second one's own time begins, if the first is done and the second begins to move then.

    It is on a frame, so that the second one's frames are the same as by itself.
    """
    return max(float(np.ceil((done + PAUSE_S - begun) * FPS) / FPS), 0.0)


def times_of_hold_s(hold: tuple[float, float], begun: float, done: float) -> tuple[float, float]:
    """Return when the upper one's own time begins over a held posture, and how much longer that is held."""
    shift = max(float(np.ceil((hold[0] - begun) * FPS) / FPS), 0.0)
    return shift, max(float(np.ceil((shift + done - hold[1]) * FPS) / FPS), 0.0)


@dataclass(frozen=True)
class _Ending:
    """A program as it ends: what it does, where it stands then, and since when it has been at rest."""

    program: Program
    ground: Ground
    done_s: float


def _ending(program: Program) -> _Ending | None:
    if cycle_of(program) is not None:
        stopped = halted(program)
        return None if stopped is None else _Ending(*stopped, done_s=stopped[0].length_s - 0.1)
    ground = standing_at(program, at_end=True)
    return None if ground is None else _Ending(program, ground, quiet_from_s(program))


def _lasting(lower: Program, cycle: Cycle, seconds: float) -> Program:
    """Cut a gait, or let it go on, so that it lasts as long as asked."""
    own = lower.length_s
    style = lower.style if seconds <= own else Looped(lower.style, own, cycle.period_s, cycle.travel_l)
    plants = [g for g in lower.goals if isinstance(g, Plant)]
    goals: list[Goal | None] = [cut(g, 0.0, seconds) for g in plants]
    for foot in ("left", "right"):
        whole = [g for g in plants if g.foot == foot and g.from_s > 0.0 and g.to_s < own - 1e-6]
        for turn in range(1, int(np.ceil(max(seconds - own, 0.0) / cycle.period_s)) + 2) if whole else ():
            goals.append(cut(shifted(whole[-1], turn * cycle.period_s), 0.0, seconds))
    goals += [stretched(g, own, seconds) for g in lower.goals if not isinstance(g, Plant)]
    kept = plants_joined(tuple(g for g in goals if g is not None))
    facts = tuple(replace(f, to_s=seconds if f.to_s >= own - 0.1 else f.to_s) for f in lower.facts)
    facts = tuple(f for f in (cut_fact(f, 0.0, seconds) for f in facts) if f is not None)
    return replace(lower, frame_count=round(seconds * FPS) + 1, goals=kept, style=style, facts=facts)


def _held(lower: Program, hold: tuple[float, float], upper: Program) -> tuple[float, Program]:
    """Let a posture act stay down for an upper program; returns when that one starts, too."""
    begun, done = quiet_until_s(upper), quiet_from_s(upper)
    shift, longer = times_of_hold_s(hold, begun, done)
    at = 0.5 * (hold[0] + hold[1])

    def later(time: float) -> float:
        """Return where a time of the lower program lies once its hold is longer."""
        return time if time <= at else time + longer

    goals = tuple(replace(g, from_s=later(g.from_s), to_s=later(g.to_s)) for g in lower.goals)
    facts = tuple(replace(f, from_s=later(f.from_s), to_s=later(f.to_s)) for f in lower.facts)
    frame_count = lower.frame_count + round(longer * FPS)
    return shift, replace(
        lower, frame_count=frame_count, goals=goals, facts=facts, style=Paused(lower.style, at, longer)
    )


def _both_parameters(parts: Mapping[str, Program]) -> dict[str, float | str]:
    return {f"{role}_{name}": value for role, part in parts.items() for name, value in part.parameters.items()}


def _is_upper(fact: Fact) -> bool:
    return fact.part.endswith("hand") or fact.part in ("head", "chest")
