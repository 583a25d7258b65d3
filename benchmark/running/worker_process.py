"""The runner's end of a method's process: start it, hand it clips, stop it when it takes too long or too much."""

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from ...datasets.clip_set import MethodInput
from ...datasets.errors import BenchError
from ..submission.problems import printable
from .answering import ANSWER_FILE
from .errors import BadMethod, BadPlugin, BadRunOption, MethodDoesNotStart
from .handover import write_input
from .item_handover import write_items
from .memory import ProcessTable
from .methods import MethodSource
from .worker import INPUT_FILE, OUTPUT_FILE

POLL_S = 0.1
LOOK_S = 0.25
"""Between looks at the memory that is held; one costs milliseconds where many processes run."""
START_LIMIT_S = 300.0
"""How long importing a method may take: large models are loaded then."""
_TAIL_BYTES = 4000
_NONSENSE = "its process answered nonsense on the result pipe."
_MAX_ANSWER_BYTES = 1 << 20
_ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")


@dataclass(frozen=True)
class Limits:
    """What a method may use.

    Raises:
        BadRunOption: If a limit is no positive number.
    """

    timeout_s: float = 600.0
    """Wall-clock seconds per call: per clip, or for all items of a kind where they are asked for at once."""
    memory_gib: float = 16.0
    """Resident memory of the method's process and everything it starts."""
    hidden: tuple[Path, ...] = ()
    """Folders no environment variable of the method's process may name."""

    def __post_init__(self) -> None:
        if not 0 < self.timeout_s < float("inf"):
            raise BadRunOption(f"--timeout-s is {self.timeout_s:g}; expected a positive number of seconds.")
        if not 0 < self.memory_gib < float("inf"):
            raise BadRunOption(f"--memory-gib is {self.memory_gib:g}; expected a positive number of GiB.")


class ClipFailed(Exception):
    """A clip on which the method failed: an outcome that is recorded, not a mistake that stops the run."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule, self.message = rule, printable(message)
        super().__init__(f"[{rule}] {self.message}")


@dataclass
class _Pipes:
    """The parent's ends."""

    commands: int
    answers: int
    output: int
    partial: bytes = b""
    tail: bytes = b""


