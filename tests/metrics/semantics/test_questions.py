import pytest

from retargetbench.metrics.semantics.questions import GUIDING_QUESTIONS, chained_prompt


def test_the_first_prompt_is_the_one_of_the_release():
    assert chained_prompt(GUIDING_QUESTIONS, []) == "Question: Where are the hands of the character?. Answer:"


def test_the_second_prompt_holds_the_first_answer():
    assert chained_prompt(GUIDING_QUESTIONS, ["on the hips"]) == (
        "Question: Where are the hands of the character?. Answer: on the hips. "
        "Question: What is the character doing?. Answer:"
    )


def test_nothing_is_asked_when_all_is_answered():
    with pytest.raises(ValueError, match="leave none to ask"):
        chained_prompt(GUIDING_QUESTIONS, ["a", "b"])
