"""Draw docs/pictures/rendering.png: one body by the renderer that judges look through, in five views.

Run with ``python docs/pictures/rendering.py``.
"""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.rendering import PHONG, Framing, RenderSettings, framed_cameras, make_renderer


def main() -> None:
    """Write the picture beside this file."""
    body = load_body("average_man", "full")
    vertices = torch.tensor(np.array(body.rest_vertices_m))[None]
    faces = torch.tensor(np.array(body.faces))
    cameras = [
        *framed_cameras(vertices, body, Framing(("front", "left", 150.0))),
        *framed_cameras(vertices, body, Framing(("front",), crop="upper")),
    ]
    soft = make_renderer("builtin", RenderSettings(samples=2)).render(vertices, faces, cameras)
    glossy = make_renderer("builtin", RenderSettings(samples=2, material=PHONG, tint=(0.56, 0.70, 0.84)))
    shown = [*soft.images[0], *glossy.render(vertices, faces, cameras[-1:]).images[0]]
    pixels = (torch.cat(shown, dim=-1).movedim(0, -1) * 255).round().to(torch.uint8).numpy()
    Image.fromarray(pixels).save(Path(__file__).with_suffix(".png"), optimize=True)


if __name__ == "__main__":
    main()
