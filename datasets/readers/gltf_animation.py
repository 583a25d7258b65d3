"""Sampling the animations of a glTF file at fixed times."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import shorten
from ..rotations import Array, slerp
from .errors import BadGltf
from .gltf_file import GltfFile

DEFAULT_FPS = 30.0
"""Frame rate of an animation whose keys lie on no grid."""

_SLOWEST_GRID, _FASTEST_GRID = 5.0, 1000.0


@dataclass(frozen=True, eq=False)
class Track:
    """One animated property of one node."""

    node: int
    path: str
    """``translation``, ``rotation`` or ``scale``."""
    times_s: Array
    values: Array
    """[keys, width]; for cubic splines [keys, 3, width]: in-tangent, value, out-tangent. Rotations are wxyz."""
    interpolation: str

    def at(self, times_s: Array) -> Array:
        """Return the property at some times, clamped to the first and last key, [times, width]."""
        keys, values = self.times_s, self.values
        # Key times are float32: a sample meant for a key may fall a hair before it.
        left = np.clip(np.searchsorted(keys, times_s + 1e-5, side="right") - 1, 0, len(keys) - 1)
        right = np.minimum(left + 1, len(keys) - 1)
        step = keys[right] - keys[left]
        share = np.clip(np.where(step > 0, (times_s - keys[left]) / np.where(step > 0, step, 1.0), 0.0), 0.0, 1.0)
        if self.interpolation == "STEP":
            return values[left]
        if self.interpolation == "CUBICSPLINE":
            return self._hermite(left, right, share, step)
        if self.path == "rotation":
            return slerp(values[left], values[right], share)
        return values[left] + share[:, None] * (values[right] - values[left])

    def _hermite(self, left: Any, right: Any, share: Array, step: Array) -> Array:
        t, dt = share[:, None], step[:, None]
        start, leave = self.values[left, 1], self.values[left, 2] * dt
        end, arrive = self.values[right, 1], self.values[right, 0] * dt
        mixed = (2 * t**3 - 3 * t**2 + 1) * start + (t**3 - 2 * t**2 + t) * leave
        mixed += (-2 * t**3 + 3 * t**2) * end + (t**3 - t**2) * arrive
        return mixed / np.linalg.norm(mixed, axis=1, keepdims=True) if self.path == "rotation" else mixed


@dataclass(frozen=True, eq=False)
class Animation:
    """One animation of a file."""

    name: str
    tracks: tuple[Track, ...]
    declared_fps: float | None
    """The frame rate that our own writer stores in the animation's ``extras``."""

    def grid_fps(self) -> float | None:
        """Return the frame rate of the grid that all keys lie on, ``None`` if there is no such grid."""
        if self.declared_fps is not None:
            return self.declared_fps
        times = np.unique(np.round(np.concatenate([t.times_s for t in self.tracks]), 5))
        gaps = np.diff(times)
        if len(gaps) < 2:
            return None
        count = np.round((times - times[0]) / gaps.min())
        step = (times[-1] - times[0]) / count[-1]
        fits = np.abs(times - times[0] - count * step).max() < 0.05 * step
        fps = 1 / step
        if not fits or not _SLOWEST_GRID <= fps <= _FASTEST_GRID:
            return None
        return float(round(fps)) if abs(fps - round(fps)) < 2e-4 * fps else float(fps)

    def sample_times_s(self, fps: float) -> Array:
        """Return the times of all frames, from the first key to the last, at a frame rate."""
        start = min(float(t.times_s[0]) for t in self.tracks)
        end = max(float(t.times_s[-1]) for t in self.tracks)
        return start + np.arange(int((end - start) * fps + 1e-3) + 1) / fps


def animations(file: GltfFile, wanted: Iterable[str] | None = None) -> tuple[Animation, ...]:
    """Return the animations of a file that move nodes; ``wanted``: only those of these names.

    Raises:
        BadGltf: If a channel is broken.
    """
    chosen = None if wanted is None else set(wanted)
    found: list[Animation] = []
    for index, entry in enumerate(file.items("animations")):
        name = entry.get("name") or f"animation_{index}"
        name = name if name not in {a.name for a in found} else f"{name}.{index}"
        if chosen is not None and name not in chosen:
            continue
        tracks = tuple(t for c in entry["channels"] if (t := _track(file, entry, c, name)) is not None)
        if tracks:
            found.append(Animation(name, tracks, _declared_fps(entry)))
    return tuple(found)


def _declared_fps(entry: dict[str, Any]) -> float | None:
    extras = entry.get("extras")
    declared = extras.get("fps") if isinstance(extras, dict) else None
    usable = isinstance(declared, int | float) and np.isfinite(declared) and declared > 0
    return float(declared) if usable and declared is not None else None


def animation_names(file: GltfFile) -> tuple[str, ...]:
    """Return the names under which ``animations`` would give them."""
    return tuple(a.get("name") or f"animation_{i}" for i, a in enumerate(file.items("animations")))


def _track(file: GltfFile, entry: dict[str, Any], channel: dict[str, Any], name: str) -> Track | None:
    node, path = channel["target"].get("node"), channel["target"].get("path")
    if node is None or path not in {"translation", "rotation", "scale"}:
        return None
    sampler = entry["samplers"][channel["sampler"]]
    times, values = file.accessor(sampler["input"]), file.accessor(sampler["output"])
    interpolation = sampler.get("interpolation", "LINEAR")
    if interpolation not in {"LINEAR", "STEP", "CUBICSPLINE"}:
        raise BadGltf(f"{file.path}: animation '{name}' uses the interpolation {shorten([interpolation])}.")
    per_key = 3 if interpolation == "CUBICSPLINE" else 1
    shape = (per_key * len(times), 4 if path == "rotation" else 3)
    if not len(times) or times.ndim != 1 or values.shape != shape or (np.diff(times) < 0).any():
        raise BadGltf(
            f"{file.path}: animation '{name}' has {len(times)} key times and values of shape {list(values.shape)} for "
            f"the {path} of '{file.tree.names[node]}'; expected ascending times and shape {list(shape)}."
        )
    if path == "rotation":
        values = values[:, [3, 0, 1, 2]]
        if interpolation != "CUBICSPLINE":
            values = values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-12)
    if interpolation == "CUBICSPLINE":
        values = values.reshape(len(times), 3, -1)
    return Track(node, path, times, values, interpolation)
