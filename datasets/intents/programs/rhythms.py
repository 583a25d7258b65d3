"""Intents in which hands keep time or glide: clapping, beating the chest, rubbing the belly, wiping, drinking."""

from collections.abc import Mapping

from .common import FIST, FLAT, Timing, at_ease, both_planted, contact, free, instance, keys_of, mirrored, named, other
from .facts import Fact
from .goals import Goal, Side
from .intent import SIDES, TEMPO, Choice, Intent, Range
from .postures import Arm, Posture
from .program import Program
from .strokes import beats, glide
from .style import Key, Style
from .touching import idle_arm, lived, opened, reach

_BEFORE_CHEST = ("{same}_palm", "upper_belly", (0.0, 0.04, 0.15))
"""Where claps meet: in front of the breastbone."""
_QUICK = {"left_arm": 7.0, "right_arm": 7.0}


def clap(side: Side, count: int, tempo: float, seed: int, amplitude: float = 1.0) -> Program:
    """Clap ``count`` times; ``side`` is the hand that is on top, ``amplitude`` how far the hands part (1 is usual)."""
    top = Arm((0.35, -0.85, 0.5), (-0.42, 0.35, 0.85), palm=(-1, -0.25, 0), wrist=(-8, 0))
    under = Arm((0.35, -0.9, 0.42), (-0.45, 0.22, 0.85), palm=(-1, 0.25, 0), wrist=(-8, 0))
    apart_top = Arm((0.55, -0.8, 0.4), (0.08 + 0.2 * amplitude, 0.35, 0.9), palm=(-1, -0.25, 0), wrist=(-10, 0))
    apart_under = Arm((0.55, -0.85, 0.35), (0.06 + 0.2 * amplitude, 0.2, 0.95), palm=(-1, 0.25, 0), wrist=(-10, 0))
    shut = mirrored(Posture(left_arm=top, right_arm=under), side)
    wide = mirrored(Posture(left_arm=apart_top, right_arm=apart_under, left_fingers=FLAT, right_fingers=FLAT), side)
    trunk = mirrored(Posture(spine=(3, 0, 0), head=(4, 3, 0), root=(0.01, -0.016, 0)), side)
    ease, times = at_ease(seed), beats(count, 0.95 / tempo, 0.44 / tempo, seed)
    last, end = times[-1], times[-1] + 1.05
    keys = [*keys_of((0.0, ease), (0.2, ease), (times[0] - 0.14 / tempo, wide)), *lived(trunk, (0.8, last + 0.1), seed)]
    pair = (f"{side}_palm", named("{other}_palm", side))
    goals: list[Goal] = [*both_planted(end), free(pair, 0.0, times[0] - 0.16 / tempo)]
    for number, at in enumerate(times):
        keys += [Key(at - 0.02, shut), Key(at + 0.06, shut)]
        goals += [contact(pair, at, at + 0.07), reach(_BEFORE_CHEST, side, at, at + 0.07)]
        if number + 1 < count:
            middle = at + 0.56 * (times[number + 1] - at)
            keys.append(Key(middle, wide))
            goals.append(free(pair, middle - 0.03, middle + 0.02))
    goals.append(free(pair, last + 0.5, end))
    keys += keys_of((last + 0.85, ease))
    parameters = {"side": side, "count": float(count), "tempo": tempo, "amplitude": amplitude, "seed": float(seed)}
    style = Style(tuple(keys), seed, springs=_QUICK)
    return instance("clap", parameters, Timing(end=end), (tuple(goals), style))


