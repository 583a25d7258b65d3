"""From files of votes to tables: who is left out by the rule that was stated before, and who preferred what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .key import StudyKey, StudyTrial
from .votes import RaterVotes

Outcome = Literal["kept", "catch trials", "incomplete"]


@dataclass(frozen=True)
class RaterOutcome:
    """Whether a rater's votes count."""

    rater: str
    outcome: Outcome
    answered: int
    asked: int
    catches_right: int
    catches: int


def judge_raters(raters: Sequence[RaterVotes], key: StudyKey) -> list[RaterOutcome]:
    """Return whose votes count: all trials answered, and enough catch trials right, as the key has said beforehand.

    A catch trial is right when the right side is preferred on the study's first question; "no difference" is wrong.
    """
    catches = {trial.id: 1.0 if trial.shows[0] == "right" else -1.0 for trial in key.of_kind("catch")}
    asked = len(key.trials) * len(key.questions)
    found = []
    for one in raters:
        first = [vote for vote in one.votes if vote.question == key.questions[0].id]
        right = sum(catches.get(vote.trial) == vote.preference for vote in first)
        outcome: Outcome = "kept"
        if len(one.votes) < asked:
            outcome = "incomplete"
        elif right < key.catches_needed:
            outcome = "catch trials"
        found.append(RaterOutcome(one.rater, outcome, len(one.votes), asked, right, len(catches)))
    return found


@dataclass(frozen=True, eq=False)
class Ballots:
    """The votes on one question that count, as tables of raters and trials."""

    trials: tuple[StudyTrial, ...]
    """The comparisons of methods, each once."""
    preferences: NDArray[np.float64]
    """1: the first method is preferred; -1: the second; 0: no difference, [raters, trials]."""
    again: NDArray[np.float64]
    """The same for the second showing; NaN for trials that were not repeated, [raters, trials]."""
    picked_left: NDArray[np.float64]
    """1: the side that was preferred stood left; 0: right; NaN: no difference, [raters, trials]."""
    clusters: NDArray[np.int64]
    """The trial's motion, numbered from 0, [trials]."""

    @property
    def cluster_count(self) -> int:
        """Number of different motions."""
        return len(set(self.clusters.tolist()))


def count_ballots(raters: Sequence[RaterVotes], key: StudyKey, question: str) -> Ballots:
    """Return the votes of complete raters on one question."""
    main = key.of_kind("main")
    column = {trial.id: place for place, trial in enumerate(main)}
    repeated = {trial.id: column[str(trial.repeats)] for trial in key.of_kind("repeat")}
    shape = len(raters), len(main)
    preferences, again, left = (np.full(shape, np.nan) for _ in range(3))
    for row, one in enumerate(raters):
        for vote in one.votes:
            if vote.question != question:
                continue
            if vote.trial in column:
                preferences[row, column[vote.trial]] = vote.preference
                if vote.picked_left is not None:
                    left[row, column[vote.trial]] = float(vote.picked_left)
            elif vote.trial in repeated:
                again[row, repeated[vote.trial]] = vote.preference
    _, clusters = np.unique([trial.cluster for trial in main], return_inverse=True)
    return Ballots(main, preferences, again, left, clusters.astype(np.int64))
