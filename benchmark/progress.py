"""How far long work has come and how long it will still take: a live line on a terminal, plain lines elsewhere."""

import sys
import time
from types import TracebackType
from typing import TextIO


class Progress:
    """Counts finished pieces of work and writes to stderr now and then.

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
        self._live = self._stream.isatty()
        self._every_s = 0.1 if self._live else 5.0
        self._begun_s = self._written_s = time.monotonic()

    def advance(self, note: str = "") -> None:
        """Count one piece as finished.

        Args:
            note: Something worth a line of its own, for example that a clip failed.
        """
        self._done += 1
        if note:
            self._write(note, keep=True)
        now_s = time.monotonic()
        if now_s - self._written_s >= self._every_s:
            self._written_s = now_s
            self._write(self.line(now_s - self._begun_s), keep=not self._live)

    def line(self, elapsed_s: float) -> str:
        """Return the line for a moment ``elapsed_s`` after the start: count, share, time left."""
        fresh = self._done - self._already
        left = f", about {duration(elapsed_s / fresh * (self._total - self._done))} left" if fresh else ""
        share = f" ({100 * self._done // self._total} %)" if self._total else ""
        return f"{self._title}: {self._done}/{self._total}{share}, {duration(elapsed_s)} so far{left}"

    def _write(self, text: str, *, keep: bool) -> None:
        start = "\r\x1b[2K" if self._live else ""
        self._stream.write(f"{start}{text}" + ("\n" if keep else ""))
        self._stream.flush()

    def __enter__(self) -> "Progress":
        self._begun_s = self._written_s = time.monotonic()
        if self._already:
            self._write(f"{self._title}: {self._already} of {self._total} were done before", keep=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        elapsed_s = time.monotonic() - self._begun_s
        self._write(f"{self._title}: {self._done}/{self._total} in {duration(elapsed_s)}", keep=True)


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
