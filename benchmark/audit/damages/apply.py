"""Damaging a clip by name, degree and seed."""

import zlib
from collections.abc import Callable, Mapping

import numpy as np

from ....datasets.body import Motion
from ..case import AuditCase
from . import contact, limbs, motion
from .names import Damage

Apply = Callable[[AuditCase, float, np.random.Generator], Motion | None]

_APPLY: Mapping[str, Apply] = {
    "contact_opened": contact.opened,
    "hand_misplaced": contact.misplaced,
    "penetration": contact.pushed_in,
    "arms_swapped": limbs.arms_swapped,
    "mirrored": limbs.mirrored,
    "limb_frozen": limbs.limb_frozen,
    "other_motion": motion.blended,
    "noise_smooth": motion.smooth_noise,
    "noise_white": motion.white_noise,
    "time_shift": motion.late,
    "skating": motion.sliding,
    "raised": motion.raised,
    "sunk": motion.sunk,
}


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
    return _APPLY[damage.name](case, degree, np.random.default_rng([seed, words]))
