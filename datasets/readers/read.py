"""One door to all file formats, by suffix."""

from collections.abc import Collection
from pathlib import Path

from ..body import Character, Motion
from ..errors import suggestion
from .errors import UnknownSuffix, UnreadableFile

CHARACTER_SUFFIXES = (".glb", ".gltf", ".fbx")
"""Files that can hold a skinned mesh."""

MOTION_SUFFIXES = (".bvh", *CHARACTER_SUFFIXES)
"""Files that can hold motions. Prediction files (.npz) need their target: ``clip_npz.read_clip``."""


def read_character(path: str | Path) -> Character:
    """Read the skinned character of a GLB, glTF or FBX file.

    Raises:
        UnknownSuffix: If no reader knows the suffix.
        UnreadableFile: If the file cannot be read, or holds no mesh.
        BadGltf, BadFbx, MissingExtra: As the reader of the format.
    """
    source, suffix = _known(path, CHARACTER_SUFFIXES)
    if suffix == ".fbx":
        from .fbx import read_fbx

        character = read_fbx(source, animations_named=()).character
    else:
        from .glb import read_glb

        character = read_glb(source, animations_named=()).character
    if character is None:
        raise UnreadableFile(f"{source} holds a skeleton but no mesh; a character needs a skinned mesh.")
    return character


def read_motions(
    path: str | Path, *, fps: float | None = None, animations_named: Collection[str] | None = None
) -> dict[str, Motion]:
    """Read the motions of a BVH, GLB, glTF or FBX file by name; a BVH file has one, named after the file.

    Args:
        path: The file.
        fps: Frame rate: that of the rows for BVH, to sample at for the others; ``None``: the file's own.
        animations_named: Only read these; ``None``: all. Does not apply to BVH.

    Raises:
        UnknownSuffix: If no reader knows the suffix.
        UnreadableFile, BadBvh, BadGltf, BadFbx, MissingExtra, UnknownAnimation: As the reader of the format.
    """
    source, suffix = _known(path, MOTION_SUFFIXES)
    if suffix == ".bvh":
        from .bvh import read_bvh

        return {source.stem: read_bvh(source, fps=fps)}
    if suffix == ".fbx":
        from .fbx import read_fbx

        return read_fbx(source, fps=fps, animations_named=animations_named).motions
    from .glb import read_glb

    return read_glb(source, fps=fps, animations_named=animations_named).motions


def _known(path: str | Path, suffixes: tuple[str, ...]) -> tuple[Path, str]:
    source = Path(path)
    suffix = source.suffix.lower()
    if suffix not in suffixes:
        what = f"'{suffix}' files" if suffix else "files without a suffix"
        hint = suggestion(suffix, suffixes)
        raise UnknownSuffix(f"{source}: {what} are not read here.{hint}")
    if not source.is_file():
        raise UnreadableFile(f"there is no file {source}.")
    return source, suffix
