"""The mistakes around SMT, each with its rule id. Imports nothing that computes."""

from ...datasets.errors import BenchError


class ShortClips(BenchError):
    """Motions of which none is as long as a training window."""

    rule = "W002"


class WrongStart(BenchError):
    """Weights of stage 1 that this stage 2 cannot go on from."""

    rule = "W003"


class NothingToLearn(BenchError):
    """A stage 2 of which every term is left out."""

    rule = "W004"


class UnknownPair(BenchError):
    """Two characters for which the per-pair mode has no weights."""

    rule = "W005"


class NoPairs(BenchError):
    """Paired training on motions without pairs."""

    rule = "W006"


class NoAnswers(BenchError):
    """Right answers where there are none, or where none are used."""

    rule = "W007"