def beat_chest(side: Side, count: int, tempo: float, seed: int) -> Program:
    """Beat the chest with both fists in turn, ``side`` first."""
    hit = Arm((0.66, -0.68, 0.6), (-0.8, 0.42, 0.0), palm=(-0.2, -0.8, -0.5), wrist=(35, 0), shoulder=(2, 6))
    back = Arm((0.68, -0.66, 0.5), (-0.4, 0.5, 0.55), palm=(-0.4, -0.6, -0.6), wrist=(14, 0), shoulder=(2, 2))
    ease, times = at_ease(seed), beats(count, 0.95 / tempo, 0.36 / tempo, seed)
    ready = Posture(
        left_arm=back, right_arm=back, left_fingers=FIST, right_fingers=FIST, spine=(-7, 0, 0), head=(-6, 0, 0)
    )
    last, end = times[-1], times[-1] + 1.0
    keys = [*keys_of((0.0, ease), (0.2, ease), (times[0] - 0.3 / tempo, ready), (last + 0.8, ease))]
    keys.append(Key(last + 0.25, Posture(left_fingers=FIST, right_fingers=FIST)))
    goals: list[Goal] = [*both_planted(end)]
    for number, at in enumerate(times):
        hand: Side = side if number % 2 == 0 else other(side)
        beat = 0.36 / tempo
        for time, arm in ((at - 0.5 * beat, back), (at - 0.01, hit), (at + 0.06, hit), (at + 0.6 * beat, back)):
            keys.append(Key(time, mirrored(Posture(left_arm=arm), hand)))
        turn = 4.0 if hand == "right" else -4.0
        keys.append(Key(at, Posture(spine=(-6, turn, 0), root=(-0.002 * turn, -0.014, 0)), through=True))
        pair = (f"{hand}_knuckles", named("{same}_chest", hand))
        goals.append(contact(pair, at, at + 0.07, faces_skin=False))
        goals += [free(pair, 0.0, times[0] - 0.4), free(pair, end - 0.3, end)]
    parameters = {"side": side, "count": float(count), "tempo": tempo, "seed": float(seed)}
    style = Style(tuple(sorted(keys, key=lambda k: k.time_s)), seed, springs=_QUICK)
    return instance("beat_chest", parameters, Timing(end=end), (tuple(dict.fromkeys(goals)), style))


def rub_belly(side: Side, tempo: float, seed: int, count: int = 2) -> Program:
    """Rub the belly in ``count`` circles: the palm stays on the skin all the way round."""
    circle = ("belly", "{other}_belly", "upper_belly", "{same}_belly")
    places = [named(circle[n % 4], side) for n in range(4 * count + 1)]
    times = beats(len(places), 1.0 / tempo, 0.24 / tempo, seed)
    arm = Arm((0.35, -0.95, 0.15), (-0.8, -0.1, 0.6), palm=(0, 0, -1))
    over = Posture(left_arm=Arm((0.4, -0.9, 0.2), (-0.25, 0.0, 0.95), palm=(-0.6, 0, -0.8)))
    there = Posture(left_arm=arm, left_fingers=(12, 6))
    trunk = Posture(spine=(-3, 0, 0), head=(12, -3, 0), root=(0.01, -0.016, 0.01))
    parameters = {"side": side, "tempo": tempo, "count": float(count), "seed": float(seed)}
    return _glided("rub_belly", parameters, (f"{side}_palm", places, times), (there, over, trunk))


def wipe_brow(side: Side, tempo: float, seed: int) -> Program:
    """Wipe the sweat off the brow with the back of the hand."""
    places = [named("{other}_temple", side), "forehead", named("{same}_temple", side)]
    times = beats(len(places), 1.1 / tempo, 0.34 / tempo, seed)
    arm = Arm((0.7, 0.3, 0.7), (-0.85, 0.5, -0.15), palm=(0, 0.2, 1), shoulder=(10, 6))
    over = Posture(left_arm=Arm((0.55, -0.3, 0.75), (-0.5, 0.6, 0.55), palm=(-0.2, -0.3, 0.5), shoulder=(4, 4)))
    there = Posture(left_arm=arm, left_fingers=(14, 8))
    trunk = Posture(spine=(-3, 0, 0), head=(4, 3, 0), root=(0.015, -0.014, 0))
    parameters = {"side": side, "tempo": tempo, "seed": float(seed)}
    return _glided("wipe_brow", parameters, (f"{side}_hand_back", places, times), (there, over, trunk))


