"""Intents in which contacts come and go: clapping, rubbing, beating, patting, drinking."""

from collections.abc import Mapping

from .common import FIST, FLAT, Timing, at_ease, both_planted, contact, free, instance, keys_of, mirrored, named
from .goals import Goal, Side
from .intent import SIDES, TEMPO, Choice, Intent, Range
from .postures import Arm, Posture
from .program import Program
from .style import Key, Style


def clap(side: Side, count: int, tempo: float, seed: int) -> Program:
    """Clap ``count`` times; ``side`` is the hand that is on top."""
    beat, first = 0.42 / tempo, 0.95 / tempo
    top = Arm((0.35, -0.85, 0.5), (-0.42, 0.35, 0.85), palm=(-1, -0.25, 0), wrist=(-8, 0))
    under = Arm((0.35, -0.9, 0.42), (-0.45, 0.22, 0.85), palm=(-1, 0.25, 0), wrist=(-8, 0))
    apart_top = Arm((0.5, -0.8, 0.4), (0.12, 0.35, 0.9), palm=(-1, -0.25, 0), wrist=(-4, 0))
    apart_under = Arm((0.5, -0.85, 0.35), (0.1, 0.2, 0.95), palm=(-1, 0.25, 0), wrist=(-4, 0))
    shut = mirrored(Posture(left_arm=top, right_arm=under, spine=(3, 0, 0), head=(4, 0, 0)), side)
    wide = mirrored(Posture(left_arm=apart_top, right_arm=apart_under, left_fingers=FLAT, right_fingers=FLAT), side)
    ease = at_ease(seed)
    last = first + (count - 1) * beat
    keys = [*keys_of((0.0, ease), (0.2, ease), (first - 0.3 * beat, wide))]
    goals: list[Goal] = [*both_planted(last + 1.0)]
    pair = (f"{side}_palm", named("{other}_palm", side))
    goals.append(free(pair, 0.0, first - 0.4 * beat))
    for number in range(count):
        at = first + number * beat
        keys += [Key(at - 0.02, shut), Key(at + 0.06, shut)]
        goals.append(contact(pair, at, at + 0.07))
        if number + 1 < count:
            keys.append(Key(at + 0.56 * beat, wide))
            goals.append(free(pair, at + 0.5 * beat, at + 0.62 * beat))
    goals.append(free(pair, last + 0.5, last + 1.0))
    keys += keys_of((last + 0.8, ease))
    timing = Timing(end=last + 1.0)
    springs = {"left_arm": 7.0, "right_arm": 7.0}
    parameters = {"side": side, "count": float(count), "tempo": tempo, "seed": float(seed)}
    return instance("clap", parameters, timing, (tuple(goals), Style(tuple(keys), seed, springs=springs)))


def beat_chest(side: Side, count: int, tempo: float, seed: int) -> Program:
    """Beat the chest with both fists in turn, ``side`` first."""
    beat, first = 0.34 / tempo, 0.95 / tempo
    hit = Arm((0.5, -0.7, 0.35), (-0.9, 0.4, 0.25), palm=(0, -0.15, -1), wrist=(0, 0))
    back = Arm((0.65, -0.6, 0.3), (-0.35, 0.45, 0.85), palm=(-0.5, 0, -0.9))
    ease = at_ease(seed)
    ready = Posture(
        left_arm=back, right_arm=back, left_fingers=FIST, right_fingers=FIST, spine=(-7, 0, 0), head=(-6, 0, 0)
    )
    last = first + (count - 1) * beat
    end = last + 0.95
    keys = [*keys_of((0.0, ease), (0.2, ease), (first - 0.25, ready))]
    goals: list[Goal] = [*both_planted(end)]
    for number in range(count):
        hand: Side = side if number % 2 == 0 else ("right" if side == "left" else "left")
        at = first + number * beat
        for time, arm in ((at - 0.5 * beat, back), (at - 0.01, hit), (at + 0.06, hit), (at + 0.55 * beat, back)):
            keys.append(Key(time, mirrored(Posture(left_arm=arm), hand)))
        turn = 4.0 if hand == "right" else -4.0
        keys.append(Key(at, Posture(spine=(-6, turn, 0)), through=True))
        pair = (f"{hand}_palm", named("{same}_chest", hand))
        goals.append(contact(pair, at, at + 0.07))
        goals.append(free(pair, 0.0, first - 0.3))
        goals.append(free(pair, end - 0.3, end))
    keys += keys_of((last + 0.75, ease))
    springs = {"left_arm": 7.0, "right_arm": 7.0}
    parameters = {"side": side, "count": float(count), "tempo": tempo, "seed": float(seed)}
    style = Style(tuple(sorted(keys, key=lambda k: k.time_s)), seed, springs=springs)
    return instance("beat_chest", parameters, Timing(end=end), (tuple(dict.fromkeys(goals)), style))


