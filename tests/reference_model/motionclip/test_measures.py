"""What evaluation measures, on made-up latents and motions whose answers are known."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from retargetbench.datasets.body.joint_names import BODY_JOINTS
from retargetbench.datasets.intents.programs import make_program, overlay
from retargetbench.metrics.recognition.accuracy import macro, top_k
from retargetbench.reference_model.motionclip.act_names import shown_names, sided_name
from retargetbench.reference_model.motionclip.edits import edits, limb_ways_m, other_limbs, other_sides
from retargetbench.reference_model.motionclip.errors import NoClassifier
from retargetbench.reference_model.motionclip.intervals import Clusters, macro_scores, mean_scores
from retargetbench.reference_model.motionclip.motion_set import MotionSet
from retargetbench.reference_model.motionclip.pose import FEATURES
from retargetbench.reference_model.motionclip.recognised import find_classifier, in_turn, recognised
from retargetbench.reference_model.motionclip.smoothness import drawn_pairs, line_ratios, smoothness
from retargetbench.reference_model.motionclip.zero_shot import drawn_out, zero_shot

FRAMES = 8
SWINGING = ("LeftArm", "RightArm", "LeftUpLeg", "RightUpLeg")


def swinging(amplitudes):
    """Windows in which four limbs swing about the body's long axis, each as far as it is told, [n, frames, 135]."""
    amplitudes = amplitudes.clamp_min(0.0)
    six = torch.tensor([1.0, 0, 0, 0, 1, 0]).repeat(len(amplitudes), FRAMES, len(BODY_JOINTS), 1)
    angle = amplitudes[:, None] * torch.sin(torch.arange(FRAMES) / 2.0)[None, :, None]
    for limb, name in enumerate(SWINGING):
        cosine, sine = torch.cos(angle[..., limb]), torch.sin(angle[..., limb])
        nothing = torch.zeros_like(sine)
        six[:, :, BODY_JOINTS.index(name)] = torch.stack([cosine, sine, nothing, -sine, cosine, nothing], dim=-1)
    return torch.cat([six.flatten(2), torch.zeros(len(amplitudes), FRAMES, 3)], dim=-1)


class LimbModel:
    """Its latents say how far each limb swings, and so do its texts."""

    network = SimpleNamespace(sizes=SimpleNamespace(frames=FRAMES))

    def latents_of_texts(self, texts):
        limbs = ("left hand", "right hand", "left leg", "right leg")
        return 0.5 * torch.eye(4)[[limbs.index(" ".join(text.split()[-2:])) for text in texts]]

    def decode(self, latents, frames=None):
        return swinging(latents)


class DeafModel(LimbModel):
    """It makes the same of all latents."""

    def decode(self, latents, frames=None):
        return swinging(torch.full_like(latents, 0.3))


class SuddenModel(LimbModel):
    """It jumps from one pose to another half-way between two latents."""

    def decode(self, latents, frames=None):
        half = (latents[:, :1] > 0.5).float()
        made = swinging(0.1 * latents)
        made[..., -3:] += half[:, None] * torch.tensor([0.0, 0.0, 5.0])
        return made


def made_set(latents, named):
    """Acts of a class and a sided name each, every one of a structure of its own, on ten bodies in turn."""
    items = [
        SimpleNamespace(
            act=SimpleNamespace(action=action, sided=sided, structure=f"s{k}", body=f"b{k % 10}", shows=(action, sided))
        )
        for k, (action, sided) in enumerate(named)
    ]
    windows = SimpleNamespace(items=items, actions=tuple(action for action, _ in named))
    return MotionSet(windows, np.zeros((len(named), FRAMES, FEATURES), np.float32), latents)


def test_an_edit_moves_the_intended_limb_or_is_seen_not_to():
    names = ("wave with the left hand", "kick with the right leg", "punch with the right hand")
    asked = made_set(LimbModel().latents_of_texts(names), [(name.split()[0], name) for name in names])
    assert other_sides(names)[0] == (names[0], "wave with the right hand")
    assert all(("hand" in name) != ("hand" in other) for name, other in other_limbs(names))
    assert edits(LimbModel(), asked, asked) == {
        "edits of sides": 3.0, "edits of sides that move the limb": 3.0,
        "edits of limbs": 3.0, "edits of limbs that move the limb": 3.0,
    }  # fmt: skip
    assert set(edits(DeafModel(), asked, asked).values()) == {3.0, 0.0}


