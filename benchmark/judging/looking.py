"""A judge in a process: loaded once, shown clips one at a time, each the same way whoever else is scored beside it."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from ...datasets.body import Character, Motion
from ...datasets.clip_set import CaptionedClips, ClipSet, PairData
from ...datasets.readers.clip_npz import read_clip
from ...datasets.rendering import Renderer
from ...metrics.semantics.frechet import load_reference
from ...metrics.semantics.judge import Judge
from ...metrics.semantics.questions import GUIDING_QUESTIONS
from ...metrics.semantics.registry import find_judge
from ...metrics.semantics.scores import SourceLook, itm, look_at_source, scl
from ...metrics.semantics.showing import empty_stage, show_motion, stage
from ..records import JudgeRecord
from .jobs import ClipLook, LookJob, Seat, SeatedJudge

_KEPT_SOURCES = 64
"""Looks at sources that a process keeps: the methods of a table are scored on the same ones."""


@dataclass(frozen=True, eq=False)
class _Present:
    """A loaded judge with the stage that clips are shown on."""

    judge: Judge
    renderer: Renderer
    device: str

    def frames(self, character: Character, motion: Motion) -> Tensor:
        """Return the pictures of a motion, where the judge is."""
        return show_motion(character, motion, self.judge.looking, self.renderer).to(self.device)


@lru_cache(maxsize=4)
def _present(seat: Seat) -> _Present:
    source = seat.source
    choice = find_judge(seat.asked, source.folder, device=source.device, precision=source.precision)
    judge = choice.load()
    return _Present(judge, stage(judge.looking, seat.renderer), source.device)


def introduce(seat: Seat) -> SeatedJudge:
    """Load a judge and say who it is, after one look at an empty stage.

    Raises:
        BenchError: If its weights are missing, are not at hand, or are another model's.
        WrongReference: If the reference for ``fid`` beside its weights is another judge's.
    """
    present = _present(seat)
    judge, looking = present.judge, present.judge.looking
    can_embed = "embed" in judge.abilities
    reference: Path | None = getattr(judge, "fid_reference", None)
    return SeatedJudge(
        name=judge.name,
        abilities=frozenset(judge.abilities),
        query_tokens=can_embed and _has_query_tokens(present),
        record=JudgeRecord(
            kind=seat.asked,
            fingerprint=judge.fingerprint,
            precision=seat.source.precision,
            views=looking.views,
            frames=looking.frames,
            crop=looking.crop,
            size_px=looking.size_px,
            renderer=seat.renderer,
            questions=GUIDING_QUESTIONS if "answer" in judge.abilities else (),
        ),
        fid_reference=reference,
        fid_samples=load_reference(reference, judge.fingerprint).samples if reference else None,
    )


@torch.no_grad()
def _has_query_tokens(present: _Present) -> bool:
    picture = empty_stage(present.judge.looking, present.renderer)[:1].to(present.device)
    seen = present.judge.embed(picture, ("",))
    return 0 < seen.query_count < seen.states.shape[1]


@torch.no_grad()
def look_at_clip(clip_set: ClipSet, job: LookJob) -> ClipLook:
    """Return what a judge makes of one clip.

    All pictures of the clip go through the judge together and no others with them, so that the numbers depend on
    nothing but the clip; run it with one torch thread per process.

    Args:
        clip_set: What the clip is of.
        job: The clip, its prediction, and the judge.
    """
    present, pair = _present(job.seat), clip_set.load(job.clip_id)
    judge, spec = present.judge, pair.spec
    if job.prediction is None:
        frames = empty_stage(judge.looking, present.renderer).to(present.device)
    else:
        predicted = read_clip(job.prediction, pair.target.skeleton, frame_count=spec.frame_count, fps=spec.fps)
        frames = present.frames(pair.target, predicted)
    values: dict[str, float] = {}
    if "match" in judge.abilities and isinstance(clip_set, CaptionedClips):
        values["itm"] = float(itm(judge, frames, clip_set.caption(job.clip_id)))
    if "embed" not in judge.abilities:
        return ClipLook(values)
    source = _look_at_source(job.seat, pair)
    seen = judge.embed(frames, source.prompts)
    values["scl"] = float(scl(seen, source.embedding))
    values["scl,queries"] = float(scl(seen.pictures_only(), source.embedding.pictures_only()))
    results, sources = (one.means().float().cpu().numpy() for one in (seen, source.embedding))
    return ClipLook(values, results, sources)


_sources: OrderedDict[bytes, SourceLook] = OrderedDict()


def _look_at_source(seat: Seat, pair: PairData) -> SourceLook:
    """What a judge made of a source, kept for the next target or method with the same one."""
    known = hashlib.sha256(repr(seat).encode())
    for array in (
        pair.source.rest_vertices_m,
        pair.source.faces,
        pair.source_motion.local_rotations_wxyz,
        pair.source_motion.root_translation_m,
    ):
        known.update(array.tobytes())
    key = known.digest()
    if key not in _sources:
        present = _present(seat)
        _sources[key] = look_at_source(present.judge, present.frames(pair.source, pair.source_motion))
        while len(_sources) > _KEPT_SOURCES:
            _sources.popitem(last=False)
    _sources.move_to_end(key)
    return _sources[key]
