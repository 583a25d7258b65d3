"""An intent: a named way to make programs, with the values its parameters are drawn from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .program import Program

Family = Literal["contact", "gesture", "action", "locomotion", "posture"]

_SEEDS = 100_000
"""Seeds of small movements are drawn from this many."""


@dataclass(frozen=True)
class Choice:
    """One of several values, all equally likely."""

    values: tuple[float | str, ...]

    def draw(self, generator: np.random.Generator) -> float | str:
        """Draw a value."""
        return self.values[int(generator.integers(len(self.values)))]


@dataclass(frozen=True)
class Range:
    """A number between two limits, both included."""

    low: float
    high: float
    step: float | None = None
    """Numbers lie this far apart, from ``low`` on; ``None``: any number, rounded to three digits after the point.

    With whole ``low`` and ``step`` whole numbers are drawn, as counts need.
    """

    def draw(self, generator: np.random.Generator) -> float:
        """Draw a number."""
        if self.step is None:
            return round(float(generator.uniform(self.low, self.high)), 3)
        count = int(np.floor((self.high - self.low) / self.step + 1e-9)) + 1
        value = self.low + self.step * int(generator.integers(count))
        return value if isinstance(value, int) else round(value, 6)


SIDES = Choice(("left", "right"))
TEMPO = Range(0.85, 1.2)
"""Of most intents: 1 is the usual pace."""


@dataclass(frozen=True)
class Intent:
    """A way to make programs that differ in their parameters only."""

    name: str
    """In snake_case, unique."""
    action: str
    """Class of action in words; intents that do the same in different ways share it. Underlines become spaces."""
    make: Callable[..., Program]
    """Function of keyword parameters; ``seed`` is always one of them."""
    parameters: Mapping[str, Choice | Range]
    """What the parameters are drawn from, without ``seed``."""
    family: Family
    pressed: bool = False
    """Whether skin is pressed on skin (sitting, kneeling, crouching, hugging): a laxer penetration line applies."""

    def __post_init__(self) -> None:
        """Write the class as words, so that two spellings are not two classes."""
        object.__setattr__(self, "action", self.action.replace("_", " "))

    def __call__(self, **parameters: float | str) -> Program:
        """Make the program with these parameters."""
        return self.make(**parameters)

    def draw(self, generator: np.random.Generator) -> Program:
        """Make a program with parameters and a seed drawn from a generator.

        Parameters are drawn in their order, the seed last: the same generator state gives the same program.
        """
        drawn = {name: values.draw(generator) for name, values in self.parameters.items()}
        return self.make(**drawn, seed=int(generator.integers(_SEEDS)))