def test_the_way_of_a_limb_is_that_of_its_end():
    ways = limb_ways_m(swinging(torch.tensor([[0.0, 0.4, 0.0, 0.0], [0.0, 0.0, 0.2, 0.0], [0.0, 0.0, 0.4, 0.0]])))
    assert (ways > 1e-4).tolist() == [
        [False, True, False, False],
        [False, False, True, False],
        [False, False, True, False],
    ]
    assert ways[2, 2] == pytest.approx(float(2 * ways[1, 2]), rel=0.05)


def test_a_cross_fade_is_smooth_and_a_jump_is_not():
    generator = np.random.default_rng(0)
    ends = torch.from_numpy(np.cumsum(generator.normal(size=(2, 20, 5, 3)), axis=1))
    shares = torch.linspace(0, 1, 50, dtype=torch.float64)[:, None, None, None]
    faded = torch.lerp(ends[:1], ends[1:], shares)
    in_time, along = line_ratios(faded)
    assert in_time <= 1 + 1e-9
    fastest = max(float((end[1:] - end[:-1]).norm(dim=-1).max()) for end in ends)
    assert along == pytest.approx(float((ends[1] - ends[0]).norm(dim=-1).max()) / 49 / fastest)
    assert along < 1
    sudden = torch.where(shares < 0.5, ends[:1], ends[1:])
    assert line_ratios(sudden)[0] <= 1 + 1e-9
    assert line_ratios(sudden)[1] == pytest.approx(49 * along)
    hasty = faded.clone()
    hasty[25, 10:] += 100.0
    assert line_ratios(hasty)[0] > 1


def test_pairs_are_of_different_classes_and_the_share_that_is_smooth_is_told():
    named = [("wave", ""), ("kick", ""), ("wave", "")]
    pairs = drawn_pairs([action for action, _ in named], 12, np.random.default_rng(0))
    assert {frozenset(pair) for pair in pairs} == {frozenset({0, 1}), frozenset({1, 2})}
    asked = made_set(torch.eye(4)[:3], named)
    smooth, sudden = (smoothness(model, asked, asked, count=12) for model in (LimbModel(), SuddenModel()))
    assert smooth["interpolations"] == len(pairs) == 12
    assert smooth["interpolations, smooth along the line"] == 100.0
    assert sudden["interpolations, smooth along the line"] < 100.0
    assert sudden["interpolations, smooth in time"] > 0.0
    assert smoothness(LimbModel(), asked, made_set(torch.eye(4)[:1], named[:1])) == {"interpolations": 0.0}


def test_names_come_from_what_is_meant():
    kick = make_program("kick", side="left", height=0.4, tempo=1.0, seed=1)
    turn = make_program("turn", side="left", angle_deg=90.0, tempo=1.0, seed=1)
    wave = make_program("wave", side="right", count=2, tempo=1.0, seed=1)
    walk = make_program("walk", speed=1.0, step_s=0.55, seed=1)
    assert (sided_name(kick), sided_name(turn)) == ("kick with the left leg", "")
    assert shown_names(overlay(wave, walk).acts) == ("walk", "wave", "wave with the right hand")


def test_what_is_left_out_is_drawn_from_both_kinds_one_side_of_each():
    classes = [f"act{k}" for k in range(40)]
    shown = [*classes, *(f"{name} with the {side} hand" for name in classes for side in ("left", "right"))]
    held_out = drawn_out(shown)
    assert held_out == drawn_out(reversed(shown))
    whole, sided = ([n for n in held_out if ("with" in n) == with_side] for with_side in (False, True))
    assert (len(whole), len(sided)) == (8, 16)
    assert len({name.split()[0] for name in held_out}) == 24  # never a class and its side, nor both sides
    assert {name.split()[-2] for name in sided} == {"left", "right"}


class NameModel:
    """Each name is a direction of its own."""

    def __init__(self, names):
        self.names = list(names)

    def embed_text(self, texts):
        return torch.eye(len(self.names))[[self.names.index(text) for text in texts]]


