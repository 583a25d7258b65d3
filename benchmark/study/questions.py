"""What raters are asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .errors import BadStudyRequest, UnknownQuestion


@dataclass(frozen=True)
class Question:
    """One question about two motions beside the original."""

    id: str
    text: str


QUESTIONS = {
    "meaning": "Which of the two does the same thing as the original?",
    "contact": "Whose hands and feet touch the same places of the body, at the same moments, as the original's?",
    "natural": "Which of the two moves more naturally?",
}
"""Questions with a name of their own; others are written ``name=Text?``."""

_LOOKS_FINE = "natural"
"""A motion that is plainly another one, or stands still, can still look natural: no catch trial for this question."""


def read_questions(words: Sequence[str]) -> tuple[Question, ...]:
    """Return the questions that words ask for; catch trials are judged by the answers to the first.

    Args:
        words: Names of ``QUESTIONS``, or ``name=Text?`` with a text of the experimenter's own.

    Raises:
        UnknownQuestion: With the nearest names.
        BadStudyRequest: If there is none, one twice, or the first one is no question that a wrong motion must lose.
    """
    questions = tuple(_read(word) for word in words)
    names = [question.id for question in questions]
    if not names:
        raise BadStudyRequest(f"a study asks at least one question; known: {', '.join(QUESTIONS)}.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadStudyRequest(f"the question '{twice[0]}' is asked twice; name every question once.")
    if names[0] == _LOOKS_FINE:
        raise BadStudyRequest(
            f"the first question is '{_LOOKS_FINE}', by which careless raters cannot be told: a plainly wrong motion "
            "can look natural. Put 'meaning' or 'contact' first."
        )
    return questions


def _read(word: str) -> Question:
    name, given, text = word.partition("=")
    if given:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name) or not text.strip():
            raise BadStudyRequest(f"'{word}' is no question; write name=Text?, the name in small letters.")
        return Question(id=name, text=text.strip())
    if name not in QUESTIONS:
        raise UnknownQuestion("question", name, QUESTIONS)
    return Question(id=name, text=QUESTIONS[name])
