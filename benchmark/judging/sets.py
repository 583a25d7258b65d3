"""Metrics of whole sets: results against their sources, for all clips and for each split."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from ...datasets.clip_set import PairSpec
from ...metrics.semantics.declarations import NOT_VALIDATED
from ...metrics.semantics.frechet import evenly, fid, load_reference
from ...metrics.semantics.kernel_shares import kid_shares
from ..clip_scoring import one_thread
from ..records import Clusters, Score
from ..summary import ALL
from .jobs import ClipLook, SeatedJudge

FID_NOTE = "no interval: fid is biased by the number of clips, and clips drawn twice would change the bias"


def kid_values(pairs: Sequence[PairSpec], looks: Mapping[str, ClipLook]) -> tuple[dict[str, float], dict[str, float]]:
    """Return what each clip adds to ``kid`` of all clips, and of its own split, by clip id.

    The group of a clip is its source motion. Sets that show one motion only have no value.
    """
    found = {split: _kid(specs, looks) for split, specs in _sets(pairs).items()}
    of_all = found.pop(ALL)
    return of_all, {clip_id: value for values in found.values() for clip_id, value in values.items()}


def _kid(specs: Sequence[PairSpec], looks: Mapping[str, ClipLook]) -> dict[str, float]:
    motions = sorted({spec.motion for spec in specs})
    if len(motions) < 2:
        return {}
    groups = torch.tensor([motions.index(spec.motion) for spec in specs])
    with one_thread():
        shares = kid_shares(_stack(specs, looks, "results"), _stack(specs, looks, "sources"), groups)
    return {spec.clip_id: float(share) for spec, share in zip(specs, shares, strict=True)}


def fid_scores(pairs: Sequence[PairSpec], looks: Mapping[str, ClipLook], judge: SeatedJudge) -> dict[str, Score]:
    """Return ``fid`` of every set that is large enough for it: split -> score, without interval."""
    if judge.fid_reference is None:
        return {}
    reference = load_reference(judge.fid_reference, judge.record.fingerprint)
    scores = {}
    for split, specs in _sets(pairs).items():
        results, sources = (_stack(specs, looks, side).flatten(0, 1) for side in ("results", "sources"))
        if results.shape[0] < reference.samples:
            continue
        with one_thread():
            value = fid(evenly(results, reference.samples), evenly(sources, reference.samples), reference)
        clusters = Clusters(motions=len({s.motion_cluster for s in specs}), bodies=len({s.target for s in specs}))
        scores[split] = Score(
            value=float(value),
            lo=None,
            hi=None,
            n=len(specs),
            clusters=clusters,
            unit="1",
            direction="lower",
            note=f"{NOT_VALIDATED}; {FID_NOTE}",
        )
    return scores


def _sets(pairs: Sequence[PairSpec]) -> dict[str, list[PairSpec]]:
    """All clips and those of each split, sorted by clip id."""
    ordered = sorted(pairs, key=lambda spec: spec.clip_id)
    splits = sorted({spec.split for spec in pairs} - {ALL})
    return {ALL: ordered, **{split: [spec for spec in ordered if spec.split == split] for split in splits}}


def _stack(specs: Sequence[PairSpec], looks: Mapping[str, ClipLook], side: str) -> Tensor:
    """The embeddings of one side, clip after clip, [clips, pictures, width]."""
    return torch.from_numpy(np.stack([getattr(looks[spec.clip_id], side) for spec in specs]))
