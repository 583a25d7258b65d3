"""Making the video queries of ``retrieval/intents``: solve each motion on another body, film a part of it."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from ...datasets.body import Motion
from ...datasets.errors import BenchError
from ...datasets.intents.motion_build import solve_shard
from ...datasets.intents.motion_jobs import MotionJob, body_of, motion_jobs
from ...datasets.intents.motion_shards import read_clips, read_entries
from ...datasets.intents.packed import unpack_clip
from ...datasets.intents.programs import Program
from ...datasets.intents.programs.program import FPS
from ...datasets.intents.retrieval_items import load_retrieval_items
from ...datasets.intents.video_queries import (
    FRAMES,
    PER_FILE,
    SIZE_PX,
    MadeVideo,
    PlannedVideo,
    file_of,
    finish_videos,
    holds,
    plan_videos,
    write_videos,
)
from ...datasets.workers import spread
from ..training.counting import Counting
from .filming import Take, film

TAKE = Take("test", FRAMES, SIZE_PX)
"""Looks of the test: no training sees their colours and directions."""


@dataclass(frozen=True, eq=False)
class PlannedFile:
    """A file of videos to make."""

    path: Path
    videos: Sequence[PlannedVideo]
    programs: Sequence[Program]
    """Of each video."""


class UnsolvedVideo(BenchError):
    """A motion that misses its tolerances on every other body of the test."""

    rule = "M040"


def make_video_queries(folder: Path, counting: Counting, processes: int = 1) -> Path:
    """Make the videos that a folder lacks, and return its manifest; the same call goes on where it was stopped.

    Args:
        folder: Created when it does not exist.
        counting: Makes a counter for progress.
        processes: How many files are made at a time; they do not depend on it.

    Raises:
        UnsolvedVideo: If a motion can be solved on no other body.
    """
    planned = plan_videos(load_retrieval_items())
    parts = {number: planned[start : start + PER_FILE] for number, start in enumerate(range(0, len(planned), PER_FILE))}
    missing = {number: part for number, part in parts.items() if not holds(file_of(folder, number), part)}
    with counting("filming the test's motions (files)", len(parts), len(parts) - len(missing)) as counter:
        for path in _make(folder, missing, processes) if missing else ():
            counter.advance(path.name)
    return finish_videos(folder, planned)


def _make(folder: Path, missing: Mapping[int, Sequence[PlannedVideo]], processes: int) -> Iterator[Path]:
    programs = {job.program.name: job.program for job in motion_jobs("test")}
    planned = [
        PlannedFile(file_of(folder, number), part, [programs[video.motion] for video in part])
        for number, part in missing.items()
    ]
    for file, _ in spread(make_file, planned, processes, (__name__,)):
        yield file.path


def make_file(file: PlannedFile) -> None:
    """Make the videos of one file.

    Raises:
        UnsolvedVideo: If a program can be solved on no other body.
    """
    torch.set_num_threads(1)
    solved = _solved(file.videos, file.programs)
    write_videos(file.path, [made_video(video, *found) for video, found in zip(file.videos, solved, strict=True)])


def made_video(planned: PlannedVideo, body: str, motion: Motion) -> MadeVideo:
    """Film the part of a motion that is shown.

    Args:
        planned: Says which part, and the seed of what it looks like.
        body: Whose motion it is.
        motion: Solved on that body.
    """
    span = planned.span(motion.frame_count)
    shown = film(body_of(body), motion.window(span.start, span.stop), TAKE, planned.seed)
    return MadeVideo(planned, body, span, motion.frame_count, shown.images, shown.times_s)


def _solved(planned: Sequence[PlannedVideo], programs: Sequence[Program]) -> list[tuple[str, Motion]]:
    """The first body of each video on which its program is solved within its tolerances, and the motion."""
    found: dict[int, tuple[str, Motion]] = {}
    for turn in range(max(len(video.bodies) for video in planned)):
        left = [place for place in range(len(planned)) if place not in found]
        if not left:
            break
        jobs = [MotionJob(programs[place], (planned[place].bodies[turn],)) for place in left]
        found |= {left[job]: solved for job, solved in _solve(jobs).items()}
    for place, video in enumerate(planned):
        if place not in found:
            raise UnsolvedVideo(
                f"'{video.motion}' misses its tolerances on all of {', '.join(video.bodies)}; expected one that meets "
                "them, as on the machine that the data was made on. Report it as an issue."
            )
    return [found[place] for place in range(len(planned))]


def _solve(jobs: Sequence[MotionJob]) -> dict[int, tuple[str, Motion]]:
    """Body and motion by the number of the job, of those that were accepted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "solved.npz"
        solve_shard(jobs, path)
        clips = read_entries(path)["clips"]
        arrays = read_clips(path) if clips else {}
    return {
        clip["job"]: (clip["body"], Motion(body_of(clip["body"]).skeleton, *unpack_clip(arrays, number), FPS))
        for number, clip in enumerate(clips)
    }
