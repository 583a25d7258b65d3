"""Words for getting from place to place, and for jumps and steps on the spot."""

from collections.abc import Mapping

from ..entry import Entry
from .head import COUNTED, SIDE

LOCOMOTION: Mapping[str, Entry] = {
    "walk": Entry(
        label="[walk] forwards", silent=("direction", "manner"), speeds=(1.1, 1.4),
        hands=("[swing] along with the steps",) * 2,
        train=(
            "[walk] forwards",
            "[walk] straight ahead",
            "[take] several steps forwards",
            "[walk] along in a straight line",
        ),
        test=("[stroll] along", "[go] ahead on foot", "[pace] ahead in a line"),
    ),
    "walk_backwards": Entry(
        label="[walk] backwards", silent=("direction", "manner"), speeds=(0.65, 0.9),
        hands=("[swing] along with the steps",) * 2,
        train=(
            "[walk] backwards",
            "[take] several steps back",
            "[walk] backwards in a straight line",
            "[step] back again and again without turning around",
        ),
        test=("[retreat] step by step", "[back] away in a line"),
    ),
    "run": Entry(
        label="[run]", silent=("direction", "manner"), speeds=(2.4, 3.1), hands=("[swing] with bent elbows",) * 2,
        train=(
            "[run] forwards",
            "[run] straight ahead",
            "[run] with bent arms",
            "[jog] forwards in a straight line",
        ),
        test=("[dash] ahead", "[trot] ahead along a line"),
    ),
    "sidestep": Entry(
        label="[step] sideways", silent=("direction", "manner"), says=SIDE,
        train=(
            "[take] a step to the side",
            "[step] to the {side}",
            "[step] sideways to the {side} and [close] {their} feet",
            "[move] sideways by one step",
        ),
        test=("[shuffle] over sideways", "[shift] one pace over to {their} {side}"),
    ),
    "turn": Entry(
        label="[turn] around", silent=("direction", "manner"), says=("side", "angle_deg"),
        train=(
            "[turn] on the spot",
            "[turn] to the {side} {angle}",
            "[step] around to the {side} {angle}",
            "[turn] the whole body on the spot with small steps",
        ),
        test=("[rotate] while stepping in place", "[pivot] to {their} {side} {angle}"),
    ),
    "jump": Entry(
        label="[jump]", silent=("direction", "manner"), hands=("[swing] up",) * 2,
        body=("the knees bend before and after the leap",),
        train=(
            "[jump]",
            "[jump] up on the spot",
            "[bend] {their} knees and [jump] straight up",
            "[jump] into the air with both feet and [land] in the same place",
        ),
        test=("[leap] skyward in place", "[spring] off the floor and [come] down again"),
    ),
    "jump_forward": Entry(
        label="[jump] forwards", silent=("direction", "manner"), hands=("[swing] forward",) * 2,
        body=("the knees bend before and after the leap",),
        train=(
            "[jump] forwards",
            "[jump] forwards with both feet",
            "[swing] both arms and [jump] to the front",
            "[bend] {their} knees and [make] a long jump",
        ),
        test=("[leap] ahead", "[bound] ahead from a standing start"),
    ),
    "hop": Entry(
        label="[hop] on one foot", hands=("[swing] along for balance",) * 2, silent=("direction",), says=COUNTED,
        train=(
            "[hop] on one foot",
            "[hop] on the {side} foot{times}",
            "[stand] on the {side} leg and [hop]{times}",
            "[hop] up and down on a single leg",
        ),
        test=("[bounce] upon one leg", "[bounce] upon the {side} leg{times}"),
    ),
    "march": Entry(
        label="[march]", silent=("direction", "manner"), hands=("[swing] along with the steps",) * 2,
        body=("the knees are lifted high in turn",),
        train=(
            "[march] on the spot",
            "[march] with high knees",
            "[lift] {their} knees high in turn as in marching",
            "[march] in place, swinging both arms",
        ),
        test=("[parade] like a soldier", "[drill] with knees pulled high"),
    ),
    "tiptoe": Entry(
        label="[walk] on tiptoe", kinds=("walk",), silent=("direction", "manner"), speeds=(0.6, 0.9),
        body=("the heels stay off the ground",),
        train=(
            "[walk] on tiptoe",
            "[walk] forwards on the balls of {their} feet",
            "[take] small steps on the toes",
            "[go] forwards with the heels raised",
        ),
        test=("[move] ahead without letting the heels down", "[tiptoe] ahead"),
    ),
    "sneak": Entry(
        label="[sneak]", kinds=("walk",), hands=("[be] held in front of the chest",) * 2,
        silent=("direction", "manner"),
        speeds=(0.6, 0.9), body=("the knees and the trunk are bent",),
        train=(
            "[sneak] forwards",
            "[sneak] ahead with bent knees",
            "[creep] forwards, bent low, so as not to be heard",
            "[walk] stealthily, crouched low",
        ),
        test=("[prowl] like a thief", "[steal] ahead, stooping"),
    ),
    "limp": Entry(
        label="[limp]", kinds=("walk",), hands=("[hang] down", "[swing] along with the steps"),
        silent=("direction", "manner"),
        says=SIDE, speeds=(0.6, 0.9),
        body=("the weight is taken off one leg quickly",),
        train=(
            "[limp] forwards",
            "[limp] with the {side} leg",
            "[walk] forwards with a bad {side} leg",
            "[walk] with a limp as if one leg hurt",
        ),
        test=("[hobble] along", "[hobble] along, sparing the {side} leg"),
    ),
    "jumping_jacks": Entry(
        label="[do] jumping jacks", says=("count",), hands=("[swing] up at the side and down again",) * 2,
        train=(
            "[do] jumping jacks",
            "[jump] as in a jumping jack{times}",
            "[jump] with the feet apart and together{times}, swinging both arms",
            "[jump] and [swing] both arms overhead at every leap",
        ),
        test=("[perform] star jumps", "[leap] into a straddle and back{times} with arms going up and down"),
    ),
}  # fmt: skip
