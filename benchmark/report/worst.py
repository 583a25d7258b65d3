"""The worst clips of a method, chosen by their numbers and shown as strips: source, prediction, ground truth."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...datasets.clip_set import ClipSet, PairData
from ...datasets.readers.clip_npz import read_clip
from ...datasets.readers.errors import BadClip
from ...metrics.declarations import find_metric
from ..comparison import ScoredRun
from ..ranking import is_ceiling, is_floor
from ..samples import Sample
from .headline import contact_key
from .numbers import decimals_for, written
from .sources import ReportSource, read_submission
from .tables import in_table_order

TRUTH_COLOUR = (0.62, 0.74, 0.55)


@dataclass(frozen=True)
class WorstClip:
    """One clip on which a method does badly."""

    method: str
    clip_id: str
    split: str
    key: str
    value: str
    mean: str
    unit: str
    goals: str = ""
    """Names of the contacts that were programmed."""
    picture: str = ""
    """A data URI, or nothing."""
    why_none: str = ""
    """Why there is no picture."""


def worst_samples(run: ScoredRun, count: int) -> list[tuple[str, Sample]]:
    """Return the worst clips with the metric that each is worst in, no clip twice.

    Contact, penetration and position take turns; clips on which the method failed are left out, there is nothing to
    see of them.
    """
    scored = set(run.samples.keys)
    wanted = [contact_key(scored), "pen_limb@1[0.3%H]", "mpjpe_cm@1[global]"]
    # A search has no pictures, and that it does not find an item says nothing about a clip.
    first = [key for key in run.samples.keys[:1] if find_metric(key).family not in {"retrieval", "recognition"}]
    keys = [key for key in wanted if key in scored] or first
    chosen: dict[str, tuple[str, Sample]] = {}
    for place in range(count):
        key = keys[place % len(keys)] if keys else None
        rows = [s for s in run.samples.samples if key in s.values and not s.failed and s.clip_id not in chosen]
        if key is None or not rows:
            continue
        sign = -1 if find_metric(key).direction == "higher" else 1
        worst = max(rows, key=lambda s: (sign * s.values[key], s.clip_id))
        chosen[worst.clip_id] = (key, worst)
    return list(chosen.values())


def worst_clips(
    sources: Sequence[ReportSource], clip_set: ClipSet | None, *, count: int, size: tuple[int, int]
) -> list[WorstClip]:
    """Return the worst clips of every method that is neither floor nor ceiling, with pictures where that is possible.

    Args:
        sources: Runs on the same data.
        clip_set: The data they were scored on; ``None`` gives no pictures.
        count: Clips per method.
        size: Frames per strip, and the height of a frame in pixels.
    """
    of_run = {id(source.run): source for source in sources}
    shown = [of_run[id(run)] for run in in_table_order([source.run for source in sources])]
    shown = [source for source in shown if not _is_reference(source.run.result.method.name)]
    return [
        _worst_clip(source, key, sample, clip_set, size=size)
        for source in shown
        for key, sample in worst_samples(source.run, count)
    ]


def _is_reference(name: str) -> bool:
    return is_floor(name) or is_ceiling(name)


def _worst_clip(
    source: ReportSource, key: str, sample: Sample, clip_set: ClipSet | None, *, size: tuple[int, int]
) -> WorstClip:
    result = source.run.result
    mean = result.scores["all"][key].value
    decimals = decimals_for([sample.values[key], mean])
    picture, goals, why_none = "", "", ""
    if source.predictions is None:
        why_none = "no picture: the predictions of this run were not given"
    elif clip_set is None or clip_set.data_sha256 != result.data:
        why_none = "no picture: the data this run was scored on is not at hand"
    else:
        pair = clip_set.load(sample.clip_id)
        goals = ", ".join(goal.name for goal in pair.contact_goals)
        picture = _picture(source, pair, size)
        why_none = "" if picture else "no picture: the prediction file cannot be read"
    unit = find_metric(key).unit
    return WorstClip(
        method=result.method.name,
        clip_id=sample.clip_id,
        split=sample.split,
        key=key,
        value=written(sample.values[key], decimals),
        mean=written(mean, decimals),
        unit="" if unit == "1" else unit,
        goals=goals,
        picture=picture,
        why_none=why_none,
    )


def _picture(source: ReportSource, pair: PairData, size: tuple[int, int]) -> str:
    """The strips of one clip as the data URI of a JPEG; nothing where the prediction cannot be read."""
    # torch: only where pictures are made
    from ...datasets.rendering import PictureStyle, SheetRow, SheetStyle, sheet_image

    submission = read_submission(source.predictions) if source.predictions else None
    if submission is None or pair.spec.clip_id not in submission.files:
        return ""
    try:
        file = submission.files[pair.spec.clip_id]
        predicted = read_clip(file, pair.target.skeleton, frame_count=pair.spec.frame_count, fps=pair.spec.fps)
    except (BadClip, OSError):
        return ""
    rows = [
        SheetRow(f"source: {pair.source.name}", pair.source, pair.source_motion),
        SheetRow(f"{source.run.result.method.name}: {pair.target.name}", pair.target, predicted),
    ]
    if pair.ground_truths:
        truth = SheetRow(f"ground truth: {pair.target.name}", pair.target, pair.ground_truths[0], TRUTH_COLOUR)
        rows.append(truth)
    at = frames_of_interest(pair, size[0])
    style = SheetStyle(at=at, size_px=size[1], view=best_view(pair), look=PictureStyle(samples=2))
    return data_uri(sheet_image(rows, style))


def frames_of_interest(pair: PairData, count: int) -> tuple[int, ...]:
    """Return the frames to show: around the programmed contacts where there are some, otherwise the whole clip."""
    last = pair.spec.frame_count - 1
    start, stop = 0, last
    held = np.any([goal.held for goal in pair.contact_goals], axis=0) if pair.contact_goals else np.zeros(1, dtype=bool)
    if held.any():
        moments = np.flatnonzero(held)
        margin = round(0.4 * pair.spec.fps)
        start, stop = max(int(moments[0]) - margin, 0), min(int(moments[-1]) + margin, last)
    return tuple(round(float(f)) for f in np.linspace(start, stop, count))


def best_view(pair: PairData) -> str:
    """Return the three-quarter view of the side whose hand is to touch; of the left where no side stands out."""
    sides = [float(np.sign(pair.target.rest_vertices_m[goal.vertex, 0])) for goal in pair.contact_goals]
    return "three-quarter-right" if sum(sides) < 0 else "three-quarter"


def data_uri(image: NDArray[np.uint8]) -> str:
    """Return an image as a data URI of a JPEG, so that the page needs no other file."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, format="JPEG", quality=84, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
