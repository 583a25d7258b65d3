"""How captions, motions and videos travel to a method's process, all of a kind at once, without their ids."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Motion, Skeleton
from ...datasets.readers.video import Video
from ...datasets.text_motion.feature_motions import FeatureMotion

TEXT_FILE, ARRAYS_FILE = "items.json", "items.npz"
"""Captions; motions or videos."""


def write_items(folder: Path, kind: str, items: Sequence[Any]) -> None:
    """Write what a method is given.

    Args:
        folder: The method's.
        kind: ``text``, ``motion`` or ``video``.
        items: Captions, videos, or motions: all of a kind, as rotations or as features.
    """
    if kind == "text":
        (folder / TEXT_FILE).write_text(json.dumps(list(items)), encoding="utf-8")
        return
    if kind == "video":
        np.savez(folder / ARRAYS_FILE, **_as_frames(items))  # type: ignore[arg-type]  # its stub has no dictionary
        return
    arrays = _as_features(items) if items and isinstance(items[0], FeatureMotion) else _as_rotations(items)
    np.savez(folder / ARRAYS_FILE, **arrays)  # type: ignore[arg-type]  # its stub has no dictionary of arrays


def _as_frames(items: Sequence[Video]) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {f"{number}/frames": item.frames for number, item in enumerate(items)}
    return arrays | {f"{number}/times_s": item.times_s for number, item in enumerate(items)}


def _as_features(items: Sequence[FeatureMotion]) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {f"{number}/features": item.features for number, item in enumerate(items)}
    return arrays | {"layout": np.array([item.layout for item in items])}


def _as_rotations(items: Sequence[Motion]) -> dict[str, NDArray[Any]]:
    skeletons = list({id(motion.skeleton): motion.skeleton for motion in items}.values())
    place = {id(skeleton): number for number, skeleton in enumerate(skeletons)}
    arrays: dict[str, NDArray[Any]] = {"skeleton_of": np.array([place[id(m.skeleton)] for m in items])}
    arrays["fps"] = np.array([m.fps for m in items])
    for number, motion in enumerate(items):
        arrays[f"{number}/rotations"] = motion.local_rotations_wxyz
        arrays[f"{number}/root"] = motion.root_translation_m
    for number, skeleton in enumerate(skeletons):
        arrays[f"skeleton{number}/names"] = np.array(skeleton.joint_names)
        arrays[f"skeleton{number}/parents"] = np.array(skeleton.parents)
        arrays[f"skeleton{number}/offsets"] = skeleton.rest_offsets_m
    return arrays


def read_items(folder: Path, kind: str) -> list[Any]:
    """Read what ``write_items`` wrote: copies that share nothing with any other process."""
    if kind == "text":
        return list(json.loads((folder / TEXT_FILE).read_text(encoding="utf-8")))
    with np.load(folder / ARRAYS_FILE, allow_pickle=False) as stored:
        if kind == "video":
            count = len(stored.files) // 2
            return [Video(stored[f"{number}/frames"], stored[f"{number}/times_s"]) for number in range(count)]
        if "layout" in stored:
            return [
                FeatureMotion(stored[f"{number}/features"], str(name)) for number, name in enumerate(stored["layout"])
            ]
        count = 1 + max(stored["skeleton_of"].tolist(), default=-1)
        skeletons = [
            Skeleton(
                tuple(str(name) for name in stored[f"skeleton{number}/names"]),
                tuple(int(parent) for parent in stored[f"skeleton{number}/parents"]),
                stored[f"skeleton{number}/offsets"],
            )
            for number in range(count)
        ]
        owners, fps = stored["skeleton_of"].tolist(), stored["fps"].tolist()
        return [
            Motion(skeletons[owner], stored[f"{number}/rotations"], stored[f"{number}/root"], fps[number])
            for number, owner in enumerate(owners)
        ]
