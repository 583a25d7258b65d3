"""What words may say about a motion beyond its goals: facts about parts of the body, true for a while."""

from dataclasses import dataclass, replace
from typing import Literal

BodyPart = Literal["left_hand", "right_hand", "left_foot", "right_foot", "head", "chest", "hips", "body"]

STATES: dict[str, tuple[str, ...]] = {
    "hand": (
        "raised", "overhead", "forward", "sideways", "at_chest", "at_face", "behind", "down", "in_guard", "fist",
        "holding", "waving", "swinging", "pointing", "pushing", "pulling", "throwing", "catching", "punching",
        "lifting", "circling", "spread",
    ),
    "foot": ("raised", "kicking", "forward", "backward", "sideways", "tapping", "stamping", "on_toes"),
    "head": (
        "up", "down", "turned_left", "turned_right", "tilted_left", "tilted_right", "nodding", "shaking",
        "looking_around",
    ),
    "torso": (
        "bent_forward", "bent_back", "leaning_left", "leaning_right", "turned_left", "turned_right", "twisting",
        "shrugging",
    ),
    "body": (
        "standing", "walking", "running", "jumping", "hopping", "sitting", "kneeling", "crouching", "squatting",
        "lunging", "stepping", "turning", "marching", "dancing", "in_the_air", "on_one_leg",
    ),
}  # fmt: skip
"""The closed list of states per kind of part. A hand that no fact and no goal mentions hangs at ease."""

_KINDS = {"hand": "hand", "foot": "foot", "head": "head", "chest": "torso", "hips": "torso", "body": "body"}

SAID: tuple[str, ...] = ("side", "count", "direction", "object", "height", "angle_deg", "manner")
"""What is said of a whole motion: the acting side (left, right), how many times, which way (forward, backward, left,
right, up, down), what is held or used, low or high, degrees turned, and in which manner."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A part of the body is in a state from one time to another, both ends included."""

    part: BodyPart
    state: str
    """One of ``STATES`` of the kind of part; hips and chest are torso."""
    from_s: float
    to_s: float
    object: str = ""
    """What is held, pushed or thrown: "cup", "box"; empty for nothing."""

    def __post_init__(self) -> None:
        """Refuse a state that is not in the list, so that words know all of them."""
        kind = _KINDS[self.part.rsplit("_", 1)[-1]]
        if self.state not in STATES[kind]:
            raise ValueError(f"'{self.state}' is no state of a {kind}; known: {', '.join(STATES[kind])}")

    def shifted(self, by_s: float) -> "Fact":
        """Return the fact that much later."""
        return replace(self, from_s=self.from_s + by_s, to_s=self.to_s + by_s)
