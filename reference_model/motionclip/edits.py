"""Whether an edit "without A plus B" moves the limb that it should: from the left hand to the right, to a leg.

A motion's latent is edited by the texts of what it shows and of what it should show: the same class with the other side
("kick with the left leg" becomes "kick with the right leg"), and a drawn class with the other limb. The edit has moved
the intended limb where the way of its hand or foot, relative to the hips, has grown against the motion as it comes back
from its own latent, and has grown more than that of any other limb.
"""

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from ...datasets.body.joint_names import BODY_JOINTS
from ..tiny_vlm.sides import mirrored
from .act_names import split_sided
from .editing import edited
from .model import MotionClipModel
from .motion_set import MotionSet
from .standard_body import StandardPlaces

LIMBS = ("left hand", "right hand", "left leg", "right leg")
_ENDS = [BODY_JOINTS.index(name) for name in ("LeftHand", "RightHand", "LeftFoot", "RightFoot")]
SEED = 0


def edits(model: MotionClipModel, known: MotionSet, asked: MotionSet) -> dict[str, float]:
    """Return how many edits there are, of one motion of each class with side and limb, and how many move that limb.

    Args:
        model: Which encodes and decodes.
        known: Not used: nothing is fitted.
        asked: Whose motions are edited.
    """
    first: dict[str, int] = {}
    for row, item in enumerate(asked.items):
        if item.act.sided:
            first.setdefault(item.act.sided, row)
    names, scores = sorted(first), dict[str, float]()
    for kind, wanted in (("of sides", other_sides(names)), ("of limbs", other_limbs(names))):
        rows = [first[name] for name, _ in wanted]
        found = sum(moved(model, asked.latents[rows], wanted)) if wanted else 0
        scores |= {f"edits {kind}": float(len(wanted)), f"edits {kind} that move the limb": float(found)}
    return scores


def other_sides(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return what becomes what: each name the same with the other side."""
    return [(name, mirrored(name)) for name in names]


def other_limbs(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return what becomes what: each name a drawn one with the other limb, where there is any."""
    generator, found = np.random.default_rng(SEED), []
    for name in names:
        others = [other for other in names if split_sided(other)[1].split()[1] != split_sided(name)[1].split()[1]]
        if others:
            found.append((name, others[int(generator.integers(len(others)))]))
    return found


def moved(model: MotionClipModel, latents: Tensor, wanted: Sequence[tuple[str, str]]) -> list[bool]:
    """Return of each edit whether it moves the intended limb.

    Args:
        model: Which decodes.
        latents: Of the motions before, [edits, latent].
        wanted: What they show, and what they should show, as sided names.
    """
    without, plus = (model.latents_of_texts([pair[k] for pair in wanted]) for k in (0, 1))
    before, after = limb_ways_m(model.decode(latents)), limb_ways_m(model.decode(edited(latents, without, plus)))
    gained = after - before
    intended = [LIMBS.index(split_sided(name)[1]) for _, name in wanted]
    return [bool(own[k] > 0 and own.argmax() == k) for own, k in zip(gained, intended, strict=True)]


def limb_ways_m(features: Tensor) -> Tensor:
    """Return how far the ends of the ``LIMBS`` travel on the standard body, relative to the hips, [n, 4].

    Args:
        features: Of motions, [n, frames, 135].
    """
    ends = StandardPlaces.of(1).joints_m(features)[..., _ENDS, :]
    return (ends[:, 1:] - ends[:, :-1]).norm(dim=-1).sum(dim=1)
