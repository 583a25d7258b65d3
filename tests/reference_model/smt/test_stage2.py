"""Stage 2: gradients of meaning and penetration reach the joints and are right, nothing paired is seen, runs resume."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from retargetbench.datasets.body.kinematics import Pose
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.metrics.penetration import depth_loss
from retargetbench.metrics.semantics.errors import LacksAbility
from retargetbench.metrics.semantics.judge import Embedding, Looking
from retargetbench.metrics.semantics.questions import GUIDING_QUESTIONS
from retargetbench.metrics.semantics.registry import find_judge
from retargetbench.metrics.semantics.scores import consistency, look_at_source
from retargetbench.metrics.semantics.showing import posed_vertices_m, show_motion
from retargetbench.reference_model.smt.batch import Rigs
from retargetbench.reference_model.smt.critic import critic_of, squared_distance
from retargetbench.reference_model.smt.drawn import moves_of
from retargetbench.reference_model.smt.figure import build_figure, figures
from retargetbench.reference_model.smt.interpenetration import interpenetration
from retargetbench.reference_model.smt.pairs import OneBody, PoolSize, WindowPool, performed_by
from retargetbench.reference_model.smt.rig import build_rig
from retargetbench.reference_model.smt.sources import SourceClips, Window
from retargetbench.reference_model.training.motions import find_shards

from ...metrics.semantics import tiny_judges
from .conftest import swaying, write_motions
from .small import run
from .stage2_cases import ARM, FRAMES, HAND_IN_BELLY, learner_of, pose_of, tuned

STEPS = 21


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    folder = tiny_judges.save_blip2(tmp_path_factory.mktemp("judges") / "small-blip2")
    loaded = find_judge("blip2", folder).load()
    loaded.decoding = replace(loaded.decoding, most_tokens=3)
    loaded.looking = replace(loaded.looking, size_px=48)  # its network's 16 pixels are too few to draw an arm in
    return loaded


@pytest.fixture(scope="module")
def belly():
    return build_figure(load_body("belly"))


@pytest.fixture(scope="module")
def man():
    return build_figure(load_body("average_man"))


@pytest.fixture(scope="module")
def clips(motions_folder, man):
    """Training's clips, all on one body, which saves the others' rigs."""
    return SourceClips(find_shards(motions_folder, "train"), body=lambda _: man.character, build=lambda _: man)


@pytest.fixture(scope="module")
def handless():
    """A motion whose fingers rest, as a network's do."""
    motion = swaying("average_man", FRAMES)
    rotations = motion.local_rotations_wxyz.copy()
    rotations[:, 22:] = [1.0, 0.0, 0.0, 0.0]
    return replace(motion, local_rotations_wxyz=rotations)


def window_of(figure, motion):
    return Window(figure, motion.local_rotations_wxyz[:, :22], motion.root_translation_m)


def pose_in(window):
    moves = moves_of([window], "cpu")
    pose = Rigs.of([window.rig]).pose(moves)
    return Pose(pose.rotations[0], pose.positions_m[0])


def test_a_posed_figure_is_the_character_posed(man, handless):
    posed = man.posed_m(pose_in(window_of(man, handless)))
    assert torch.allclose(posed, posed_vertices_m(man.character, handless, tuple(range(FRAMES))), atol=5e-4)


def test_the_semantics_loss_is_the_score_of_the_same_pictures(man, belly, handless, judge, tmp_path):
    critic = critic_of(judge, tuned("best", pictures=2, views=("front", "left")), tmp_path)
    onto = performed_by(belly, window_of(man, handless))
    loss = critic.loss(window_of(man, handless), belly, pose_in(onto))
    copy = replace(handless, skeleton=belly.character.skeleton, root_translation_m=onto.root_m)
    look = look_at_source(judge, show_motion(man.character, handless, critic.looking, critic.renderer))
    shown = show_motion(belly.character, copy, critic.looking, critic.renderer)
    assert len(look.prompts) == 4
    assert GUIDING_QUESTIONS[0] in look.prompts[0]
    assert float(loss) == pytest.approx(float(consistency(judge, shown, look)), rel=1e-3)
    assert float(loss) > 0


