"""What the votes of a study say: strengths, agreement, consistency, side bias, and which metrics agree with people."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ...metrics.declarations import find_metric
from ..ranking import metric_order
from ..statistics import seed_from
from .agreement import preference_alpha, same_again, same_by_chance
from .davidson import Outcomes, fit_davidson, preference_chance
from .key import StudyKey
from .questions import Question
from .rank_correlation import rank_correlation
from .resampling import Draws, Measured, draw, weighted_mean
from .tallies import Ballots, RaterOutcome, count_ballots, judge_raters
from .votes import RaterVotes


@dataclass(frozen=True)
class MethodVotes:
    """What people think of one method."""

    method: str
    strength: Measured
    """Logarithm of the strength in Davidson's model; the methods' sum to 0."""
    share: Measured
    """Share of its votes that it won, a vote without preference counting half."""
    won: int
    tied: int
    lost: int


@dataclass(frozen=True)
class PairVotes:
    """Two methods against each other."""

    first: str
    second: str
    won: int
    """Votes for the first."""
    tied: int
    lost: int
    chance: Measured
    """By the model: chance that the first is preferred when there is a preference."""


@dataclass(frozen=True)
class MetricVotes:
    """How one metric goes with the votes."""

    key: str
    direction: str
    correlation: Measured
    """Rank correlation; positive: the metric prefers what people prefer (without a direction: what has more of it)."""


@dataclass(frozen=True)
class QuestionScore:
    """Everything about one question."""

    question: Question
    methods: tuple[MethodVotes, ...]
    """Strongest first."""
    pairs: tuple[PairVotes, ...]
    alpha: Measured
    """Krippendorff's nominal alpha between raters, over comparisons."""
    same_again: Measured
    """Share of repeated trials that their rater answered as before, over sides changed."""
    same_by_chance: float
    left: Measured
    """Share of preferences that went to the left side."""
    ties: Measured
    """Share of votes without preference."""
    metrics: tuple[MetricVotes, ...]


@dataclass(frozen=True)
class StudyScore:
    """The whole result."""

    simulated: bool
    """Whether a program made the votes; such a result says nothing about people."""
    study: str
    title: str
    track: str
    variant: str
    data: str
    raters: tuple[RaterOutcome, ...]
    catches_needed: int
    comparisons: int
    motions: int
    questions: tuple[QuestionScore, ...]
    """Empty when no rater's votes count."""
    note: str | None
    """Why there are no intervals."""

    @property
    def kept(self) -> int:
        """Number of raters whose votes count."""
        return sum(one.outcome == "kept" for one in self.raters)


def score_study(key: StudyKey, raters: Sequence[RaterVotes]) -> StudyScore:
    """Return what the votes say; raters that the catch rule leaves out are listed and counted nowhere else.

    Args:
        key: The study.
        raters: Files of votes that have been checked; all by people, or all by a program.
    """
    judged = judge_raters(raters, key)
    kept = [one for one, outcome in zip(raters, judged, strict=True) if outcome.outcome == "kept"]
    clusters = len({trial.cluster for trial in key.of_kind("main")})
    draws = draw(len(kept), clusters, seed=seed_from("study votes", key.study))
    return StudyScore(
        simulated=any(one.simulated for one in raters),
        study=key.study,
        title=key.title,
        track=key.track,
        variant=key.variant,
        data=key.data,
        raters=tuple(judged),
        catches_needed=key.catches_needed,
        comparisons=len(key.of_kind("main")),
        motions=clusters,
        questions=tuple(_question(key, kept, question, draws) for question in key.questions) if kept else (),
        note=draws.note,
    )


