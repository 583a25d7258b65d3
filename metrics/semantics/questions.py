"""The questions that guide a judge's eye, and the exact text in which they are put. Imports nothing that computes."""

from collections.abc import Sequence

GUIDING_QUESTIONS = ("Where are the hands of the character?", "What is the character doing?")
"""SMT's two questions, in the order in which they are asked (``finetune.py`` and ``dataset/preprocess.py``)."""


def chained_prompt(questions: Sequence[str], answers: Sequence[str]) -> str:
    """Return the prompt that asks the next question after those already answered.

    Character for character SMT's: ``Question: {q}. Answer: {a}. Question: {q}. Answer:``, the full stop after the
    question mark included. With no answers it is the first prompt; with one, SMT's second.

    Args:
        questions: All questions in their order.
        answers: What was answered to the first ones; fewer than there are questions.

    Raises:
        ValueError: If no question is left to ask.
    """
    if len(answers) >= len(questions):
        raise ValueError(f"{len(answers)} answers to {len(questions)} questions leave none to ask")
    said = [f"Question: {asked}. Answer: {answer}. " for asked, answer in zip(questions, answers, strict=False)]
    return "".join(said) + f"Question: {questions[len(answers)]}. Answer:"
