"""Gradients of pictures against differences of pictures averaged over each pixel.

The figures of docs/rendering.md: ``pytest tests/datasets/rendering/test_gradients.py -m slow -s``.
"""

import numpy as np
import pytest
import torch

from .scenes import pixel_m, random_scene

SEEDS, POSES = 20, 50
LIMBS = ("LeftArm", "RightArm", "LeftForeArm", "RightForeArm", "LeftUpLeg", "RightUpLeg", "Spine1", "Head")


def shifted(seed, resolution, samples=1):
    """Gradients and differences of both losses along right, up and forward of the camera, [2, 3] each."""
    scene = random_scene(seed, resolution)
    px = pixel_m(scene)

    def posed(shift):
        return scene.vertices(moved=shift)

    # Forward, half a pixel's worth of change needs a longer way.
    return scene.gradients(posed, samples), scene.differences(posed, (px, px, 6 * px))


def errors(found, expected):
    """Of each axis, relative to the length of the gradient on the screen: forward is a small difference of it."""
    return (found - expected).abs() / expected[:2].norm()


def cosine(found, expected):
    return float(torch.nn.functional.cosine_similarity(found.flatten(), expected.flatten(), dim=0))


@pytest.mark.parametrize("resolution", ["small", "full"])
def test_a_moving_body_changes_its_mask_as_the_gradient_says(resolution):
    found, expected = shifted(0, resolution)
    assert errors(found[0], expected[0]).max() < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("resolution", ["small", "full"])
def test_gradients_over_many_scenes(resolution):
    mask = torch.stack([errors(f[0], e[0]) for f, e in (shifted(seed, resolution) for seed in range(SEEDS))])
    # Light on triangles smaller than a pixel varies from sample to sample: averaged over 16 sub-pixel shifts.
    both = [shifted(seed, resolution, samples=4) for seed in range(SEEDS)]
    shaded = torch.stack([errors(f[1], e[1]) for f, e in both])
    alike = cosine(torch.stack([f[1] for f, _ in both]), torch.stack([e[1] for _, e in both]))
    print(
        f"\n{resolution}: {SEEDS} scenes; mask error median {mask.median():.2%} worst {mask.max():.2%}; "
        f"shaded median {shaded.median():.2%} worst {shaded.max():.2%} cosine {alike:.4f}"
    )
    assert mask.median() <= 0.05
    assert mask.max() <= 0.15
    assert shaded.median() <= 0.10
    assert alike >= 0.98


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

        found.append(scene.gradients(posed, samples=4))
        expected.append(scene.differences(posed, (0.02,) * 3))
    alike = [cosine(torch.stack(found)[:, kind], torch.stack(expected)[:, kind]) for kind in range(2)]
    print(f"\n{resolution}: {POSES} poses, one joint each: cosine mask {alike[0]:.4f} shaded {alike[1]:.4f}")
    assert np.min(alike) >= 0.98
