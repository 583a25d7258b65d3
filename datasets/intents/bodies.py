"""The built-in bodies of Intents: named characters, their key vertices, and a shape basis to draw more from.

All bodies share Mixamo's 52 joints (``STANDARD_JOINTS``), one T-posed rest with the same bone directions, and, per
resolution, one mesh: a vertex index means the same place on every body. They were baked from Anny (code Apache-2.0,
assets CC0), which is not needed to use them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..body import Character, Skeleton
from ..body.joint_names import STANDARD_JOINTS
from ..errors import BenchError, shorten, suggestion
from ..manifest import read_manifest, verify_files, write_manifest

Resolution = Literal["small", "full"]
Split = Literal["train", "val", "test"]

_FILES = {"small": "bodies.npz", "full": "bodies_full.npz"}
_ALL_FILES = (*_FILES.values(), "bodies_basis.npz", "bodies_uncounted.npz")
_MANIFEST = "bodies.manifest.json"
_MIX_NOISE = 0.15


class UnknownBody(BenchError):
    """A body name that is not among the built-in ones, or not in the wanted resolution."""

    rule = "D101"


class UnknownResolution(BenchError):
    """A resolution other than ``small`` and ``full``, or a split other than ``train``, ``val`` and ``test``."""

    rule = "D102"


@dataclass(frozen=True)
class BodyInfo:
    """What is known of a named body without loading its mesh."""

    name: str
    split: str
    """``train``: seen in training; ``val``: seen by nobody, for ``mini`` and for tuning; ``test``: seen by nobody."""
    about: str
    """For people: ``a very heavy man whose belly is in the way of his arms``."""
    height_m: float
    """Extent of the small mesh along y in the rest pose."""
    resolutions: tuple[str, ...]
    """``("small",)`` or ``("small", "full")``."""


def body_names(split: Split | None = None) -> tuple[str, ...]:
    """Return the names of the built-in bodies, in a fixed order; all of them without ``split``.

    Raises:
        UnknownResolution: If the split is not ``train``, ``val`` or ``test``.
    """
    data = _arrays("bodies.npz")
    names, splits = data["names"].tolist(), data["splits"].tolist()
    if split is not None and split not in splits:
        raise UnknownResolution(f"there is no split '{split}' of bodies.{suggestion(split, splits)}")
    return tuple(name for name, own in zip(names, splits, strict=True) if split in {None, own})


def body_info(name: str) -> BodyInfo:
    """Return split, description, height and resolutions of a named body.

    Raises:
        UnknownBody: If there is no such body; the message offers the nearest names.
    """
    data = _arrays("bodies.npz")
    row = _row(name, body_names())
    heights = np.ptp(data["vertices_m"][row, :, 1])
    full = name in _arrays("bodies_full.npz")["names"].tolist()
    return BodyInfo(
        name=name,
        split=str(data["splits"][row]),
        about=str(data["about"][row]),
        height_m=float(heights),
        resolutions=("small", "full") if full else ("small",),
    )


@cache
def load_body(name: str, resolution: Resolution = "small") -> Character:
    """Return a named body in the T-pose: metres, y up, facing +z, feet on y = 0, root at x = z = 0.

    Args:
        name: One of ``body_names()``.
        resolution: ``small`` (1,229 vertices, what the tracks score on) or ``full`` (13,348; only some bodies). Both
            have the same skeleton.

    Raises:
        UnknownBody: If there is no such body, or not in this resolution.
        UnknownResolution: If the resolution is neither ``small`` nor ``full``.
        DamagedData: If a file of bodies is missing or changed.
    """
    small, mesh = _arrays("bodies.npz"), _mesh_arrays(resolution)
    joints = small["joints_m"][_row(name, body_names())]
    having = mesh["names"].tolist()
    if name not in having:
        raise UnknownBody(f"body '{name}' has no {resolution} mesh; the bodies that have one are {shorten(having)}.")
    row = having.index(name)
    bits = _arrays("bodies_uncounted.npz")[resolution][row]
    uncounted = np.unpackbits(bits, count=mesh["vertices_m"].shape[1]).astype(bool)
    return _character(name, mesh, mesh["vertices_m"][row], joints, uncounted)


@cache
def key_vertices(resolution: Resolution = "small") -> Mapping[str, int]:
    """Return the named places of the body as vertex indices, the same on every body.

    Names of pairs start with ``left_`` and ``right_`` (the character's own sides) and are mirror images; see
    ``docs/bodies.md`` for the list and the picture.
    """
    mesh = _mesh_arrays(resolution)
    pairs = zip(mesh["key_names"].tolist(), mesh["key_vertices"].tolist(), strict=True)
    return MappingProxyType(dict(pairs))


@cache
def vertex_groups(resolution: Resolution = "small") -> Mapping[str, NDArray[np.intp]]:
    """Return named sets of vertex indices, ascending: ``left_`` and ``right_`` with ``sole, foot, hand, palm``.

    A sole is what of the foot faces down and stands on the ground in the rest pose.
    """
    mesh = _mesh_arrays(resolution)
    groups = {}
    for key in sorted(mesh):
        if key.startswith("group_"):
            members = mesh[key].astype(np.intp)
            members.setflags(write=False)
            groups[key.removeprefix("group_")] = members
    return MappingProxyType(groups)


def sample_body(generator: np.random.Generator) -> Character:
    """Draw a body that does not exist yet from the shape basis (small mesh), within the range of the training bodies.

    The basis holds the principal components of several hundred random bodies. A new body lies at a random place
    between two of them, in the components' coordinates, plus normal noise of 15 % of each component's deviation. The
    bodies of the ``val`` and ``test`` splits are not among them.

    Args:
        generator: Where the randomness comes from; equal states give equal bodies.
    """
    basis = _arrays("bodies_basis.npz")
    coefficients = basis["coefficients"].astype(np.float64)
    first, second = coefficients[generator.choice(len(coefficients), size=2, replace=False)]
    mixed = first + generator.uniform() * (second - first) + _MIX_NOISE * generator.normal(size=first.shape)
    points = basis["mean_m"] + np.tensordot(mixed, basis["components_m"].astype(np.float64), axes=1)
    mesh = _arrays("bodies.npz")
    count = mesh["vertices_m"].shape[1]
    points[:, 1] -= points[:count, 1].min()
    name = f"sampled_{int(generator.integers(2**32)):08x}"
    return _character(name, mesh, points[:count], points[count:], None)


def write_body_manifest(folder: Path) -> None:
    """Write ``bodies.manifest.json`` beside the baked files: the SHA-256 of each, which is compared on loading."""
    write_manifest(folder / _MANIFEST, {"name": "intents-bodies", "licence": "CC0-1.0"}, _ALL_FILES)


def _character(
    name: str,
    mesh: Mapping[str, NDArray[Any]],
    vertices_m: NDArray[Any],
    joints_m: NDArray[Any],
    uncounted: NDArray[np.bool_] | None,
) -> Character:
    parents = _arrays("bodies.npz")["parents"].tolist()
    offsets = np.asarray(joints_m, dtype=np.float64).copy()
    offsets[1:] -= np.asarray(joints_m, dtype=np.float64)[parents[1:]]
    return Character(
        name=name,
        skeleton=Skeleton(STANDARD_JOINTS, tuple(parents), offsets.astype(np.float32)),
        rest_vertices_m=vertices_m,
        faces=mesh["faces"],
        joint_indices=mesh["joint_indices"],
        weights=mesh["weights"],
        parts=mesh["parts"],
        uncounted=uncounted,
    )


def _row(name: str, names: tuple[str, ...]) -> int:
    if name not in names:
        raise UnknownBody(f"there is no built-in body '{name}'.{suggestion(name, names)}")
    return names.index(name)


def _mesh_arrays(resolution: str) -> Mapping[str, NDArray[Any]]:
    if resolution not in _FILES:
        raise UnknownResolution(f"there is no resolution '{resolution}' of bodies.{suggestion(resolution, _FILES)}")
    return _arrays(_FILES[resolution])


@cache
def _arrays(file: str) -> Mapping[str, NDArray[Any]]:
    with as_file(files(__package__) / "data") as folder:
        listed = read_manifest(folder / _MANIFEST, verify=False).content["files"]
        verify_files(folder, {file: listed[file]})
        with np.load(folder / file, allow_pickle=False) as archive:
            return MappingProxyType({key: archive[key] for key in archive.files})
