"""The built-in clips as a ``ClipSet``: pairs with ground truth, contact goals and planted feet.

Reads arrays and a manifest only; nothing of the solver is imported, and NumPy is all that is needed.
"""

import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..body import Character, Motion
from ..clip_set import ContactGoal, MethodInput, PairData, PairSpec
from ..errors import UnknownName
from ..manifest import Manifest, read_manifest
from .bodies import load_body
from .clip_captions import captions_sha256, clip_captions
from .packed import unpack_clip

VARIANTS = ("mini", "val", "full")


@cache
def load_intents(variant: str = "mini") -> "IntentsClips":
    """Return the built-in clips, after checking every data file against its SHA-256.

    Args:
        variant: ``full``: the test, at least 100 pairs per split; ``val``: up to 12 per split, of validation's motions
            and bodies, to tune on; ``mini``: 32 pairs, 8 per split, of validation too, for demos and CI.

    Raises:
        UnknownName: If there is no such variant.
        DamagedData: If a data file is missing or changed.
    """
    if variant not in VARIANTS:
        raise UnknownName("variant of retarget/intents", variant, VARIANTS)
    with as_file(files(__package__) / "data") as folder:
        return read_intents(folder, variant)


def read_intents(folder: Path, variant: str = "mini") -> "IntentsClips":
    """Return the clips of a folder that holds ``<variant>.manifest.json`` and the files it lists."""
    manifest = read_manifest(folder / f"{variant}.manifest.json")
    with np.load(folder / f"{variant}.npz", allow_pickle=False) as archive:
        return IntentsClips(manifest, {name: archive[name] for name in archive.files})


