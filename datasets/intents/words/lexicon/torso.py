"""Words for hands on the trunk, on the arms and on each other."""

from collections.abc import Mapping

from ..entry import Entry
from .head import COUNTED, SIDE

TORSO: Mapping[str, Entry] = {
    "hand_on_heart": Entry(
        label="[lay] a hand on the heart", says=SIDE,
        train=(
            "[lay] a hand on {their} heart",
            "[put] the {side} hand on {their} chest over the heart",
            "[place] the {side} palm on the {other} side of {their} chest",
            "[press] one hand to {their} chest as if taking an oath",
        ),
        test=("[pledge] with a palm over {their} heart", "[rest] the {side} palm upon {their} breast"),
    ),
    "rub_belly": Entry(
        label="[rub] the belly", says=COUNTED,
        train=(
            "[rub] {their} belly",
            "[rub] {their} belly with the {side} hand{times}",
            "[move] the {side} hand in circles over {their} stomach{times}",
            "[stroke] {their} stomach as if hungry",
        ),
        test=("[massage] {their} tummy", "[circle] the {side} palm over {their} tummy{times}",
              "[soothe] {their} abdomen with the {side} palm{times}"),
    ),
    "beat_chest": Entry(
        label="[beat] the chest", silent=("side",), says=("count",),
        train=(
            "[beat] {their} chest with both hands in turn",
            "[drum] on {their} chest{times} like a gorilla",
            "[pound] {their} chest with the fists{times}",
            "[strike] {their} chest with one fist after the other",
        ),
        test=("[thump] {their} breast in the manner of an ape",
              "[hammer] at {their} torso with alternating fists{times}"),
    ),
    "hand_on_hip": Entry(
        label="[put] a hand on the hip", says=SIDE,
        train=(
            "[put] one hand on {their} hip",
            "[put] the {side} hand on the {side} hip",
            "[place] the {side} palm on {their} hip and [stand] waiting",
            "[set] a single hand on the hip with the elbow out",
        ),
        test=("[prop] one palm against {their} waist", "[plant] the {side} hand at {their} waist"),
    ),
    "both_hands_on_hips": Entry(
        label="[put] both hands on the hips", silent=("side",),
        train=(
            "[put] both hands on {their} hips",
            "[stand] with the hands on the hips",
            "[place] {their} hands on both hips, elbows to the sides",
            "[set] both palms on {their} hips and [wait]",
        ),
        test=("[stand] with both arms akimbo", "[plant] both palms at {their} waist"),
    ),
    "hand_behind_back": Entry(
        label="[put] a hand behind the back", says=SIDE,
        train=(
            "[put] a hand behind {their} back",
            "[move] the {side} hand behind {their} back",
            "[lay] the back of the {side} hand on {their} lower back",
            "[take] one arm behind {their} back",
        ),
        test=("[hide] one hand behind {themselves}", "[tuck] the {side} arm away behind {themselves}"),
    ),
    "hands_behind_back": Entry(
        label="[put] both hands behind the back", silent=("side",),
        train=(
            "[put] both hands behind {their} back",
            "[hold] {their} hands together behind the back",
            "[move] both arms back and [clasp] the hands at the lower back",
            "[stand] with both hands behind {their} back",
        ),
        test=("[hide] both hands behind {themselves}", "[fold] both arms away behind {themselves}"),
    ),
    "cross_arms": Entry(
        label="[cross] the arms",
        hands=("[lie] on the other arm", "[be] held at the other elbow"), silent=("side",),
        train=(
            "[cross] {their} arms",
            "[fold] {their} arms in front of the chest",
            "[stand] with crossed arms",
            "[cross] the arms over {their} chest and [wait]",
        ),
        test=("[interlock] both forearms before {their} torso", "[adopt] a stance with arms folded"),
    ),
    "hug_oneself": Entry(
        label="[hug] oneself", silent=("side",),
        train=(
            "[hug] {themselves}",
            "[wrap] both arms around {themselves}",
            "[put] {their} arms around {their} own body and [hold] the upper arms",
            "[hold] {themselves} with both arms as if cold",
        ),
        test=("[embrace] {themselves}", "[clutch] {their} own shoulders in a shivering embrace"),
    ),
    "hand_on_opposite_shoulder": Entry(
        label="[put] a hand on the opposite shoulder", says=SIDE,
        train=(
            "[put] a hand on the opposite shoulder",
            "[put] the {side} hand on the {other} shoulder",
            "[reach] across {their} chest with the {side} hand and [touch] the {other} shoulder",
            "[lay] one hand on the shoulder of the other arm",
        ),
        test=("[grasp] the far shoulder with a hand", "[rest] the {side} palm upon {their} {other} shoulder",
              "[bring] the {side} arm over the breast to the {other} shoulder"),
    ),
    "hand_on_opposite_elbow": Entry(
        label="[put] a hand on the opposite elbow", says=SIDE,
        train=(
            "[put] a hand on the opposite elbow",
            "[hold] the {other} elbow with the {side} hand",
            "[reach] across with the {side} hand and [touch] the {other} elbow",
            "[take] hold of {their} other elbow",
        ),
        test=("[grasp] the far elbow", "[cup] the {other} elbow in the {side} palm"),
    ),
    "touch_opposite_elbow": Entry(
        label="[touch] the opposite elbow",
        hands=("[touch] the opposite elbow", "[be] bent in front of the belly"), says=SIDE,
        train=(
            "[touch] the opposite elbow",
            "[touch] the {other} elbow with the {side} hand",
            "[bend] the {other} arm and [lay] the {side} hand on its elbow",
            "[hold] {their} bent elbow with the other hand",
        ),
        test=("[feel] the far elbow with a palm", "[close] the {side} hand around {their} {other} elbow"),
    ),
    "hand_on_opposite_wrist": Entry(
        label="[hold] the opposite wrist", hands=("[hold] the other wrist", "[be] held in front of the belly"),
        says=SIDE,
        train=(
            "[hold] {their} own wrist",
            "[take] the {other} wrist in the {side} hand",
            "[put] the {side} hand on the {other} wrist",
            "[touch] the wrist of one arm with the other hand",
        ),
        test=("[check] {their} pulse", "[grip] the {other} wrist with {their} {side} fingers"),
    ),
    "clap": Entry(
        label="[clap]", silent=("side",), says=("count",),
        train=(
            "[clap]",
            "[clap] {their} hands{times}",
            "[bring] both hands together and [clap]{times}",
            "[strike] the palms together in front of the chest{times}",
        ),
        test=("[applaud]", "[applaud]{times} with both hands", "[smack] {their} palms against each other{times}"),
    ),
    "rub_hands": Entry(
        label="[rub] the hands", silent=("side",), says=("count",),
        train=(
            "[rub] {their} hands together",
            "[rub] both palms against each other{times}",
            "[bring] the hands together and [rub] them{times}",
            "[rub] {their} hands as if cold",
        ),
        test=("[chafe] {their} palms for warmth", "[slide] one palm back and forth over the other{times}"),
    ),
    "hands_together": Entry(
        label="[put] the hands together", silent=("side",),
        train=(
            "[put] {their} hands together",
            "[press] both palms together in front of the chest",
            "[bring] the palms together as in prayer",
            "[fold] {their} hands before the chest and [pause]",
        ),
        test=("[pray] with joined hands", "[join] {their} palms in the way one says namaste"),
    ),
    "stretch_arm": Entry(
        label="[stretch] an arm across the body",
        hands=("[be] stretched across the chest", "[pull] at the other arm"), says=SIDE,
        train=(
            "[stretch] one arm across {their} body",
            "[pull] the {side} arm across {their} chest to [stretch:base] it",
            "[stretch] the {side} arm in front of the chest with help of the other hand",
            "[draw] a straight arm across {their} chest",
        ),
        test=("[loosen] up a shoulder before sports", "[limber] up the {side} shoulder by tugging the arm across"),
    ),
    "hands_on_knees": Entry(
        label="[put] both hands on the knees", silent=("side",),
        train=(
            "[put] both hands on {their} knees",
            "[bend] forward and [rest] the hands on the knees",
            "[lean] on {their} thighs with both hands as if out of breath",
            "[bend] down and [prop] {themselves} up with both hands above the knees",
        ),
        test=("[catch] {their} breath after a race, stooping", "[stoop] with both palms braced on {their} legs"),
    ),
    "touch_knee": Entry(
        label="[touch] a knee", says=SIDE,
        train=(
            "[touch] {their} knee",
            "[touch] the {side} knee with the {side} hand",
            "[bend] down and [lay] the {side} hand on the {side} knee",
            "[bend] forward and [put] a hand on one knee",
        ),
        test=("[check] on a sore kneecap", "[stoop] and [feel] the {side} kneecap with a palm"),
    ),
    "slap_thigh": Entry(
        label="[slap] the thigh", says=COUNTED,
        train=(
            "[slap] {their} thigh",
            "[slap] the {side} thigh with the {side} hand{times}",
            "[hit] {their} {side} thigh with the flat hand{times}",
            "[slap] one thigh as if at a good joke",
        ),
        test=("[whack] {their} own upper leg", "[smack] {their} {side} leg with an open palm{times}"),
    ),
    "touch_toes": Entry(
        label="[touch] the toes", silent=("side",),
        train=(
            "[touch] {their} toes",
            "[bend] down and [touch] {their} toes with both hands",
            "[reach] for {their} feet with straight legs",
            "[bend] all the way forward until the hands reach the feet",
        ),
        test=("[fold] over to [meet:base] {their} feet with {their} fingertips",
              "[do] a forward fold down to the feet"),
    ),
}  # fmt: skip
