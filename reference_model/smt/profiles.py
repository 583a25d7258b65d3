"""The named configurations: ``code`` (the released one), ``paper``, and ``best``, the one that is shipped. No torch.

``r2et`` is another paper's method on the same motions, bodies and trainer: a rival.

Weights and sizes of ``code`` are those of the released ``train.py`` and ``configs``; those of ``paper`` come from a
summary of the paper that could not be checked against it. Where neither says anything, the field's docstring says what
was chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True)
class LossWeights:
    """Weights of the terms of stage 1; a term of weight 0 is not computed."""

    reconstruction: float
    """On the squared 6D error when a character is retargeted to itself."""
    reconstruction_root: float
    """On the absolute error of the root over height."""
    cycle: float
    """As ``reconstruction``, after A to B to A."""
    cycle_root: float
    adversarial: float
    """On the generator's cross-entropy."""
    relation: float
    """On the joint-relation term."""
    smoothness: float
    """On the 6D rotations' acceleration; in ``best`` on that of the deviation from the copy."""
    skin: float = 0.0
    """On the skin-relation term: forearms and hands keep their places relative to the skin near them."""
    close_arms: float = 0.0
    """On the squared 6D distance of the arms from the copy."""
    close_rest: float = 0.0
    """The same for the other joints and, over leg length, for the root."""
    feet: float = 0.0
    """On planted feet that move, in leg lengths per second, and on their height."""
    twist: float = 0.0
    """On the squared twist of bones beyond 100 degrees, in radians."""


@dataclass(frozen=True)
class Sizes:
    """Sizes of the shape-aware network; the released network's are fixed."""

    width: int = 64
    heads: int = 4
    encoder_blocks: int = 2
    decoder_blocks: int = 2
    passes: int = 2
    """How often the decoder looks at what it has done so far and corrects it."""


@dataclass(frozen=True)
class Profile:
    """One configuration of network, losses and optimisation."""

    name: str
    network: Literal["released", "shape-aware", "r2et"]
    weights: LossWeights
    relation_form: Literal["paper", "code"]
    """``paper``: every row of the distance matrix, L1-normalised; ``code``: arm rows of its exponential, L2."""
    rate: float = 3e-4
    betas: tuple[float, float] = (0.5, 0.999)
    muon: bool = False
    """Whether stage 1 moves the matrices inside the blocks by Muon and the rest by AdamW; else all by Adam."""
    discriminator_rate: float = 5e-5
    clip: float = 10.0
    """Largest norm of the generator's gradient."""
    batch: int = 16
    fps: float = 30.0
    """Frames per second at which the network sees motions; a divisor of 30, training's own rate."""
    frames: int = 60
    """Length of a window; the release shuffles frames over clips, which leaves its temporal layers nothing to see."""
    falling_rate: bool = False
    """Whether the learning rate warms up and falls as a cosine; the release keeps it constant."""
    extra_share: float = 1.0
    """Share of a batch on which reconstruction and cycle are computed."""
    stretched: float = 0.0
    """Share of target bodies whose limbs, trunk and girth are stretched at random beyond the shape basis."""
    sizes: Sizes = field(default_factory=Sizes)


CODE = Profile(
    "code",
    "released",
    LossWeights(100.0, 1.0, 10.0, 0.1, adversarial=1.0, relation=1000.0, smoothness=1000.0),
    relation_form="code",
)
PAPER = Profile(
    "paper",
    "released",
    # how the paper weighs rotations and root inside a term is not known: the code's ratio is taken
    LossWeights(10.0, 0.1, 1.0, 0.01, adversarial=0.1, relation=1.0, smoothness=0.0),
    relation_form="paper",
)
BEST = Profile(
    "best",
    "shape-aware",
    LossWeights(
        10.0, 1.0, 1.0, 0.1, adversarial=0.0, relation=1.0, smoothness=1000.0, skin=2000.0, close_arms=2.0,
        close_rest=200.0, feet=10.0,
    ),
    relation_form="paper",
    rate=1e-3,
    betas=(0.9, 0.99),
    muon=True,
    clip=1.0,
    # corrections of a copy change slowly: half the rate costs half as much, and a window sees longer
    fps=15.0,
    frames=20,
    falling_rate=True,
    extra_share=0.25,
    stretched=0.5,
)  # fmt: skip
R2ET = Profile(
    "r2et",
    "r2et",
    # relation and twist as released; there, reconstruction is a sum over joints, of which this is about the size
    LossWeights(50.0, 0.0, 0.0, 0.0, adversarial=0.0, relation=100.0, smoothness=0.0, twist=10.0),
    relation_form="paper",
    rate=1e-3,
    betas=(0.9, 0.999),
    clip=25.0,
    # what `best` is given: the network looks at single frames
    fps=15.0,
    frames=20,
    falling_rate=True,
    extra_share=0.5,
    stretched=0.5,
    sizes=Sizes(width=32),
)

PROFILES: Mapping[str, Profile] = MappingProxyType({p.name: p for p in (BEST, CODE, PAPER, R2ET)})
