"""Words for gestures: what arms, head and shoulders say without touching anything."""

from collections.abc import Mapping

from ..entry import Entry
from .head import COUNTED, SIDE

GESTURES: Mapping[str, Entry] = {
    "wave": Entry(
        label="[wave]", says=COUNTED, silent=("height",),
        hands=("[swing] from side to side beside the head", "[hang] down"),
        train=(
            "[wave]",
            "[wave] with the {side} hand{times}",
            "[raise] the {side} hand and [wave] it{times}",
            "[wave] hello to someone",
            "[lift] one hand and [wave] it from side to side",
        ),
        test=("[greet] a friend from afar", "[swing] the raised {side} hand from side to side{times} in greeting",
              "[signal] goodbye with the {side} hand{times}"),
    ),
    "wave_both_hands": Entry(
        label="[wave] both arms", says=("count",), silent=("height",),
        hands=("[swing] from side to side overhead",) * 2,
        train=(
            "[wave] both arms",
            "[raise] both hands above {their} head and [wave] them{times}",
            "[wave] with both arms{times}",
            "[wave] both hands high in the air to be seen",
        ),
        test=("[flag] down help with two arms", "[swing] the two arms overhead{times} to draw attention"),
    ),
    "wave_low": Entry(
        label="[wave] at hip height", says=COUNTED, silent=("height",), kinds=("wave",),
        hands=("[swing] from side to side at the height of the waist", "[hang] down"),
        train=(
            "[give] a small wave at waist height",
            "[wave] low with the {side} hand{times}",
            "[wave] the {side} hand beside {their} waist{times}",
            "[make] a small low wave",
        ),
        test=("[greet] someone with a shy wave near the hip", "[wiggle] the {side} hand by the hip{times} in greeting"),
    ),
    "point": Entry(
        label="[point]", says=("side", "direction"), silent=("angle_deg",),
        hands=("[be] stretched out, pointing", "[hang] down"),
        train=(
            "[point] at something",
            "[point] {way} with the {side} hand",
            "[stretch] out the {side} arm and [point] {way}",
            "[raise] an arm, [point] with it and [look] there",
        ),
        test=("[indicate] a spot in the distance", "[extend] the {side} forefinger to [indicate:base] something {way}"),
    ),
    "beckon": Entry(
        label="[beckon]", says=COUNTED, hands=("[beckon] in front of the chest", "[hang] down"),
        train=(
            "[beckon] someone over",
            "[beckon] with the {side} hand{times}",
            "[raise] the {side} hand and [beckon] someone closer{times}",
            "[wave] someone nearer with one hand",
        ),
        test=("[invite] someone to come near", "[summon] somebody with the {side} hand{times}"),
    ),
    "shrug": Entry(
        label="[shrug]", says=("count",), hands=("[be] turned up beside the body",) * 2,
        body=("the shoulders are pulled up",),
        train=(
            "[shrug]",
            "[shrug] {their} shoulders{times}",
            "[pull] up both shoulders{times} and [open] the hands",
            "[shrug] as if not knowing the answer",
        ),
        test=("[express] doubt with both shoulders", "[hunch] and [drop] {their} shoulders{times} in doubt"),
    ),
    "nod": Entry(
        label="[nod]", says=("count",), body=("the head moves down and up",),
        train=(
            "[nod]",
            "[nod] {their} head{times}",
            "[move] {their} head up and down{times}",
            "[nod] in agreement",
        ),
        test=("[say] yes without a word", "[dip] {their} chin{times} to show consent"),
    ),
    "shake_head": Entry(
        label="[shake] the head", says=("count",), body=("the head turns from side to side",),
        train=(
            "[shake] {their} head",
            "[shake] {their} head{times}",
            "[turn] {their} head from side to side{times}",
            "[shake] {their} head to say no",
        ),
        test=("[refuse] without a word", "[swivel] {their} head left and right{times} in refusal"),
    ),
    "stop_sign": Entry(
        label="[signal] stop", says=SIDE, hands=("[be] held out in front with the palm forward", "[hang] down"),
        train=(
            "[signal] stop with one hand",
            "[hold] out the {side} palm to say stop",
            "[stretch] the {side} arm forward with the palm to the front as a stop sign",
            "[raise] a flat hand in front to stop someone",
        ),
        test=("[halt] the traffic", "[thrust] the {side} palm ahead to [halt:base] somebody"),
    ),
    "conduct": Entry(
        label="[conduct]", silent=("count",), hands=("[beat] time in front of the chest",) * 2,
        train=(
            "[conduct] an orchestra",
            "[swing] both arms like a conductor",
            "[beat] time with both hands as if before an orchestra",
            "[move] both arms as a conductor does",
        ),
        test=("[lead] a choir", "[mark] the beat with both arms before an invisible choir"),
    ),
    "hands_up": Entry(
        label="[raise] both hands", hands=("[be] raised above the head",) * 2,
        train=(
            "[raise] both hands above {their} head",
            "[put] {their} hands up",
            "[lift] both arms high and [keep] them there",
            "[hold] both hands up in surrender",
        ),
        test=("[surrender]", "[give] up, the arms lifted overhead"),
    ),
    "cheer": Entry(
        label="[cheer]", says=("count",), hands=("[be] thrown up above the head",) * 2,
        train=(
            "[cheer]",
            "[throw] both arms up{times} and [cheer]",
            "[cheer] with both fists in the air{times}",
            "[raise] both arms in joy",
        ),
        test=("[celebrate] a victory", "[pump] both fists overhead{times} in triumph"),
    ),
    "look_around": Entry(
        label="[look] around", says=SIDE, body=("the head turns to one side and then to the other",),
        train=(
            "[look] around",
            "[turn] {their} head to the {side} first and then back to the {other}",
            "[look] to the {side} and then to the {other}",
            "[stand] and [look] around in search of something",
        ),
        test=("[survey] the surroundings", "[scan] the area, {side} side first"),
    ),
    "bow": Entry(
        label="[bow]", silent=("angle_deg",), hands=("[hang] forward from the shoulders",) * 2,
        body=("the trunk bends forward from the hips and rises again",),
        train=(
            "[bow]",
            "[bow] to the front",
            "[bend] forward from the hips and [rise] again",
            "[bend] the upper body forward in a polite bow",
        ),
        test=("[pay] respect by inclining the torso", "[incline] {their} torso in front of an audience"),
    ),
    "point_up": Entry(
        label="[point] up", kinds=("point",), says=SIDE, silent=("direction",),
        hands=("[be] stretched up, pointing", "[hang] down"),
        body=("the head tips back",),
        train=(
            "[point] up at the sky",
            "[point] up with the {side} hand",
            "[stretch] the {side} arm up and [point] at the ceiling",
            "[look] up and [point] at something overhead",
        ),
        test=("[draw] attention to a bird in the air", "[aim] the {side} forefinger at the clouds"),
    ),
    "thumbs_up": Entry(
        label="[give] a thumbs up", says=SIDE, hands=("[be] held out as a fist with the thumb up", "[hang] down"),
        train=(
            "[give] a thumbs up",
            "[give] a thumbs up with the {side} hand",
            "[hold] out the {side} fist with the thumb up",
            "[show] a raised thumb to someone",
        ),
        test=("[approve] with a gesture of one thumb", "[stick] up the {side} thumb in approval"),
    ),
    "fist_pump": Entry(
        label="[pump] a fist", says=COUNTED, hands=("[go] up as a fist and [be] pulled down", "[hang] down"),
        body=("the knees give a little",),
        train=(
            "[pump] a fist",
            "[pump] the {side} fist{times}",
            "[raise] the {side} fist and [pull] it down in joy{times}",
            "[clench] one fist and [pump] it as after a win",
        ),
        test=("[rejoice] with a single clenched hand", "[yank] the clenched {side} hand down{times} in delight"),
    ),
    "open_arms": Entry(
        label="[open] the arms", hands=("[be] spread out to the side",) * 2,
        train=(
            "[open] both arms wide",
            "[spread] both arms as if to welcome someone",
            "[open] {their} arms to invite a hug",
            "[hold] both arms out with open palms",
        ),
        test=("[welcome] a guest", "[receive] a friend, arms flung apart"),
    ),
    "shoo": Entry(
        label="[shoo] someone away", says=COUNTED, hands=("[flick] outward in front of the body", "[hang] down"),
        train=(
            "[shoo] someone away",
            "[wave] someone off with the {side} hand{times}",
            "[flick] the {side} hand outwards{times} to send someone away",
            "[shoo] something away with one hand",
        ),
        test=("[dismiss] a visitor", "[drive] off a fly{times} by flicking the {side} wrist"),
    ),
    "talk": Entry(
        label="[talk] with the hands", silent=("side", "count"), hands=("[move] up and down in front of the body",) * 2,
        train=(
            "[talk] with both hands moving",
            "[explain] something with the hands",
            "[speak] to someone and [move] both hands along",
            "[gesture] with both hands in a conversation",
        ),
        test=("[gesticulate]", "[tell] a story in lively gestures"),
    ),
    "check_watch": Entry(
        label="[check] the time", says=SIDE, hands=("[be] held in front of the chest", "[hang] down"),
        body=("the head is bent down",),
        train=(
            "[look] at {their} watch",
            "[lift] the {side} wrist and [look] at a watch",
            "[check] the time on the {side} wrist",
            "[bend] one arm and [check] the time",
        ),
        test=("[find] out how late it is", "[glance] at a wristwatch worn on the {side} arm"),
    ),
}  # fmt: skip
