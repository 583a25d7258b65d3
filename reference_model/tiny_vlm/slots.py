"""Where a hand is, in fourteen slots: on a part of the body, or free and in which direction.

Test programs put hands on places, and move them in ways, that training never names ("on the left wrist"), so answers
are compared by slot. A slot says nothing of sides; the exact words are compared as well, apart.
"""

from .sides import hands_said

SLOTS = (
    "on the face", "on the head", "on a shoulder", "on an arm", "on the chest", "on the belly", "on the hips or back",
    "on a leg", "at the other hand", "hanging", "above the head", "at the head", "to the side", "to the front",
)  # fmt: skip
"""All slots; the first nine are touches."""

TOUCHES = 9
"""How many of the slots are touches."""

_Table = tuple[tuple[str, tuple[str, ...]], ...]
_PLACES: _Table = (
    ("on the face", ("nose", "mouth", "chin", "cheek", "temple", "forehead", "eye", "ear", "face", "brow", "lips")),
    ("on the head", ("head", "neck", "crown", "nape")),
    ("on a shoulder", ("shoulder",)),
    ("on an arm", ("arm", "elbow", "wrist")),
    ("on the chest", ("chest", "heart", "breast")),
    ("on the belly", ("belly", "stomach")),
    ("on the hips or back", ("hip", "back", "waist", "bottom")),
    ("on a leg", ("thigh", "knee", "shin", "calf", "ankle", "toe", "foot", "leg")),
    ("at the other hand", ("hand", "palm")),
)
_FREE: _Table = (
    ("at the other hand", ("touches the other hand", "touch the other hand")),
    ("on an arm", ("at the other elbow",)),
    ("above the head", ("above the head", "overhead", "goes up", "go up", "reach up", "stretched up", "upward")),
    ("at the head", ("the face", "beside the head", "the ear")),
    ("to the side", ("to the side", "at the side and", "in large circles", "spread", "flap", "up beside the body")),
    (
        "hanging",
        (
            "hang", "along with the steps", "along for balance", "at the sides", "beside the body", "to the ground",
            "from the ground", "swing with bent elbows", "at the side again",
        ),
    ),
)  # fmt: skip


def slot_of(phrase: str) -> str:
    """Return the slot of what is said of one hand; a hand that is neither elsewhere nor on the body is in front."""
    if phrase.startswith(("is on ", "are on ", "moves over ", "move over ")):
        words = phrase.partition(" the ")[2] or phrase
        for slot, names in _PLACES:
            if any(name in words for name in names):
                return slot
    for slot, names in _FREE:
        if any(name in phrase for name in names):
            return slot
    return "to the front"


def slots_said(answer: str) -> tuple[str, str] | None:
    """Return the slots of the left and the right hand that an answer says, or ``None`` for an unknown form."""
    said = hands_said(answer)
    return None if said is None else (slot_of(said[0]), slot_of(said[1]))
