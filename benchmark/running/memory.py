"""How much memory a process and everything it started holds, read from ``/proc``."""

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@dataclass(frozen=True)
class _Process:
    parent: int
    group: int
    session: int
    resident_bytes: int


class ProcessTable:
    """The machine's processes, looked at no more often than every ``max_age_s``, however many ask.

    An address-space limit would be exact but breaks torch and CUDA, which reserve far more than they use; resident
    memory, polled, limits what is really held. Pages that several processes share count once for each of them. Where
    there is no ``/proc`` nothing is measured and nothing limited.
    """

    def __init__(self, max_age_s: float = 0.2) -> None:
        self._max_age_s = max_age_s
        self._lock = threading.Lock()
        self._read_at_s = -1e9
        self._processes: dict[int, _Process] = {}

    def resident_bytes(self, leader: int) -> int:
        """Return the resident bytes of a session leader, its group, its session and all its descendants."""
        with self._lock:
            if time.monotonic() - self._read_at_s > self._max_age_s:
                self._processes, self._read_at_s = _read_processes(), time.monotonic()
            processes = self._processes
        return sum(processes[pid].resident_bytes for pid in _family(leader, processes))


def _family(leader: int, processes: dict[int, _Process]) -> set[int]:
    family = {pid for pid, p in processes.items() if pid == leader or leader in {p.group, p.session}}
    grown = True
    while grown:
        more = {pid for pid, p in processes.items() if p.parent in family} - family
        family |= more
        grown = bool(more)
    return family


def _read_processes() -> dict[int, _Process]:
    processes = {}
    try:
        names = os.listdir(_PROC)  # noqa: PTH208  # called several times a second; no Path objects needed
    except OSError:
        return {}
    for name in names:
        if name.isdigit():
            try:
                text = (_PROC / name / "stat").read_text(errors="replace")
            except OSError:  # it has just ended
                continue
            # The command may hold spaces and brackets; the fixed fields follow the last one.
            values = text.rpartition(")")[2].split()
            processes[int(name)] = _Process(
                int(values[1]), int(values[2]), int(values[3]), int(values[21]) * _PAGE_BYTES
            )
    return processes
