"""How a clip is shown to a judge: which frames, from where, how large; the same for scores, audit and training.

Everything is as ``Judge.looking`` says. The body stands before a plain background in one colour, under the renderer's
own light: what a picture shows beside the motion is the same for every method.
"""

import numpy as np
import torch
from torch import Tensor

from ...datasets.body import Character, Motion
from ...datasets.body.kinematics import SkinTensors
from ...datasets.rendering import Crop, Framing, Renderer, RenderSettings, framed_cameras, make_renderer
from .judge import Looking

_CROPS: dict[str, Crop] = {"full-body": "full", "upper-body": "upper"}
_SMALL_PX = 160
"""Up to this side, pictures are made of 2 x 2 samples a pixel: a hand is a few pixels wide, its edge must not flicker.
"""


def stage(looking: Looking, renderer: str = "builtin") -> Renderer:
    """Return the renderer that makes a judge's pictures.

    Args:
        looking: The judge's.
        renderer: Name of the backend.

    Raises:
        UnknownName: If there is no such backend.
        NoPyTorch3D: If PyTorch3D is asked for and cannot be imported.
    """
    side = looking.size_px
    return make_renderer(renderer, RenderSettings(side, side, samples=2 if side <= _SMALL_PX else 1))


def shown_frames(frame_count: int, looking: Looking) -> tuple[int, ...]:
    """Return the frames of a clip that a judge sees: evenly spaced, first and last included; of one, the middle.

    A clip with fewer frames than the judge wants shows some twice, so that every clip has as many pictures.
    """
    if looking.frames == 1:
        return (frame_count // 2,)
    return tuple(round(float(at)) for at in np.linspace(0, frame_count - 1, looking.frames))


def posed_vertices_m(character: Character, motion: Motion, frames: tuple[int, ...]) -> Tensor:
    """Return the mesh in some frames of a motion, [frames, vertices, 3], metres."""
    skin = SkinTensors.of(character)
    at = list(frames)
    rotations = torch.from_numpy(np.array(motion.local_rotations_wxyz[at]))
    roots = torch.from_numpy(np.array(motion.root_translation_m[at]))
    return skin.vertices_m(skin.pose(rotations, roots))


def show(vertices_m: Tensor, character: Character, looking: Looking, renderer: Renderer) -> Tensor:
    """Return the pictures of a posed mesh, view after view, [views * frames, 3, size, size], 0 to 1.

    Differentiable in the vertices; on their device.

    Args:
        vertices_m: Posed vertices of the frames that are shown, [frames, vertices, 3].
        character: Whose they are.
        looking: The judge's.
        renderer: From ``stage``.
    """
    cameras = framed_cameras(vertices_m, character, Framing(looking.views, _CROPS[looking.crop]))
    faces = torch.from_numpy(np.array(character.faces, dtype=np.int64)).to(vertices_m.device)
    images = renderer.render(vertices_m, faces, cameras).images
    return images.transpose(0, 1).flatten(0, 1)


def show_motion(character: Character, motion: Motion, looking: Looking, renderer: Renderer) -> Tensor:
    """Return the pictures of a motion as a judge sees it, [views * frames, 3, size, size]; no gradient."""
    with torch.no_grad():
        frames = shown_frames(motion.frame_count, looking)
        return show(posed_vertices_m(character, motion, frames), character, looking, renderer)


def empty_stage(looking: Looking, renderer: Renderer) -> Tensor:
    """Return as many pictures without anybody in them: what is seen of a clip that a method failed to produce."""
    size = (renderer.settings.height_px, renderer.settings.width_px)
    background = torch.tensor(renderer.settings.background, dtype=torch.float32)
    count = len(looking.views) * looking.frames
    return background[:, None, None].expand(count, 3, *size).contiguous()