def test_what_was_never_trained_is_found_by_comparing_and_chosen_from():
    names = ("bow", "fly", "swim", "fly with the left hand", "fly with the right hand", "bow with the left hand")
    model = NameModel(names)
    named = [("bow", "bow with the left hand"), ("fly", "fly with the left hand"), ("fly", "fly with the right hand"),
             ("swim", "")] * 5  # fmt: skip
    latents = model.embed_text([action for action, _ in named])
    latents[3::4] = model.embed_text(["bow"])  # swimming looks like bowing
    asked = made_set(latents, named)
    found = zero_shot(model, asked, asked, trained={"bow", "bow with the left hand"})
    assert (found["zero-shot classes"], found["zero-shot classes, acts"]) == (2.0, 15.0)
    assert found["zero-shot classes, macro"] == 75.0  # of fly all, of swim the half of a tie
    assert found["zero-shot classes, chance"] == 50.0
    assert found["zero-shot classes, among all, macro"] == 50.0
    assert found["zero-shot classes, among all, chance"] == pytest.approx(100 / 3)
    assert found["zero-shot combinations"] == 2.0
    assert found["zero-shot combinations, macro"] == 50.0  # nothing is told apart
    assert found["zero-shot classes, macro, lo"] <= 75.0 <= found["zero-shot classes, macro, hi"]
    assert zero_shot(model, asked, asked, trained=names)["zero-shot classes"] == 0.0


class SeesSwings:
    """A classifier that names the limb that turns furthest from rest."""

    def classify(self, motions, classes, *, seed):
        found = np.zeros((len(motions), len(classes)))
        for row, motion in enumerate(motions):
            joints = [motion.skeleton.joint_names.index(name) for name in SWINGING]
            turned = 1 - np.abs(motion.local_rotations_wxyz[:, joints, 0]).min(axis=0)
            found[row] = [turned[int(name)] for name in classes]
        return found


def test_what_is_generated_is_recognised_by_another_classifier_or_not():
    captions = ("the left hand", "the right hand", "the left leg", "the right leg")
    named = [(str(k), f"{k} with {captions[k]}") for k in range(4)]
    asked = made_set(LimbModel().latents_of_texts(captions), named)
    asked.windows.captions, asked.windows.shown = captions, tuple(name for pair in named for name in pair)
    for row, item in enumerate(asked.items):
        item.texts = np.array([row])
    asked = replace(asked, features=swinging(asked.latents).numpy())
    heard, deaf = (
        recognised(model, asked, asked, name="eye", classifier=SeesSwings()) for model in (LimbModel(), DeafModel())
    )
    assert heard == {
        "generated, captions": 4.0, "real, recognised by eye": 100.0, "generated, recognised by eye": 100.0,
    }  # fmt: skip
    assert (deaf["real, recognised by eye"], deaf["generated, recognised by eye"]) == (100.0, 25.0)
    assert in_turn(("a", "a", "b", "a", "b")) == [0, 2, 1, 4, 3]


def test_a_classifier_is_found_among_the_installed_methods():
    assert find_classifier("recognition-random").classify([None], ["a", "b"], seed=0).shape == (1, 2)
    with pytest.raises(NoClassifier, match="Did you mean 'skeleton-gcn'"):
        find_classifier("skeleton-gnc")
    with pytest.raises(NoClassifier, match="classifies no motions"):
        find_classifier("copy")


def test_intervals_hold_the_value_and_are_missing_where_there_is_too_little():
    generator = np.random.default_rng(0)
    many = Clusters([f"s{k}" for k in range(200)], [f"b{k % 20}" for k in range(200)])
    values = generator.normal(5.0, 1.0, size=200)
    found = mean_scores("it", values, many)
    assert found["it, lo"] < found["it"] == pytest.approx(values.mean())
    assert 0.2 < found["it, hi"] - found["it, lo"] < 0.7  # 4 / sqrt(200) is 0.28; two ways are at most sqrt(3) as wide
    scores, right = generator.normal(size=(200, 6)), generator.integers(5, size=200)  # nobody shows the sixth
    hits = top_k(scores, right, 1)
    found = macro_scores("all", hits, right, many)
    assert found["all"] == pytest.approx(macro(scores, right))
    assert found["all, lo"] < found["all"] < found["all, hi"]
    few = Clusters(many.structures, ["b"] * 200)
    assert mean_scores("it", values, few) == {"it": pytest.approx(values.mean())}