def test_without_language_image_features_are_compared_and_nothing_is_asked(man, belly, handless, judge, tmp_path):
    tuning = tuned("code").without(("language",))
    critic = critic_of(judge, tuning, tmp_path)
    assert critic.judge.fingerprint != judge.fingerprint
    source, vectors = window_of(man, handless), HAND_IN_BELLY.repeat(FRAMES, 1, 1).requires_grad_()
    pose, at = pose_of(belly, ARM, vectors), list(critic.frames(FRAMES))
    loss = critic.loss(source, belly, pose)
    look = look_at_source(critic.judge, show_motion(man.character, handless, critic.looking, critic.renderer))
    assert look.answers == ()
    shown = critic.pictures(belly, Pose(pose.rotations[at], pose.positions_m[at])).detach()
    seen = judge.model.vision_model(pixel_values=judge._pixels(shown)).last_hidden_state
    assert float(loss.detach()) == pytest.approx(float((seen - look.embedding.states).square().mean()), rel=1e-3)
    (gradient,) = torch.autograd.grad(loss, vectors)
    assert float(gradient.abs().max()) > 0
    with pytest.raises(LacksAbility, match="no language model"):
        critic_of(PlainJudge(), tuning, tmp_path)


class PlainJudge:
    """Sees sixteen mean colours and is asked nothing: smooth enough for slopes to be compared with differences."""

    name, fingerprint, abilities = "plain", "plain", frozenset({"embed"})
    looking = Looking(crop="upper-body", size_px=112)  # follows the trunk: an arm does not move the camera

    def embed(self, frames, prompts):
        states = torch.nn.functional.adaptive_avg_pool2d(frames, 4).flatten(2).transpose(1, 2)
        return Embedding(states, torch.ones(states.shape[:2], dtype=torch.bool))


def test_the_gradient_of_the_semantics_loss_to_a_joint_is_what_the_loss_does(man, tmp_path):
    """Summed up along an arc it is the loss's rise over it: a picture jumps where a vertex crosses a sample, and a
    difference between two near angles would measure that. Through a question judge: ``test_rendered_gradient``."""
    along, ends = (critic_of(PlainJudge(), tuned("code", pictures=count), tmp_path) for count in (STEPS, 1))
    still = np.zeros((STEPS, 22, 4), np.float32)
    still[..., 0] = 1.0
    source = Window(man, still, np.tile(man.rest_m[0], (STEPS, 1)))
    climbed, risen = [], []
    for joint in ("LeftArm", "LeftForeArm"):
        angles = torch.linspace(-1.0, -1.0 + np.radians(30), STEPS).requires_grad_()
        vectors = torch.stack([torch.zeros(STEPS), torch.zeros(STEPS), angles], dim=-1)[:, None]
        pose = pose_of(man, [joint], vectors)
        (gradient,) = torch.autograd.grad(along.loss(source, man, pose), angles)  # the mean over all steps
        assert float(gradient.abs().max()) > 0
        climbed.append(float(torch.trapezoid(STEPS * gradient, angles.detach())))
        posed = pose_of(man, [joint], vectors.detach()[[0, -1]])
        low, high = (ends.loss(source, man, Pose(posed.rotations[[k] * STEPS], posed.positions_m[[k] * STEPS]))
                     for k in range(2))  # fmt: skip
        risen.append(float(high - low))
    climb, rise = np.array(climbed), np.array(risen)
    assert climb @ rise / np.linalg.norm(climb) / np.linalg.norm(rise) > 0.97
    assert np.linalg.norm(climb) / np.linalg.norm(rise) == pytest.approx(1, abs=0.25)


def test_a_source_is_looked_at_once_and_what_is_kept_gives_the_same_number(man, belly, handless, judge, tmp_path):
    tuning, pose = tuned("code"), pose_of(belly, ARM, HAND_IN_BELLY.expand(FRAMES, 2, 3))
    source = window_of(man, handless)
    first = critic_of(judge, tuning, tmp_path).loss(source, belly, pose)
    deaf = critic_of(judge, tuning, tmp_path)
    deaf.looks._judge = None  # would fail if it were asked
    again = deaf.loss(source, belly, pose)
    assert torch.equal(first, again)
    moved = replace(source, root_m=source.root_m + np.float32(0.5))
    unguided = critic_of(judge, tuning.without(("questions",)), tmp_path).loss(source, belly, pose)
    critic_of(judge, tuning, tmp_path).loss(moved, belly, pose)
    assert len(list(tmp_path.glob("*.safetensors"))) == 3
    assert not torch.equal(first, unguided)


