"""Random bodies in front of random cameras, and gradients measured by differences of pixel-averaged pictures."""

from dataclasses import dataclass

import numpy as np
import roma
import torch

from retargetbench.datasets.body.kinematics import SkinTensors
from retargetbench.datasets.intents.bodies import body_info, body_names, load_body
from retargetbench.datasets.rendering import Camera, RenderSettings, make_renderer, orbit

SIZE_PX = 224
SAMPLES = 8
"""Samples per pixel and axis of the reference: the picture averaged over 64 sub-pixel shifts."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A posed body, a camera, and the weights of the loss: a smooth random picture."""

    skin: SkinTensors
    faces: torch.Tensor
    rotations: torch.Tensor
    camera: Camera
    weights: torch.Tensor

    def vertices(self, turned=None, moved=None):
        """The posed vertices; ``turned``: rotation vectors per joint, ``moved``: a shift along the camera's axes."""
        rotations = self.rotations
        if turned is not None:
            rotations = rotations @ roma.rotvec_to_rotmat(turned)
        pose = self.skin.pose(rotations, self.skin.rest_positions_m[:1])
        vertices = self.skin.vertices_m(pose)
        return vertices if moved is None else vertices + moved @ self.camera.axes

    def loss(self, vertices, kind, samples=1):
        """The weighted sum of the mask, or of the colours."""
        pictures = make_renderer("builtin", RenderSettings(SIZE_PX, SIZE_PX, samples)).render(
            vertices, self.faces, (self.camera,)
        )
        picture = pictures.mask[:, :, None] if kind == "mask" else pictures.images
        return (picture * self.weights[: picture.shape[2]]).sum()

    def difference(self, posed, step, kind):
        """The central difference of the pixel-averaged loss over ``step`` on both sides; ``posed`` gives vertices."""
        with torch.no_grad():
            high, low = (self.loss(posed(sign * step), kind, SAMPLES) for sign in (1, -1))
        return float(high - low) / (2 * step)


def random_scene(seed, resolution):
    """A random built-in body in a random pose before a random camera."""
    generator = np.random.default_rng(seed)
    having = [n for n in body_names() if resolution in body_info(n).resolutions]
    character = load_body(having[generator.integers(len(having))], resolution)
    angles = torch.tensor(generator.normal(0, 0.25, (1, character.skeleton.joint_count, 3)), dtype=torch.float32)
    height = character.height_m
    target = torch.tensor([0.0, 0.5 * height, 0.0])
    azimuth, elevation = float(generator.uniform(-180, 180)), float(generator.uniform(-5, 25))
    camera = orbit(target, 2.6 * height, azimuth_deg=azimuth, elevation_deg=elevation)
    coarse = torch.tensor(generator.normal(size=(1, 3, 8, 8)), dtype=torch.float32)
    weights = torch.nn.functional.interpolate(coarse, (SIZE_PX, SIZE_PX), mode="bicubic", align_corners=True)[0]
    faces = torch.tensor(np.array(character.faces), dtype=torch.int64)
    return Scene(SkinTensors.of(character), faces, roma.rotvec_to_rotmat(angles), camera, weights)


def pixel_m(scene):
    """The size of a pixel at the middle of the body."""
    distance = float((scene.camera.position_m - scene.skin.rest_positions_m[0]).norm())
    return distance / scene.camera.focal_px(SIZE_PX)
