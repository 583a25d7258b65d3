"""The named configurations of stage 2: ``code`` (as released), ``paper``, and ``best``, the one that is shipped.

No torch. Weights of ``code`` are those of the released ``finetune.py``; those of ``paper`` come from a summary that
could not be checked against it, and what it does not say is taken from the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from .profiles import BEST, CODE, PAPER, R2ET, LossWeights, Profile

SemanticsForm = Literal["mean", "sum", "relative"]
PenetrationForm = Literal["mean", "sum", "hull"]
Part = Literal["semantics", "penetration", "relation", "questions", "language"]
"""What an ablation can leave out; ``language``: image features take the place of the language model's states."""


@dataclass(frozen=True)
class FineTuning:
    """One configuration of the second stage."""

    base: Profile
    """Network, optimisation, batch, window, and the weights of the terms that stage 1 has too."""
    semantics: float
    """On the semantics consistency loss."""
    semantics_form: SemanticsForm
    """``mean``: ``scl``; ``sum``: the squared distance; ``relative``: ``scl`` over that of two sources at random, so
    that one weight does for judges whose embeddings differ much and for those whose differ little."""
    penetration: float
    penetration_form: PenetrationForm
    """``mean`` over counted limb vertices, over H; ``sum`` of them, in metres; ``hull``: convex hulls, as released."""
    views: tuple[str, ...]
    pictures: int
    """Frames of a window that are drawn, evenly spaced."""
    geometry_every: int
    """Penetration is asked in every so many frames."""
    frozen_root: bool
    guided: bool = True
    """Whether the question where the hands are is asked first."""
    embedding: Literal["language", "image"] = "language"
    """What is compared: states of the judge's language encoder, or of its image encoder, which no question reaches."""
    allowed_depth: float = 0.0
    """Depth over H that is no penetration yet."""
    attraction: float = 0.0
    """Of the R2ET-like rival: on the mean distance over H of hands near the body."""

    def without(self, parts: tuple[Part, ...]) -> "FineTuning":
        """Return the ablation that leaves parts out."""
        weights = replace(self.base.weights, relation=0.0) if "relation" in parts else self.base.weights
        return replace(
            self,
            base=replace(self.base, weights=weights),
            semantics=0.0 if "semantics" in parts else self.semantics,
            penetration=0.0 if "penetration" in parts else self.penetration,
            guided=self.guided and "questions" not in parts,
            embedding="image" if "language" in parts else self.embedding,
        )


_NOTHING = LossWeights(0.0, 0.0, 0.0, 0.0, adversarial=0.0, relation=0.0, smoothness=0.0)
"""Reconstruction, cycle and adversarial terms are stage 1's alone."""


def _as_released(profile: Profile, weights: LossWeights) -> Profile:
    """The optimisation of the released ``finetune.py``: four consecutive frames a step."""
    return replace(profile, weights=weights, rate=1e-4, betas=(0.9, 0.999), clip=5.0, batch=1, frames=4)


FINE_TUNINGS: Mapping[str, FineTuning] = MappingProxyType(
    {
        "best": FineTuning(
            base=replace(
                BEST,
                weights=replace(
                    _NOTHING, relation=1.0, smoothness=1000.0, skin=4000.0, close_arms=2.0, close_rest=200.0, feet=10.0
                ),
                rate=3e-4,
                batch=4,
                stretched=0.0,  # a stretched rig has no mesh
            ),
            semantics=1.0,
            semantics_form="relative",
            penetration=3_000.0,
            penetration_form="mean",
            # what the metrics let pass at a contact (pen_limb at 0.3 % H): without it hands are pushed off the skin
            allowed_depth=0.003,
            views=("front", "left", "right"),
            pictures=2,
            geometry_every=3,
            frozen_root=False,
        ),
        "code": FineTuning(
            base=_as_released(
                CODE, replace(_NOTHING, relation=1000.0, smoothness=100.0, close_arms=10.0, close_rest=500.0)
            ),
            semantics=1.0,
            semantics_form="mean",
            penetration=1000.0,
            penetration_form="hull",
            views=("front",),
            pictures=4,
            geometry_every=1,
            frozen_root=True,
        ),
        "paper": FineTuning(
            base=_as_released(PAPER, _NOTHING),
            semantics=0.1,
            semantics_form="sum",
            penetration=1.0,
            penetration_form="sum",
            views=("front", "left", "right"),
            pictures=4,
            geometry_every=1,
            frozen_root=True,
        ),
        "r2et": FineTuning(
            base=replace(
                R2ET,
                weights=replace(_NOTHING, twist=10.0, close_arms=2000.0, close_rest=2000.0),
                batch=4,
                stretched=0.0,
            ),
            semantics=0.0,
            semantics_form="mean",
            penetration=10_000.0,
            penetration_form="mean",
            allowed_depth=0.003,
            views=("front",),
            pictures=1,
            geometry_every=3,
            frozen_root=True,
            # as released, the mean distance of the hands weighs as much as the mean depth of one of the four limbs
            attraction=2500.0,
        ),
    }
)