def test_the_judges_scale_is_the_score_between_two_sources_at_random(man, judge, clips, tmp_path):
    critic = critic_of(judge, tuned("best", pictures=2, views=("front", "left")), tmp_path)
    windows = WindowPool(clips, PoolSize(2, FRAMES, 1)).first(3)
    looks = [critic._look(w, torch.device("cpu")).embedding.pictures_only().states.numpy() for w in windows]
    between = []
    for view in range(2):
        states = [look[2 * view + frame].astype(float) for look in looks for frame in range(2)]
        between += [np.square(a - b).mean() for a in states for b in states]
    assert critic.spread(windows) == pytest.approx(np.mean(between), rel=1e-4)
    assert critic_of(judge, tuned("best"), tmp_path).spread(windows[:1]) == 1.0


def test_the_papers_semantics_loss_is_the_squared_distance_without_padding():
    generator = torch.Generator().manual_seed(0)
    one, two = (torch.randn(2, 3, 5, generator=generator) for _ in range(2))
    counted = torch.tensor([[True, True, False], [True, True, True]])
    wanted = np.mean([((one - two)[k].double().numpy() ** 2)[counted[k].numpy()].sum() for k in range(2)])
    assert float(squared_distance(Embedding(one, counted), Embedding(two, counted))) == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("form", ["mean", "hull"])
def test_a_hand_in_the_belly_is_pushed_out(belly, form):
    vectors = HAND_IN_BELLY.clone()[None].requires_grad_()
    adam = torch.optim.Adam([vectors], lr=0.06)
    losses = []
    for _ in range(8):
        loss = interpenetration(belly, belly.posed_m(pose_of(belly, ARM, vectors)), form)
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(float(loss.detach()))
    assert losses[0] > 0
    assert min(losses) < 0.1 * losses[0]


@pytest.mark.parametrize("form", ["mean", "hull"])
def test_the_gradient_of_the_penetration_is_its_slope(belly, form):
    way = torch.tensor([[0.2, -0.5, 0.4], [0.3, 0.6, -0.2]])

    def value(step):
        return interpenetration(belly, belly.posed_m(pose_of(belly, ARM, (HAND_IN_BELLY + step * way)[None])), form)

    step = torch.tensor(0.0, requires_grad=True)
    (slope,) = torch.autograd.grad(value(step), step)
    with torch.no_grad():
        rise = (value(torch.tensor(0.01)) - value(torch.tensor(-0.01))) / 0.02
    assert float(slope) == pytest.approx(float(rise), rel=0.05)


def test_penetration_is_the_mean_depth_of_the_vertices_that_the_metric_counts(belly):
    posed = belly.posed_m(pose_of(belly, ARM, HAND_IN_BELLY[None]))
    depths = []
    for limb in belly.limbs:
        hits = limb.surface.query(limb.vertices_m(posed), posed[:, torch.from_numpy(limb.counted)])
        depths.append(-hits.depth_m)
    wanted = depth_loss(torch.cat(depths, dim=1))
    count = sum(len(limb.counted) for limb in belly.limbs)
    found = {form: float(interpenetration(belly, posed, form)) for form in ("mean", "sum")}
    assert found["mean"] == pytest.approx(float(wanted) / belly.character.height_m, rel=1e-4)
    assert found["sum"] == pytest.approx(float(wanted) * count, rel=1e-4)
    apart = belly.posed_m(pose_of(belly, ARM, torch.zeros(1, 2, 3)))
    assert all(float(interpenetration(belly, apart, form)) == 0 for form in ("mean", "sum", "hull"))


