"""Pictures of characters in motion: cameras, renderers with gradients, and contact sheets.

``make_renderer`` gives what judges and training call: vertices in, pictures out, differentiable. ``draw`` and
``contact_sheet`` make pictures for people with the same renderer.
"""

from .backends import RENDERERS, make_renderer
from .batch import Subject
from .camera import VIEWS, Camera, orbit
from .contact_sheet import SheetRow, SheetStyle, contact_sheet, sheet_image
from .framing import Crop, Framing, framed_cameras
from .pictures import PictureStyle, draw
from .renderer import Pictures, Renderer, RenderSettings
from .shading import CLAY, LAMBERT, PHONG, SKY, Light, Material

__all__ = [
    "CLAY",
    "LAMBERT",
    "PHONG",
    "RENDERERS",
    "SKY",
    "VIEWS",
    "Camera",
    "Crop",
    "Framing",
    "Light",
    "Material",
    "PictureStyle",
    "Pictures",
    "RenderSettings",
    "Renderer",
    "SheetRow",
    "SheetStyle",
    "Subject",
    "contact_sheet",
    "draw",
    "framed_cameras",
    "make_renderer",
    "orbit",
    "sheet_image",
]
