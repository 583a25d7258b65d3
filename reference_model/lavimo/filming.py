"""Filming a motion: a body in random colours on some floor, before a camera that follows it or stands still."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.body import Character, Motion
from ...datasets.body.kinematics import SkinTensors
from ...datasets.rendering import Camera, RenderSettings, Subject, make_renderer
from ...datasets.rendering.camera import orbit
from ..tiny_vlm.drawing import POINTS, mesh_faces, relative_points
from ..tiny_vlm.looks import Look, Purpose, draw_light, draw_look, moved_aside, vertex_colours
from .scenery import behind, draw_scenery

UPPER_SHARE = 0.1
"""Share of videos that show the upper body only; the feet are part of what a motion is."""
STANDING_SHARE = 0.4
"""Share of videos whose camera stands still, as most real ones do."""
_HALVED_SHARE = 0.15
"""Share of bodies whose left and right halves differ in colour."""
_FARTHEST = 1.9
"""Largest distance of the camera over the usual one: real figures are often small in their pictures."""
_HIGHER_DEG = 12.0
"""How much higher than a look's own the camera may stand."""
_SEEN_HEIGHTS = {"full": 1.35, "upper": 0.85}
"""Height of the picture in body heights: raised hands fit; of the upper body, hands at the hips do."""
_LOOKED_AT = {"full": 0.5, "upper": 0.72}
"""Where the camera looks, in body heights over the floor: a jump is then seen as one."""


@dataclass(frozen=True)
class Take:
    """How a video is made."""

    purpose: Purpose = "retrieval"
    """Whose colours and cameras are drawn."""
    frames: int = 16
    """Frames, evenly spread over the motion, first and last included."""
    size_px: int = 112
    """Side of a picture."""


@dataclass(frozen=True, eq=False)
class Film:
    """A video of one motion."""

    images: NDArray[np.uint8]
    """[frames, 3, size, size]."""
    times_s: NDArray[np.float32]
    """When each frame is, in seconds from the first, [frames]."""
    points: NDArray[np.float16]
    """``tiny_vlm.drawing.POINTS`` in the picture: x and y in picture sizes, depth behind the hips in body heights,
    [frames, points, 3]; what the frame encoder learns to see."""


@torch.no_grad()
def film(character: Character, motion: Motion, take: Take, seed: list[int]) -> Film:
    """Return a video of a motion: one look and one light from the first frame to the last.

    Args:
        character: Who does it.
        motion: On the character's skeleton.
        take: How many frames, how large, in whose looks.
        seed: Of everything that is drawn; equal seeds give equal videos.
    """
    generator = np.random.default_rng(seed)
    look = draw_look(take.purpose, generator, UPPER_SHARE)
    light, material = draw_light(generator)
    full = look.crop == "full"
    stands = full and generator.uniform() < STANDING_SHARE
    farther = 1 + (_FARTHEST - 1) * generator.uniform() ** 2 if full else 1.0
    look = replace(look, elevation_deg=look.elevation_deg + float(generator.uniform(0.0, _HIGHER_DEG)))
    scenery, other = draw_scenery(generator), draw_look(take.purpose, generator)
    halved = generator.uniform() < _HALVED_SHARE
    frames = np.linspace(0, motion.frame_count - 1, take.frames).round().astype(int)
    skin = SkinTensors.of(character)
    rotations = torch.from_numpy(motion.local_rotations_wxyz[frames])
    pose = skin.pose(rotations, torch.from_numpy(motion.root_translation_m[frames]))
    vertices = skin.vertices_m(pose)
    camera = film_camera(look, vertices, character.height_m, stands=stands, farther=farther)
    settings = RenderSettings(
        take.size_px, take.size_px, 1 + int(generator.integers(2)), light=light, material=material
    )
    colours = vertex_colours(look, character)
    if halved:
        colours[torch.tensor(character.rest_vertices_m[:, 0] > 0)] = torch.tensor(other.tint)
    ground = behind(scenery, look, camera, vertices.mean(dim=1), take.size_px)
    subject = Subject(vertices, mesh_faces(character), (camera,), colours, ground)
    images = make_renderer("builtin", settings).render_many([subject])[0].images[:, 0]
    at = [character.skeleton.joint_names.index(name) for name in POINTS]
    seen = camera.project(pose.positions_m[:, at], take.size_px, take.size_px)
    return Film(
        images=(images * 255).round().to(torch.uint8).numpy(),
        times_s=(frames / motion.fps).astype(np.float32),
        points=relative_points(seen, take.size_px, character.height_m),
    )


def film_camera(look: Look, vertices_m: Tensor, height_m: float, *, stands: bool, farther: float = 1.0) -> Camera:
    """Return the camera of a video, one place per frame.

    A camera that follows stays over the middle of the body and keeps its height, so that a jump goes up in the picture;
    one that stands looks at the middle of the whole path from where all of it is seen.

    Args:
        look: Direction, opening angle, crop and jitter.
        vertices_m: Posed vertices, [frames, vertices, 3].
        height_m: Of the body at rest.
        stands: Whether the camera stands still.
        farther: Factor on its distance.
    """
    low, high = vertices_m.amin(dim=1), vertices_m.amax(dim=1)
    seen_m = _SEEN_HEIGHTS[look.crop] * height_m
    if stands:
        low, high = (bound.expand_as(low) for bound in (low.amin(dim=0), high.amax(dim=0)))
        # the diagonal of what is moved through: from any direction nothing leaves the picture
        seen_m = max(seen_m, float((high - low)[0].norm()))
    target = (low + high) / 2
    target[:, 1] = _LOOKED_AT[look.crop] * height_m
    distance = farther * seen_m / (2 * float(np.tan(np.radians(look.fov_y_deg / 2))))
    turned = {"azimuth_deg": look.azimuth_deg, "elevation_deg": look.elevation_deg, "fov_y_deg": look.fov_y_deg}
    return moved_aside(orbit(target, distance, **turned), target, look)
