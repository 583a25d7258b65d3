"""Rendering the pictures of one clip for one purpose."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.body import Character, Motion
from ...datasets.body.joint_names import BODY_JOINTS
from ...datasets.body.kinematics import SkinTensors
from ...datasets.rendering import RenderSettings, Subject, make_renderer
from .looks import Purpose, backdrop, camera_of, draw_light, draw_look, vertex_colours

POINTS = (*BODY_JOINTS, "LeftHandMiddle1", "RightHandMiddle1")
"""Joints whose places are kept beside each picture: training asks the BLIP-2's queries for them as well."""


@dataclass(frozen=True, eq=False)
class DrawnClip:
    """Pictures of one clip."""

    images: NDArray[np.uint8]
    """[pictures, 3, size, size]."""
    points: NDArray[np.float16]
    """``POINTS`` in the picture: x to the right and y downwards in picture sizes, depth behind the hips in body
    heights, [pictures, points, 3]."""
    azimuths_deg: NDArray[np.float32]
    """Direction of the camera, [pictures]."""
    upper: NDArray[np.bool_]
    """Whether the upper body only is shown, [pictures]."""


def draw_clip(
    character: Character, motion: Motion, frames: list[int], purpose: Purpose, seed: list[int], size_px: int
) -> DrawnClip:
    """Return one picture per frame, each with a look of its own, all of a clip under one light.

    Args:
        character: Whose motion it is.
        motion: The solved motion.
        frames: Frames to show; a frame may come twice.
        purpose: Whose colours and cameras are drawn.
        seed: Of everything that is drawn; equal seeds give equal pictures.
        size_px: Side of a picture.
    """
    generator = np.random.default_rng(seed)
    looks = [draw_look(purpose, generator) for _ in frames]
    light, material = draw_light(generator)
    samples = 1 + int(generator.integers(2))
    settings = RenderSettings(size_px, size_px, samples, light=light, material=material)
    skin = SkinTensors.of(character)
    with torch.no_grad():
        rotations = torch.from_numpy(np.array(motion.local_rotations_wxyz[frames]))
        roots = torch.from_numpy(np.array(motion.root_translation_m[frames]))
        pose = skin.pose(rotations, roots)
        vertices = skin.vertices_m(pose)
        faces = mesh_faces(character)
        cameras = [camera_of(look, vertices[[k]], character) for k, look in enumerate(looks)]
        subjects = [
            Subject(vertices[[k]], faces, (cameras[k],), vertex_colours(look, character), backdrop(look, size_px))
            for k, look in enumerate(looks)
        ]
        drawn = make_renderer("builtin", settings).render_many(subjects)
        images = torch.cat([one.images[:, 0] for one in drawn])
        at = [character.skeleton.joint_names.index(name) for name in POINTS]
        seen = torch.cat([c.project(pose.positions_m[[k]][:, at], size_px, size_px) for k, c in enumerate(cameras)])
    return DrawnClip(
        images=(images * 255).round().to(torch.uint8).numpy(),
        points=relative_points(seen, size_px, character.height_m),
        azimuths_deg=np.array([look.azimuth_deg for look in looks], dtype=np.float32),
        upper=np.array([look.crop == "upper" for look in looks]),
    )


def mesh_faces(character: Character) -> Tensor:
    """Return a character's triangles, int64 [faces, 3]; one tensor for equal meshes, whose edges the renderer keeps."""
    return _faces(character.faces.astype(np.int64).tobytes())


def relative_points(seen: Tensor, size_px: int, height_m: float) -> NDArray[np.float16]:
    """Return projected joints in units that do not depend on the picture's size.

    Args:
        seen: x, y in pixels and depth in metres of ``POINTS``, the hips first, [pictures, points, 3].
        size_px: Side of the picture.
        height_m: Of the body.

    Returns:
        See ``DrawnClip.points``.
    """
    depth = (seen[..., 2:] - seen[:, :1, 2:]) / height_m
    return torch.cat([seen[..., :2] / size_px, depth], dim=-1).clamp(-4.0, 4.0).numpy().astype(np.float16)


@lru_cache(maxsize=8)
def _faces(triangles: bytes) -> Tensor:
    return torch.from_numpy(np.frombuffer(triangles, dtype=np.int64).reshape(-1, 3).copy())
