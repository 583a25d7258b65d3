"""What a judge is: a frozen model that looks at pictures of a character and answers in numbers that can be compared.

Torch in, torch out: everything that depends on the frames is differentiable in them, except the words of an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from torch import Tensor

from .errors import WrongFrames

Ability = Literal["embed", "answer", "match", "images", "texts"]
"""What a judge can do: the methods of ``Judge`` in their order. Every judge can ``embed``, but for a bare ITM head."""


Crop = Literal["full-body", "upper-body"]


@dataclass(frozen=True)
class Looking:
    """How a judge wants to be shown a clip, unless the caller says otherwise; part of what a score means."""

    views: tuple[str, ...] = ("front",)
    """Names of camera positions, as in ``datasets.rendering``."""
    frames: int = 8
    """Frames per clip, evenly spaced, first and last included."""
    crop: Crop = "full-body"
    size_px: int = 224
    """Side of the rendered picture."""


@dataclass(frozen=True)
class Embedding:
    """What a judge made of n pictures."""

    states: Tensor
    """[n, tokens, width]."""
    counted: Tensor
    """Which tokens are real and not padding, bool [n, tokens]."""
    query_count: int = 0
    """How many of the first tokens are the picture's (BLIP-2's queries); the rest are the prompt's."""

    def pictures_only(self) -> "Embedding":
        """Return the embedding of the query tokens alone, whose number no answer changes."""
        count = self.query_count or self.states.shape[1]
        return Embedding(self.states[:, :count], self.counted[:, :count], self.query_count)

    def means(self) -> Tensor:
        """Return the mean over the real tokens, one vector per picture, [n, width]."""
        weights = self.counted.to(self.states.dtype)[..., None]
        return (self.states * weights).sum(dim=1) / weights.sum(dim=1)


class Judge(Protocol):
    """A frozen model. Frames are [n, 3, height, width], red green blue, 0 to 1, any size; the judge resizes."""

    @property
    def name(self) -> str:
        """What stands in metric keys: ``scl@1[<name>]``. Two judges never share a name."""

    @property
    def fingerprint(self) -> str:
        """A hash of the weights in their number format, of the vocabularies and of the preprocessing."""

    @property
    def looking(self) -> Looking:
        """How it wants to be shown a clip."""

    @property
    def abilities(self) -> frozenset[Ability]:
        """What it can do; anything else raises ``LacksAbility``."""

    def embed(self, frames: Tensor, prompts: Sequence[str]) -> Embedding:
        """Return the embedding of each frame under its prompt; a judge that takes no prompts ignores them."""

    def answers(self, frames: Tensor, prompts: Sequence[str]) -> list[str]:
        """Return the answer to each frame's prompt, decoded without chance; no gradient."""

    def match(self, frames: Tensor, texts: Sequence[str]) -> Tensor:
        """Return the probability that text i describes frame i, [n]."""

    def image_embedding(self, frames: Tensor) -> Tensor:
        """Return unit vectors of the frames in the space shared with texts, [n, width]."""

    def text_embedding(self, texts: Sequence[str]) -> Tensor:
        """Return unit vectors of texts in the space shared with pictures, [m, width]."""


def check_frames(frames: Tensor, texts: Sequence[str] | None = None) -> None:
    """Refuse pictures that would give a number without meaning.

    Raises:
        WrongFrames: If the shape is not [n, 3, height, width], values leave 0 to 1 or are not finite, or there is not
            one text per frame.
    """
    shape = list(frames.shape)
    if frames.ndim != 4 or shape[1] != 3 or 0 in shape or not frames.is_floating_point():
        raise WrongFrames(
            f"the frames are {frames.dtype} {shape}; expected floating-point [n, 3, height, width], n at least 1."
        )
    low, high = frames.detach().amin().item(), frames.detach().amax().item()
    if not (low >= -0.01 and high <= 1.01):
        raise WrongFrames(
            f"the frames' values run from {low:g} to {high:g}; expected 0 to 1. Divide bytes by 255, and do not "
            "normalise: the judge does."
        )
    if texts is not None and len(texts) != shape[0]:
        raise WrongFrames(f"there are {len(texts)} texts for {shape[0]} frames; expected one text per frame.")
