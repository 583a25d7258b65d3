"""GLB and glTF reader: skinned characters and animations in the canonical convention."""

from collections.abc import Collection
from pathlib import Path

from ..errors import suggestion
from .errors import BadGltf, UnknownAnimation
from .gltf_animation import DEFAULT_FPS, Animation, animation_names, animations
from .gltf_file import GltfFile, node_matrices
from .gltf_skin import bind_pose, mesh_parts
from .scene import SampledAnimation, Scene, SceneFile, build_scene


def read_glb(path: str | Path, *, fps: float | None = None, animations_named: Collection[str] | None = None) -> Scene:
    """Read a GLB or glTF file: its skinned meshes as one character, and its animations.

    The rest pose is the bind pose (inverse bind matrices), in which the mesh was modelled; joints without one take
    the node's transform. A humanoid's skeleton begins at its hips: everything above is folded into the hips' world
    pose. Any other skeleton begins at the lowest joint above all weighted ones. Joints that move nothing and are no
    standard joint are left out; their share of vertices goes to the nearest kept joint above. Rigid meshes below the
    head or the torso (hats, capes) are part of the character, those below arms and legs (weapons) are not.

    Animated translations of joints other than the root and animated scale are dropped with one warning each per file;
    the mesh of a humanoid more than 1 cm off the ground is moved there, motions too.

    Args:
        path: The file; buffers of a .gltf are looked for in its folder only.
        fps: Frame rate to sample at; ``None``: that of the keys of each animation, else of the file, else 30.
        animations_named: Only sample these; ``None``: all. An empty collection reads the character alone.

    Raises:
        UnreadableFile: If the file or a buffer beside it cannot be read.
        BadGltf: If it is broken, or uses sparse accessors or a compression extension.
        NoSkeleton: If there is no skeleton in it, or more than one.
        UnknownAnimation: If a wanted animation is not there.
    """
    file = GltfFile(path)
    for name in animations_named or ():
        if name not in animation_names(file):
            raise UnknownAnimation(f"{file.path} has no animation '{name}'.{suggestion(name, animation_names(file))}")
    try:
        content = _content(file)
        sampled = _sampled(animations(file, animations_named), fps)
    except (IndexError, KeyError, TypeError, ValueError) as problem:
        what = f"{type(problem).__name__}: {problem}"
        raise BadGltf(
            f"{file.path} refers to a part that it does not have, or that is malformed ({what})."
        ) from problem
    return build_scene(content, sampled)


def _content(file: GltfFile) -> SceneFile:
    local = node_matrices(file)
    rest = bind_pose(file, local, file.tree.world(local))
    return SceneFile(file.path, file.tree, _joint_nodes(file), local, rest, tuple(mesh_parts(file, rest)))


def _joint_nodes(file: GltfFile) -> frozenset[int]:
    """Joints of the skins; without any the animated nodes and all below them."""
    joints = {j for skin in file.items("skins") for j in skin["joints"]}
    if not joints:
        moved = {c["target"].get("node") for a in file.items("animations") for c in a["channels"]} - {None}
        joints = {n for n in file.tree.order if moved & set(file.tree.upwards(n))}
    return frozenset(joints)


def _sampled(found: tuple[Animation, ...], fps: float | None) -> list[SampledAnimation]:
    rates = {a.name: a.grid_fps() for a in found}
    known = sorted(rate for rate in rates.values() if rate is not None)
    common = known[len(known) // 2] if known else DEFAULT_FPS
    sampled = []
    for animation in found:
        rate = fps or rates[animation.name] or common
        times = animation.sample_times_s(rate)
        moved = {(t.node, t.path): t.at(times) for t in animation.tracks}
        sampled.append(SampledAnimation(animation.name, rate, len(times), moved))
    return sampled
