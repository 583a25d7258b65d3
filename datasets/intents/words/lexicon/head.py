"""Words for hands at the head and the face."""

from collections.abc import Mapping

from ..entry import Entry

SIDE = ("side",)
COUNTED = ("side", "count")

HEAD: Mapping[str, Entry] = {
    "scratch_head": Entry(
        label="[scratch] the head", says=COUNTED,
        train=(
            "[scratch] {their} head",
            "[raise] the {side} hand and [scratch] {their} head{times}",
            "[scratch] the top of {their} head with the {side} fingers{times}",
            "[lift] one hand and [scratch] {their} head in thought",
        ),
        test=("[run] a few fingers over an itch on {their} scalp",
              "[rub] {their} crown with the {side} fingertips{times}",
              "[reach] up with the {side} hand to [rake:base] through {their} hair{times}"),
    ),
    "pat_head": Entry(
        label="[pat] the head", says=COUNTED,
        train=(
            "[pat] the top of {their} own head",
            "[pat] {their} head with the {side} hand{times}",
            "[lay] the flat {side} hand on {their} head and [pat] it{times}",
            "[lift] a palm and [pat] {their} head",
        ),
        test=("[dab] at {their} crown with a flat palm", "[tap] {their} crown with the {side} palm{times}"),
    ),
    "facepalm": Entry(
        label="[facepalm]", says=SIDE,
        train=(
            "[cover] {their} face with one hand in dismay",
            "[put] the {side} hand over {their} face",
            "[drop] {their} face into the {side} palm",
            "[do] a facepalm with the {side} hand",
        ),
        test=("[bury] {their} face in a palm as if embarrassed",
              "[clasp] the {side} palm to {their} forehead and eyes"),
    ),
    "cover_mouth": Entry(
        label="[cover] the mouth", says=SIDE,
        train=(
            "[cover] {their} mouth with one hand",
            "[put] the {side} hand over {their} mouth",
            "[raise] the {side} palm to {their} mouth and [leave] it there",
            "[hold] a hand in front of {their} mouth as if startled",
        ),
        test=("[hide] {their} lips behind a palm", "[clap] the {side} palm over {their} lips",
              "[shield] {their} mouth with the {side} palm"),
    ),
    "cover_ears": Entry(
        label="[cover] both ears", silent=("side",),
        train=(
            "[cover] both ears with the hands",
            "[put] {their} hands over {their} ears",
            "[raise] both hands and [press] the palms to the ears",
            "[hold] {their} ears shut against a noise",
        ),
        test=("[block] out a loud sound with both palms", "[clamp] a palm over each ear",
              "[shut] out the noise, one hand to either side of {their} head"),
    ),
    "cover_eyes": Entry(
        label="[cover] the eyes", silent=("side",),
        train=(
            "[cover] {their} eyes with both hands",
            "[put] both hands over {their} eyes",
            "[raise] the hands and [hide] {their} eyes behind them",
            "[hold] both palms before {their} eyes so as not to see",
        ),
        test=("[blindfold] {themselves} with both palms", "[shield] {their} sight with the palms of both hands"),
    ),
    "chin_in_hand": Entry(
        label="[rest] the chin in a hand", says=SIDE,
        train=(
            "[rest] {their} chin in one hand",
            "[put] the {side} hand to {their} chin",
            "[bring] the {side} hand up and [hold] {their} chin as if thinking",
            "[stand] in thought with the {side} hand at the chin",
        ),
        test=("[ponder] with a hand under {their} jaw", "[prop] {their} jaw on the {side} hand"),
    ),
    "hand_on_cheek": Entry(
        label="[put] a hand on the cheek", says=SIDE,
        train=(
            "[put] a hand on {their} cheek",
            "[lay] the {side} hand on {their} {side} cheek",
            "[lean] {their} cheek into the {side} palm",
            "[touch] {their} cheek with one palm",
        ),
        test=("[cup] the side of {their} face in a palm", "[cradle] the side of {their} face with the {side} hand"),
    ),
    "touch_nose": Entry(
        label="[touch] the nose", says=SIDE,
        train=(
            "[touch] {their} nose",
            "[touch] the tip of {their} nose with the {side} index finger",
            "[bring] the {side} finger to {their} nose",
            "[put] a fingertip on {their} nose",
        ),
        test=("[poke] at {their} own nose", "[prod] {their} nose with the {side} forefinger"),
    ),
    "wipe_brow": Entry(
        label="[wipe] the brow", says=SIDE,
        train=(
            "[wipe] {their} forehead",
            "[wipe] the sweat off {their} brow with the {side} hand",
            "[draw] the {side} hand across {their} forehead",
            "[lift] a hand and [wipe] {their} brow",
        ),
        test=("[mop] {their} brow after hard work", "[swipe] the {side} hand along {their} hairline"),
    ),
    "tap_temple": Entry(
        label="[tap] the temple", says=COUNTED,
        train=(
            "[tap] {their} temple with a finger",
            "[tap] {their} {side} temple with the {side} index finger{times}",
            "[raise] the {side} finger and [tap] the side of {their} head{times}",
            "[point] at {their} temple and [tap] it",
        ),
        test=("[drum] a fingertip against the side of {their} skull",
              "[rap] {their} {side} temple with a fingertip{times}"),
    ),
    "hold_phone": Entry(
        label="[hold] a phone to the ear", says=SIDE,
        train=(
            "[hold] a phone to {their} ear",
            "[bring] the {side} hand to {their} {side} ear as if on the phone",
            "[make] a phone call with the {side} hand at the ear",
            "[lift] a phone to the {side} ear and [listen]",
        ),
        test=("[take] a telephone call", "[answer] a telephone held in the {side} hand",
              "[chat] on a mobile pressed to the {side} ear"),
    ),
    "salute": Entry(
        label="[salute]", says=SIDE,
        train=(
            "[salute]",
            "[salute] with the {side} hand",
            "[raise] the {side} hand to {their} {side} temple and [salute]",
            "[bring] {their} fingertips to the temple in a military salute",
        ),
        test=("[greet] an officer the way soldiers do", "[snap] the {side} hand up to {their} brow like a soldier"),
    ),
    "hands_behind_head": Entry(
        label="[put] both hands behind the head", silent=("side",),
        train=(
            "[put] both hands behind {their} head",
            "[raise] both arms and [lay] the hands on the back of {their} head",
            "[clasp] {their} hands behind the head with the elbows out",
            "[rest] {their} head against both hands",
        ),
        test=("[lock] {their} fingers at the nape, elbows pointing sideways",
              "[relax] with the palms against the back of {their} skull"),
    ),
    "drink": Entry(
        label="[drink] from a cup", says=SIDE,
        train=(
            "[drink] from a cup",
            "[lift] a cup with the {side} hand and [drink] from it",
            "[bring] the {side} hand to {their} mouth and [take] a drink",
            "[raise] a cup to the lips, [tip] {their} head back and [drink]",
        ),
        test=("[swallow] a mouthful from a mug", "[sip] from a mug held in the {side} hand",
              "[empty] a glass with {their} {side} hand"),
    ),
}  # fmt: skip
