"""Pictures of characters in motion: cameras, visibility, shading, and contact sheets.

Visibility (which triangle is seen in which pixel) has no gradient and lives in ``rasterizer``; everything that turns it
into colours is torch, in ``shading``.
"""

from .camera import VIEWS, Camera, orbit
from .contact_sheet import SheetRow, SheetStyle, contact_sheet, sheet_image
from .shading import Look, render

__all__ = ["VIEWS", "Camera", "Look", "SheetRow", "SheetStyle", "contact_sheet", "orbit", "render", "sheet_image"]