class WorkerProcess:
    """One process of a method, in a session, a process group and an empty folder of its own.

    Use as a context manager; leaving it kills the whole group and removes the folder.
    """

    def __init__(self, source: MethodSource, limits: Limits, processes: ProcessTable) -> None:
        self._limits, self._processes = limits, processes
        self._closed = False
        self._folder: Path | None = None  # the process makes it and says where
        self._process, self._pipes = self._start(source)
        self.about: Mapping[str, Any] = self._await_start(source)
        """What the method says of itself: ``card`` and ``code_sha256``."""

    def _start(self, source: MethodSource) -> tuple[subprocess.Popen[bytes], _Pipes]:
        commands_out, commands_in = os.pipe()
        answers_out, answers_in = os.pipe()
        output_out, output_in = os.pipe()
        arguments = [str(commands_out), str(answers_in), source.kind, source.target, source.task]
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "retargetbench.benchmark.running.worker", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output_in,
                stderr=output_in,
                cwd="/",
                env=method_environment(self._limits.hidden),
                pass_fds=(commands_out, answers_in),
                start_new_session=True,
            )
        finally:
            for descriptor in (commands_out, answers_in, output_in):
                os.close(descriptor)
        return process, _Pipes(commands_in, answers_out, output_out)

    def _await_start(self, source: MethodSource) -> Mapping[str, Any]:
        try:
            self._folder = Path(self._answer(START_LIMIT_S)["folder"])
            answer = self._answer(START_LIMIT_S)
        except ClipFailed as failed:
            self.close()
            words = f" Its last words: {self.printed()[-300:]}" if self.printed() else ""
            slow = f"importing it took longer than {START_LIMIT_S:g} s."
            reason = slow if failed.rule == "P102" else failed.message
            message = f"the method '{source.name}' does not start: {reason}{words}"
            raise MethodDoesNotStart(message) from None
        if "card" in answer:
            return answer
        self.close()
        kind: type[BenchError] = BadPlugin if answer["rule"] == BadPlugin.rule else BadMethod
        raise kind(printable(str(answer["message"])))

    def retarget(self, given: MethodInput) -> tuple[Path, float]:
        """Let the method do one clip.

        Returns:
            The file it wrote, to be judged and moved before the next call, and the seconds the method took.

        Raises:
            ClipFailed: If it failed; the process is of no use any more.
        """
        assert self._folder is not None  # set since the start
        output = self._folder / OUTPUT_FILE
        output.unlink(missing_ok=True)
        self._require_silence()
        write_input(self._folder / INPUT_FILE, given)
        return output, self._called({"seed": given.seed})

    def ask(self, kind: str, items: Sequence[Any], more: Mapping[str, Any]) -> tuple[Path, float]:
        """Let a method that is called once for all items of a kind answer.

        Args:
            kind: ``text``, ``motion`` or ``video``.
            items: Captions, motions or videos.
            more: What else it is told, as JSON can carry it; the run's ``seed`` is among it.

        Returns:
            The array that it gave, as ``.npy``, to be read before the next call, and the seconds the method took.

        Raises:
            ClipFailed: If it failed; the process is of no use any more.
        """
        assert self._folder is not None  # set since the start
        self._require_silence()
        write_items(self._folder, kind, items)
        return self._folder / ANSWER_FILE, self._called({"kind": kind, **more})

    def _require_silence(self) -> None:
        if self._pipes.partial:
            raise ClipFailed("P108", _NONSENSE)

    def _called(self, command: Mapping[str, Any]) -> float:
        """Send a command and return the seconds that the method took for it."""
        self._pipes.tail = b""
        try:
            os.write(self._pipes.commands, (json.dumps(command) + "\n").encode())
        except BrokenPipeError:
            raise self._died() from None
        answer = self._answer(self._limits.timeout_s)
        if "rule" in answer:
            raise ClipFailed(str(answer["rule"]), str(answer["message"]))
        if not isinstance(answer.get("seconds"), float):
            raise ClipFailed("P108", _NONSENSE)
        return float(answer["seconds"])

    def _answer(self, limit_s: float) -> dict[str, Any]:
        """Wait for the next line on the answer pipe, draining what the method prints and watching its memory."""
        end_s = time.monotonic() + limit_s
        next_look_s = time.monotonic() + LOOK_S  # most clips are over by then, and cost no look at the process table
        with selectors.DefaultSelector() as selector:
            selector.register(self._pipes.answers, selectors.EVENT_READ)
            selector.register(self._pipes.output, selectors.EVENT_READ)
            while b"\n" not in self._pipes.partial:
                events = selector.select(timeout=max(0.0, min(POLL_S, end_s - time.monotonic())))
                for key, _ in events:
                    self._read(key.fd, selector)
                if time.monotonic() >= end_s:
                    raise ClipFailed("P102", f"took longer than the limit of {limit_s:g} s per call (--timeout-s).")
                if time.monotonic() >= next_look_s:
                    self._check_memory()
                    next_look_s = time.monotonic() + LOOK_S
        line, _, self._pipes.partial = self._pipes.partial.partition(b"\n")
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise ClipFailed("P108", _NONSENSE)
        return answer

    def _read(self, descriptor: int, selector: selectors.BaseSelector) -> None:
        content = os.read(descriptor, 1 << 16)
        if descriptor == self._pipes.output:
            self._pipes.tail = (self._pipes.tail + content)[-_TAIL_BYTES:]
            if not content:
                selector.unregister(descriptor)  # the method closed its stdout and stderr; that is its affair
            return
        self._pipes.partial += content
        if not content or len(self._pipes.partial) > _MAX_ANSWER_BYTES:
            raise self._died()

    def _check_memory(self) -> None:
        used_gib = self._processes.resident_bytes(self._process.pid) / 2**30
        if used_gib > self._limits.memory_gib:
            limit = f"{self._limits.memory_gib:g} GiB"
            raise ClipFailed("P103", f"held more than the limit of {limit} of memory (--memory-gib).")

    def _died(self) -> ClipFailed:
        """Say how the process ended; a process that only closed its pipe is ended first."""
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return ClipFailed("P104", "its process closed the result pipe.")
        self._drain()
        how = f"exited with code {code}"
        if code < 0:
            try:
                how = f"was killed by {signal.Signals(-code).name}"
            except ValueError:
                how = f"was killed by signal {-code}"
        return ClipFailed("P104", f"its process {how} before it answered.")

    def _drain(self) -> None:
        """Take the last words of a process that has ended; whatever it started may still hold the pipe open."""
        os.set_blocking(self._pipes.output, False)
        with contextlib.suppress(BlockingIOError):
            while content := os.read(self._pipes.output, 1 << 16):
                self._pipes.tail = (self._pipes.tail + content)[-_TAIL_BYTES:]

    def printed(self) -> str:
        """Return the end of what the method printed during the last clip, on one line."""
        words = self._pipes.tail.decode("utf-8", errors="replace").split()
        return printable(" ".join(words))

    def kill(self) -> None:
        """Kill the process and everything in its group; whoever waits for an answer learns that it died.

        Its folder goes first: should this process die in between, the other still lives and cleans up after itself.
        """
        self._remove_folder()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill the process and everything in its group, and remove its folder; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self.kill()
        self._process.wait()
        for descriptor in (self._pipes.commands, self._pipes.answers, self._pipes.output):
            os.close(descriptor)
        self._remove_folder()  # what the method wrote between the first removal and its end

    def _remove_folder(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> "WorkerProcess":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def method_environment(hidden: tuple[Path, ...]) -> dict[str, str]:
    """Return the environment of a method's process: ours, less what names a hidden folder or this program's settings.

    A method computes with one thread unless the user's own environment says otherwise, so that its result does not
    depend on the number of worker processes.
    """
    names = {str(place) for path in hidden for place in (path, path.resolve()) if len(place.parts) > 1}
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("RETARGETBENCH")
        and name not in {"PWD", "OLDPWD", "_"}
        and not any(hidden_name in value for hidden_name in names)
    }
    for name in _ONE_THREAD:
        kept.setdefault(name, "1")
    kept["PYTHONUNBUFFERED"] = "1"
    return kept
