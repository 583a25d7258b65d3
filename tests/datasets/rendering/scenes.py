"""Random bodies in front of random cameras, and gradients measured by differences of pixel-averaged pictures."""

from dataclasses import dataclass

import numpy as np
import roma
import torch

from retargetbench.datasets.body.kinematics import SkinTensors
from retargetbench.datasets.intents.bodies import body_info, body_names, load_body
from retargetbench.datasets.rendering import Camera, RenderSettings, make_renderer, orbit

SIZE_PX = 224
SAMPLES = 16
"""Samples per pixel and axis of the reference: the picture averaged over 256 sub-pixel shifts."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A posed body, a camera, and the weights of the loss: a smooth random picture."""

    names: tuple
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

    def losses(self, vertices, samples=1):
        """The weighted sums of the mask and of the colours, [2]."""
        settings = RenderSettings(SIZE_PX, SIZE_PX, samples)
        pictures = make_renderer("builtin", settings).render(vertices, self.faces, (self.camera,))
        mask = (pictures.mask[0, 0] * self.weights[0]).sum()
        return torch.stack([mask, (pictures.images[0, 0] * self.weights).sum()])

    def gradients(self, posed, samples=1):
        """The gradients of both losses at 0 in the three numbers that ``posed`` takes, [2, 3]."""
        at = torch.zeros(3, requires_grad=True)
        mask, shaded = self.losses(posed(at), samples)
        first = torch.autograd.grad(mask, at, retain_graph=True)[0]
        return torch.stack([first, torch.autograd.grad(shaded, at)[0]])

    def differences(self, posed, steps, samples=SAMPLES):
        """The same by central differences of the pixel-averaged pictures, [2, 3]."""
        columns = []
        with torch.no_grad():
            for axis, step in enumerate(steps):
                shift = torch.zeros(3)
                shift[axis] = step
                high, low = self.losses(posed(shift), samples), self.losses(posed(-shift), samples)
                columns.append((high - low) / (2 * step))
        return torch.stack(columns, dim=1)


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
    return Scene(
        character.skeleton.joint_names, SkinTensors.of(character), faces, roma.rotvec_to_rotmat(angles), camera, weights
    )


def pixel_m(scene):
    """The size of a pixel at the middle of the body."""
    distance = float((scene.camera.position_m - scene.skin.rest_positions_m[0]).norm())
    return distance / scene.camera.focal_px(SIZE_PX)
