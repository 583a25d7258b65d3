"""The PyTorch3D backend: ``MeshRasterizer`` and ``SoftPhongShader``, as in SMT's release, where PyTorch3D is installed.

PyTorch3D has no wheel for current Pythons on Linux, so nothing here needs it; it is imported when the backend is made.
"""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from ..errors import BenchError
from .batch import Subject
from .camera import Camera
from .renderer import Pictures, RenderSettings
from .shading import light_behind


class NoPyTorch3D(BenchError):
    """PyTorch3D was asked for where it cannot be imported."""

    rule = "M024"


@dataclass(frozen=True)
class SoftSettings:
    """How softly triangles are blended; the defaults are those of SMT's release (``models/render.py``)."""

    blur_radius: float = 9.21024e-6
    """Triangles reach this far, squared, in normalised device coordinates: ``ln(1 / 1e-4 - 1) * 1e-6``."""
    faces_per_pixel: int = 20
    """Layers that are blended."""
    sigma: float = 1e-4
    """Softness of the edges."""
    gamma: float = 1e-4
    """Softness of the order in depth."""


def pytorch3d_pose(camera: Camera) -> tuple[Tensor, Tensor]:
    """Return R and T of a camera in PyTorch3D's convention, [..., 3, 3] and [..., 3].

    ``X_camera = X_world R + T`` with rows as points; x points to the left of the picture, y up, z into it.
    """
    rotation = (camera.axes * camera.axes.new_tensor([[-1.0], [1.0], [1.0]])).mT
    return rotation, -(camera.position_m[..., None, :] @ rotation)[..., 0, :]


def load_pytorch3d() -> ModuleType:
    """Return PyTorch3D's ``renderer`` module, with ``structures`` loaded.

    Raises:
        NoPyTorch3D: If it cannot be imported.
    """
    try:
        importlib.import_module("pytorch3d.structures")
        return importlib.import_module("pytorch3d.renderer")
    except ImportError as error:
        raise NoPyTorch3D(
            f"the renderer 'pytorch3d' needs PyTorch3D, which cannot be imported here ({error}). Build it from source "
            "(github.com/facebookresearch/pytorch3d, INSTALL.md), or take the renderer 'builtin', which needs nothing."
        ) from error


@dataclass(frozen=True)
class PyTorch3DRenderer:
    """Pictures by PyTorch3D's rasterizer and soft Phong shader.

    What it has no word for: the light from the sky, whose mean is added to the ambient light, the tint below the
    floor, which is left out, and a background picture, which is put behind by the soft mask.
    """

    settings: RenderSettings = field(default_factory=RenderSettings)
    soft: SoftSettings = field(default_factory=SoftSettings)

    def __post_init__(self) -> None:
        load_pytorch3d()

    def render(self, vertices_m: Tensor, faces: Tensor, cameras: Sequence[Camera]) -> Pictures:
        """Return the pictures of one moving mesh in the settings' tint; see ``Renderer``."""
        return self._drawn(Subject(vertices_m, faces, cameras))

    def render_many(self, subjects: Sequence[Subject]) -> list[Pictures]:
        """Return the pictures of several moving meshes; see ``Renderer``."""
        return [self._drawn(subject) for subject in subjects]

    def _drawn(self, subject: Subject) -> Pictures:
        by_view = [self._view(subject, camera) for camera in subject.cameras]
        images = torch.stack([images for images, _ in by_view], dim=1)
        return Pictures(images[:, :, :3], images[:, :, 3], torch.stack([seen for _, seen in by_view], dim=1))

    def _view(self, subject: Subject, camera: Camera) -> tuple[Tensor, Tensor]:
        """Colour and mask of one view, [frames, 4, height, width], and the nearest triangle of each sample."""
        library, chosen, like = load_pytorch3d(), self.settings, subject.vertices_m
        n = chosen.samples
        eye = Camera(camera.position_m.to(like), camera.axes.to(like), camera.fov_y_deg)
        frames = len(like)
        rotation, shift = pytorch3d_pose(eye)
        cameras = library.FoVPerspectiveCameras(
            R=rotation.expand(frames, 3, 3), T=shift.expand(frames, 3), fov=eye.fov_y_deg, device=like.device
        )
        settings = library.RasterizationSettings(
            image_size=(chosen.height_px * n, chosen.width_px * n),
            blur_radius=self.soft.blur_radius,
            faces_per_pixel=self.soft.faces_per_pixel,
        )
        meshes = self._meshes(subject)
        fragments = library.MeshRasterizer(cameras=cameras, raster_settings=settings)(meshes)
        shader = library.SoftPhongShader(
            device=like.device,
            cameras=cameras,
            lights=self._lights(library, eye, like),
            materials=library.Materials(device=like.device, shininess=chosen.material.shininess),
            blend_params=library.BlendParams(self.soft.sigma, self.soft.gamma, (0.0, 0.0, 0.0)),
        )
        return self._in_front(shader(fragments, meshes), subject, camera), _local(fragments.pix_to_face, subject)

    def _meshes(self, subject: Subject) -> Any:
        structures = importlib.import_module("pytorch3d.structures")
        like = subject.vertices_m
        tint = like.new_tensor(self.settings.tint) if subject.colours is None else subject.colours.to(like)
        textures = load_pytorch3d().TexturesVertex(tint.expand(like.shape))
        return structures.Meshes(like, subject.faces.long().to(like.device).expand(len(like), -1, 3), textures=textures)

    def _lights(self, library: ModuleType, camera: Camera, like: Tensor) -> Any:
        material, light = self.settings.material, self.settings.light
        shares = (material.ambient + material.sky / 2, material.diffuse, material.specular)
        colours = dict(
            zip(("ambient_color", "diffuse_color", "specular_color"), (((s, s, s),) for s in shares), strict=True)
        )
        if light.at_m is not None:
            return library.PointLights(location=(light.at_m,), device=like.device, **colours)
        towards = light_behind(camera.axes) if light.towards is None else like.new_tensor(light.towards)
        towards = towards.expand(len(like), 3)
        return library.DirectionalLights(direction=towards, device=like.device, **colours)

    def _in_front(self, drawn: Tensor, subject: Subject, camera: Camera) -> Tensor:
        """Average the samples and put the background behind, by the mask."""
        n, chosen, like = self.settings.samples, self.settings, subject.vertices_m
        averaged = torch.nn.functional.avg_pool2d(drawn.movedim(-1, 1), n)
        colour, mask = averaged[:, :3], averaged[:, 3:].clamp(0, 1)
        behind = like.new_tensor(chosen.background)[:, None, None]
        if subject.background is not None:
            shape = (len(like), len(subject.cameras), 3, chosen.height_px, chosen.width_px)
            view = next(k for k, own in enumerate(subject.cameras) if own is camera)
            behind = subject.background.to(like).expand(shape)[:, view]
        return torch.cat([colour + (1 - mask) * behind, mask], dim=1)


def _local(pix_to_face: Tensor, subject: Subject) -> Tensor:
    """The nearest triangle, numbered within the mesh instead of the batch."""
    nearest = pix_to_face[..., 0]
    return torch.where(nearest >= 0, nearest % max(len(subject.faces), 1), nearest).to(torch.int32)
