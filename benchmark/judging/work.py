"""The two things that a process is asked to do with a judge; torch is imported only where they are done."""

from ...datasets.clip_set import ClipSet
from .jobs import ClipLook, LookJob, SeatedJudge, SeatJob


def take_seat(clip_set: ClipSet, job: SeatJob) -> SeatedJudge:
    """Load a judge in this process, where it stays, and say who it is."""
    from .looking import introduce  # torch and transformers: seconds, only where somebody judges

    return introduce(job.seat)


def look(clip_set: ClipSet, job: LookJob) -> ClipLook:
    """Have a judge look at one clip; what it made of the source is kept in this process for the next method."""
    from .looking import look_at_clip

    return look_at_clip(clip_set, job)
