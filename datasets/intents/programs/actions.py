"""Intents without self-contact that stay on the spot: wave, point, bow, squat, kick, punch, jump."""

from dataclasses import replace

from .common import FIST, Timing, at_ease, both_planted, instance, keys_of, mirrored, other
from .goals import Goal, Plant, Side
from .postures import Arm, Foot, Posture
from .program import Program
from .style import Key, Style


def wave(side: Side, count: int, tempo: float, seed: int) -> Program:
    """Raise a hand and wave it ``count`` times."""
    ease, beat, up = at_ease(seed), 0.36 / tempo, 0.95 / tempo
    outward = Arm((0.85, -0.1, 0.3), (0.42, 0.9, 0.2), palm=(0, 0.2, 1), shoulder=(8, 0))
    inward = Arm((0.85, -0.1, 0.3), (-0.28, 0.92, 0.25), palm=(0, 0.2, 1), shoulder=(8, 0))
    body = Posture(left_fingers=(4, 2), spine=(0, 3, -3), head=(-2, 6, 3), root=(-0.02, -0.012, 0))
    last = up + count * beat
    end = last + 0.95
    keys = [*keys_of((0.0, ease), (0.22, ease)), Key(up, mirrored(body, side)), Key(last, mirrored(body, side))]
    for half in range(2 * count + 1):
        arm = outward if half % 2 else inward
        keys.append(Key(up + half * 0.5 * beat, mirrored(Posture(left_arm=arm), side)))
    keys += keys_of((last + 0.7, ease))
    parameters = {"side": side, "count": float(count), "tempo": tempo, "seed": float(seed)}
    style = Style(tuple(keys), seed, springs={"left_arm": 6.0, "right_arm": 6.0})
    return instance("wave", parameters, Timing(end=end), (both_planted(end), style))


def point(side: Side, yaw_deg: float, tempo: float, seed: int) -> Program:
    """Point straight ahead or to the side with a stretched arm and look there."""
    timing = Timing(0.3, 0.95, 1.75, 2.4, 2.55).scaled(tempo)
    out = yaw_deg / 90
    arm = Arm((out, -0.02, 1 - 0.6 * out), (out - 0.03, 0.03, 1 - 0.6 * out), palm=(-0.4, -1, 0.1), shoulder=(6, 8))
    there = Posture(
        left_arm=arm, left_fingers=(10, 14), spine=(2, 0.15 * yaw_deg, 0), head=(0, 0.5 * yaw_deg, 0),
        root=(0.0, -0.014, 0.02),
    )  # fmt: skip
    drawn = Posture(left_arm=Arm((0.3, -0.85, 0.3), (0.0, 0.2, 0.9), palm=(-0.8, -0.5, 0)), root=(0, -0.014, -0.012))
    ease = at_ease(seed)
    keys = list(keys_of((0.0, ease), (timing.start, ease), (timing.back, ease)))
    keys += keys_of((timing.there, mirrored(there, side)), (timing.leave, mirrored(there, side)))
    keys.append(Key(timing.start + 0.45 * (timing.there - timing.start), mirrored(drawn, side), True))
    parameters = {"side": side, "yaw": yaw_deg, "tempo": tempo, "seed": float(seed)}
    return instance("point", parameters, timing, (both_planted(timing.end), Style(tuple(keys), seed)))


def bow(depth_deg: float, tempo: float, seed: int) -> Program:
    """Bow from the hips, hold it, rise."""
    timing = Timing(0.3, 1.1, 1.6, 2.4, 2.6).scaled(tempo)
    arm = Arm((0.26, -1.0, 0.05), (0.16, -1.0, 0.2))
    low = Posture(
        left_arm=replace(arm, upper=(0.2, -0.85, 0.55), fore=(0.1, -0.8, 0.65)),
        right_arm=replace(arm, upper=(0.2, -0.85, 0.55), fore=(0.1, -0.8, 0.65)),
        hips=(0.62 * depth_deg, 0, 0), spine=(0.4 * depth_deg, 0, 0), head=(0.25 * depth_deg, 0, 0),
        root=(0, -0.02, -0.0022 * depth_deg),
    )  # fmt: skip
    ease = at_ease(seed)
    keys = keys_of((0.0, ease), (timing.start, ease), (timing.there, low), (timing.leave, low), (timing.back, ease))
    parameters = {"depth": depth_deg, "tempo": tempo, "seed": float(seed)}
    return instance("bow", parameters, timing, (both_planted(timing.end), Style(keys, seed)))