class IntentsClips:
    """Pairs of programmed motions on built-in bodies; a ``ClipSet``."""

    def __init__(self, manifest: Manifest, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep a verified manifest and the arrays of its clips; ``load_intents`` is the usual way here."""
        self._manifest, self._arrays = manifest, arrays
        self._fps = float(manifest.content["fps"])
        self._entries = manifest.content["pairs"]
        self._row_of = {entry["clip_id"]: row for row, entry in enumerate(self._entries)}
        self._per_pair = 1 + int(manifest.content["solutions_per_pair"])

    @property
    def data_sha256(self) -> str:
        """Hash of the manifest, which lists a SHA-256 per file: the data version."""
        return self._manifest.sha256

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What the manifest says: pairs, what the checker measured, drop counts, which motions training may hold."""
        return self._manifest.content

    @property
    def pairs(self) -> tuple[PairSpec, ...]:
        """All pairs, sorted by clip id."""
        return tuple(self._spec(entry) for entry in sorted(self._entries, key=lambda e: e["clip_id"]))

    def target(self, clip_id: str) -> Character:
        """Load the target character of one pair.

        Raises:
            UnknownName: If there is no such clip.
        """
        return load_body(self._entries[self._row(clip_id)]["target"])

    def load(self, clip_id: str) -> PairData:
        """Load one pair with everything the scorer may know.

        Raises:
            UnknownName: If there is no such clip.
        """
        row = self._row(clip_id)
        spec = self._spec(self._entries[row])
        source, target = load_body(spec.source), load_body(spec.target)
        motions = [self._motion(row * self._per_pair + k, source if k == 0 else target) for k in range(self._per_pair)]
        return PairData(
            spec=spec,
            source=source,
            source_motion=motions[0],
            target=target,
            ground_truths=tuple(motions[1:]),
            contact_goals=self._goals(row),
            planted=self._planted(row),
        )

    @property
    def captions_sha256(self) -> str:
        """Hash of the sentences of all clips; they are no part of the data version, no geometry rests on them."""
        return captions_sha256()

    def caption(self, clip_id: str) -> str:
        """Return the sentence that says what happens in a clip.

        Raises:
            UnknownName: If there is no such clip.
        """
        return clip_captions()[self._entries[self._row(clip_id)]["motion"]]

    def method_input(self, clip_id: str, seed: int) -> MethodInput:
        """Load what a method may see: both meshes with vertices and faces in an order of their own.

        Source and target are permuted differently, each clip differently, by the manifest's seed.

        Raises:
            UnknownName: If there is no such clip.
        """
        pair = self.load(clip_id)
        source, target = (self._shuffled(pair, role) for role in ("source", "target"))
        motion = replace(pair.source_motion, skeleton=source.skeleton)
        return MethodInput(source, motion, target, seed=seed)

    def permutation(self, clip_id: str, role: str) -> NDArray[np.intp]:
        """Return the vertex order a method is given: its vertex i is vertex ``permutation[i]`` of the body.

        Args:
            clip_id: The pair.
            role: ``source`` or ``target``.
        """
        pair = self.load(clip_id)
        count = (pair.source if role == "source" else pair.target).vertex_count
        return self._generator(clip_id, role).permutation(count)

    def _shuffled(self, pair: PairData, role: str) -> Character:
        body = pair.source if role == "source" else pair.target
        generator = self._generator(pair.spec.clip_id, role)
        return permuted(body, generator.permutation(body.vertex_count), generator, name=role)

    def _generator(self, clip_id: str, role: str) -> np.random.Generator:
        clip = zlib.crc32(f"{clip_id}/{role}".encode())
        return np.random.default_rng([int(self._manifest.content["permutation_seed"]), clip])

    def _row(self, clip_id: str) -> int:
        if clip_id not in self._row_of:
            raise UnknownName("clip", clip_id, self._row_of)
        return int(self._row_of[clip_id])

    def _spec(self, entry: Mapping[str, Any]) -> PairSpec:
        names = ("clip_id", "split", "motion", "source", "target", "frame_count")
        return PairSpec(**{n: entry[n] for n in names}, motion_cluster=entry["intent"], fps=self._fps)

    def _motion(self, clip: int, body: Character) -> Motion:
        rotations, roots = unpack_clip(self._arrays, clip)
        return Motion(body.skeleton, rotations, roots, self._fps)

    def _span(self, row: int) -> slice:
        before = sum(int(entry["frame_count"]) for entry in self._entries[:row])
        return slice(before, before + int(self._entries[row]["frame_count"]))

    def _planted(self, row: int) -> NDArray[np.bool_]:
        return np.array(self._arrays["planted"][self._span(row)])

    def _goals(self, row: int) -> tuple[ContactGoal, ...]:
        arrays, goals, start = self._arrays, [], 0
        for goal, pair in enumerate(arrays["goal_pair"].tolist()):
            frames = slice(start, start + int(self._entries[pair]["frame_count"]))
            start = frames.stop
            if pair != row:
                continue
            vertex, place = arrays["goal_vertices"][goal].tolist()
            goals.append(
                ContactGoal(
                    name=str(arrays["goal_names"][goal]),
                    vertex=vertex,
                    place=place,
                    held=np.array(arrays["goal_held"][frames]),
                    free=np.array(arrays["goal_free"][frames]),
                    faces_skin=bool(arrays["goal_faces_skin"][goal]),
                )
            )
        return tuple(goals)


def permuted(
    body: Character, order: NDArray[np.intp], generator: np.random.Generator, *, name: str | None = None
) -> Character:
    """Return the same body with its vertices in another order, and its faces shuffled and rotated.

    Args:
        body: The body.
        order: New vertex i is old vertex ``order[i]``.
        generator: Shuffles the faces.
        name: New name; ``None`` keeps it.
    """
    new_index = np.empty(len(order), dtype=np.int32)
    new_index[order] = np.arange(len(order), dtype=np.int32)
    faces = new_index[body.faces][generator.permutation(len(body.faces))]
    turns = (generator.integers(0, 3, len(faces))[:, None] + np.arange(3)) % 3
    return replace(
        body,
        name=body.name if name is None else name,
        rest_vertices_m=body.rest_vertices_m[order],
        faces=np.take_along_axis(faces, turns, axis=1),
        joint_indices=body.joint_indices[order],
        weights=body.weights[order],
        parts=None if body.parts is None else body.parts[order],
        uncounted=None if body.uncounted is None else body.uncounted[order],
    )
