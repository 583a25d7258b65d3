"""The damages by name: what is done, in which degrees, and what a degree is. Imports nothing that computes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Damage:
    """One way in which a right motion is made wrong; ``apply`` does it."""

    name: str
    degrees: tuple[float, ...]
    """Rising."""
    unit: str
    summary: str
    at_contact: bool = False
    """Whether only a contact of a hand is damaged; pictures then show it from near."""

    def label(self, degree: float) -> str:
        """Return a degree for people, for example ``12 % H``; a damage without degrees has none."""
        return f"{degree:g} {self.unit}" if self.unit else self.name.replace("_", " ")


DAMAGES: tuple[Damage, ...] = (
    Damage("contact_opened", (1, 3, 6, 12), "% H", "the touching hand is held off the skin, along its normal", True),
    Damage("hand_misplaced", (5, 10, 20), "% H", "the hand touches another place of the skin", True),
    Damage("penetration", (1, 3, 6), "% H", "the touching hand is pushed into trunk, head or leg", True),
    Damage("arms_swapped", (1,), "", "the left arm does what the right does, and the other way round"),
    Damage("mirrored", (1,), "", "left and right are exchanged"),
    Damage("limb_frozen", (0.25, 0.5, 1), "of the clip", "the limb that moves most stops"),
    Damage("other_motion", (0.25, 0.5, 1), "other", "blended with another program's motion on the same body"),
    Damage("noise_smooth", (1, 2, 5, 10), "deg", "joints wander, below 3 Hz"),
    Damage("noise_white", (1, 2, 5, 10), "deg", "joints tremble"),
    Damage("time_shift", (1, 3, 6, 12), "frames", "everything happens late"),
    Damage("skating", (2, 5, 10, 20), "cm/s", "planted feet slide to and fro"),
    Damage("raised", (1, 2, 5), "% H", "the body floats above the floor"),
    Damage("sunk", (1, 2, 5), "% H", "the body is sunk into the floor"),
)
"""All damages, in the order of the tables. Raised and sunk are there because float height and floor penetration claim
to measure them."""

BY_NAME = {damage.name: damage for damage in DAMAGES}
