"""Judge a submission: every judge looks at every clip; then whole sets are compared with the sets of their sources."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from ...datasets.clip_set import CaptionedClips, ClipSet
from ...datasets.errors import BenchError
from ...metrics.semantics.declarations import SemanticMetric
from ..clip_scoring import ClipScorer
from ..progress import Progress
from ..records import JudgeRecord, Score
from ..samples import as_written
from .jobs import ClipLook, LookJob, Seat, SeatedJudge, SeatJob
from .kept import KeptLooks, look_identity
from .work import look, take_seat

T = TypeVar("T")


class SeesNothing(BenchError):
    """A judge that has no score to give on a track."""

    rule = "C083"


class SameName(BenchError):
    """Two judges that would share the columns of one name."""

    rule = "C084"


@dataclass(frozen=True)
class Judged:
    """What the judges gave."""

    keys: tuple[str, ...] = ()
    """Columns of ``samples.csv``, in the order of the tables."""
    values: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Clip id -> key -> value; of ``kid`` what the clip adds to the value of all clips."""
    split_values: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Clip id -> key -> what the clip adds to the value of its own split; ``kid`` alone."""
    set_scores: Mapping[str, Mapping[str, Score]] = field(default_factory=dict)
    """Split -> key -> a score that no number per clip gives; ``fid`` alone."""
    judges: Mapping[str, JudgeRecord] = field(default_factory=dict)
    """Name in keys -> who that is."""


@dataclass(frozen=True)
class Bench:
    """Judges that have taken their seats before a clip set."""

    clip_set: ClipSet
    seats: tuple[tuple[Seat, SeatedJudge], ...]

    def metrics(self, judge: SeatedJudge) -> tuple[SemanticMetric, ...]:
        """Return what a judge can give here."""
        return judge.metrics(has_captions=isinstance(self.clip_set, CaptionedClips))


def seat_judges(clip_set: ClipSet, seats: Sequence[Seat], scorer: ClipScorer) -> Bench:
    """Load the judges where clips will be looked at, and find out who they are.

    Raises:
        BenchError: If a judge's weights are missing, not at hand, or another model's.
        SeesNothing: If a judge has nothing to say of these clips.
        SameName: If two judges have one name.
    """
    judges = {job.seat: judge for job, judge in scorer.spread([SeatJob(seat) for seat in seats], take_seat)}
    bench = Bench(clip_set, tuple((seat, judges[seat]) for seat in seats))
    for seat, judge in bench.seats:
        if not bench.metrics(judge):
            raise SeesNothing(_nothing(seat, judge))
        same = [other for other, its in bench.seats if its.name == judge.name and other != seat]
        if same:
            raise SameName(
                f"the judges '{seat.asked}' and '{same[0].asked}' are both called {judge.name} in tables; score with "
                "one of them at a time."
            )
    return bench


def _nothing(seat: Seat, judge: SeatedJudge) -> str:
    able = ", ".join(sorted(judge.abilities)) or "nothing"
    if "match" in judge.abilities:
        return (
            f"the judge '{seat.asked}' can only match pictures with sentences ({able}), and the clips of this track "
            "come with none; take a judge that can embed (retargetbench ls judges) or a track with sentences."
        )
    return (
        f"the judge '{seat.asked}' can {able}; scl, fid and kid need one that can embed, itm one that can match "
        "(retargetbench ls judges)."
    )


def judge_clips(
    bench: Bench, files: Mapping[str, Path], scorer: ClipScorer, kept: KeptLooks, *, title: str | None
) -> Judged:
    """Return what every judge gives a submission.

    Args:
        bench: The judges and the clips.
        files: Clip id -> prediction file; clips that are not in it failed.
        scorer: The workers in which the judges sit.
        kept: Looks that a killed scoring left behind, and where new ones go.
        title: What the progress on stderr is called; ``None`` shows none.
    """
    parts = []
    for seat, judge in bench.seats:
        looks = _all_looks(bench, (seat, judge), files, scorer, kept, f"{title}, {judge.name}" if title else None)
        parts.append(_of_judge(bench, judge, looks))
    return _joined(parts)


def _all_looks(
    bench: Bench,
    who: tuple[Seat, SeatedJudge],
    files: Mapping[str, Path],
    scorer: ClipScorer,
    kept: KeptLooks,
    title: str | None,
) -> dict[str, ClipLook]:
    (seat, judge), clip_set = who, bench.clip_set
    captions = clip_set.captions_sha256 if isinstance(clip_set, CaptionedClips) else ""
    looks: dict[str, ClipLook] = {}
    missing: dict[LookJob, str] = {}
    for spec in clip_set.pairs:
        job = LookJob(spec.clip_id, files.get(spec.clip_id), seat)
        identity = look_identity(job, judge, clip_set.data_sha256, captions)
        found = kept.find(identity)
        if found is None:
            missing[job] = identity
        else:
            looks[spec.clip_id] = found
    total = len(clip_set.pairs)
    with Progress(title, total=total, already=len(looks)) if title else nullcontext() as progress:
        for job, made in scorer.spread(list(missing), look):
            looks[job.clip_id] = made
            kept.keep(missing[job], made)
            if progress is not None:
                progress.advance()
    return looks


def _of_judge(bench: Bench, judge: SeatedJudge, looks: Mapping[str, ClipLook]) -> Judged:
    metrics = bench.metrics(judge)
    key_of = {metric.bare: metric.key for metric in metrics}
    values = {
        clip_id: {key_of[bare]: as_written(value) for bare, value in one.values.items() if bare in key_of}
        for clip_id, one in looks.items()
    }
    record = judge.record
    if isinstance(bench.clip_set, CaptionedClips) and any(metric.caption for metric in metrics):
        record = _told(record, bench.clip_set.captions_sha256)
    columns = tuple(metric.key for metric in metrics if metric.name != "fid")
    judged = Judged(columns, values, judges={judge.name: record})
    if "kid" not in key_of:
        return judged
    from .sets import fid_scores, kid_values  # torch

    of_all, of_splits = kid_values(bench.clip_set.pairs, looks)
    for clip_id, value in of_all.items():
        values[clip_id][key_of["kid"]] = as_written(value)
    split_values = {clip_id: {key_of["kid"]: as_written(value)} for clip_id, value in of_splits.items()}
    judged = replace(judged, split_values=split_values)
    if "fid" in key_of and judge.fid_reference is not None:
        found = fid_scores(bench.clip_set.pairs, looks, judge)
        judged = replace(judged, set_scores={split: {key_of["fid"]: score} for split, score in found.items()})
    return judged


def _told(record: JudgeRecord, captions_sha256: str) -> JudgeRecord:
    """Return a judge's record with the sentences that it was told."""
    return record.model_copy(update={"captions_sha256": captions_sha256})


def _joined(parts: Sequence[Judged]) -> Judged:
    """One for all judges; no two have a key in common."""
    return Judged(
        keys=tuple(key for part in parts for key in part.keys),
        values=_merged([part.values for part in parts]),
        split_values=_merged([part.split_values for part in parts]),
        set_scores=_merged([part.set_scores for part in parts]),
        judges={name: record for part in parts for name, record in part.judges.items()},
    )


def _merged(maps: Sequence[Mapping[str, Mapping[str, T]]]) -> dict[str, dict[str, T]]:
    outer = {name for one in maps for name in one}
    return {name: {k: v for one in maps for k, v in one.get(name, {}).items()} for name in sorted(outer)}
