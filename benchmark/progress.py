"""How far long work has come and how long it will still take: a live bar on a terminal, plain lines elsewhere."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

PLAIN_EVERY_S = 5.0
"""Seconds between two lines where the output is no terminal, so that logs stay short."""


class Progress:
    """Counts finished pieces of work and tells the user on stderr.

    Use as a context manager::

        with Progress("run copy", total=32) as progress:
            for clip in clips:
                progress.advance()
    """

    def __init__(self, title: str, *, total: int, already: int = 0, stream: TextIO | None = None) -> None:
        """Make a counter; nothing is written before the context is entered.

        Args:
            title: What is being done.
            total: How many pieces there are in all.
            already: How many of them had been done before; they do not count for the estimate.
            stream: Where to write; stderr when left out.
        """
        self._title, self._total, self._already = title, total, already
        self._done = already
        self._stream = stream if stream is not None else sys.stderr
        self._bar: RichProgress | None = None
        self._begun_s = self._written_s = time.monotonic()

    def advance(self, note: str = "") -> None:
        """Count one piece as finished.

        Args:
            note: Something worth a line of its own, for example that a clip failed.
        """
        self._done += 1
        if note:
            self._write(note)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._done)
            return
        now_s = time.monotonic()
        if now_s - self._written_s >= PLAIN_EVERY_S:
            self._written_s = now_s
            self._write(self.line(now_s - self._begun_s))

    def line(self, elapsed_s: float) -> str:
        """Return the plain line for a moment ``elapsed_s`` after the start: count, share, time left."""
        fresh = self._done - self._already
        left = f", about {duration(elapsed_s / fresh * (self._total - self._done))} left" if fresh else ""
        share = f" ({100 * self._done // self._total} %)" if self._total else ""
        return f"{self._title}: {self._done}/{self._total}{share}, {duration(elapsed_s)} so far{left}"

    def _write(self, text: str) -> None:
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            self._stream.write(f"{text}\n")
            self._stream.flush()

    def __enter__(self) -> "Progress":
        self._begun_s = self._written_s = time.monotonic()
        if self._stream.isatty():
            self._bar = _live_bar(self._stream)
            self._bar.add_task(self._title, total=self._total, completed=self._already)
            self._bar.start()
        if self._already:
            self._write(f"{self._title}: {self._already} of {self._total} were done before")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        self._write(f"{self._title}: {self._done}/{self._total} in {duration(time.monotonic() - self._begun_s)}")


def _live_bar(stream: TextIO) -> "RichProgress":
    """A bar that goes away when the work is over; its package is loaded only where there is a terminal to draw on."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    return RichProgress(*columns, console=Console(file=stream), transient=True)


def duration(seconds: float) -> str:
    """Return a time span for people: ``0.4 s``, ``12 s``, ``3 min 05 s``, ``2 h 10 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    if whole < 7200:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
