"""Scoring a result again as it was scored: the same metrics, by the same judges."""

from collections.abc import Sequence

from ..benchmark.judging.jobs import Seat
from ..benchmark.judging.seats import SeatOptions, open_seats
from ..benchmark.records import JudgeRecord, Result
from ..benchmark.scoring import ScoredTrack
from ..datasets.clip_set import ClipSet
from ..datasets.errors import BenchError
from ..metrics.semantics.declarations import is_semantic_key
from ..metrics.semantics.kinds import SHIPPED_KINDS


class JudgeAway(BenchError):
    """A row whose judge read its weights from a folder that was not named."""

    rule = "L004"


def track_again(result: Result, clip_set: ClipSet, folders: Sequence[str] = ()) -> ScoredTrack:
    """Return what a result's predictions are to be scored on again.

    Args:
        result: As it was written.
        clip_set: Its data.
        folders: ``JUDGE=FOLDER``, JUDGE a name in its metric keys; for judges that come neither with the package nor
            from the hub.

    Raises:
        JudgeAway: If a folder is needed and was not named.
        BenchError: If a judge is not installed or its folder is missing.
    """
    keys = tuple(key for key in result.scores["all"] if not is_semantic_key(key))
    places = dict(text.partition("=")[::2] for text in folders)
    seats = tuple(_seat(name, record, places.get(name)) for name, record in result.judges.items())
    return ScoredTrack(result.track, result.variant, clip_set, keys, seats)


def _seat(name: str, record: JudgeRecord, folder: str | None) -> Seat:
    if folder is None and record.kind not in SHIPPED_KINDS and ":" not in record.kind:
        raise JudgeAway(
            f"the judge {name} read its weights from a folder, or took the default ones of '{record.kind}'; name a "
            f"folder with the same weights: --judge-folder {name}=FOLDER"
        )
    options = SeatOptions(renderer=record.renderer, precision=record.precision)
    return open_seats([record.kind], [folder] if folder else (), options)[0]


def judge_problems(row: Result, again: Result) -> list[str]:
    """Return one sentence per judge that is not who it was when a row was written."""
    problems = []
    for name, was in row.judges.items():
        now = again.judges.get(name)
        if now is None:
            problems.append(f"the judge {name} is now {', '.join(again.judges) or 'nobody'}: it has other weights.")
        elif now.model_copy(update={"kind": was.kind}) != was:
            differing = [field for field in type(was).model_fields if getattr(was, field) != getattr(now, field)]
            problems.append(f"the judge {name} is not the row's: {', '.join(differing)} differ.")
    return problems
