"""The command ``data``."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal

import tyro

from ....datasets.devices import NoDevice, check_device
from ....datasets.errors import BenchError, UnknownName
from ....datasets.manifest import read_manifest
from ...progress import Progress
from .. import console
from ..text_motion_table import TEXT_MOTION, verify_text_motion

_BUILT_IN = "retargetbench.datasets.intents"
PAIRED = ("mini", "val", "full")
"""The built-in sets of pairs."""
LABELLED = "test"
"""The built-in motions with words."""
_COLLECTIONS = "retargetbench.datasets.collections"
_PUBLIC: Mapping[str, str] = {
    "open-characters": "retargetbench run copy --track retarget/open-characters --out runs/copy",
    "open-clips": "retargetbench run retrieval-caption-length --track retrieval/open-clips --out runs/length",
}
"""Collection of public files -> what can be done with it next."""


class UnknownAction(UnknownName):
    """Something that ``data`` does not do."""

    rule = "C020"


class UnknownData(UnknownName):
    """Data that there is not, or that cannot be built or fetched."""

    rule = "C021"


class FolderNeeded(BenchError):
    """An action on a folder of the user's, without the folder."""

    rule = "C022"


class BadNumber(BenchError):
    """A number of motions or of processes that is too small."""

    rule = "C023"


@dataclass(frozen=True)
class Data:
    """Verify, build or fetch the data of a track.

    Examples:
        retargetbench data verify mini
        retargetbench data build full --out build/intents
        retargetbench data build intents --part train --count 400 --out build/intents
        retargetbench data fetch open-characters --data-root ~/open-characters
        retargetbench data verify humanml3d --data-root ~/HumanML3D/HumanML3D
    """

    action: tyro.conf.Positional[str] = "verify"
    """verify (hash every file; of your own copy of a data set: read it, and count what test and training share), build
    (solve the motions again) or fetch (download public files)."""
    name: tyro.conf.Positional[str] = "mini"
    """mini, val or full (the pairs of retarget/intents), test (verify: the labelled test motions), intents (build: the
    motions of a part), open-characters or open-clips (fetch), humanml3d or kit-ml (verify your own copy)."""
    out: Path | None = None
    """Folder that build writes to; it is created."""
    data_root: Path | None = None
    """Folder that fetch writes to; it is created, and files that are there already are kept. Of humanml3d and kit-ml
    the folder with your copy."""
    processes: int = 0
    """How many motions build solves at a time; 0: as many as there are cores."""
    part: Literal["train", "val", "test"] = "train"
    """Which motions `build intents` solves; what is there already is kept."""
    count: int | None = None
    """How many of them, from the first; None: all."""
    anew: bool = False
    """Solve what is missing of training even where what was found for it comes with the package."""
    device: str = "cpu"
    """Where `build intents` solves: cpu, or cuda, one motion at a time unless --processes says otherwise. Pairs are
    solved on the CPU."""
    json: bool = False
    """Print the data's name, version and file hashes as JSON."""

    def run(self) -> int:
        """Do it."""
        actions: Mapping[str, tuple[Callable[[Data], int], tuple[str, ...]]] = {
            "verify": (_verify, (*PAIRED, LABELLED, *TEXT_MOTION)),
            "build": (_build, (*PAIRED, "intents")),
            "fetch": (_fetch, tuple(_PUBLIC)),
        }
        if self.action not in actions:
            raise UnknownAction("action of data", self.action, actions)
        action, names = actions[self.action]
        if self.name not in names:
            raise UnknownData(f"data to {self.action}", self.name, names)
        return action(self)


def _verify(options: Data) -> int:
    if options.name in TEXT_MOTION:
        if options.data_root is None:
            raise FolderNeeded(f"{options.name} does not come with the package; say where yours is with --data-root.")
        return verify_text_motion(options.name, options.data_root, as_json=options.json)
    with as_file(files(_BUILT_IN) / "data") as folder:
        path = folder / f"{options.name}.manifest.json"
        if options.name == LABELLED:
            return _show_motions(path, options, "retargetbench ls tracks")
        return _show(path, options, "retargetbench demo")


