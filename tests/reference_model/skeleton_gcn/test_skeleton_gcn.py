"""The supervised classifier: it learns, goes on to the same numbers, knows nothing of place and body, and answers."""

import csv
import json
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from retargetbench.benchmark.running.classifying import require_classifier
from retargetbench.benchmark.submission.method_card import card_from
from retargetbench.datasets.body import Motion
from retargetbench.datasets.body.joint_names import BODY_PARENTS
from retargetbench.reference_model.skeleton_gcn import weights
from retargetbench.reference_model.skeleton_gcn.joints import joint_places, mirrored
from retargetbench.reference_model.skeleton_gcn.method import SkeletonGcnMethod
from retargetbench.reference_model.skeleton_gcn.network import SkeletonGcnNetwork, parameter_count, partitioned_skeleton
from retargetbench.reference_model.skeleton_gcn.settings import PRESETS
from retargetbench.reference_model.trained_weights import NoWeights
from retargetbench.reference_model.training.errors import NoMotions, OtherRun, TrainedOnTest

from .conftest import MOVED, Counter, acting, counting


@pytest.fixture(scope="module")
def network():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return SkeletonGcnNetwork(PRESETS["quick"].sizes, 5).eval()


def test_the_loss_falls_and_what_was_trained_is_told(options, trained):
    assert (trained["steps"], trained["motions"], trained["classes"]) == (PRESETS["quick"].steps, 18, 3)
    with (options.out / "losses.csv").open() as file:
        means = [float(row["mean"]) for row in csv.DictReader(file) if row["part"] == "total"]
    assert means[-1] < 0.85 * means[0]  # running means, so it fell further
    said = json.loads((options.out / "run.json").read_text())
    assert said["command"].startswith("retargetbench train skeleton-gcn --preset quick")
    assert said["parameters"] == trained["parameters"]


def test_motions_that_it_never_saw_are_recognised(options, trained):
    names = ["wave", "kick", "bow", "fly"]
    asked = [acting(name, 100 + seed) for seed, name in enumerate(names[:3])]
    scores = SkeletonGcnMethod(options.weights_folder).classify(asked, names, seed=0)
    assert scores.argmax(axis=1).tolist() == [0, 1, 2]
    assert (scores.argmin(axis=1) == 3).all()  # a class that it was not trained on
    assert np.isfinite(scores).all()


def test_a_run_that_was_stopped_ends_with_the_same_numbers(options, trained, tmp_path):
    other = replace(options, out=tmp_path)

    @contextmanager
    def pulled_plug(title, *_):
        yield Counter(last=17 if title.startswith("training") else None)

    with pytest.raises(KeyboardInterrupt):
        other.carry_out(pulled_plug)
    assert not other.weights_folder.exists()
    other.carry_out(counting)
    first, second = (load_file(one.weights_folder / "model.safetensors") for one in (options, other))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_another_run_in_the_same_folder_is_refused(options, trained):
    for change in ({"steps": 25}, {"seed": 2}):
        with pytest.raises(OtherRun):
            replace(options, **change).carry_out(counting)


def test_the_tests_motions_are_not_trained_on_and_an_empty_folder_is_named(options, tmp_path):
    with pytest.raises(TrainedOnTest):
        replace(options, part="test").carry_out(counting)
    with pytest.raises(NoMotions, match=str(tmp_path)):
        replace(options, data=tmp_path).carry_out(counting)


def test_it_is_a_method_with_a_card(options, trained, monkeypatch, tmp_path):
    monkeypatch.setenv(weights.VARIABLE, str(options.weights_folder))
    method = SkeletonGcnMethod()
    card, problems = card_from(dict(method.card))
    assert (card.name, card.parameters, problems) == ("skeleton-gcn", trained["parameters"], [])
    assert require_classifier(method, "skeleton-gcn") == {}
    monkeypatch.setenv(weights.VARIABLE, str(tmp_path))
    with pytest.raises(NoWeights, match="retargetbench train skeleton-gcn"):
        SkeletonGcnMethod().card  # noqa: B018


def test_damaged_weights_are_told(options, trained, tmp_path):
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((options.weights_folder / name).read_bytes()[:400])
    (tmp_path / "config.json").write_bytes((options.weights_folder / "config.json").read_bytes())
    with pytest.raises(NoWeights, match="are damaged"):
        weights.load_network(tmp_path)


def test_neither_place_nor_heading_of_a_motion_is_seen():
    motion = acting("kick", 0)
    turned = motion.local_rotations_wxyz.copy()
    half = np.radians(35)
    turned[:, 0] = [np.cos(half), 0, np.sin(half), 0]  # the hips of this motion do not turn by themselves
    matrix = np.array([[np.cos(2 * half), 0, np.sin(2 * half)], [0, 1, 0], [-np.sin(2 * half), 0, np.cos(2 * half)]])
    root = motion.root_translation_m @ matrix.T + [3, 0, -1]
    elsewhere = Motion(motion.skeleton, turned, root, motion.fps)
    np.testing.assert_allclose(joint_places(elsewhere, 16), joint_places(motion, 16), atol=1e-5)


def test_a_mirror_exchanges_left_and_right_and_twice_is_nothing():
    places = joint_places(acting("kick", 0), 16)
    np.testing.assert_array_equal(mirrored(mirrored(places)), places)
    left, right = 6, 10  # LeftUpLeg, RightUpLeg
    np.testing.assert_allclose(mirrored(places)[:, right], places[:, left] * [-1, 1, 1])


def test_a_joint_takes_from_itself_its_parent_and_its_children_as_much_as_from_all():
    parts = partitioned_skeleton()
    torch.testing.assert_close(parts.sum(dim=(0, 2)), torch.ones(22))
    for joint, parent in enumerate(BODY_PARENTS):
        assert set(parts[1, joint].nonzero().flatten().tolist()) == ({parent} if parent >= 0 else set())
        children = {child for child, above in enumerate(BODY_PARENTS) if above == joint}
        assert set(parts[2, joint].nonzero().flatten().tolist()) == children


def test_answers_of_one_motion_do_not_depend_on_the_others(network):
    places = torch.from_numpy(np.stack([joint_places(acting(name, 3), 16) for name in MOVED]))
    with torch.no_grad():
        torch.testing.assert_close(network(places)[:1], network(places[:1]))
    assert parameter_count(network) == sum(p.numel() for p in network.parameters())


def test_the_standard_network_is_small():
    network = SkeletonGcnNetwork(PRESETS["standard"].sizes, 79)
    assert parameter_count(network) == 394_287
    assert network.eval()(torch.zeros(1, 64, 22, 3)).shape == (1, 79)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_it_trains_on_cuda(options, tmp_path):
    assert replace(options, out=tmp_path, device="cuda").carry_out(counting)["steps"] == PRESETS["quick"].steps
