"""The whole way of SMT: joint rotation, skin, renderer, judge, ``scl``; and back.

The figures of docs/judges.md: ``pytest tests/metrics/semantics/test_rendered_gradient.py -s``.
"""

import numpy as np
import pytest
import torch

from retargetbench.datasets.body.kinematics import SkinTensors
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.rendering import RenderSettings, make_renderer, orbit
from retargetbench.metrics.semantics.judge import Embedding
from retargetbench.metrics.semantics.registry import find_judge
from retargetbench.metrics.semantics.scores import look_at_source, scl

STEPS = 25
TURNS = (("LeftArm", 2), ("RightArm", 2), ("RightForeArm", 2), ("LeftUpLeg", 2), ("Spine1", 2))


def pictures(joint, axis, angles):
    """One picture per angle of one joint about one axis, the rest at rest, [angles, 3, 80, 80]."""
    character = load_body("average_man")
    skin, faces = SkinTensors.of(character), torch.tensor(np.array(character.faces)).long()
    rotations = torch.zeros(len(angles), len(skin.parents), 4)
    rotations[..., 0] = 1
    half, place = angles / 2, character.skeleton.index(joint)
    turn = torch.stack([half.cos(), *(half.sin() * (a == axis) for a in range(3))], dim=-1)
    rotations = torch.cat([rotations[:, :place], turn[:, None], rotations[:, place + 1 :]], dim=1)
    pose = skin.pose(rotations, skin.rest_positions_m[0].expand(len(angles), 3))
    renderer = make_renderer("builtin", RenderSettings(80, 80, samples=2))
    camera = orbit(torch.tensor([0.0, 0.9, 0.0]), 4.0)
    return renderer.render(skin.vertices_m(pose), faces, [camera]).images[:, 0]


@pytest.fixture(scope="module")
def turns():
    """(angles over 15 degrees, their pictures) for each joint, and a picture of the source; rendered once for all."""
    rows = []
    for joint, axis in TURNS:
        angles = torch.linspace(0.1, 0.1 + np.radians(15), STEPS).requires_grad_()
        rows.append((angles, pictures(joint, axis, angles)))
    return rows, pictures("LeftArm", 2, torch.tensor([0.9]))


SLOWLY = [pytest.param(kind, marks=pytest.mark.slow) for kind in ("instructblip", "clip")]


@pytest.mark.parametrize("kind", ["blip2", *SLOWLY])
def test_the_gradient_of_scl_to_joint_rotations_is_what_scl_does(kind, saved, turns):
    """The gradient, summed up along 15 degrees, is the rise of the score over them.

    A picture jumps where a vertex crosses a sample: a difference between two near angles would measure that. What is
    left between the two are those jumps, which a random judge hears louder than a trained one.
    """
    judge = find_judge(kind, saved[kind]).load()
    source = look_at_source(judge, turns[1])
    climbed, risen = [], []
    for angles, frames in turns[0]:
        seen = judge.embed(frames, source.prompts * STEPS)
        rows = zip(seen.states.split(1), seen.counted.split(1), strict=True)
        values = torch.stack([scl(Embedding(states, counted), source.embedding) for states, counted in rows])
        (gradient,) = torch.autograd.grad(values.sum(), angles, retain_graph=True)
        assert float(gradient.abs().max()) > 0
        climbed.append(float(torch.trapezoid(gradient, angles.detach())))
        risen.append((values[-1] - values[0]).item())
    climb, rise = np.array(climbed), np.array(risen)
    cosine = climb @ rise / np.linalg.norm(climb) / np.linalg.norm(rise)
    ratio = np.linalg.norm(climb) / np.linalg.norm(rise)
    print(f"\n{kind}: {len(TURNS)} joints: cosine {cosine:.4f}, ratio of the lengths {ratio:.3f}")
    assert cosine > 0.97
    assert ratio == pytest.approx(1, abs=0.15)
