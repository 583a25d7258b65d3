"""How an input travels to the method's process and how both sides know that it is unchanged: arrays in one npz file."""

import hashlib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Character, Motion, Skeleton
from ...datasets.clip_set import MethodInput


def write_input(path: Path, given: MethodInput) -> None:
    """Write everything a method is given for one clip, except the seed."""
    arrays: dict[str, Any] = dict(_arrays(given))
    np.savez(path, **arrays)


def read_input(path: Path, *, seed: int) -> MethodInput:
    """Read what ``write_input`` wrote; a fresh copy that shares nothing with any other process or clip."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    source, target = _character("source/", arrays), _character("target/", arrays)
    skeleton = _skeleton("motion/skeleton/", arrays)
    shared = np.array_equal(skeleton.rest_offsets_m, source.skeleton.rest_offsets_m)
    motion = Motion(
        source.skeleton if shared and skeleton.same_joints(source.skeleton) else skeleton,
        arrays["motion/local_rotations_wxyz"],
        arrays["motion/root_translation_m"],
        float(arrays["motion/fps"]),
    )
    return MethodInput(source, motion, target, seed=seed)


def input_sha256(given: MethodInput) -> str:
    """Return a hash of every array and name that a method is given."""
    digest = hashlib.sha256()
    for name, array in _arrays(given):
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _arrays(given: MethodInput) -> Iterator[tuple[str, NDArray[Any]]]:
    yield from _flatten("source/", given.source)
    yield from _flatten("motion/", given.motion)
    yield from _flatten("target/", given.target)


def _flatten(prefix: str, value: Character | Motion | Skeleton) -> Iterator[tuple[str, NDArray[Any]]]:
    """The declared fields, never what was computed from them and kept."""
    for field in fields(value):
        content = getattr(value, field.name)
        if isinstance(content, Skeleton):
            yield from _flatten(f"{prefix}{field.name}/", content)
        elif content is not None:
            yield f"{prefix}{field.name}", np.asarray(content)


def _skeleton(prefix: str, arrays: dict[str, NDArray[Any]]) -> Skeleton:
    values = _fields_below(prefix, arrays)
    values["joint_names"] = tuple(str(name) for name in values["joint_names"])
    values["parents"] = tuple(int(parent) for parent in values["parents"])
    return Skeleton(**values)


def _character(prefix: str, arrays: dict[str, NDArray[Any]]) -> Character:
    values = _fields_below(prefix, arrays)
    values["name"] = str(values["name"])
    return Character(skeleton=_skeleton(f"{prefix}skeleton/", arrays), **values)


def _fields_below(prefix: str, arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix) and "/" not in name.removeprefix(prefix)
    }