def squat(depth: float, tempo: float, seed: int) -> Program:
    """Squat with the arms stretched forwards and stand up again; ``depth`` is how far the hips sink, in L."""
    timing = Timing(0.25, 1.05, 1.4, 2.3, 2.5).scaled(tempo)
    arm = Arm((0.15, 0.0, 1.0), (0.05, 0.05, 1.0), palm=(-0.5, -1, 0))
    low = Posture(
        left_arm=arm, right_arm=arm, hips=(26, 0, 0), spine=(12, 0, 0), head=(-22, 0, 0),
        root=(0, -depth, -0.38 * depth), knees=(14, 14),
    )  # fmt: skip
    ease = at_ease(seed)
    keys = keys_of((0.0, ease), (timing.start, ease), (timing.there, low), (timing.leave, low), (timing.back, ease))
    parameters = {"depth": depth, "tempo": tempo, "seed": float(seed)}
    return instance("squat", parameters, timing, (both_planted(timing.end), Style(keys, seed)))


def kick(side: Side, height: float, tempo: float, seed: int) -> Program:
    """Kick forwards; ``height`` of the foot in L."""
    a, b, c, d, e, f, end = (t / tempo for t in (0.35, 0.75, 0.98, 1.14, 1.5, 1.95, 2.5))
    ease = at_ease(seed)
    guard = Arm((0.35, -0.85, 0.35), (-0.1, 0.5, 0.85), palm=(-1, 0, 0))
    low = Arm((0.6, -0.8, -0.3), (0.4, -0.8, 0.45))
    lean = Posture(
        hips=(2, -6, 5), spine=(4, 5, -4), root=(-0.085, -0.03, 0.0), left_arm=guard, right_arm=guard,
        left_fingers=FIST, right_fingers=FIST,
    )  # fmt: skip
    chamber = Posture(
        left_foot=Foot(-0.03, 0.36, 0.04, heel_up=42), hips=(-4, -10, 4), spine=(8, 8, -4), root=(-0.095, -0.03, 0.0),
    )  # fmt: skip
    out = Posture(
        left_foot=Foot(-0.05, height, 0.74, heel_up=-8), hips=(-14, -14, 2), spine=(8, 12, -2), head=(6, 2, 0),
        root=(-0.095, -0.025, 0.03), left_arm=low, right_arm=guard,
    )  # fmt: skip
    back = Posture(left_foot=Foot(-0.03, 0.34, 0.06, heel_up=40), hips=(-3, -6, 4), spine=(6, 4, -4), left_arm=guard)
    settle = Posture(root=(-0.075, -0.035, 0.0), left_foot=Foot())
    timed = ((a, Posture(left_foot=Foot())), (b, lean), (c, chamber), (d, out), (d + 0.06, out), (e, back), (f, settle))
    keys = [Key(0.0, ease), Key(0.15, ease), *(Key(t, mirrored(p, side)) for t, p in timed), Key(end - 0.1, ease)]
    # The mirrored standing foot of at_ease must not interrupt the kick: it is keyed at both ends only.
    keys.append(Key(b - 0.12, mirrored(Posture(left_foot=Foot(0, 0.02, -0.03, heel_up=28)), side), True))
    goals: tuple[Goal, ...] = (
        Plant(foot=other(side), from_s=0.0, to_s=end),
        Plant(foot=side, from_s=0.0, to_s=a),
        Plant(foot=side, from_s=f + 0.05, to_s=end),
    )
    parameters = {"side": side, "height": height, "tempo": tempo, "seed": float(seed)}
    style = Style(tuple(keys), seed, springs={"left_arm": 6.0, "right_arm": 6.0, "hips": 7.0, "spine": 6.0})
    return instance("kick", parameters, Timing(end=end), (goals, style))


def punch(side: Side, count: int, tempo: float, seed: int) -> Program:
    """Punch forwards ``count`` times from a guard, the other hand stays up."""
    ease, beat, first = at_ease(seed), 0.5 / tempo, 0.95 / tempo
    guard = Arm((0.35, -0.9, 0.35), (-0.22, 0.75, 0.6), palm=(-0.8, 0, -0.6), shoulder=(4, 4))
    wound = Arm((0.5, -0.8, -0.2), (-0.1, 0.35, 0.95), palm=(-1, 0.2, 0))
    out = Arm((-0.05, -0.06, 1.0), (-0.14, 0.0, 1.0), palm=(-0.2, -1, 0), shoulder=(4, 20))
    last = first + (count - 1) * beat
    end = last + 1.05
    stance = Posture(
        left_arm=guard, right_arm=guard, left_fingers=FIST, right_fingers=FIST, spine=(8, 0, 0), head=(-4, 0, 0),
        hips=(2, 0, 0), root=(0, -0.05, 0.0), knees=(6, 6),
    )  # fmt: skip
    keys = [*keys_of((0.0, ease), (0.15, ease), (0.6 / tempo, stance), (end - 0.55, stance), (end - 0.1, ease))]
    for number in range(count):
        at = first + number * beat
        pull = Posture(left_arm=wound, spine=(6, 14, 0), hips=(2, 7, 0), root=(0.01, -0.05, -0.02))
        hit = Posture(left_arm=out, spine=(9, -17, 0), hips=(4, -10, 0), root=(-0.01, -0.055, 0.035))
        rest = Posture(left_arm=guard, spine=(8, 0, 0), hips=(2, 0, 0), root=(0, -0.05, 0.0))
        timed = ((at - 0.17, pull), (at, hit), (at + 0.05, hit), (at + 0.27, rest))
        keys += [Key(t, mirrored(p, side)) for t, p in timed]
    quick = {"left_arm": 8.0, "right_arm": 8.0, "spine": 7.0, "hips": 7.0}
    parameters = {"side": side, "count": float(count), "tempo": tempo, "seed": float(seed)}
    style = Style(tuple(keys), seed, springs=quick)
    return instance("punch", parameters, Timing(end=end), (both_planted(end), style))


