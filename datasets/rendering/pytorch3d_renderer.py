"""The PyTorch3D backend: ``MeshRasterizer`` and ``SoftPhongShader``, as in SMT's release, where PyTorch3D is installed.

PyTorch3D has no wheel for current Pythons on Linux, so nothing here needs it; it is imported when the backend is made.
"""

import importlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from ..errors import BenchError
from .batch import Subject
from .camera import Camera
from .rasterizer import NEAR_M
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
    """Softness of the order in depth, a share of ``depth_range_m``."""
    depth_range_m: float = 3.99
    """From the nearest to the farthest depth: SMT's cameras see from 1 to 400 cm."""


def pytorch3d_pose(camera: Camera) -> tuple[Tensor, Tensor]:
    """Return R and T of a camera in PyTorch3D's convention, [..., 3, 3] and [..., 3].

    ``X_camera = X_world R + T`` with rows as points; x points to the left of the picture, y up, z into it.
    """
    rotation = (camera.axes * camera.axes.new_tensor([[-1.0], [1.0], [1.0]])).mT
    return rotation, -(camera.position_m[..., None, :] @ rotation)[..., 0, :]


def put_in_front(drawn: Tensor, covered: Tensor, behind: Tensor, samples: int) -> Tensor:
    """Put a background behind what PyTorch3D drew before black, and average the samples of each pixel.

    Soft blending divides the colours of a sample by the sum of their weights: wherever a triangle reaches, the colour
    is full, however low alpha is. So the background is seen where no triangle reaches, as it is when PyTorch3D blends
    it itself, and alpha is the mask.

    Args:
        drawn: RGBA, [frames, height * samples, width * samples, 4].
        covered: Whether a triangle reaches the sample, bool [frames, height * samples, width * samples].
        behind: RGB, broadcastable to [frames, 3, height, width].
        samples: Samples per pixel along each axis.

    Returns:
        RGB and mask, between 0 and 1, [frames, 4, height, width].
    """
    averaged = avg_pool2d(drawn.clamp(0, 1).movedim(-1, 1), samples)
    bare = avg_pool2d((~covered)[:, None].to(drawn), samples)
    return torch.cat([averaged[:, :3] + bare * behind, averaged[:, 3:]], dim=1)


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

    What it has no word for: the light from the sky, whose mean is added to the ambient light, and the tint below the
    floor, which is left out. The mask is PyTorch3D's alpha: soft, and below 1 on triangles not much larger than the
    softness. Its gradient is that of the silhouette only where ``blur_radius`` reaches as far as ``sigma`` is soft,
    ``9.21 sigma``, which it does not by default. The outlines in the pictures are hard, as in the release: no gradient
    knows that the background is covered or laid bare.
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
        like = subject.vertices_m
        single = replace(subject, vertices_m=like.to(torch.float32))  # its rasterizer knows no other numbers
        by_view = [self._view(single, view) for view in range(len(subject.cameras))]
        images = torch.stack([images for images, _ in by_view], dim=1).to(like)
        return Pictures(images[:, :, :3], images[:, :, 3], torch.stack([seen for _, seen in by_view], dim=1))

    def _view(self, subject: Subject, view: int) -> tuple[Tensor, Tensor]:
        """Colour and mask of one view, [frames, 4, height, width], and the triangle seen at each sample."""
        library, chosen, like = load_pytorch3d(), self.settings, subject.vertices_m
        n, camera = chosen.samples, subject.cameras[view]
        eye = Camera(camera.position_m.to(like), camera.axes.to(like), camera.fov_y_deg)
        far_m = self._far_m(subject, eye)
        cameras = self._cameras(library, eye, like, far_m)
        settings = library.RasterizationSettings(
            image_size=(chosen.height_px * n, chosen.width_px * n),
            blur_radius=self.soft.blur_radius,
            faces_per_pixel=self.soft.faces_per_pixel,
        )
        meshes = self._meshes(subject)
        fragments = library.MeshRasterizer(cameras=cameras, raster_settings=settings)(meshes)
        gamma = self.soft.gamma * self.soft.depth_range_m / (far_m - NEAR_M)
        shader = library.SoftPhongShader(
            device=like.device,
            cameras=cameras,
            lights=self._lights(library, eye, like),
            materials=library.Materials(device=like.device, shininess=chosen.material.shininess),
            blend_params=library.BlendParams(self.soft.sigma, gamma, (0.0, 0.0, 0.0)),
        )
        covered = fragments.pix_to_face[..., 0] >= 0
        drawn = put_in_front(shader(fragments, meshes), covered, self._behind(subject, view), n)
        return drawn, _seen(fragments, subject)

    def _cameras(self, library: ModuleType, eye: Camera, like: Tensor, far_m: float) -> Any:
        """One camera per frame; its opening angle is that of the picture's shorter side."""
        rotation, shift = pytorch3d_pose(eye)
        frames, chosen = len(like), self.settings
        shorter = min(1.0, chosen.width_px / chosen.height_px)
        fov_deg = 2 * math.degrees(math.atan(shorter * math.tan(math.radians(eye.fov_y_deg / 2))))
        return library.FoVPerspectiveCameras(
            znear=NEAR_M,
            zfar=far_m,
            fov=fov_deg,
            R=rotation.expand(frames, 3, 3),
            T=shift.expand(frames, 3),
            device=like.device,
        )

    def _far_m(self, subject: Subject, eye: Camera) -> float:
        """Twice the depth of the farthest vertex: what lies beyond the far plane is not blended."""
        away = (subject.vertices_m.detach() - eye.position_m[..., None, :]) @ eye.axes[..., 2, :, None]
        return 2 * max(float(away.amax()) if away.numel() else 0.0, NEAR_M)

    def _behind(self, subject: Subject, view: int) -> Tensor:
        """What is behind one view, broadcastable to [frames, 3, height, width]."""
        chosen, like = self.settings, subject.vertices_m
        if subject.background is None:
            return like.new_tensor(chosen.background)[:, None, None]
        shape = (len(like), len(subject.cameras), 3, chosen.height_px, chosen.width_px)
        return subject.background.to(like).expand(shape)[:, view]

    def _meshes(self, subject: Subject) -> Any:
        structures = importlib.import_module("pytorch3d.structures")
        like = subject.vertices_m
        tint = like.new_tensor(self.settings.tint) if subject.colours is None else subject.colours.to(like)
        textures = load_pytorch3d().TexturesVertex(tint.expand(like.shape))
        faces = subject.faces.long().to(like.device)
        faces = faces if len(faces) else faces.new_zeros(1, 3)  # it wants one; a triangle without area is never seen
        return structures.Meshes(like, faces.expand(len(like), -1, 3), textures=textures)

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


def _seen(fragments: Any, subject: Subject) -> Tensor:
    """The nearest triangle that holds the sample's centre, numbered within the mesh instead of the batch; -1: none.

    The nearest layer of all may be a triangle that only comes near.
    """
    holds = (fragments.pix_to_face >= 0) & (fragments.dists <= 0)
    first = holds.to(torch.uint8).argmax(dim=-1, keepdim=True)
    nearest = fragments.pix_to_face.gather(-1, first)[..., 0] % max(len(subject.faces), 1)
    return torch.where(holds.any(dim=-1), nearest, -1).to(torch.int32)