def test_depth_that_is_allowed_is_taken_off_every_vertex(belly):
    posed, height_m = belly.posed_m(pose_of(belly, ARM, HAND_IN_BELLY[None])), belly.character.height_m
    total, count, deepest = 0.0, 0, 0.0
    for limb in belly.limbs:  # vertex by vertex, the slow way
        hits = limb.surface.query(limb.vertices_m(posed), posed[:, torch.from_numpy(limb.counted)])
        for depth_m in hits.depth_m.flatten().tolist():
            total, count = total + max(depth_m - 0.003 * height_m, 0.0), count + 1
            deepest = max(deepest, depth_m)
    found = float(interpenetration(belly, posed, "mean", 0.003))
    assert 0 < found < float(interpenetration(belly, posed, "mean"))
    assert found == pytest.approx(total / count / height_m, rel=1e-4)
    assert float(interpenetration(belly, posed, "mean", 1.01 * deepest / height_m)) == 0


@pytest.mark.parametrize("name", ["best", "code"])
def test_the_loss_falls_a_killed_run_ends_alike_and_the_judge_stays_as_it_was(clips, belly, judge, tmp_path, name):
    tuning, before = tuned(name), {n: p.clone() for n, p in judge.model.state_dict().items()}

    def learner():
        return learner_of(tuning, clips, critic_of(judge, tuning, tmp_path / "looks"), belly)

    whole = learner()
    root = [p.detach().clone() for p in whole.network.root_parameters()]
    losses = run(whole, tmp_path / "whole", steps=6, save_every=3)
    assert {*losses[0]} >= {"semantics", "penetration", "relation", "smoothness", "close"}
    assert all(np.isfinite(value) for parts in losses for value in parts.values())
    assert sum(p["total"] for p in losses[-2:]) < 0.9 * sum(p["total"] for p in losses[:2])
    still = all(torch.equal(a, b) for a, b in zip(root, whole.network.root_parameters(), strict=True))
    assert still == tuning.frozen_root
    run(learner(), tmp_path / "killed", steps=6, save_every=3, stop=4)
    resumed = learner()
    with torch.no_grad():  # where it goes on from comes from the checkpoint
        for parameter in resumed.network.parameters():
            parameter.zero_()
    assert run(resumed, tmp_path / "killed", steps=6, save_every=3) == losses[3:]
    assert all(torch.equal(value, before[n]) for n, value in judge.model.state_dict().items())


def test_every_term_of_every_profile_reaches_the_network(clips, belly, judge, tmp_path):
    for name in ("paper", "best"):
        tuning = tuned(name)
        learner = learner_of(tuning, clips, critic_of(judge, tuning, tmp_path), belly)
        parts = learner.parts(learner.draw(0))
        assert (name == "paper") == (parts.keys() == {"semantics", "penetration"})
        for term in ("semantics", *({"relation", "skin", "close", "feet"} & parts.keys())):
            gradients = torch.autograd.grad(
                parts[term], [p for p in learner.network.parameters() if p.requires_grad],
                retain_graph=True, allow_unused=True,
            )  # fmt: skip
            found = torch.cat([g.flatten() for g in gradients if g is not None])
            assert found.isfinite().all()
            assert found.abs().max() > 0


def test_sources_and_bodies_are_drawn_apart_and_words_of_the_shards_change_nothing(clips, man, belly, tmp_path):
    renamed = SourceClips(find_shards(write_motions(tmp_path, said="clap"), "train"), build=lambda _: man)
    pools = [WindowPool(c, PoolSize(3, FRAMES, 1)) for c in (clips, renamed)]
    one, two = (pool.draw(4, np.random.default_rng(0)) for pool in pools)
    for a, b in zip(one, two, strict=True):
        assert np.array_equal(a.rotations_wxyz, b.rotations_wxyz)
        assert np.array_equal(a.root_m, b.root_m)
    assert {id(w) for w in one} == {id(w) for w in pools[0].draw(4, np.random.default_rng(0))}  # looks are kept
    assert OneBody(belly).draw(2, np.random.default_rng(0)) == [belly, belly]
    performed = WindowPool(clips, PoolSize(3, FRAMES, 1), belly).draw(4, np.random.default_rng(0))
    for a, b in zip(one, performed, strict=True):
        assert b.rig is belly
        assert np.array_equal(a.rotations_wxyz, b.rotations_wxyz)
        assert np.ptp(b.root_m[:, 0]) == pytest.approx(np.ptp(a.root_m[:, 0]) * belly.leg_m / man.leg_m, rel=1e-3)


def test_a_rig_without_a_mesh_is_no_figure(man):
    with pytest.raises(TypeError, match="build_figure"):
        figures([man, build_rig(man.character)])
