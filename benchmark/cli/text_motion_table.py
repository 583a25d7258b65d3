"""What ``data verify`` says of a folder of HumanML3D or KIT-ML."""

from dataclasses import asdict
from pathlib import Path

from ...datasets.errors import shorten
from ...datasets.text_motion.arrays_report import ArraysReport, report_arrays
from ...datasets.text_motion.folder import SPLITS, TextMotionFolder, read_folder
from ...datasets.text_motion.items import load_test_items, variants_of
from ...datasets.text_motion.layouts import LAYOUTS, find_layout
from ...datasets.text_motion.reports import (
    DuplicateReport,
    MirrorReport,
    OverlapReport,
    duplicate_report,
    mirror_report,
    overlap_report,
)
from . import console

TEXT_MOTION = tuple(LAYOUTS)
"""Names of the data sets that a user has on disk."""


def verify_text_motion(name: str, data_root: Path, *, as_json: bool) -> int:
    """Read a folder, and say what it holds and what its test has in common with its training; 1 if arrays are missing.

    Raises:
        BadTextMotionFolder: If lists, captions or the index are missing or wrong; everything at once.
    """
    folder = read_folder(data_root, find_layout(name))
    mirrors = {split: mirror_report(folder.splits[split]) for split in SPLITS}
    duplicates = duplicate_report({motion: folder.captions[motion] for motion in folder.splits["test"]})
    overlap = overlap_report(folder.splits["test"], folder.splits["train"], folder.windows) if folder.windows else None
    arrays = report_arrays(folder)
    tests = {variant: load_test_items(folder, variant) for variant in variants_of(folder)}
    if as_json:
        console.print_json(
            {
                "id": name,
                "splits": {split: asdict(report) for split, report in mirrors.items()},
                "equal_captions": asdict(duplicates),
                "overlap": asdict(overlap) if overlap else None,
                "arrays": asdict(arrays),
                "tests": {which: {"motions": len(test.items), "data": test.sha256} for which, test in tests.items()},
            }
        )
    else:
        console.table(*_split_table(folder, mirrors), align="lrrr")
        for split, report in mirrors.items():
            if report.alone:
                lost = shorten(list(report.alone), 3)
                console.result(
                    f"{split}: {len(report.alone):,} of the mirrored motions lack their original there ({lost})."
                )
        console.result(_about_captions(duplicates))
        console.result(_about_overlap(overlap))
        console.result(_about_arrays(arrays, folder.layout.unit))
        sizes = ", ".join(f"{variant} {len(test.items):,} ({test.sha256[:12]})" for variant, test in tests.items())
        console.result(f"Variants of retrieval/{name}, motions and data version: {sizes}.")
    console.next_step(f"retargetbench check MY_EMBEDDINGS --track retrieval/{name} --data-root {data_root}")
    return 1 if arrays.without_features or arrays.without_joints or arrays.problems else 0


def _split_table(
    folder: TextMotionFolder, mirrors: dict[str, MirrorReport]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    rows: list[tuple[str, ...]] = []
    for split, report in mirrors.items():
        captions = [caption for motion in folder.splits[split] for caption in folder.captions[motion]]
        parts = sum(caption.span_s is not None for caption in captions)
        rows.append((split, f"{report.motions:,} ({report.mirrored:,})", f"{len(captions):,}", f"{parts:,}"))
    return ("split", "motions (mirrored)", "captions", "of parts of a motion"), rows


def _about_captions(found: DuplicateReport) -> str:
    text, times = found.most
    return (
        f"Test: {found.motions:,} motions have {found.distinct:,} different first captions; {found.sharing:,} share "
        f"theirs with another motion. {found.mirrored_equal:,} of {found.mirrored:,} mirrored ones keep their "
        f"original's. The most frequent one, '{text[:80]}', occurs {times} times (case and full stop folded)."
    )


def _about_overlap(found: OverlapReport | None) -> str:
    if found is None:
        return "What was cut from which recording is not known here: overlaps of test and training cannot be counted."
    iou = "" if found.median_iou is None else f" (median IoU {found.median_iou:.2f}, {found.identical} identical)"
    return (
        f"Of {found.motions:,} original test motions {found.same_recording:,} come from a recording that feeds "
        f"training, {found.overlapping:,} overlap a training motion in time{iou}, {found.half_inside:,} have half of "
        "their frames or more in one."
    )


def _about_arrays(found: ArraysReport, unit: str) -> str:
    lost = [
        f"{len(ids):,} have no {what} ({shorten(list(ids), 3)})"
        for what, ids in (("features", found.without_features), ("joints", found.without_joints))
        if ids
    ]
    agree = "" if found.farthest is None else f"; joints and features agree to {found.farthest:.2g} ({unit} unit)"
    wrong = f"; wrong: {shorten(list(found.problems), 4)}" if found.problems else ""
    return f"Arrays of {found.motions:,} motions: {', '.join(lost) or 'all there'}; {found.read:,} read{agree}{wrong}."
