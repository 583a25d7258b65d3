"""Words for games and for work with tools that are not shown."""

from collections.abc import Mapping

from ..entry import Entry
from .head import COUNTED, SIDE

PLAY: Mapping[str, Entry] = {
    "kick_side": Entry(
        label="[kick] sideways", hands=("[be] held up as a guard",) * 2, says=SIDE, silent=("direction",),
        body=("one leg is thrust out to the side",),
        train=(
            "[kick] sideways",
            "[kick] to the {side} with the {side} foot",
            "[lift] the {side} knee and [kick] out to the side",
            "[give] a sideways kick",
        ),
        test=("[fend] off somebody at the side with a leg", "[thrust] the {side} leg out laterally in a kick"),
    ),
    "kick_back": Entry(
        label="[kick] backwards", hands=("[be] held up as a guard",) * 2, says=SIDE,
        body=("one leg swings out behind",),
        train=(
            "[kick] backwards",
            "[kick] back with the {side} foot",
            "[swing] the {side} leg out behind in a kick",
            "[kick] at something behind",
        ),
        test=("[lash] out rearward like a mule", "[lash] the {side} heel rearward"),
    ),
    "block": Entry(
        label="[block] a blow", hands=("[be] held up before the face",) * 2, body=("the head is tucked in",),
        train=(
            "[block] a blow with both arms",
            "[raise] both forearms to block a punch",
            "[take] a fighting stance and [cover] up",
            "[hold] both arms up before {their} face as a guard",
        ),
        test=("[parry] an attack", "[shield] {themselves} behind two forearms"),
    ),
    "stomp": Entry(
        label="[stomp]", says=COUNTED, body=("one knee is lifted before the foot comes down hard",),
        train=(
            "[stomp] on the ground",
            "[stomp] the {side} foot{times}",
            "[lift] the {side} foot and [stomp] on the ground{times}",
            "[stamp] on the ground with one foot as if angry",
        ),
        test=("[crush] something underfoot", "[bring] the {side} heel down hard{times} as in a tantrum"),
    ),
    "bowl": Entry(
        label="[bowl] a ball", says=SIDE, silent=("direction", "height"), body=("the trunk bends forward",),
        hands=("[swing] forward from below", "[hang] down"),
        train=(
            "[bowl] a ball",
            "[roll] a ball forwards with the {side} hand",
            "[swing] the {side} arm back and [bowl] a ball along the ground",
            "[throw] a ball underarm",
        ),
        test=("[play] at tenpins", "[send] a ball rolling off the {side} hand"),
    ),
    "catch": Entry(
        label="[catch] a ball", hands=("[be] drawn in to the chest with a ball",) * 2,
        train=(
            "[catch] a ball with both hands",
            "[stretch] out both hands and [catch] a ball",
            "[catch] something and [pull] it to the chest",
            "[reach] out to [catch:base] a ball",
        ),
        test=("[receive] a pass in basketball", "[grab] something flying by"),
    ),
    "dribble": Entry(
        label="[dribble] a ball", says=COUNTED, hands=("[push] down at the side again and again", "[hang] down"),
        train=(
            "[dribble] a ball",
            "[bounce] a ball with the {side} hand{times}",
            "[dribble] a ball at the {side} side{times}",
            "[push] a ball to the ground again and again",
        ),
        test=("[practise] basketball on the spot", "[pat] a basketball to the floor{times} with the {side} palm"),
    ),
    "swing_bat": Entry(
        label="[swing] a bat", silent=("side",), hands=("[swing] across the body together",) * 2,
        body=("the trunk turns far around with the swing",),
        train=(
            "[swing] a bat",
            "[hold] a bat with both hands and [swing] it",
            "[draw] back a bat and [hit] a ball with it",
            "[swing] both arms around as in baseball",
        ),
        test=("[go] for a home run", "[strike] at a pitched ball"),
    ),
    "hammer": Entry(
        label="[hammer]", says=COUNTED, silent=("direction",),
        hands=("[hammer] down in front of the body", "[be] held out to the front"),
        train=(
            "[hammer] in a nail",
            "[hammer] with the {side} hand{times}",
            "[lift] the {side} fist and [hit] down with a hammer{times}",
            "[use] a hammer on something in front",
        ),
        test=("[work] like a blacksmith", "[strike] an anvil with the {side} hand{times}"),
    ),
    "saw": Entry(
        label="[saw]", says=COUNTED, hands=("[saw] back and forth", "[be] held low in front of the body"),
        body=("the trunk is bent forward",),
        train=(
            "[saw] a board",
            "[saw] with the {side} hand{times}",
            "[bend] over and [move] the {side} hand back and forth{times} as if to saw wood",
            "[cut] wood with a saw",
        ),
        test=("[do] carpentry on a plank", "[draw] a blade to and fro{times} with the {side} hand"),
    ),
    "wipe": Entry(
        label="[wipe] a window", says=COUNTED, hands=("[move] in circles in front of the body", "[hang] down"),
        train=(
            "[wipe] a window",
            "[wipe] a window with the {side} hand{times}",
            "[move] the {side} hand in circles on a pane of glass{times}",
            "[clean] a window with one hand",
        ),
        test=("[polish] a mirror", "[polish] a mirror with the {side} palm{times}"),
    ),
    "pick_up": Entry(
        label="[pick] something up", says=SIDE, hands=("[reach] down to the ground", "[be] held beside the body"),
        body=("the trunk and the knees bend",),
        train=(
            "[pick] something up from the ground",
            "[bend] down and [pick] something up with the {side} hand",
            "[reach] down with the {side} hand and [take] something from the ground",
            "[bend] down to [get:base] something off the ground",
        ),
        test=("[retrieve] a dropped coin", "[stoop] and [collect] a small thing with the {side} hand"),
    ),
    "put_on_shelf": Entry(
        label="[put] a box on a shelf", hands=("[be] stretched up to the front",) * 2, body=("the head tips back",),
        train=(
            "[put] a box on a high shelf",
            "[lift] something with both hands and [put] it on a shelf",
            "[reach] up with both hands to [put:base] something away",
            "[raise] a box above {their} head and [place] it on a shelf",
        ),
        test=("[store] a parcel up high", "[stow] a parcel overhead"),
    ),
    "steer": Entry(
        label="[steer]", says=SIDE, hands=("[hold] a steering wheel in front of the chest",) * 2,
        train=(
            "[drive] a car",
            "[hold] a steering wheel and [turn] it to the {side}",
            "[steer] to the {side} with both hands",
            "[turn] a steering wheel with both hands",
        ),
        test=("[take] the wheel", "[navigate] a bend to the {side}"),
    ),
    "swim": Entry(
        label="[swim]", says=("count",), hands=("[part] in wide circles in front of the chest",) * 2,
        train=(
            "[swim] without any water",
            "[make] the arm strokes of swimming{times}",
            "[stretch] both arms forwards and [sweep] them to the sides{times} as in swimming",
            "[do] the breaststroke in the air",
        ),
        test=("[paddle] through water that is not there", "[part] the water{times} with both arms"),
    ),
    "flap": Entry(
        label="[flap] the arms", says=("count",), hands=("[flap] up and down at the sides",) * 2,
        train=(
            "[flap] {their} arms",
            "[flap] both arms like a bird{times}",
            "[move] both arms up and down at the sides{times}",
            "[flap] {their} arms as if to fly",
        ),
        test=("[imitate] a bird", "[move] both arms as wings{times}"),
    ),
    "circle_arms": Entry(
        label="[circle] the arms", says=("count",), hands=("[move] in large circles at the sides",) * 2,
        train=(
            "[circle] both arms",
            "[swing] both arms around in large circles{times}",
            "[move] both straight arms in circles{times}",
            "[warm] up by circling both arms",
        ),
        test=("[imitate] a windmill", "[whirl] both arms around{times}"),
    ),
}  # fmt: skip
