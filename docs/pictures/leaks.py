"""Draw leaks.png, how near motions of the test come to training, and write leaks.json. Run it with Python.

    python docs/pictures/leaks.py FOLDER ...

The folders hold what `retargetbench data build intents --part train --out FOLDER` has built; what else is compared is
looked for in them first and then in the package: the labelled motions of the test and the pairs of `full`.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from retargetbench.datasets.intents.clips import IntentsClips, read_intents
from retargetbench.datasets.intents.leaks import BIN_H, Labelled, leak_report
from retargetbench.datasets.intents.motion_shards import SolvedMotion, read_motions
from retargetbench.datasets.manifest import read_manifest

HERE = Path(__file__).parent
PACKAGE = Path(str(files("retargetbench.datasets.intents"))) / "data"
TEST = "labelled test motions, all unseen"
UNSEEN = "pairs of full, truths of unseen motions (UM)"
SEEN = "pairs of full, truths of seen motions (SM), held by training on other bodies"
INKS = {TEST: "#3b6fb5", UNSEEN: "#2f9e6e", SEEN: "#b9b9c0"}


def found(name: str, folders: Sequence[Path]) -> Path | None:
    """Return the folder that holds a manifest, the first of them or the package's."""
    return next((f for f in (*folders, PACKAGE) if (f / f"{name}.manifest.json").exists()), None)


def truths(clips: IntentsClips, motions: str) -> Iterator[Labelled]:
    """Yield the shipped truths of a set of pairs, of seen (SM) or of unseen (UM) motions."""
    for spec in clips.pairs:
        if spec.split.endswith(motions):
            truth = clips.load(spec.clip_id).ground_truths[0]
            yield SolvedMotion(spec.motion, spec.motion_cluster, spec.target, truth, {})


def groups(folders: Sequence[Path]) -> dict[str, Callable[[], Iterator[Labelled]]]:
    """Return what there is to compare with training."""
    listed: dict[str, Callable[[], Iterator[Labelled]]] = {}
    test, full = found("test", folders), found("full", folders)
    if test is not None:
        listed[TEST] = lambda: read_motions(test / "test.manifest.json")
    if full is not None:
        clips = read_intents(full, "full")
        listed |= {UNSEEN: lambda: truths(clips, "UM"), SEEN: lambda: truths(clips, "SM")}
    return listed


def reports(folders: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Compare every group with training, which is read once for each.

    Raises:
        SystemExit: If no folder holds training.
    """
    training = found("train", folders)
    if training is None:
        raise SystemExit("none of the folders holds train.manifest.json; say where training was built.")
    manifest = training / "train.manifest.json"
    return {name: leak_report(motions(), read_motions(manifest)) for name, motions in groups(folders).items()}


def versions(folders: Sequence[Path]) -> dict[str, str]:
    """Return the data version of each set that is compared, so that figures of older data are recognised."""
    where = {name: found(name, folders) for name in ("train", "test", "full")}
    return {
        name: read_manifest(folder / f"{name}.manifest.json", verify=False).sha256
        for name, folder in where.items()
        if folder is not None
    }


def draw(compared: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """Draw the histograms over each other, each as shares of its own motions."""
    figure = Figure(figsize=(8, 3.6), dpi=110, layout="constrained")
    axes = figure.subplots()
    for name, report in compared.items():
        shares = 100 * np.array(report["counts"]) / max(report["test_motions"], 1)
        edges = 100 * BIN_H * np.arange(len(shares) + 1)
        least, median = (100 * report[key] for key in ("least_h", "median_h"))
        label = f"{name}: n = {report['test_motions']}, least {least:.2f} % H, median {median:.1f} % H"
        behind = name == SEEN
        axes.stairs(shares, edges, fill=behind, zorder=1 + (not behind), color=INKS[name], linewidth=1.6, label=label)
    axes.set_xlim(left=0)
    axes.set_xlabel("distance to the nearest motion of training (% H, mean over joints and time)")
    axes.set_ylabel("% of the motions")
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside upper left", frameon=False, fontsize=8)
    figure.savefig(path)


if __name__ == "__main__":
    built = [Path(argument) for argument in sys.argv[1:]]
    compared = reports(built)
    written = {"data": versions(built), "groups": compared}
    HERE.joinpath("leaks.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    draw(compared, HERE / "leaks.png")
