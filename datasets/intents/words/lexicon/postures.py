"""Words for acts that end in another posture: sinking, leaning, balancing, stretching."""

from collections.abc import Mapping

from ..entry import Entry
from .head import SIDE

POSTURES: Mapping[str, Entry] = {
    "squat": Entry(
        label="[squat]", hands=("[be] stretched out to the front",) * 2, body=("the knees bend and the hips sink",),
        train=(
            "[squat]",
            "[squat] down and [rise] again",
            "[bend] {their} knees into a squat with the arms stretched forwards",
            "[do] a squat",
        ),
        test=("[exercise] the legs by bending both knees", "[lower] {their} hips to knee height and [come] back up"),
    ),
    "crouch": Entry(
        label="[crouch]", hands=("[be] held low in front of the body",) * 2,
        body=("the knees bend deeply and the trunk leans forward",),
        train=(
            "[crouch] down",
            "[crouch] low over {their} feet",
            "[get] down into a crouch and [stay] there for a moment",
            "[bend] {their} knees deeply and [make] {themselves} small",
        ),
        test=("[duck] behind cover", "[huddle] close to the floor"),
    ),
    "kneel": Entry(
        label="[kneel] down", says=SIDE, hands=("[be] held above the raised thigh", "[hang] down"),
        body=("one knee goes down to the ground",),
        train=(
            "[kneel] down",
            "[kneel] on the {other} knee",
            "[go] down on the {other} knee",
            "[kneel] down on one knee as if to tie a shoe",
        ),
        test=("[genuflect]", "[lower] {their} {other} knee to the floor"),
    ),
    "sit": Entry(
        label="[sit] down", silent=("object",), hands=("[be] held above the thighs",) * 2,
        body=("the hips sink back to the height of a seat",),
        train=(
            "[sit] down",
            "[sit] down on a chair",
            "[lower] {themselves} onto a seat",
            "[sit] on a chair that cannot be seen",
        ),
        test=("[take] a seat", "[settle] onto a stool"),
    ),
    "lunge": Entry(
        label="[lunge]", says=SIDE, hands=("[be] held in front with bent elbows",) * 2, body=("the front knee bends",),
        train=(
            "[lunge] forwards",
            "[lunge] with the {side} leg in front",
            "[take] a long step with the {side} foot and [bend] both knees",
            "[make] a deep lunge to the front",
        ),
        test=("[do] a fencer's step", "[sink] into a split stance, the {side} leg leading"),
    ),
    "lean_sideways": Entry(
        label="[lean] sideways", says=SIDE, hands=("[hang] down", "[be] held above the head"),
        body=("the trunk leans to one side",),
        train=(
            "[lean] sideways",
            "[lean] to the {side}",
            "[bend] the upper body to the {side} with the {other} arm overhead",
            "[stretch] {their} flank by leaning sideways",
        ),
        test=("[do] a side bend", "[incline] {their} torso to the {side} for a moment"),
    ),
    "stand_on_one_leg": Entry(
        label="[stand] on one leg", says=SIDE, hands=("[be] held out to the side",) * 2, body=("one knee is lifted",),
        train=(
            "[stand] on one leg",
            "[stand] on the {other} leg",
            "[balance] on the {other} foot with the {side} one lifted",
            "[lift] one foot and [keep] {their} balance",
        ),
        test=("[pose] like a flamingo", "[balance] in the manner of a stork upon the {other} leg"),
    ),
    "stretch_up": Entry(
        label="[stretch] up", hands=("[be] stretched up above the head",) * 2,
        train=(
            "[stretch]",
            "[stretch] both arms up to the sky",
            "[raise] both arms overhead and [stretch] the whole body",
            "[stretch] as if just out of bed",
        ),
        test=("[wake] up and [extend] every limb", "[extend] both arms toward the ceiling"),
    ),
    "twist": Entry(
        label="[twist] the trunk", says=SIDE, hands=("[be] held out to the side",) * 2,
        body=("the trunk turns to one side and then to the other",),
        train=(
            "[twist] {their} upper body",
            "[turn] the trunk from side to side, first to the {side}",
            "[twist] at the waist, to the {side} first, with both arms held out",
            "[twist] from one side to the other with the arms out",
        ),
        test=("[rotate] {their} torso like in gym class", "[swing] {their} torso around, beginning on the {side}"),
    ),
    "bend_forward": Entry(
        label="[bend] forward", hands=("[hang] toward the ground",) * 2,
        body=("the trunk folds forward over straight legs",),
        train=(
            "[bend] forward",
            "[bend] over and [let] the arms hang",
            "[bend] the upper body far down and [come] up again",
            "[fold] forward at the hips with straight legs",
        ),
        test=("[droop] from the waist", "[stoop] until both arms dangle"),
    ),
    "rise_on_toes": Entry(
        label="[rise] on the toes", says=("count",),
        train=(
            "[rise] onto {their} toes",
            "[rise] onto the toes{times}",
            "[lift] both heels off the ground{times}",
            "[stand] on the balls of both feet and [sink] back",
        ),
        test=("[do] calf raises", "[go] up on tiptoe{times} in place"),
    ),
}  # fmt: skip
