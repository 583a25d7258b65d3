"""Which clips and which pairs of methods are compared, and how many catch and repeated trials there are."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ...datasets.clip_set import PairSpec
from .errors import BadStudyRequest

FEWEST_CATCHES = 5
"""With fewer, somebody who guesses would pass too easily even if all had to be right."""
GUESSERS_PASS = 0.05
"""Largest share of guessers that the catch trials let pass."""
FEWEST_REPEATS = 4
REPEATED_SHARE = 0.15
_PER_CATCH = 9
"""At most so many other trials per catch trial: catch trials are at least a tenth of all."""


@dataclass(frozen=True)
class StudyOptions:
    """How large a study is."""

    clips: int = 12
    """Clips that are shown."""
    trials: int = 40
    """Most comparisons of methods; all that there are when they are fewer."""
    catches: int = 8
    """Least number of catch trials; there are always enough to make a tenth of all trials."""
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (("clips", 1), ("trials", 1), ("catches", FEWEST_CATCHES)):
            if getattr(self, name) < least:
                raise BadStudyRequest(f"--{name} is {getattr(self, name)}; expected at least {least}.")


@dataclass(frozen=True)
class Comparison:
    """One clip as two methods move it."""

    clip: PairSpec
    methods: tuple[str, str]


def choose_clips(pairs: Sequence[PairSpec], count: int, generator: np.random.Generator) -> list[PairSpec]:
    """Return clips that spread over motions first and target bodies second.

    Raises:
        BadStudyRequest: If there are not as many.
    """
    if count > len(pairs):
        raise BadStudyRequest(f"--clips is {count}, but only {len(pairs)} clips can be shown; ask for at most as many.")
    left = [pairs[i] for i in generator.permutation(len(pairs))]
    motions: Counter[str] = Counter()
    bodies: Counter[str] = Counter()
    chosen = []
    for _ in range(count):
        pick = min(left, key=lambda pair: (motions[pair.motion_cluster], bodies[pair.target]))
        left.remove(pick)
        motions[pick.motion_cluster] += 1
        bodies[pick.target] += 1
        chosen.append(pick)
    return chosen


def choose_comparisons(
    clips: Sequence[PairSpec], methods: Sequence[str], most: int, generator: np.random.Generator
) -> list[Comparison]:
    """Return comparisons in which clips, and pairs of methods, occur as equally often as possible.

    Every pair of methods on every clip where those are not more than ``most``; otherwise clips take turns, and each
    shows the pair that has been shown least so far, of those it has not shown. The order in a comparison is drawn.

    Raises:
        BadStudyRequest: If some pair of methods would never be compared.
    """
    pairs = list(combinations(methods, 2))
    if most < len(pairs):
        raise BadStudyRequest(
            f"--trials is {most}, but {len(methods)} methods make {len(pairs)} pairs, and each must be compared at "
            f"least once; ask for at least {len(pairs)}, better {8 * len(pairs)}."
        )
    pairs = [pairs[i] for i in generator.permutation(len(pairs))]
    uses: Counter[tuple[str, str]] = Counter()
    left = {clip.clip_id: list(pairs) for clip in clips}
    found = []
    for number in range(min(most, len(clips) * len(pairs))):
        clip = clips[number % len(clips)]
        pair = min(left[clip.clip_id], key=lambda one: uses[one])
        left[clip.clip_id].remove(pair)
        uses[pair] += 1
        swapped = bool(generator.integers(2))
        found.append(Comparison(clip, (pair[1], pair[0]) if swapped else pair))
    return found


def repeat_count(comparisons: int) -> int:
    """Return how many comparisons are shown a second time."""
    return min(comparisons, max(FEWEST_REPEATS, round(REPEATED_SHARE * comparisons)))


def catch_count(others: int, least: int) -> int:
    """Return how many catch trials stand among other trials: at least a tenth of all, and at least ``least``."""
    return max(least, math.ceil(others / _PER_CATCH))


def guessers_pass(catches: int, needed: int) -> float:
    """Return the chance that somebody who picks a side by the toss of a coin gets ``needed`` of ``catches`` right."""
    return sum(math.comb(catches, k) for k in range(needed, catches + 1)) / 2**catches


def catches_needed(catches: int) -> int:
    """Return the fewest right answers that at most ``GUESSERS_PASS`` of guessers reach.

    Args:
        catches: At least ``FEWEST_CATCHES``.
    """
    return next(k for k in range(catches + 1) if guessers_pass(catches, k) <= GUESSERS_PASS)
