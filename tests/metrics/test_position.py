"""Every formula beside a slow twin written from the paper's words."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from retargetbench.datasets.body.joint_names import BODY_JOINTS
from retargetbench.metrics import position
from retargetbench.metrics.geometry import geometry_scores

from .cases import capsule_person, load_body, moved, pair_of, wiggle

FORMULAS = ["mse_nkn", "mse_san", "l2_star", "mse_meshret", "mpjpe_cm"]


def slow(name, mine, true, chain, height):
    """Plain Python over frames and joints; positions in metres."""
    total, count = 0.0, 0
    for frame_mine, frame_true in zip(mine, true, strict=True):
        for p, q in zip(frame_mine, frame_true, strict=True):
            squares = [(float(a) - float(b)) ** 2 for a, b in zip(p, q, strict=True)]
            if name == "mse_nkn":
                total += sum(s * 10_000 for s in squares) / (chain * 100)
            elif name == "mse_san":
                total += sum(squares) / 3 / chain**2
            elif name == "l2_star":
                total += math.sqrt(sum(squares)) / chain
            elif name == "mse_meshret":
                total += sum(squares) / height
            else:
                total += math.sqrt(sum(squares)) * 100
            count += 1
    return total / count


def world_positions(character, motion):
    """Joint positions by scipy's rotations, in float64."""
    from scipy.spatial.transform import Rotation

    frames = []
    for quaternions, root in zip(motion.local_rotations_wxyz, motion.root_translation_m, strict=True):
        rotations, positions = [], []
        for joint, parent in enumerate(character.skeleton.parents):
            local = Rotation.from_quat(quaternions[joint].astype(float), scalar_first=True)
            rotations.append(local if parent < 0 else rotations[parent] * local)
            offset = character.skeleton.rest_offsets_m[joint].astype(float)
            positions.append(root.astype(float) if parent < 0 else positions[parent] + rotations[parent].apply(offset))
        frames.append(positions)
    joints = [character.skeleton.index(name) for name in BODY_JOINTS]
    return np.array(frames)[:, joints]


@pytest.fixture(scope="module")
def case():
    character = load_body("toddler")
    mine, first, second = (wiggle(character, frames=5, seed=seed) for seed in range(3))
    return character, mine, first, second


@pytest.mark.parametrize("name", FORMULAS)
def test_scores_agree_with_a_slow_twin(case, name):
    character, mine, first, second = case
    scores = geometry_scores(pair_of(character, mine, truths=(first, second)), mine)
    chain = position.joint_chain_height_m(character.skeleton)
    for frame in ("global", "local"):
        p, q, r = (world_positions(character, motion) for motion in (mine, first, second))
        if frame == "local":
            p, q, r = (x - x[:, :1] for x in (p, q, r))
        to_first, to_second = (slow(name, p, x, chain, character.height_m) for x in (q, r))
        assert scores[f"{name}@1[{frame}]"] == pytest.approx(to_first, rel=1e-5)
        assert scores[f"{name}@1[{frame},nearest-of-k]"] == pytest.approx(min(to_first, to_second), rel=1e-5)


def test_the_rotation_error_agrees_with_scipy(case):
    from scipy.spatial.transform import Rotation

    character, mine, first, _ = case
    joints = [character.skeleton.index(name) for name in BODY_JOINTS]
    p, q = (Rotation.from_quat(m.local_rotations_wxyz[:, joints].reshape(-1, 4).astype(float), scalar_first=True)
            for m in (mine, first))  # fmt: skip
    expected = np.degrees((p.inv() * q).magnitude()).mean()
    scores = geometry_scores(pair_of(character, mine, truths=(first,)), mine, ["rotation_error@1"])
    assert scores["rotation_error@1"] == pytest.approx(expected, rel=1e-5)


def test_the_chain_height_is_that_of_nkn():
    person = capsule_person()
    rest = dict(zip(BODY_JOINTS, person.skeleton.rest_positions_m.astype(float), strict=True))
    chain = ["Hips", "Spine", "Spine1", "Spine2", "Neck", "Head"], ["LeftUpLeg", "LeftLeg", "LeftFoot", "LeftToeBase"]
    expected = sum(math.dist(rest[a], rest[b]) for names in chain for a, b in pairwise(names))
    assert position.joint_chain_height_m(person.skeleton) == pytest.approx(expected, rel=1e-6)
    assert position.joint_chain_height_m(capsule_person(scale=2.0).skeleton) == pytest.approx(2 * expected, rel=1e-6)