def jump(height: float, tempo: float, seed: int) -> Program:
    """Jump up on the spot; ``height`` of the feet in L. The time in the air follows from gravity on a 0.85 m leg."""
    ease = at_ease(seed)
    air = 2 * (2 * height * 0.85 / 9.81) ** 0.5
    crouch, lift = 0.85 / tempo, 1.08 / tempo
    land = lift + air
    down, settle, end = land + 0.16, land + 0.65, land + 1.0
    back = Arm((0.3, -0.85, -0.5), (0.25, -0.9, -0.25))
    up = Arm((0.3, 0.35, 0.9), (0.1, 0.7, 0.75), palm=(-1, 0, 0), shoulder=(8, 0))
    soft = Arm((0.5, -0.8, 0.3), (0.2, -0.5, 0.8))
    low = Posture(
        left_arm=back,
        right_arm=back,
        hips=(26, 0, 0),
        spine=(22, 0, 0),
        head=(-16, 0, 0),
        root=(0, -0.22, -0.09),
        knees=(6, 6),
    )
    stretched = Posture(
        left_arm=up, right_arm=up, hips=(-2, 0, 0), spine=(-2, 0, 0), head=(-6, 0, 0), root=(0, 0.045, 0.0)
    )
    on_toes = Posture(left_foot=Foot(heel_up=32), right_foot=Foot(heel_up=32))
    flat = Posture(left_foot=Foot(), right_foot=Foot())
    absorb = Posture(
        left_arm=soft,
        right_arm=soft,
        hips=(18, 0, 0),
        spine=(16, 0, 0),
        head=(-10, 0, 0),
        root=(0, -0.17, -0.06),
        knees=(6, 6),
    )
    keys = [*keys_of((0.0, ease), (0.25, ease), (crouch, low), (crouch, flat), (lift - 0.13, flat))]
    keys += [Key(lift, stretched, True), Key(lift, on_toes, True)]
    for part in (0.25, 0.5, 0.75):
        rise = 4 * height * part * (1 - part)
        feet = Foot(up=rise, heel_up=34 - 12 * part)
        keys.append(
            Key(
                lift + part * air,
                Posture(root=(0, 0.03 + rise - 0.03 * part, 0), left_foot=feet, right_foot=feet),
                True,
            )
        )
    keys += [Key(land, Posture(root=(0, -0.01, 0), left_foot=Foot(heel_up=16), right_foot=Foot(heel_up=16)), True)]
    keys += keys_of((land + 0.07, flat), (down, absorb), (settle, ease), (end, flat))
    both: tuple[Side, ...] = ("left", "right")
    goals: tuple[Goal, ...] = tuple(
        Plant(foot=foot, from_s=a, to_s=b) for foot in both for a, b in ((0.0, lift - 0.14), (land + 0.08, end))
    )
    parameters = {"height": height, "tempo": tempo, "seed": float(seed)}
    quick = {"root": 0.0, "hips": 8.0, "spine": 7.0, "left_arm": 6.0, "right_arm": 6.0}
    return instance("jump", parameters, Timing(end=end), (goals, Style(tuple(keys), seed, springs=quick)))


def idle_arms(swing: float = 0.0) -> tuple[Arm, Arm]:
    """Return both arms hanging, swung by ``swing`` (left forwards when positive)."""

    def arm(front: float) -> Arm:
        """Swing one arm."""
        elbow = 0.24 + 0.35 * max(front, 0.0)
        return Arm((0.24, -1.0, -0.04 + front), (0.1, -1.0, elbow + 1.25 * front))

    return arm(swing), arm(-swing)