def _show(path: Path, options: Data, following: str) -> int:
    manifest = read_manifest(path)
    pairs, listed = manifest.content["pairs"], manifest.content["files"]
    clips = len(pairs) * (1 + int(manifest.content["solutions_per_pair"]))
    solved, dropped = (sum(int(p[key]) for p in pairs) for key in ("solved", "dropped"))
    summary: dict[str, Any] = {
        "id": options.name,
        "data": manifest.sha256,
        "pairs": len(pairs),
        "solved": solved,
        "dropped": dropped,
        "dropped_pairs": len(manifest.content["dropped_pairs"]),
        "files": listed,
    }
    if options.json:
        console.print_json(summary)
    else:
        console.table(["file", "sha256"], [[name, digest] for name, digest in listed.items()])
        console.result(
            f"{options.name}: {len(pairs)} pairs, version {manifest.sha256[:12]}; every file is as listed. "
            f"Its {clips} clips took {solved} solutions, of which {dropped} missed a tolerance; "
            f"{summary['dropped_pairs']} more pairs were dropped because a clip missed in every attempt."
        )
    console.next_step(following)
    return 0


def _build(options: Data) -> int:
    if options.out is None:
        raise FolderNeeded("data build writes files; say where with --out FOLDER (for example --out build/intents).")
    for flag, number, least in (("--count", options.count, 1), ("--processes", options.processes, 0)):
        if number is not None and number < least:
            raise BadNumber(f"{flag} is {number}; give {least} or more, or leave it out.")
    if options.anew and (options.name, options.part) != ("intents", "train"):
        raise BadNumber("--anew is for `data build intents --part train`, all else is always solved; leave it out.")
    if options.name == "intents":
        return _build_motions(options, options.out)
    if options.device != "cpu":
        raise NoDevice(f"data build {options.name} solves on the CPU, and --device is {options.device}; leave it out.")
    from ....datasets.intents.build import build_pairs, finish_pairs, plan_pairs

    shards = plan_pairs(options.out, options.name)
    already = sum(shard.is_done for shard in shards)
    with Progress(f"solving {options.name} (files)", total=len(shards), already=already) as progress:
        for _ in build_pairs(shards, processes=options.processes or os.cpu_count() or 1):
            progress.advance()
    return _show(finish_pairs(options.out, options.name, shards), options, f"retargetbench data verify {options.name}")


def _build_motions(options: Data, folder: Path) -> int:
    from ....datasets.intents.motion_build import finish_set, plan_shards, solve_shards

    check_device(options.device)
    shards = plan_shards(folder, options.part, options.count)
    processes = options.processes or (1 if options.device != "cpu" else os.cpu_count() or 1)
    already = sum(shard.is_done for shard in shards)
    with Progress(f"solving {options.part} (files)", total=len(shards), already=already) as progress:
        for shard in solve_shards(shards, processes=processes, device=options.device, anew=options.anew):
            progress.advance(f"{shard.path.name}: {len(shard.jobs)} motions")
    return _show_motions(finish_set(folder, options.part, shards), options, "retargetbench train")


def _show_motions(path: Path, options: Data, following: str) -> int:
    manifest = read_manifest(path)
    counts = {key: manifest.content[key] for key in ("motions", "clips", "dropped")}
    if options.json:
        console.print_json({
            "id": manifest.content["name"], "data": manifest.sha256, **counts, "files": manifest.content["files"],
        })  # fmt: skip
    else:
        console.result(
            f"{path}: {counts['motions']} motions, {counts['clips']} clips; {counts['dropped']} dropped for missing a "
            f"tolerance in every attempt. Every file is as listed. Version {manifest.sha256[:12]}."
        )
    console.next_step(following)
    return 0


def _fetch(options: Data) -> int:
    from ....datasets.collections.data_root import read_file_list
    from ....datasets.collections.fetch import fetch_files

    if options.data_root is None:
        raise FolderNeeded("data fetch writes files; say where with --data-root FOLDER.")
    wanted = read_file_list(files(f"{_COLLECTIONS}.{options.name.replace('-', '_')}") / "files.csv")
    fetched = fetch_files(wanted, options.data_root, done=lambda file: console.say(file.path))
    console.result(f"{options.name}: {len(wanted)} files in {options.data_root}, {fetched} of them fetched now.")
    console.next_step(f"{_PUBLIC[options.name]} --data-root {options.data_root}")
    return 0