def test_the_right_answer_scores_zero_in_every_formula(case):
    character, _, first, second = case
    scores = geometry_scores(pair_of(character, first, truths=(first, second)), first)
    errors = {key: value for key, value in scores.items() if key.split("@")[0] in [*FORMULAS, "rotation_error"]}
    assert len(errors) == 22
    assert set(errors.values()) == {0.0}


def test_the_nearest_of_k_finds_a_right_answer_that_is_not_the_first(case):
    character, _, first, second = case
    scores = geometry_scores(pair_of(character, second, truths=(first, second)), second)
    assert scores["mpjpe_cm@1[global]"] > 1
    assert scores["mpjpe_cm@1[global,nearest-of-k]"] == 0


@pytest.mark.parametrize("name", FORMULAS)
def test_turning_and_shifting_both_motions_changes_nothing(case, name):
    character, mine, first, _ = case
    here = geometry_scores(pair_of(character, mine, truths=(first,)), mine)
    there, truth = (moved(m, turn_deg=70, shift_m=(1.5, 0.2, -0.7)) for m in (mine, first))
    turned = geometry_scores(pair_of(character, there, truths=(truth,)), there)
    for frame in ("global", "local"):
        assert turned[f"{name}@1[{frame}]"] == pytest.approx(here[f"{name}@1[{frame}]"], rel=1e-4)


def test_shifting_only_the_prediction_is_seen_globally_and_not_locally(case):
    character, mine, _, _ = case
    scores = geometry_scores(pair_of(character, mine, truths=(mine,)), moved(mine, shift_m=(0.3, 0, 0)))
    assert scores["mpjpe_cm@1[global]"] == pytest.approx(30, rel=1e-4)
    assert scores["mpjpe_cm@1[local]"] == pytest.approx(0, abs=1e-4)


def test_formulas_differ_where_the_papers_differ():
    true = torch.zeros(1, 2, 3)
    mine = torch.tensor([[[0.03, 0.0, 0.04], [0.0, 0.0, 0.0]]])  # 5 cm at one of two joints
    assert position.mse_nkn(mine, true, 1.0).item() == pytest.approx(25 / 2 / 100)
    assert position.mse_san(mine, true, 2.0).item() == pytest.approx(0.0025 / 3 / 2 / 4)
    assert position.l2_star(mine, true, 2.0).item() == pytest.approx(0.05 / 2 / 2)
    assert position.mse_meshret(mine, true, 2.0).item() == pytest.approx(0.0025 / 2 / 2)
    assert position.mpjpe_cm(mine, true).item() == pytest.approx(2.5)


def test_every_formula_is_differentiable_also_at_the_right_answer():
    true = torch.randn(3, 4, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for formula in (position.mse_nkn, position.mse_san, position.l2_star, position.mse_meshret):
        mine = (true + 0.1).requires_grad_()
        assert torch.autograd.gradcheck(lambda x, f=formula: f(x, true, 1.7), (mine,))
        same = true.clone().requires_grad_()
        formula(same, true, 1.7).backward()
        assert torch.isfinite(same.grad).all()
    quaternions = torch.nn.functional.normalize(torch.randn(2, 5, 4, dtype=torch.float64), dim=-1)
    same = quaternions.clone().requires_grad_()
    position.rotation_error_deg(same, quaternions).backward()
    assert torch.isfinite(same.grad).all()


def test_a_quaternion_and_its_negative_are_the_same_rotation():
    quaternions = torch.nn.functional.normalize(torch.arange(1.0, 9).reshape(1, 2, 4), dim=-1)
    assert position.rotation_error_deg(-quaternions, quaternions).item() == 0
    half_turn = torch.tensor([[[1.0, 0, 0, 0]]]), torch.tensor([[[0.0, 1, 0, 0]]])
    assert position.rotation_error_deg(*half_turn).item() == pytest.approx(180)
