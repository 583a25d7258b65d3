"""The damages by name: what is done, in which degrees, and what a degree is."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ....datasets.body import Motion
from ..case import AuditCase
from . import contact, limbs, motion

Apply = Callable[[AuditCase, float, np.random.Generator], Motion | None]


@dataclass(frozen=True)
class Damage:
    """One way in which a right motion is made wrong."""

    name: str
    degrees: tuple[float, ...]
    """Rising."""
    unit: str
    summary: str
    apply: Apply
    """Case, degree, generator -> motion, or ``None`` where the damage cannot be done to the clip."""
    at_contact: bool = False
    """Whether only a contact of a hand is damaged; pictures then show it from near."""

    def label(self, degree: float) -> str:
        """Return a degree for people, for example ``12 % H``; a damage without degrees has none."""
        return f"{degree:g} {self.unit}" if self.unit else self.name.replace("_", " ")


DAMAGES: tuple[Damage, ...] = (
    Damage("contact_opened", (1, 3, 6, 12), "% H", "the touching hand is held off the skin, along its normal",
           contact.opened, at_contact=True),
    Damage("hand_misplaced", (5, 10, 20), "% H", "the hand touches another place of the skin",
           contact.misplaced, at_contact=True),
    Damage("penetration", (1, 3, 6), "% H", "the touching hand is pushed into trunk, head or leg",
           contact.pushed_in, at_contact=True),
    Damage("arms_swapped", (1,), "", "the left arm does what the right does, and the other way round",
           limbs.arms_swapped),
    Damage("mirrored", (1,), "", "left and right are exchanged", limbs.mirrored),
    Damage("limb_frozen", (0.25, 0.5, 1), "of the clip", "the limb that moves most stops", limbs.limb_frozen),
    Damage("other_motion", (0.25, 0.5, 1), "other", "blended with another program's motion on the same body",
           motion.blended),
    Damage("noise_smooth", (1, 2, 5, 10), "deg", "joints wander, below 3 Hz", motion.smooth_noise),
    Damage("noise_white", (1, 2, 5, 10), "deg", "joints tremble", motion.white_noise),
    Damage("time_shift", (1, 3, 6, 12), "frames", "everything happens late", motion.late),
    Damage("skating", (2, 5, 10, 20), "cm/s", "planted feet slide to and fro", motion.sliding),
    Damage("raised", (1, 2, 5), "% H", "the body floats above the floor", motion.raised),
    Damage("sunk", (1, 2, 5), "% H", "the body is sunk into the floor", motion.sunk),
)  # fmt: skip
"""All damages, in the order of the tables. Raised and sunk are there because float height and floor penetration claim
to measure them."""

BY_NAME = {damage.name: damage for damage in DAMAGES}


def damaged(case: AuditCase, damage: Damage, degree: float, seed: int) -> Motion | None:
    """Return a clip's right answer damaged; the same for the same clip, damage, degree and seed.

    What is drawn does not depend on the degree: a higher degree is more of the same damage.

    Args:
        case: The clip.
        damage: One of ``DAMAGES``.
        degree: Any degree, not only those of the table.
        seed: Of the audit.

    Returns:
        ``None`` where the damage cannot be done to the clip.
    """
    words = zlib.crc32(f"{case.pair.spec.clip_id}/{damage.name}".encode())
    return damage.apply(case, degree, np.random.default_rng([seed, words]))
