"""The folder a run writes into: locked, bound to one run, and complete after every clip whatever kills the process."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...datasets.clip_set import PairSpec
from ...datasets.errors import shorten
from ...datasets.files import write_atomically
from ..submission.folder import CARD, RUN, TIMING
from ..submission.method_card import MethodCard, card_text
from ..submission.tables import (
    FAILURES,
    INDEX,
    PREDICTIONS,
    Failure,
    IndexRow,
    failures_text,
    index_text,
    prediction_file,
)
from .errors import FolderInUse, OtherRun
from .identity import RunIdentity


class RunFolder:
    """A prediction folder that is being written; made by ``open_run_folder``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def finished(self) -> set[int]:
        """Return the numbers of the clips whose prediction is there."""
        files = (self.path / PREDICTIONS).glob("*.npz")
        return {int(file.stem) for file in files if file.stem.isdigit()}

    def save(self, number: int, prediction: Path) -> None:
        """Move a judged prediction in; afterwards it is there for good."""
        write_atomically(self.path / prediction_file(number), prediction.read_bytes())

    def note_time(self, clip_id: str, seconds: float, frames: int) -> None:
        """Append how long the method took; the only file that differs between equal runs."""
        path = self.path / TIMING
        with path.open("a", encoding="utf-8") as stream:
            if stream.tell() == 0:
                stream.write("clip_id,seconds,frames\n")
            stream.write(f'"{clip_id}",{seconds:.6f},{frames}\n')

    def finish(self, specs: dict[int, PairSpec], failures: Iterable[Failure]) -> None:
        """Write the tables over everything that is there; the folder is a submission afterwards."""
        failed = list(failures)
        if failed:
            write_atomically(self.path / FAILURES, failures_text(failed).encode())
        else:
            (self.path / FAILURES).unlink(missing_ok=True)
        rows = [IndexRow(prediction_file(n), specs[n].clip_id) for n in sorted(self.finished() & specs.keys())]
        write_atomically(self.path / INDEX, index_text(rows).encode())


@contextmanager
def open_run_folder(
    path: Path, identity: RunIdentity, card: MethodCard, *, inside: Sequence[str] = (PREDICTIONS,)
) -> Iterator[RunFolder]:
    """Give the folder of a run, new or begun earlier, to this process alone.

    Args:
        path: The folder.
        identity: Whose it is.
        card: The method's.
        inside: Folders to make in it.

    Raises:
        OtherRun: If the folder holds another run, or files of which nobody knows what they are.
        FolderInUse: If another process is writing into it.
    """
    if path.exists() and not path.is_dir():
        raise OtherRun(f"--out '{path}' is a file; expected a folder, or a name that does not exist yet.")
    path.mkdir(parents=True, exist_ok=True)
    lock = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"another process is writing into '{path}'; wait for it, or choose another --out."
            raise FolderInUse(message) from None
        _check_owner(path, identity)
        _remove_leftovers(path)
        for name, text in ((RUN, identity.to_json()), (CARD, card_text(card))):
            if not (path / name).is_file():
                write_atomically(path / name, text.encode())
        for name in inside:
            (path / name).mkdir(exist_ok=True)
        yield RunFolder(path)
    finally:
        os.close(lock)  # the lock goes with it, also when the process dies


def read_run(path: Path) -> dict[str, Any] | None:
    """Return the ``run.json`` of a folder; ``None`` where there is none or it cannot be read."""
    try:
        values = json.loads((path / RUN).read_bytes())
    except (OSError, ValueError):
        return None
    return values if isinstance(values, dict) else None


def _check_owner(path: Path, identity: RunIdentity) -> None:
    found = read_run(path)
    if found is None:
        strangers = sorted(entry.name for entry in path.iterdir() if not entry.name.startswith("."))
        if strangers:
            raise OtherRun(
                f"'{path}' holds files that no run of this program wrote ({shorten(strangers, 4)}); "
                "choose another --out, or empty it first."
            )
        return
    differences = identity.differences(found)
    if differences:
        raise OtherRun(
            f"'{path}' holds another run: {'; '.join(differences[:4])}. Nothing was changed; choose another --out, "
            "or delete the folder to start anew."
        )


def _remove_leftovers(path: Path) -> None:
    """Remove the halves of files that a killed process left; they begin with a dot and were never valid."""
    for folder in (path, path / PREDICTIONS):
        for entry in folder.glob(".*"):
            if entry.is_file() and not entry.is_symlink():
                entry.unlink()
