"""The command ``convert``."""

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import tyro

from ....datasets.body import Character, Motion, Skeleton
from ....datasets.errors import shorten, suggestion
from ....datasets.readers.bvh import read_bvh
from ....datasets.readers.bvh_file import parse_bvh
from ....datasets.readers.bvh_writer import write_bvh
from ....datasets.readers.clip_npz import read_clip, write_clip
from ....datasets.readers.errors import MissingCharacter, ReaderWarning, UnknownAnimation, UnknownSuffix
from ....datasets.readers.fbx import read_fbx
from ....datasets.readers.glb import read_glb
from ....datasets.readers.glb_writer import write_glb
from ....datasets.readers.read import MOTION_SUFFIXES
from ....datasets.readers.scene import Scene
from .. import console

_INPUTS = (*MOTION_SUFFIXES, ".npz")
_OUTPUTS = (".glb", ".bvh", ".npz")


@dataclass(frozen=True)
class Convert:
    """Convert a character or motion file; the suffixes say from what to what.

    Reads .bvh, .glb, .gltf, .fbx and prediction files (.npz); writes .glb, .bvh and .npz. What a format cannot hold
    (animated bone lengths, scale) is left out with a warning that says how much. Nothing is retargeted: the joints of
    the output are those of the input.

    Examples:
        retargetbench convert walk.bvh walk.glb
        retargetbench convert knight.glb run.bvh --animation Running_A
        retargetbench convert predictions/00003.npz clip.glb --character knight.glb
    """

    source: tyro.conf.Positional[Path]
    """File to read: .bvh, .glb, .gltf, .fbx or .npz."""
    out: tyro.conf.Positional[Path]
    """File to write: .glb (character and all motions), .bvh or .npz (one motion each)."""
    animation: str | None = None
    """Take only this animation; needed for .bvh and .npz when the input has several."""
    character: Path | None = None
    """Character file (.glb, .gltf, .fbx) with the same joints: the target of an .npz, the mesh of a written .glb."""
    fps: float | None = None
    """Frame rate: what a .bvh really has if its header is wrong, what to sample the others at; default: the file's."""
    unit_m: float | None = None
    """Metres per length unit of a .bvh input; default: 0.01 if its skeleton is more than 5 units long, else 1."""
    out_unit_m: float = 0.01
    """Metres per length unit of a .bvh output."""
    first_frame: Literal["motion", "drop", "rest"] = "motion"
    """What the first row of a .bvh is: motion, an added pose to drop, or the rest pose of the skeleton."""

    json: bool = False
    """Print what was written as JSON."""

    def run(self) -> int:
        """Convert; 0."""
        self._check_suffixes()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ReaderWarning)
            scene = self._read()
        for warning in caught:
            console.warn(str(warning.message))
        scene = self._with_animation(scene)
        self._write(scene)
        self._tell(scene)
        return 0

    def _check_suffixes(self) -> None:
        for path, known, doing in ((self.source, _INPUTS, "read"), (self.out, _OUTPUTS, "written")):
            if path.suffix.lower() not in known:
                hint = suggestion(path.suffix, known)
                raise UnknownSuffix(f"{path}: '{path.suffix}' files are not {doing} here.{hint}")

    def _read(self) -> Scene:
        suffix = self.source.suffix.lower()
        dressed = self._read_nodes(self.character, animated=False) if self.character is not None else None
        if suffix == ".npz":
            if dressed is None:
                raise MissingCharacter(f"{self.source} is a prediction file; say what it is for with --character FILE.")
            motion = read_clip(self.source, dressed.skeleton, fps=self.fps)
            return replace(dressed, motions={self.source.stem: motion})
        if suffix == ".bvh":
            motion = read_bvh(self.source, unit_m=self.unit_m, fps=self.fps, first_frame=self.first_frame)
            if self.unit_m is None:
                unit_m = parse_bvh(self.source).guessed_unit_m()
                console.say(f"length unit taken as {unit_m:g} m; --unit-m says otherwise")
            scene = Scene(None, {self.source.stem: motion}, motion.skeleton)
        else:
            scene = self._read_nodes(self.source, animated=True)
        return scene if dressed is None else _dress(scene, dressed)

    def _read_nodes(self, path: Path, *, animated: bool) -> Scene:
        """Read a GLB or FBX file; of the source only the wanted animation, of a character none."""
        wanted = () if not animated else None if self.animation is None else (self.animation,)
        reader = read_fbx if path.suffix.lower() == ".fbx" else read_glb
        return reader(path, fps=self.fps if animated else None, animations_named=wanted)

    def _with_animation(self, scene: Scene) -> Scene:
        if self.animation is not None and self.animation not in scene.motions:
            raise UnknownAnimation(
                f"{self.source} has no animation '{self.animation}'.{suggestion(self.animation, scene.motions)}"
            )
        if self.out.suffix.lower() != ".glb" and len(scene.motions) != 1:
            held = shorten(list(scene.motions)) or "none"
            raise UnknownAnimation(
                f"a {self.out.suffix} file holds one motion, but {self.source} has {len(scene.motions)} ({held}); "
                f"choose one with --animation."
            )
        return scene

    def _write(self, scene: Scene) -> None:
        suffix = self.out.suffix.lower()
        if suffix == ".glb":
            write_glb(self.out, scene.character or scene.skeleton, scene.motions)
            return
        (motion,) = scene.motions.values()
        if suffix == ".bvh":
            write_bvh(self.out, motion, unit_m=self.out_unit_m)
        else:
            write_clip(self.out, motion)

    def _tell(self, scene: Scene) -> None:
        skeleton, character = scene.skeleton, scene.character
        mesh = f", {character.vertex_count} vertices, {character.height_m:.2f} m tall" if character else ""
        reach = float(np.ptp(skeleton.rest_positions_m, axis=0).max())
        console.say(f"{skeleton.joint_count} joints over {reach:.2f} m{mesh}")
        for name, motion in list(scene.motions.items())[:12]:
            console.say(f"  {name}: {motion.frame_count} frames at {motion.fps:g} fps, {motion.duration_s:.2f} s")
        if len(scene.motions) > 12:
            console.say(f"  and {len(scene.motions) - 12} more")
        if self.json:
            console.print_json(_as_json(self.out, scene))
        else:
            console.result(str(self.out))
        if self.out.suffix.lower() == ".npz":
            console.next_step("retargetbench check SUBMISSION, with this file in its folder predictions/")
        else:
            console.next_step(f"open {self.out} in Blender or another viewer, or retargetbench ls tracks")


