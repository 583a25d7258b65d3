"""Measured, never asserted: pictures with gradients, 224 x 224, about 14,000 triangles, beside PyTorch3D.

Run with ``pytest tests/benchmarks/test_rendering_speed.py -m slow --benchmark-enable --benchmark-columns=min,rounds
--benchmark-json=speed.json``; ``extra_info`` holds CPU milliseconds per picture and the peak of memory. PyTorch3D is
measured where it can be imported.
"""

import numpy as np
import pytest
import torch

from retargetbench.datasets.rendering import RENDERERS, make_renderer, orbit

from ..datasets.body.messy import capsule
from .test_speed import measured

pytestmark = pytest.mark.slow

FRAMES = 8


def limbs(rings=30, sides=22):
    """A standing figure of six capsules with 14,000 triangles in all."""
    lines = [
        ((0, 0.95, 0), (0, 1.35, 0), 0.16), ((0, 1.6, 0), (0, 1.66, 0), 0.1), ((0.1, 0.1, 0), (0.1, 0.85, 0), 0.08),
        ((-0.1, 0.1, 0), (-0.1, 0.85, 0), 0.08), ((0.2, 1.4, 0), (0.75, 1.3, 0.1), 0.05),
        ((-0.2, 1.4, 0), (-0.75, 1.5, 0.1), 0.05),
    ]  # fmt: skip
    vertices, faces, first = [], [], 0
    for start, end, radius in lines:
        v, f = capsule(start, end, radius, rings, sides)
        vertices.append(v)
        faces.append(np.asarray(f) + first)
        first += len(v)
    return torch.tensor(np.concatenate(vertices), dtype=torch.float32), torch.tensor(np.concatenate(faces))


@pytest.mark.parametrize("name", RENDERERS)
def test_forward_and_backward(benchmark, name):
    if name == "pytorch3d":
        pytest.importorskip(
            "pytorch3d", reason="PyTorch3D is missing; this runs where it is built", exc_type=ImportError
        )
    vertices, faces = limbs()
    moving = vertices.expand(FRAMES, -1, -1).clone().requires_grad_()
    renderer, cameras = make_renderer(name), (orbit(torch.tensor([0.0, 0.9, 0.0]), 4.2),)
    assert 12_000 < len(faces) < 16_000

    def work():
        pictures = renderer.render(moving, faces, cameras)
        loss = pictures.images.square().sum() + pictures.mask.sum()
        return torch.autograd.grad(loss, moving)[0]

    benchmark.group = f"pictures of {len(faces)} triangles, 224 x 224, forward and backward"
    assert measured(benchmark, work, FRAMES, 5 if name == "builtin" else 1).abs().sum() > 0
