"""Score a submission: read prediction files, never run a method; write result.json, samples.csv and run.json."""

import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from ..datasets.clip_set import ClipSet
from ..datasets.files import write_atomically
from .clip_scores import ClipScores, code_identity, identity_of
from .clip_scoring import ClipJob, ClipScorer
from .environment import environment_record
from .judging.jobs import Seat
from .judging.judged import Judged, judge_clips, seat_judges
from .judging.kept import KeptLooks
from .progress import Progress
from .records import RESULT_FILE, RUN_FILE, SAMPLES_FILE, Failures, Result, Score, result_text, run_text
from .running.methods import GROUND_TRUTH
from .samples import Sample, SampleTable, as_written, samples_text
from .scored_folder import RunFacts, method_of, result_folder, run_facts, run_id, track_version
from .submission.archive import opened
from .submission.check import check_folder
from .submission.folder import Submission, read_folder
from .submission.problems import BadSubmission
from .summary import summarise


@dataclass(frozen=True)
class ScoredTrack:
    """The clips that predictions are scored on."""

    track_id: str
    variant: str
    clip_set: ClipSet
    metric_keys: tuple[str, ...]
    """Geometry metrics to compute, in the order of the columns."""
    judges: tuple[Seat, ...] = ()
    """Who gives semantic scores; their columns stand behind the others."""


@dataclass(frozen=True)
class Scored:
    """A scored run."""

    folder: Path
    """Where its three records are."""
    result: Result
    samples: SampleTable


def score_submission(
    predictions: Path, track: ScoredTrack, out: Path, *, scorer: ClipScorer, title: str | None = None
) -> Scored:
    """Score a submission folder or archive and write its records.

    Everything is checked first; nothing is scored when something is wrong. Finished clips survive a kill, and the same
    call continues. Neither the order of the clips nor the number of workers changes a byte of the result.

    Args:
        predictions: The submission.
        track: What it is scored on.
        out: The ``results`` folder; the records go to ``<track>@<data hash>/<method>/<run>`` below it.
        scorer: Workers for the track's clip set.
        title: What the progress on stderr is called; ``None`` shows none.

    Raises:
        BadSubmission: With every problem of the submission.
        BenchError: If a judge cannot be loaded, or has nothing to say of the track's clips.
    """
    started_s = time.monotonic()
    with opened(predictions) as folder:
        checked = check_folder(folder, track.clip_set)
        submission, _ = read_folder(folder)
        if checked.problems or submission is None:
            raise BadSubmission(checked.problems)
        run = run_facts(folder)
        predictions_sha256 = submission.predictions_sha256()
        version = track_version(track.track_id, track.clip_set.data_sha256)
        target = result_folder(out, version, submission.card.name, run_id(predictions_sha256, run.seed))
        kept, kept_looks = ClipScores(target / ".clips.jsonl"), KeptLooks(target / ".looks.jsonl")
        bench = seat_judges(track.clip_set, track.judges, scorer)
        values = _all_scores(submission, track, scorer, kept=kept, title=title)
        judged = judge_clips(bench, submission.files, scorer, kept_looks, title=title)
        table = _table(track, values, judged, failed=frozenset(submission.failures))
        result = _result(track, submission, table, predictions_sha256, run)
        result = result.model_copy(update={"scores": _with_sets(result.scores, judged), "judges": dict(judged.judges)})
    environment = environment_record(scoring_s=time.monotonic() - started_s, speed=run.speed)
    write_atomically(target / SAMPLES_FILE, samples_text(table).encode())
    write_atomically(target / RUN_FILE, run_text(environment).encode())
    write_atomically(target / RESULT_FILE, result_text(result).encode())  # last: where it is, all is
    kept.remove()
    kept_looks.remove()
    return Scored(target, result, table)


def _all_scores(
    submission: Submission, track: ScoredTrack, scorer: ClipScorer, *, kept: ClipScores, title: str | None
) -> dict[str, Mapping[str, float]]:
    """The scores of every clip: those kept from a killed scoring and the rest, newly computed."""
    values: dict[str, Mapping[str, float]] = {}
    missing: dict[str, ClipJob] = {}
    for spec in track.clip_set.pairs:
        job = ClipJob(
            spec.clip_id,
            submission.files.get(spec.clip_id),
            track.metric_keys,
            is_ground_truth=submission.card.name == GROUND_TRUTH,
        )
        identity = _job_identity(track, job)
        found = kept.find(identity)
        if found is None:
            missing[identity] = job
        else:
            values[spec.clip_id] = found
    identity_of_clip = {job.clip_id: identity for identity, job in missing.items()}
    total = len(track.clip_set.pairs)
    with Progress(title, total=total, already=len(values)) if title else nullcontext() as progress:
        for job, scores in scorer.scores(list(missing.values())):
            values[job.clip_id] = {key: as_written(scores[key]) for key in job.keys if key in scores}
            kept.keep(identity_of_clip[job.clip_id], values[job.clip_id])
            if progress is not None:
                progress.advance()
    return values


def _job_identity(track: ScoredTrack, job: ClipJob) -> str:
    content = "failed" if job.prediction is None else identity_of(job.prediction.read_bytes().hex())
    return identity_of(
        track.clip_set.data_sha256, job.clip_id, content, list(job.keys), job.is_ground_truth, code_identity()
    )


def _table(
    track: ScoredTrack, values: Mapping[str, Mapping[str, float]], judged: Judged, *, failed: frozenset[str]
) -> SampleTable:
    samples = [
        Sample(
            clip_id=spec.clip_id,
            split=spec.split,
            motion_cluster=spec.motion_cluster,
            body_cluster=spec.target,
            failed=spec.clip_id in failed,
            values={**values[spec.clip_id], **judged.values.get(spec.clip_id, {})},
            split_values=judged.split_values.get(spec.clip_id, {}),
        )
        for spec in track.clip_set.pairs
    ]
    keys = (*track.metric_keys, *judged.keys)
    return SampleTable(keys, tuple(sorted(samples, key=lambda sample: sample.clip_id)))


def _with_sets(scores: Mapping[str, Mapping[str, Score]], judged: Judged) -> dict[str, dict[str, Score]]:
    """Scores that follow from the table of clips, and behind them those that no number per clip gives."""
    return {split: {**own, **judged.set_scores.get(split, {})} for split, own in scores.items()}


def _result(
    track: ScoredTrack, submission: Submission, table: SampleTable, predictions_sha256: str, run: RunFacts
) -> Result:
    card = submission.card
    data = track.clip_set.data_sha256
    return Result(
        track=track.track_id,
        variant=track.variant,
        data=data,
        method=method_of(card),
        scores=summarise(table, data=data),
        failures=Failures(count=len(submission.failures), ids=tuple(sorted(submission.failures))),
        seed=run.seed,
        command=run.command_on(track.track_id, track.variant),
        predictions_sha256=predictions_sha256,
    )