def _as_json(out: Path, scene: Scene) -> dict[str, Any]:
    return {
        "out": str(out),
        "joints": scene.skeleton.joint_count,
        "vertices": scene.character.vertex_count if scene.character else 0,
        "motions": [{"id": name, "frames": m.frame_count, "fps": m.fps} for name, m in scene.motions.items()],
    }


def _dress(scene: Scene, dressed: Scene) -> Scene:
    """Put motions onto a character with the same joints, in whatever order."""
    motions = {name: _reordered(motion, dressed.skeleton) for name, motion in scene.motions.items()}
    character: Character | None = dressed.character
    return Scene(character, motions, dressed.skeleton)


def _reordered(motion: Motion, skeleton: Skeleton) -> Motion:
    ours, theirs = set(motion.skeleton.joint_names), set(skeleton.joint_names)
    if ours != theirs:
        raise MissingCharacter(
            f"the character's joints are not those of the motion: it lacks {shorten(sorted(ours - theirs)) or 'none'} "
            f"and has {shorten(sorted(theirs - ours)) or 'none'} besides; retarget the motion instead of converting it."
        )
    order = [motion.skeleton.index(name) for name in skeleton.joint_names]
    return Motion(skeleton, motion.local_rotations_wxyz[:, order], motion.root_translation_m, motion.fps)
