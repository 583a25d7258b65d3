"""Words for actions: fighting, throwing, and work with the hands."""

from collections.abc import Mapping

from ..entry import Entry
from .head import COUNTED, SIDE

ACTIONS: Mapping[str, Entry] = {
    "punch": Entry(
        label="[punch]", says=COUNTED, hands=("[punch] forward", "[be] held up as a guard"),
        body=("the trunk turns with each blow",),
        train=(
            "[punch] forwards",
            "[punch] with the {side} fist{times}",
            "[take] a fighting stance and [punch] with the {side} hand{times}",
            "[throw] a straight punch at someone in front",
        ),
        test=("[box] at an opponent", "[land] a straight blow with the {side} fist{times}",
              "[jab] at the air with the {side} fist{times}"),
    ),
    "uppercut": Entry(
        label="[punch] upwards", says=COUNTED, hands=("[punch] upward", "[be] held up as a guard"),
        body=("the knees bend before the blow",),
        train=(
            "[throw] an uppercut",
            "[throw] an uppercut with the {side} fist{times}",
            "[swing] the {side} fist up from below{times}",
            "[punch] upwards with a bent arm",
        ),
        test=("[hit] an opponent's chin from below", "[drive] the {side} fist skywards{times} against a chin"),
    ),
    "kick": Entry(
        label="[kick]", hands=("[be] held up as a guard",) * 2, says=SIDE, body=("one leg swings out to the front",),
        train=(
            "[kick] forwards",
            "[kick] with the {side} foot",
            "[lift] the {side} knee and [kick] to the front",
            "[give] a kick to something in front",
        ),
        test=("[boot] an opponent", "[snap] the {side} leg out ahead in a kick",
              "[launch] the {side} foot at a target ahead"),
    ),
    "throw": Entry(
        label="[throw] something", says=SIDE,
        hands=("[swing] overhead and forward in a throw", "[be] stretched out to the front for aim"),
        body=("the trunk turns into the throw",),
        train=(
            "[throw] a ball",
            "[throw] something forwards with the {side} hand",
            "[draw] back the {side} arm and [throw]",
            "[make] an overarm throw to the front",
        ),
        test=("[pitch] a baseball", "[hurl] something ahead with the {side} arm"),
    ),
    "push": Entry(
        label="[push]", silent=("side",), hands=("[push] forward at the height of the chest",) * 2,
        train=(
            "[push] forwards with both hands",
            "[push] something heavy away",
            "[stretch] both arms forwards to [push:base] something",
            "[put] both hands out in front and [push]",
        ),
        test=("[shove] an obstacle aside", "[shove] against a wall using two palms"),
    ),
    "pull": Entry(
        label="[pull]", says=("count",), silent=("side",), hands=("[pull] back to the waist",) * 2,
        train=(
            "[pull] something closer with both hands",
            "[reach] out and [pull] on a rope{times}",
            "[stretch] both arms out and [pull] something in{times}",
            "[pull] with both arms",
        ),
        test=("[tug] at a line", "[haul] in a load{times} by using both arms"),
    ),
    "lift": Entry(
        label="[lift] something up", hands=("[lift] something from the ground",) * 2,
        body=("the knees bend and stretch again",),
        train=(
            "[lift] a box from the ground",
            "[bend] down and [lift] something with both hands",
            "[pick] up a heavy box and [raise] it",
            "[squat] down and [lift] a box",
        ),
        test=("[hoist] a crate off the floor", "[heave] a load upward from between {their} feet"),
    ),
    "sweep": Entry(
        label="[sweep] the floor", silent=("side",), says=("count",),
        hands=("[sweep] with a broom in front of the body",) * 2,
        train=(
            "[sweep] the floor",
            "[sweep] the ground with a broom{times}",
            "[swing] a broom from side to side{times}",
            "[hold] a broom and [sweep] with it",
        ),
        test=("[clean] up with a besom", "[brush] the ground from side to side{times} with a long handle"),
    ),
    "chop": Entry(
        label="[chop] wood", says=("count",), hands=("[chop] down from above the head",) * 2,
        body=("the trunk bends with each stroke",),
        train=(
            "[chop] wood",
            "[chop] with an axe{times}",
            "[raise] both hands overhead and [chop] down{times}",
            "[swing] an axe down from above{times}",
        ),
        test=("[split] logs", "[hack] at a log{times} using two hands"),
    ),
    "knock": Entry(
        label="[knock] on a door", says=COUNTED, hands=("[knock] in the air in front of the chest", "[hang] down"),
        train=(
            "[knock] on a door",
            "[knock] with the {side} hand{times}",
            "[raise] the {side} fist and [knock] on a door{times}",
            "[knock] at a door with one fist",
        ),
        test=("[ask] to be let in", "[rap] at an entrance with the {side} knuckles{times}"),
    ),
    "stir": Entry(
        label="[stir]", says=COUNTED,
        hands=("[stir] in circles in front of the belly", "[be] held in front of the belly"),
        train=(
            "[stir] a pot",
            "[stir] with the {side} hand{times}",
            "[move] the {side} hand in circles as if to stir a pot{times}",
            "[stir] something in front",
        ),
        test=("[cook] a stew", "[mix] a batter with the {side} hand{times}"),
    ),
    "row": Entry(
        label="[row]", says=("count",), hands=("[reach] forward and [pull] back in turn",) * 2,
        train=(
            "[row] a boat",
            "[row] with both arms{times}",
            "[reach] forwards and [pull] back{times} as in rowing",
            "[pull] at two oars",
        ),
        test=("[paddle] across a lake", "[heave] on a pair of oars{times}"),
    ),
    "climb": Entry(
        label="[climb]", silent=("side",), says=("count",), hands=("[reach] up and [pull] down in turn",) * 2,
        train=(
            "[climb] a rope",
            "[climb] with both hands in turn{times}",
            "[reach] up and [pull] down{times}, one hand after the other",
            "[make] the movements of climbing",
        ),
        test=("[ascend] a ladder", "[scale] a wall with alternating hands{times}"),
    ),
}  # fmt: skip
