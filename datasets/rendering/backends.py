"""The renderers by name."""

from ..errors import UnknownName
from .renderer import Renderer, RenderSettings

RENDERERS = ("builtin", "pytorch3d")
"""Names of the backends."""


def make_renderer(name: str = "builtin", settings: RenderSettings | None = None) -> Renderer:
    """Return a renderer by name.

    Args:
        name: ``builtin`` (Warp and torch, CPU and CUDA) or ``pytorch3d`` (where PyTorch3D is installed).
        settings: How pictures are made; by default 224 x 224, one sample per pixel.

    Raises:
        UnknownName: If there is no such backend.
        NoPyTorch3D: If PyTorch3D is asked for and cannot be imported.
    """
    chosen = settings or RenderSettings()
    if name == "builtin":
        from .warp_renderer import WarpRenderer  # Warp: only where pictures are made

        return WarpRenderer(chosen)
    if name == "pytorch3d":
        from .pytorch3d_renderer import PyTorch3DRenderer  # an optional library

        return PyTorch3DRenderer(chosen)
    raise UnknownName("renderer", name, RENDERERS)
