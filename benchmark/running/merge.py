"""Join the shards of a split run into the folder that one run would have written."""

import csv
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...datasets.errors import shorten
from ..submission.folder import CARD, RUN, TIMING, read_folder
from ..submission.tables import FAILURES, INDEX, PREDICTIONS, Failure, IndexRow, failures_text, index_text
from .errors import BadShards
from .identity import RunIdentity
from .run_folder import read_run


@dataclass(frozen=True)
class _Part:
    path: Path
    run: dict[str, Any]
    rows: tuple[IndexRow, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class MergeSummary:
    """What a merge has written."""

    out: Path
    clips: int
    failures: int


def merge_shards(folders: Sequence[Path], out: Path) -> MergeSummary:
    """Join shards; the result equals that of one undivided run byte for byte (``timing.csv`` apart).

    Args:
        folders: The folders of all shards, in any order.
        out: Where to write; must not exist, or be empty.

    Raises:
        BadShards: If a folder is no finished shard, if shards differ in more than the shard, hold the same clip, or
            leave clips out; nothing is written then.
    """
    if not folders:
        raise BadShards("no folders were given; give the folders of all shards.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadShards(f"--out '{out}' is there already; choose a name that does not exist.")
    parts = [_read_part(folder) for folder in folders]
    identity = _common_identity(parts)
    _check_cover(parts, identity.clips)
    out.parent.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        _write(parts, identity, working)
        working.chmod(0o755)
        working.replace(out)
    except BaseException:
        shutil.rmtree(working, ignore_errors=True)
        raise
    failures = sum(len(part.failures) for part in parts)
    return MergeSummary(out, identity.clips, failures)


def _read_part(folder: Path) -> _Part:
    run = read_run(folder) if folder.is_dir() else None
    if run is None:
        raise BadShards(f"'{folder}' is no folder that `retargetbench run` wrote; it has no readable {RUN}.")
    if not run.get("shard"):
        raise BadShards(f"'{folder}' holds a whole run, not a shard; it needs no merging.")
    submission, problems = read_folder(folder)
    if not (folder / INDEX).is_file():
        raise BadShards(f"'{folder}' has not finished (shard {run['shard']}); the same run command continues it.")
    if problems or submission is None:
        raise BadShards(f"'{folder}' is damaged: {problems[0] if problems else 'it is empty'}")
    lost = [path.name for path in submission.files.values() if not path.is_file()]
    if lost:
        raise BadShards(
            f"'{folder}' is damaged: {shorten(lost, 3)} in {INDEX} but not in {PREDICTIONS}/; run it again."
        )
    rows = [IndexRow(path.relative_to(folder).as_posix(), clip_id) for clip_id, path in submission.files.items()]
    return _Part(folder, run, tuple(rows), tuple(submission.failures.values()))


def _common_identity(parts: Sequence[_Part]) -> RunIdentity:
    try:
        identities = [RunIdentity(**{k: v for k, v in part.run.items() if k != "schema"}) for part in parts]
    except TypeError as error:
        raise BadShards(f"a {RUN} is not one that this version wrote: {error}.") from None
    first = identities[0].whole()
    for part in parts[1:]:
        differences = first.differences({**part.run, "shard": None})
        if differences:
            there = f"'{part.path}' and '{parts[0].path}'"
            raise BadShards(f"{there} belong to different runs: {'; '.join(differences[:4])}.")
    counts = {str(identity.shard).partition("/")[2] for identity in identities}
    if len(counts) > 1:
        raise BadShards(f"the shards were cut differently: {', '.join(str(i.shard) for i in identities)}.")
    names = [str(identity.shard) for identity in identities]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadShards(f"shard {shorten(twice)} is given twice; give each shard once.")
    missing = [f"{i}/{counts_n}" for counts_n in counts for i in range(1, int(counts_n) + 1)]
    missing = [name for name in missing if name not in names]
    if missing:
        raise BadShards(f"shard {shorten(missing)} is missing; run it, then merge all.")
    return first


def _check_cover(parts: Sequence[_Part], clip_count: int) -> None:
    owners: dict[str, Path] = {}
    for part in parts:
        for clip_id in [row.clip_id for row in part.rows] + [failure.clip_id for failure in part.failures]:
            if clip_id in owners:
                raise BadShards(f"the clip '{clip_id}' is in '{owners[clip_id]}' and in '{part.path}'.")
            owners[clip_id] = part.path
    if len(owners) != clip_count:
        raise BadShards(f"the shards hold {len(owners)} clips, the track has {clip_count}; run the shards again.")


def _write(parts: Sequence[_Part], identity: RunIdentity, folder: Path) -> None:
    (folder / PREDICTIONS).mkdir()
    for part in parts:
        for row in part.rows:
            shutil.copyfile(part.path / row.file, folder / row.file)
    shutil.copyfile(parts[0].path / CARD, folder / CARD)
    failures = [failure for part in parts for failure in part.failures]
    if failures:
        (folder / FAILURES).write_text(failures_text(failures), encoding="utf-8", newline="")
    timing = [line for part in parts for line in _timing(part.path / TIMING)]
    if timing:
        lines = [",".join(cells) for cells in [["clip_id", "seconds", "frames"], *sorted(timing)]]
        (folder / TIMING).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    (folder / INDEX).write_text(index_text(row for part in parts for row in part.rows), encoding="utf-8", newline="")
    (folder / RUN).write_text(identity.to_json(), encoding="utf-8", newline="")


def _timing(path: Path) -> list[list[str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return [[f'"{cells[0]}"', *cells[1:]] for cells in list(csv.reader(stream))[1:] if len(cells) == 3]
