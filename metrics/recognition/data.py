"""A recognition test with all that running and scoring need: motions, classes, and which of them each motion shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Motion
from .errors import WrongTest


@dataclass(frozen=True, eq=False)
class RecognitionData:
    """A recognition test.

    A method is given the motions, shuffled, and the classes; not the ids, and nothing of ``truth``, of ``structures``
    and ``bodies``.

    Raises:
        WrongTest: If ids or classes repeat, a motion shows no class, or lengths do not fit.
    """

    ids: tuple[str, ...]
    """Of the motions, each once."""
    motions: Sequence[Motion]
    """The motions themselves, in the order of the ids; those of a large set are read when they are asked for."""
    classes: tuple[str, ...]
    """What a motion may show, each once."""
    truth: NDArray[np.bool_]
    """The classes that each motion shows, at least one, [motions, classes]."""
    structures: Sequence[str]
    """Of each motion the program structure (or the recording) it comes from: motions that share one are not
    independent."""
    bodies: Sequence[str]
    """Of each motion who performs it."""
    data_sha256: str
    """The data version."""

    def __post_init__(self) -> None:
        for what, names in (("motion", self.ids), ("class", self.classes)):
            if len(set(names)) != len(names):
                twice = next(name for place, name in enumerate(names) if name in names[:place])
                raise WrongTest(f"the {what} '{twice}' is listed twice; names must differ.")
        if len(self.classes) < 2:
            raise WrongTest(f"the test has {len(self.classes)} classes; expected at least two.")
        count = len(self.ids)
        for name in ("motions", "structures", "bodies", "truth"):
            if len(getattr(self, name)) != count:
                raise WrongTest(f"{count} motions have {len(getattr(self, name))} {name}; expected one each.")
        if self.truth.shape != (count, len(self.classes)) or not self.truth.any(axis=1).all():
            raise WrongTest(
                f"'truth' is {list(self.truth.shape)}; expected a row per motion with a right class or more."
            )
