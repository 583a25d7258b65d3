"""Actions: strikes, work, play, and pointing."""

from .carrying import CARRYING_INTENTS
from .common import Timing, at_ease, both_planted, instance, keys_of, mirrored
from .facts import BodyPart, Fact
from .fighting import FIGHTING_INTENTS
from .goals import Side
from .intent import SIDES, TEMPO, Intent, Range
from .postures import Arm, Posture
from .program import Program
from .sports import SPORTS_INTENTS
from .style import Key, Style
from .tools import TOOLS_INTENTS


def point(side: Side, yaw_deg: float, tempo: float, seed: int) -> Program:
    """Point straight ahead or to the side with a stretched arm and look there."""
    timing = Timing(0.3, 0.95, 1.75, 2.4, 2.55).scaled(tempo)
    out = yaw_deg / 90
    arm = Arm((out, -0.02, 1 - 0.6 * out), (out - 0.03, 0.03, 1 - 0.6 * out), palm=(-0.4, -1, 0.1), shoulder=(6, 8))
    there = Posture(
        left_arm=arm,
        left_fingers=(10, 14),
        spine=(2, 0.15 * yaw_deg, 0),
        head=(0, 0.5 * yaw_deg, 0),
        root=(0.0, -0.014, 0.02),
    )
    drawn = Posture(left_arm=Arm((0.3, -0.85, 0.3), (0.0, 0.2, 0.9), palm=(-0.8, -0.5, 0)), root=(0, -0.014, -0.012))
    ease = at_ease(seed)
    keys = list(keys_of((0.0, ease), (timing.start, ease), (timing.back, ease)))
    keys += keys_of((timing.there, mirrored(there, side)), (timing.leave, mirrored(there, side)))
    keys.append(Key(timing.start + 0.45 * (timing.there - timing.start), mirrored(drawn, side), True))
    parameters = {"side": side, "yaw": yaw_deg, "tempo": tempo, "seed": float(seed)}
    span = (0.4 * timing.start + 0.6 * timing.there, timing.leave)
    hand: BodyPart = "left_hand" if side == "left" else "right_hand"
    facts = tuple(
        Fact(part=hand, state=state, from_s=span[0], to_s=span[1])
        for state in ("pointing", "forward" if yaw_deg < 45 else "sideways")
    )
    said = {"direction": "forward" if yaw_deg < 22.5 else side}
    goals = both_planted(timing.end)
    return instance("point", parameters, timing, (goals, Style(tuple(keys), seed)), said=said, facts=facts)


ACTION_INTENTS: tuple[Intent, ...] = (
    Intent("point", "point", point, {"side": SIDES, "yaw_deg": Range(0.0, 75.0, 15.0), "tempo": TEMPO}, "gesture"),
    *FIGHTING_INTENTS,
    *CARRYING_INTENTS,
    *TOOLS_INTENTS,
    *SPORTS_INTENTS,
)
