"""Gradients of pictures against differences of pictures averaged over each pixel.

The figures of docs/rendering.md: ``pytest tests/datasets/rendering/test_gradients.py -m slow -s``.
"""

import numpy as np
import pytest
import torch

from .scenes import SAMPLES, pixel_m, random_scene

SEEDS, POSES = 24, 25
LIMBS = ("LeftArm", "RightArm", "LeftForeArm", "RightForeArm", "LeftUpLeg", "RightUpLeg", "Spine1", "Head")


def shifted(seed, resolution, reference=SAMPLES):
    """Gradients and differences of both losses along right, up and forward of the camera, [2, 3] each."""
    scene = random_scene(seed, resolution)
    px = pixel_m(scene)

    def posed(shift):
        return scene.vertices(moved=shift)

    # Forward, half a pixel's worth of change needs a longer way.
    return scene.gradients(posed), scene.differences(posed, (px, px, 6 * px), reference)


def errors(found, expected):
    """Of each axis, relative to the length of the gradient on the screen: forward is a small difference of it."""
    return (found - expected).abs() / expected[:2].norm()


def cosine(found, expected):
    return float(torch.nn.functional.cosine_similarity(found.flatten(), expected.flatten(), dim=0))


def test_a_moving_body_changes_its_picture_as_the_gradient_says():
    found, expected = shifted(0, "small", reference=8)
    assert errors(found[0], expected[0]).max() < 0.02
    assert errors(found[1], expected[1]).max() < 0.08
    assert cosine(found[1], expected[1]) > 0.995


@pytest.mark.slow
@pytest.mark.parametrize("resolution", ["small", "full"])
def test_gradients_over_many_scenes(resolution):
    scenes = [shifted(seed, resolution) for seed in range(SEEDS)]
    mask, shaded = (torch.stack([errors(f[kind], e[kind]) for f, e in scenes]) for kind in range(2))
    alike = [cosine(f[1], e[1]) for f, e in scenes]
    print(
        f"\n{resolution}: {SEEDS} scenes; mask error median {mask.median():.2%} worst {mask.max():.2%}; shaded median "
        f"{shaded.median():.2%} worst {shaded.max():.2%} cosine of a scene median {np.median(alike):.4f} worst "
        f"{min(alike):.4f}"
    )
    assert mask.median() <= 0.05
    assert mask.max() <= 0.15
    assert shaded.median() <= 0.10
    assert min(alike) >= 0.98


@pytest.mark.slow
@pytest.mark.parametrize("resolution", ["small", "full"])
def test_gradients_of_single_joints(resolution):
    found, expected = [], []
    for seed in range(POSES):
        scene = random_scene(1000 + seed, resolution)
        joint = scene.names.index(LIMBS[seed % len(LIMBS)])

        def posed(turn, scene=scene, joint=joint):
            one = torch.nn.functional.one_hot(torch.tensor(joint), len(scene.names)).to(turn.dtype)
            return scene.vertices(turned=one[:, None] * turn)

        found.append(scene.gradients(posed))
        expected.append(scene.differences(posed, (0.02,) * 3, 8))
    found, expected = torch.stack(found), torch.stack(expected)
    alike = [cosine(found[:, kind], expected[:, kind]) for kind in range(2)]
    each = torch.nn.functional.cosine_similarity(found, expected, dim=-1)
    print(
        f"\n{resolution}: {POSES} poses, one joint each: cosine mask {alike[0]:.4f} shaded {alike[1]:.4f}; of single "
        f"poses median {each[:, 0].median():.4f}, {each[:, 1].median():.4f}, "
        f"tenth {each[:, 0].quantile(0.1):.4f}, {each[:, 1].quantile(0.1):.4f}"
    )
    assert np.min(alike) >= 0.98
