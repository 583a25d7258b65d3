"""Score a submission of embeddings: read files, never run a method; write result.json, samples.csv and run.json."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ...datasets.files import write_atomically
from ...metrics.retrieval.data import RetrievalData
from ...metrics.retrieval.declarations import modalities
from ...metrics.retrieval.scoring import RetrievalSettings, score_submission
from ...metrics.retrieval.searched import Searched
from ..environment import environment_record
from ..ranking import metric_order
from ..records import RESULT_FILE, RUN_FILE, SAMPLES_FILE, Failures, Result, Score, result_text, run_text
from ..samples import Sample, SampleTable, as_written, samples_text
from ..scored_folder import RunFacts, method_of, result_folder, run_facts, run_id, track_version
from ..statistics import seed_from
from ..submission.archive import opened
from ..submission.problems import BadSubmission
from ..summary import ALL, summarise
from .check import check_folder
from .folder import EmbeddingSubmission, item_name
from .medians import median_score


@dataclass(frozen=True, eq=False)
class RetrievalTask:
    """What embeddings are scored on."""

    track_id: str
    variant: str
    data: RetrievalData


@dataclass(frozen=True)
class ScoredSearch:
    """A scored run of a retrieval track."""

    folder: Path
    """Where its three records are."""
    result: Result
    samples: SampleTable


def score_embeddings(predictions: Path, task: RetrievalTask, out: Path) -> ScoredSearch:
    """Score a submission folder or archive and write its records.

    Everything is checked first; nothing is scored when something is wrong.

    Args:
        predictions: The submission.
        task: What it is scored on.
        out: The ``results`` folder; the records go to ``<track>@<data hash>/<method>/<run>`` below it.

    Raises:
        BadSubmission: With every problem of the submission.
    """
    started_s = time.monotonic()
    with opened(predictions) as folder:
        checked = check_folder(folder, task.data)
        if checked.submission is None:
            raise BadSubmission(checked.problems)
        run = run_facts(folder)
    submission = checked.submission
    searched = search_all(submission, task.data)
    table = sample_table(searched, submission, task.data)
    sha256 = submission.predictions_sha256()
    result = _result(task, submission, table, run)
    medians = _median_scores(searched, task.data)
    scores = result.scores[ALL] | medians
    result = result.model_copy(update={"scores": {ALL: {key: scores[key] for key in metric_order(scores)}}})
    version = track_version(task.track_id, task.data.data_sha256)
    target = result_folder(out, version, submission.card.name, run_id(sha256, run.seed))
    environment = environment_record(scoring_s=time.monotonic() - started_s, speed=run.speed)
    write_atomically(target / SAMPLES_FILE, samples_text(table).encode())
    write_atomically(target / RUN_FILE, run_text(environment).encode())
    write_atomically(target / RESULT_FILE, result_text(result).encode())  # last: where it is, all is
    return ScoredSearch(target, result, table)


def search_all(submission: EmbeddingSubmission, data: RetrievalData) -> list[Searched]:
    """Return what comes of every direction in every protocol, with the first caption of each motion and with all.

    Failed items count the worst case. With all captions only the directions with texts are searched: for the others
    nothing would be new but the key.
    """
    given = {str(kind): torch.from_numpy(array) for kind, array in submission.arrays.items()}
    found = score_submission(data.items, given, RetrievalSettings(failures="worst"))
    several = any(len(captions) > 1 for captions in data.items.captions_of)
    if several and "text" in given:
        every = RetrievalSettings(failures="worst", all_captions=True)
        more = score_submission(data.items, given, every)
        found += [one for one in more if "t" in one.column.direction[::2]]
    return found


def sample_table(searched: Sequence[Searched], submission: EmbeddingSubmission, data: RetrievalData) -> SampleTable:
    """Return a row per item that asked, with a value per figure; MedR, of a whole set, has none."""
    values: dict[str, dict[str, float]] = {}
    keys: list[str] = []
    for one in searched:
        kind = modalities(one.column.direction)[0]
        names = [item_name(kind, data.item_ids[kind][row]) for row in one.query_rows.tolist()]
        for key, column in one.per_query().items():
            keys.append(key)
            for name, value in zip(names, column.tolist(), strict=True):
                values.setdefault(name, {})[key] = as_written(value)
    owner = {
        item_name(kind, item): motion
        for kind, ids in data.item_ids.items()
        for item, motion in zip(ids, data.items.owners(kind).tolist(), strict=True)
    }
    samples = [
        Sample(
            clip_id=name,
            split=ALL,
            motion_cluster=data.structures[owner[name]],
            body_cluster=data.bodies[owner[name]],
            failed=name in submission.failures,
            values=own,
        )
        for name, own in sorted(values.items())
    ]
    return SampleTable(tuple(keys), tuple(samples))


def _median_scores(searched: Sequence[Searched], data: RetrievalData) -> dict[str, Score]:
    structures, bodies = np.asarray(data.structures), np.asarray(data.bodies)
    seed = seed_from(data.data_sha256)
    found = {}
    for one in searched:
        key = next(metric.key for metric in one.metrics if metric.per == "set")
        motions = one.query_motions
        found[key] = median_score(one, structures[motions], bodies[motions], seed=seed)
    return found


def _result(task: RetrievalTask, submission: EmbeddingSubmission, table: SampleTable, run: RunFacts) -> Result:
    data = task.data.data_sha256
    return Result(
        track=task.track_id,
        variant=task.variant,
        data=data,
        method=method_of(submission.card),
        scores=summarise(table, data=data),
        failures=Failures(count=len(submission.failures), ids=tuple(sorted(submission.failures))),
        seed=run.seed,
        command=run.command_on(task.track_id, task.variant),
        predictions_sha256=submission.predictions_sha256(),
    )
