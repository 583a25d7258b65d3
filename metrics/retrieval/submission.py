"""What a submission to a retrieval track holds: embeddings by modality, similarities by direction, or both."""

from collections.abc import Mapping
from typing import get_args

from torch import Tensor

from ...datasets.errors import suggestion
from .collection import RetrievalSet
from .declarations import DIRECTIONS, Direction, Modality, modalities
from .embeddings import embedded, pair_scores
from .errors import WrongSubmission
from .scores import Failures, Scores, matrix_scores


def read_submission(
    whole: RetrievalSet, submission: Mapping[str, Tensor], failures: Failures = "refuse"
) -> dict[Direction, Scores]:
    """Return the similarities of every direction that a submission can answer, after checking it.

    Args:
        whole: The test set.
        submission: ``text``, ``motion``, ``video``: floating [items, width] in the set's order, compared by cosine.
            ``t2m`` and so on: floating [queries, gallery], higher is nearer; a direction that is not given takes its
            opposite's transposed; a direction's similarities win over embeddings.
        failures: What a value that is not a number is.

    Raises:
        WrongSubmission: With every name that is unknown and every size that does not fit, or if nothing can be asked.
        WrongScores: If a value is not a number and that is refused, or widths or devices differ.
    """
    problems = [*_unknown(submission), *_sizes(whole, submission)]
    if problems:
        raise WrongSubmission("; ".join(problems) + ".")
    sides = {m: embedded(submission[m], failures, m) for m in get_args(Modality) if m in submission}
    found: dict[Direction, Scores] = {}
    for direction in DIRECTIONS:
        query, answer = modalities(direction)
        opposite = direction[::-1]
        if direction in submission:
            found[direction] = matrix_scores(submission[direction], failures)
        elif opposite in submission:
            found[direction] = matrix_scores(submission[opposite], failures).turned()
        elif query in sides and answer in sides:
            found[direction] = pair_scores(sides[query], sides[answer])
    if not found:
        raise WrongSubmission(
            f"the submission holds {', '.join(submission) or 'nothing'}; expected embeddings of at least two of "
            f"{', '.join(get_args(Modality))}, or similarities such as t2m."
        )
    return found


def _unknown(submission: Mapping[str, Tensor]) -> list[str]:
    known = (*get_args(Modality), *DIRECTIONS)
    return [
        f"'{name}' is neither a modality nor a direction.{suggestion(name, known)}".rstrip(".")
        for name in submission
        if name not in known
    ]


def _sizes(whole: RetrievalSet, submission: Mapping[str, Tensor]) -> list[str]:
    problems = []
    for name, values in submission.items():
        expected: tuple[int, ...]
        if name in get_args(Modality):
            expected = (whole.count(name),)  # type: ignore[arg-type]
        elif name in DIRECTIONS:
            query, answer = modalities(name)
            expected = (whole.count(query), whole.count(answer))
        else:
            continue
        if values.ndim != 2 or tuple(values.shape[: len(expected)]) != expected:
            shown = ", ".join([*map(str, expected), "width"][:2])
            problems.append(f"'{name}' is {list(values.shape)}, expected [{shown}]")
    return problems
