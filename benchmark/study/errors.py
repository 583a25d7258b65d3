"""Mistakes in asking for a study, in its files, and in the votes that come back."""

from collections.abc import Sequence

from ...datasets.errors import BenchError, UnknownName
from ..submission.problems import Problem


class UnknownQuestion(UnknownName):
    """A question that the study does not know by name."""

    rule = "C091"


class BadStudyRequest(BenchError):
    """A study that cannot be made: too few results, clips or catch trials, or a folder that is in use."""

    rule = "C092"


class BadStudy(BenchError):
    """A study's folder or key that cannot be read, or that do not belong together."""

    rule = "C093"


VOTE_RULES = {
    "V001": "a file of votes cannot be read",
    "V002": "a file is not of the format that the page downloads, or lacks a field",
    "V003": "votes on another study",
    "V004": "two files of one rater",
    "V005": "a vote on a trial or question that the study does not have",
    "V006": "a trial answered twice",
    "V007": "an answer that is none of left, same, right",
    "V008": "sides that the trial does not show",
    "V009": "simulated votes among people's",
}
"""Rule id -> what it means."""


class BadVotes(BenchError):
    """Files of votes that cannot be scored; carries every problem that was found."""

    rule = "C094"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(str(problem) for problem in self.problems))
