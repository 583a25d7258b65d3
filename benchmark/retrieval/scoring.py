"""What comes out of embeddings on a retrieval track: every direction in every protocol, query by query."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ...metrics.retrieval.data import RetrievalData
from ...metrics.retrieval.declarations import modalities
from ...metrics.retrieval.protocols import SentenceVectors
from ...metrics.retrieval.scoring import RetrievalSettings, score_submission
from ...metrics.retrieval.searched import Searched
from ..one_file.check import FileCheck
from ..one_file.scoring import Figures
from ..records import Score
from ..samples import Sample, SampleTable, as_written
from ..statistics import seed_from
from ..summary import ALL
from .check import check_folder
from .folder import EmbeddingSubmission, item_name
from .medians import median_score


@dataclass(frozen=True, eq=False)
class RetrievalTask:
    """What embeddings are scored on; ``one_file.scoring.score_file`` does it."""

    track_id: str
    variant: str
    data: RetrievalData

    @property
    def data_sha256(self) -> str:
        """The data version."""
        return self.data.data_sha256

    def check(self, folder: Path) -> FileCheck[EmbeddingSubmission]:
        """Judge a submission folder, and read it."""
        return check_folder(folder, self.data)

    def figures(self, submission: EmbeddingSubmission) -> Figures:
        """Return a row per item that asked, and the medians, of which no item has a part."""
        searched = search_all(submission, self.data)
        return Figures(sample_table(searched, submission, self.data), _median_scores(searched, self.data))


def search_all(submission: EmbeddingSubmission, data: RetrievalData) -> list[Searched]:
    """Return what comes of every direction in every protocol, with the first caption of each motion and with all.

    Failed items count the worst case. With all captions only the directions with texts are searched: for the others
    nothing would be new but the key. Captions are also compared by their sentence vectors where the data has them.
    """
    given = {str(kind): torch.from_numpy(array) for kind, array in submission.arrays.items()}
    known = data.sentences
    sentences = SentenceVectors(known.model, torch.from_numpy(known.vectors)) if known else None
    found = score_submission(data.items, given, RetrievalSettings(sentences=sentences, failures="worst"))
    several = any(len(captions) > 1 for captions in data.items.captions_of)
    if several and "text" in given:
        every = RetrievalSettings(sentences=sentences, failures="worst", all_captions=True)
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
