"""Worker processes: how they begin, and how they end with whoever began them.

A forked copy of a process that has used torch or Warp may hang, and one that begins anew imports both for seconds. So
workers are forked off a server that imports and does nothing else (``forkserver``); where there is none, as on Windows,
they begin anew.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

J = TypeVar("J")
R = TypeVar("R")


def start_workers(
    count: int, imports: Sequence[str], begin: Callable[..., object] | None = None, given: tuple[Any, ...] = ()
) -> ProcessPoolExecutor:
    """Return processes that wait for work, each computing with one thread of torch.

    Ctrl-C ends them at once and without a word, and so does the death of this process.

    Args:
        count: How many.
        imports: Names of modules that they need; imported once by the server if it has not been started yet, else by
            each of them when it comes to it.
        begin: Called first in each of them; a function of a module.
        given: Its arguments; picklable.
    """
    return ProcessPoolExecutor(count, _context(imports), initializer=_begin, initargs=(dict(os.environ), begin, given))


def spread(work: Callable[[J], R], jobs: Sequence[J], processes: int, imports: Sequence[str]) -> Iterator[tuple[J, R]]:
    """Do each job and yield it with what came of it; in this process, in order, if there is nothing to spread.

    Args:
        work: A function of a module, or a ``partial`` of one; picklable, as are jobs and results.
        jobs: What to do.
        processes: How many jobs are done at a time.
        imports: As of ``start_workers``.
    """
    if processes < 2 or len(jobs) < 2:
        for job in jobs:
            yield job, work(job)
        return
    with start_workers(min(processes, len(jobs)), imports) as pool:
        running = {pool.submit(work, job): job for job in jobs}
        try:
            for done in as_completed(running):
                yield running[done], done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # after a mistake, what has not begun is not begun


def _context(imports: Sequence[str]) -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["torch", *imports])
    return context


def _begin(environment: dict[str, str], begin: Callable[..., object] | None, given: tuple[Any, ...]) -> None:
    os.environ.clear()  # the server has the environment of its first day
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import torch

    torch.set_num_threads(1)
    if begin is not None:
        begin(*given)


def _end_with_parent() -> None:
    """A worker whose parent was killed would otherwise wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
