"""Names of key vertices in plain words: what touches, and where."""

_PLACES = {
    "crown": "top of the head", "head_back": "back of the head", "neck_back": "back of the neck",
    "neck_front": "throat", "upper_belly": "belly", "upper_back": "upper back", "lower_back": "lower back",
}  # fmt: skip
_SIDED = {
    "belly": "belly", "lower_back": "lower back", "waist": "{side} side of the waist",
    "chest": "{side} side of the chest", "ribs": "{side} side of the ribs", "pelvis_side": "{side} hip",
    "hand_back": "back of the {side} hand", "palm": "{side} hand", "knuckles": "{side} fist",
    "shoulder_blade": "{side} shoulder blade", "upper_arm": "{side} upper arm", "thigh_side": "{side} thigh",
    "thumb_tip": "{side} thumb", "index_tip": "{side} index finger", "middle_tip": "{side} middle finger",
    "ring_tip": "{side} ring finger", "pinky_tip": "{side} little finger", "toe": "{side} toes", "ball": "{side} foot",
    "instep": "{side} foot", "heel": "{side} heel",
}  # fmt: skip
_HAND = frozenset({
    "palm", "hand_back", "knuckles", "thumb_tip", "index_tip", "middle_tip", "ring_tip", "pinky_tip",
})  # fmt: skip
_UP = frozenset({
    "crown", "head_back", "neck_back", "neck_front", "forehead", "nose", "mouth", "chin", "ear", "cheek",
    "temple", "eye", "brow", "shoulder", "upper_back", "shoulder_blade", "chest",
})  # fmt: skip
_DOWN = frozenset({
    "knee", "shin", "calf", "ankle", "heel", "toe", "instep", "ball", "thigh", "thigh_side",
})  # fmt: skip


def split_side(name: str) -> tuple[str, str]:
    """Return the side of a key vertex ("left", "right" or "") and its name without it."""
    side, _, rest = name.partition("_")
    return (side, rest) if side in ("left", "right") else ("", name)


def place_words(name: str) -> str:
    """Return a key vertex in words, without article: ``left_shoulder`` -> "left shoulder"."""
    side, rest = split_side(name)
    if side:
        return _SIDED.get(rest, "{side} " + rest.replace("_", " ")).format(side=side)
    return _PLACES.get(name, name.replace("_", " "))


def is_hand(name: str) -> bool:
    """Return whether a key vertex belongs to a hand."""
    return split_side(name)[1] in _HAND


def direction_to(name: str) -> str:
    """Return which way a hanging hand goes to a place: "up to", "down to", "behind to" or "over to"."""
    rest = split_side(name)[1]
    if rest in _UP:
        return "up to"
    if rest in _DOWN:
        return "down to"
    return "round to" if rest in ("lower_back", "buttock") else "over to"