def _glided(
    intent: str,
    parameters: Mapping[str, float | str],
    way: tuple[str, list[str], list[float]],
    postures: tuple[Posture, Posture, Posture],
) -> Program:
    """Put together a program in which a vertex glides over places at times; postures are those of the left side."""
    vertex, places, times = way
    side: Side = "left" if parameters["side"] == "left" else "right"
    seed, start, last = int(parameters["seed"]), 0.25, times[-1] + 0.05
    there, over, trunk = (mirrored(p, side) for p in postures)
    end = last + 1.0
    goals: list[Goal] = [*both_planted(end), *glide(vertex, places, times)]
    for place in dict.fromkeys(places):
        goals += [free((vertex, place), 0.0, start + 0.3 * (times[0] - start)), free((vertex, place), end - 0.3, end)]
    ease, over = at_ease(seed), opened(over)
    keys = keys_of((0.0, ease), (start, ease), (times[0], there), (last, there), (end - 0.15, ease))
    between = (start + 0.6 * (times[0] - start), last + 0.36)
    keys += keys_of(*((t, over) for t in between), through=True)
    keys += (*lived(trunk, (times[0] - 0.15, last + 0.1), seed), *keys_of((times[0], mirrored(idle_arm(seed), side))))
    return instance(intent, parameters, Timing(end=end), (tuple(goals), Style(keys, seed)))


def drink(side: Side, tempo: float, seed: int) -> Program:
    """Lift a cup to the mouth, tip the head back, set it down."""
    raised = Arm((0.4, -0.6, 0.7), (-0.5, 0.8, 0.05), palm=(-0.85, 0.1, -0.5))
    tipped = Arm((0.52, -0.35, 0.78), (-0.5, 0.82, -0.05), palm=(-0.85, 0.2, -0.5), shoulder=(4, 4))
    forward = Arm((0.3, -0.9, 0.3), (0.0, 0.15, 0.95), palm=(-1, 0, 0))
    ease, grip = at_ease(seed), (34.0, 12.0)
    first = mirrored(Posture(left_arm=raised, left_fingers=grip, spine=(-1, 0, 0), head=(2, 0, 0)), side)
    second = mirrored(Posture(left_arm=tipped, left_fingers=grip, spine=(-6, 0, 0), head=(-16, 0, 0)), side)
    way = mirrored(Posture(left_arm=forward, left_fingers=grip, head=(8, 2, 0)), side)
    times = [t / tempo for t in (0.25, 0.65, 1.05, 1.4, 1.75, 2.15, 2.5, 2.65)]
    start, carry, there, tip, leave, lower, back, end = times
    keys = keys_of((0.0, ease), (start, ease), (there, first), (tip, second), (leave, second), (back, ease))
    keys += keys_of((carry, way), (lower, way), through=True)
    keys += keys_of((there, mirrored(idle_arm(seed), side)))
    pair = (f"{side}_thumb_tip", "mouth")
    goals: list[Goal] = [*both_planted(end), contact(pair, there + 0.05, leave, faces_skin=False)]
    goals += [free(pair, 0.0, carry), free(pair, lower + 0.1, end)]
    parameters = {"side": side, "tempo": tempo, "seed": float(seed)}
    holding = Fact(part="left_hand", state="holding", from_s=carry, to_s=lower, object="cup")
    if side == "right":
        holding = Fact(part="right_hand", state="holding", from_s=carry, to_s=lower, object="cup")
    said, content = {"object": "cup"}, (tuple(goals), Style(keys, seed))
    return instance("drink", parameters, Timing(end=end), content, said=said, facts=(holding,))


_COUNTED: Mapping[str, Choice | Range] = {"side": SIDES, "count": Range(2, 5, 1), "tempo": TEMPO}
_SIDED: Mapping[str, Choice | Range] = {"side": SIDES, "tempo": TEMPO}

RHYTHM_INTENTS: tuple[Intent, ...] = (
    Intent("clap", "clap", clap, {**_COUNTED, "amplitude": Range(0.7, 1.5)}, "contact"),
    Intent("beat_chest", "beat_chest", beat_chest, _COUNTED, "contact"),
    Intent("rub_belly", "rub_belly", rub_belly, {**_SIDED, "count": Range(1, 3, 1)}, "contact"),
    Intent("wipe_brow", "touch face", wipe_brow, _SIDED, "contact"),
    Intent("drink", "drink", drink, _SIDED, "contact"),
)