def rub_belly(side: Side, tempo: float, seed: int) -> Program:
    """Rub the belly in a circle: the palm stays on the skin from place to place."""
    start, step = 0.95 / tempo, 0.4 / tempo
    arm = Arm((0.35, -0.95, 0.15), (-0.8, -0.1, 0.6), palm=(0, 0, -1))
    over = Arm((0.4, -0.9, 0.2), (-0.25, 0.0, 0.95), palm=(-0.6, 0, -0.8))
    there = mirrored(Posture(left_arm=arm, left_fingers=(10, 4), spine=(-3, 0, 0), head=(12, -3, 0)), side)
    ease = at_ease(seed)
    places = ["belly", "{other}_belly", "upper_belly", "{same}_belly"]
    last = start + step * (len(places) - 1)
    end = last + 0.8
    goals: list[Goal] = [*both_planted(end)]
    for number, pattern in enumerate(places):
        pair = (f"{side}_palm", named(pattern, side))
        goals.append(contact(pair, start + number * step, start + number * step + 0.04))
        goals.append(free(pair, 0.0, 0.5 / tempo))
        goals.append(free(pair, end - 0.25, end))
    keys = keys_of((0.0, ease), (0.2, ease), (start, there), (last + 0.05, there), (last + 0.66, ease))
    between = mirrored(Posture(left_arm=over), side)
    keys += keys_of((start - 0.28, between), (last + 0.3, between), through=True)
    parameters = {"side": side, "tempo": tempo, "seed": float(seed)}
    return instance("rub_belly", parameters, Timing(end=end), (tuple(dict.fromkeys(goals)), Style(keys, seed)))


def drink(side: Side, tempo: float, seed: int) -> Program:
    """Lift a cup to the mouth, tip the head back, set it down."""
    raised = Arm((0.45, -0.7, 0.6), (-0.45, 0.85, -0.05), palm=(-0.85, 0.1, -0.5))
    tipped = Arm((0.55, -0.45, 0.7), (-0.5, 0.85, -0.2), palm=(-0.85, 0.2, -0.5))
    forward = Arm((0.3, -0.9, 0.3), (0.0, 0.15, 0.95), palm=(-1, 0, 0))
    ease, grip = at_ease(seed), (46.0, 16.0)
    first = mirrored(Posture(left_arm=raised, left_fingers=grip, spine=(-1, 0, 0), head=(2, 0, 0)), side)
    second = mirrored(Posture(left_arm=tipped, left_fingers=grip, spine=(-6, 0, 0), head=(-16, 0, 0)), side)
    way = mirrored(Posture(left_arm=forward, left_fingers=grip), side)
    times = [t / tempo for t in (0.25, 0.65, 1.05, 1.4, 1.75, 2.15, 2.5, 2.65)]
    start, carry, there, tip, leave, lower, back, end = times
    keys = keys_of((0.0, ease), (start, ease), (there, first), (tip, second), (leave, second), (back, ease))
    keys += keys_of((carry, way), (lower, way), through=True)
    pair = (f"{side}_thumb_tip", "mouth")
    goals: list[Goal] = [*both_planted(end), contact(pair, there + 0.05, leave, faces_skin=False)]
    goals += [free(pair, 0.0, carry), free(pair, lower + 0.1, end)]
    parameters = {"side": side, "tempo": tempo, "seed": float(seed)}
    return instance("drink", parameters, Timing(end=end), (tuple(goals), Style(keys, seed)))


_COUNTED: Mapping[str, Choice | Range] = {"side": SIDES, "count": Range(2, 5, 1), "tempo": TEMPO}

RHYTHM_INTENTS: tuple[Intent, ...] = (
    Intent("clap", "clap", clap, _COUNTED, "contact"),
    Intent("beat_chest", "beat_chest", beat_chest, _COUNTED, "contact"),
    Intent("rub_belly", "rub_belly", rub_belly, {"side": SIDES, "tempo": TEMPO}, "contact"),
    Intent("drink", "drink", drink, {"side": SIDES, "tempo": TEMPO}, "contact"),
)