def _question(key: StudyKey, raters: Sequence[RaterVotes], question: Question, draws: Draws) -> QuestionScore:
    ballots = count_ballots(raters, key, question.id)
    preferences, clusters = ballots.preferences, ballots.clusters
    methods, pairs = _strengths(key, ballots, draws)
    keys = metric_order(sorted({k for clips in key.metrics.values() for values in clips.values() for k in values}))
    keys = [name for name in keys if find_metric(name).per == "clip"]  # no vote was cast on a whole set
    return QuestionScore(
        question=question,
        methods=methods,
        pairs=pairs,
        alpha=preference_alpha(preferences, draws, clusters),
        same_again=weighted_mean(same_again(preferences, ballots.again), draws, clusters),
        same_by_chance=same_by_chance(preferences),
        left=weighted_mean(ballots.picked_left, draws, clusters),
        ties=weighted_mean((preferences == 0).astype(np.float64), draws, clusters),
        metrics=tuple(_metric(key, name, ballots, draws) for name in keys),
    )


def _metric(key: StudyKey, name: str, ballots: Ballots, draws: Draws) -> MetricVotes:
    direction = find_metric(name).direction
    differences = np.full(len(ballots.trials), np.nan)
    for place, trial in enumerate(ballots.trials):
        values = [key.metrics[method].get(trial.clip_id, {}).get(name) for method in trial.shows]
        if values[0] is not None and values[1] is not None:
            differences[place] = (values[0] - values[1]) * (-1.0 if direction == "lower" else 1.0)
    return MetricVotes(name, direction, rank_correlation(differences, ballots.preferences, draws, ballots.clusters))


def _strengths(key: StudyKey, ballots: Ballots, draws: Draws) -> tuple[tuple[MethodVotes, ...], tuple[PairVotes, ...]]:
    names = [method.name for method in key.methods]
    outcomes = _outcomes(names, ballots, draws)
    fitted = fit_davidson(outcomes)
    methods = []
    for place, name in enumerate(names):
        of_method = _won_tied_lost(outcomes, place)
        votes = of_method.sum(axis=-1)
        score = of_method[:, 0] + of_method[:, 1] / 2
        share = np.divide(score, votes, out=np.full_like(votes, np.nan), where=votes > 0)
        n, (won, tied, lost) = round(votes[0]), (round(count) for count in of_method[0].tolist())
        strength = draws.measured(fitted.log_strengths[:, place], n)
        methods.append(MethodVotes(name, strength, draws.measured(share, n), won, tied, lost))
    pairs = []
    for place, (first, second) in enumerate(zip(outcomes.first.tolist(), outcomes.second.tolist(), strict=True)):
        won, tied, lost = (round(count) for count in outcomes.counts[0, place].tolist())
        chance = draws.measured(preference_chance(fitted, first, second), won + tied + lost)
        pairs.append(PairVotes(names[first], names[second], won, tied, lost, chance))
    return tuple(sorted(methods, key=lambda one: -(one.strength.value or 0.0))), tuple(pairs)


def _outcomes(names: Sequence[str], ballots: Ballots, draws: Draws) -> Outcomes:
    """Votes for the first, neither and the second method of each pair that is compared, in every draw."""
    compared = [tuple(names.index(method) for method in trial.shows) for trial in ballots.trials]
    pairs = [pair for pair in combinations(range(len(names)), 2) if pair in compared or pair[::-1] in compared]
    of_trials = draws.of_trials(ballots.clusters)
    votes = {p: (draws.raters @ (ballots.preferences == p).astype(np.float64)) * of_trials for p in (1.0, 0.0, -1.0)}
    counts = np.zeros((len(of_trials), len(pairs), 3))
    for trial, shown in enumerate(compared):
        turned = shown not in pairs
        pair = pairs.index(shown[::-1] if turned else shown)  # type: ignore[arg-type]
        for place, preference in enumerate((-1.0, 0.0, 1.0) if turned else (1.0, 0.0, -1.0)):
            counts[:, pair, place] += votes[preference][:, trial]
    first, second = np.array(pairs, dtype=np.int64).T
    return Outcomes(first, second, counts, len(names))


def _won_tied_lost(outcomes: Outcomes, method: int) -> NDArray[np.float64]:
    """A method's votes over all its pairs, [draws, 3]."""
    as_first = outcomes.counts[:, outcomes.first == method].sum(axis=1)
    as_second = outcomes.counts[:, outcomes.second == method].sum(axis=1)
    return np.asarray(as_first + as_second[:, ::-1])
