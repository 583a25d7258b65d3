"""Training: the loss falls, a stopped run ends as an undisturbed one, every profile takes a step, mistakes are told."""

import json
import os
import runpy
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import torch

from retargetbench.benchmark.running.methods import find_method
from retargetbench.reference_model.smt.build import load_network
from retargetbench.reference_model.smt.command import Smt
from retargetbench.reference_model.smt.plug_in import write_plug_in
from retargetbench.reference_model.smt.profiles import PROFILES
from retargetbench.reference_model.smt.settings import PRESETS
from retargetbench.reference_model.smt.sources import SourceClips
from retargetbench.reference_model.smt.stage1 import Stage1, Training
from retargetbench.reference_model.smt.targets import TargetBodies
from retargetbench.reference_model.smt.weights import SMT_WEIGHTS
from retargetbench.reference_model.training.errors import NoMotions, OtherRun, TrainedOnTest
from retargetbench.reference_model.training.motions import find_shards

from .small import run, small


class Counter:
    def advance(self, note=""):
        self.note = note


@contextmanager
def counting(*_):
    yield Counter()


@pytest.fixture(scope="module")
def clips(motions_folder):
    return SourceClips(find_shards(motions_folder, "train"))


def learner_of(profile, clips, seed=1, steps=15):
    return Stage1(Training(profile, steps, seed), clips, TargetBodies(1, 2))


def test_the_loss_falls_and_a_killed_run_ends_with_the_same_numbers(clips, tmp_path):
    profile = replace(small("code"), rate=3e-3)  # the released one has dropout and two optimisers
    whole = learner_of(profile, clips)
    losses = run(whole, tmp_path / "whole")
    assert sum(p["total"] for p in losses[-4:]) < 0.8 * sum(p["total"] for p in losses[:4])
    run(learner_of(profile, clips), tmp_path / "killed", stop=7)
    resumed = learner_of(profile, clips)
    with torch.no_grad():  # where it goes on from comes from the checkpoint
        for parameter in resumed.network.parameters():
            parameter.zero_()
    assert run(resumed, tmp_path / "killed") == losses[5:]
    for one, other in zip(whole.network.parameters(), resumed.network.parameters(), strict=True):
        assert torch.equal(one, other)


def test_the_shipped_profile_brings_hands_back_to_the_skin_they_were_near(clips):
    learner = learner_of(replace(small("best"), rate=1e-2), clips)
    drawn = max((learner.draw(step) for step in range(3)), key=lambda d: learner.learn(0, d)["skin"])
    losses = [learner.learn(step, drawn) for step in range(3, 12)]
    assert {*losses[0]} >= {"skin", "relation", "close", "feet", "smoothness", "reconstruction", "cycle root"}
    assert "adversarial" not in losses[0]
    assert losses[-1]["skin"] < 0.8 * losses[0]["skin"]
    assert losses[-1]["total"] < losses[0]["total"]


@pytest.mark.parametrize("name", PROFILES)
def test_one_step_moves_every_part_of_a_network(clips, name):
    learner = learner_of(small(name), clips)
    before = {n: p.detach().clone() for n, p in learner.network.named_parameters()}
    judge = [p.detach().clone() for p in learner.discriminator.parameters()]
    for step in range(2):  # the last layers of the shipped network begin at zero and hide the others in the first step
        told = learner.learn(step, learner.draw(step))
    assert all(np.isfinite(value) for value in told.values())
    still = {n for n, p in learner.network.named_parameters() if torch.equal(p, before[n])}
    # messages go from parent to child, so that none reaches the root, where the released root network is read
    deaf = {n for n in before if n.startswith("root.") and "residual" not in n}
    deaf |= {n for n, p in learner.network.named_parameters() if not p.requires_grad}  # stage 2's own
    assert still == deaf
    moved = any(not torch.equal(a, b) for a, b in zip(judge, learner.discriminator.parameters(), strict=True))
    assert moved == (PROFILES[name].weights.adversarial > 0)


def test_a_folder_of_another_run_is_refused(clips, tmp_path):
    run(learner_of(small("best"), clips, steps=1), tmp_path, steps=1)
    other = learner_of(small("best"), clips, seed=2, steps=1)
    with pytest.raises(OtherRun, match="--out"):
        run(other, tmp_path, steps=1)


@pytest.fixture(scope="module")
def trained(motions_folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("smt")
    options = Smt(preset="quick", steps=4, data=motions_folder, out=out, threads=1)
    return options, options.carry_out(counting)


def test_the_command_trains_records_and_evaluates(trained):
    options, found = trained
    assert found["steps"] == 4
    assert options.carry_out(counting)["steps"] == 4  # nothing is left to do
    record = json.loads((options.run_folder / "run.json").read_text())
    assert "--preset quick" in record["command"]
    assert len(record["data_sha256"]) == 64
    assert "\n4,skin," in (options.run_folder / "losses.csv").read_text()
    measured = replace(options, action="evaluate", variant="mini", pairs=1).carry_out(counting)
    assert measured["scores"].keys() == {"copy", "smt-stage1"}
    folder = options.out / "weights" / "smt-stage1"
    plug_in = f"retargetbench run smt-stage1 --plugin {folder / 'plug_in.py'} --track retarget/intents"
    assert measured["next"] == f"{plug_in} --out runs/smt-stage1"
    card = json.loads((folder / "card.json").read_text())
    assert card["scores"] == measured["scores"]
    assert card["trained"]["seed"] == 1
    assert card["parameters"] == found["parameters"] == sum(p.numel() for p in load_network(folder).parameters())


def test_weights_of_every_profile_are_run_as_they_lie(trained, tmp_path):
    folder = tmp_path / "smt-stage1-code-paired"
    shutil.copytree(trained[0].out / "weights" / "smt-stage1", folder)
    assert write_plug_in(folder).startswith(f"retargetbench run {folder.name} --plugin {folder}")
    found = find_method(folder.name, folder / "plug_in.py")
    method = runpy.run_path(found.target)["retarget"]
    assert (method.card["name"], method.card["weights_sha256"]) == (folder.name, SMT_WEIGHTS.sha256(folder))


def test_what_is_missing_is_said(trained, tmp_path):
    options, _ = trained
    with pytest.raises(TrainedOnTest, match="--part train"):
        replace(options, part="test").carry_out(counting)
    with pytest.raises(NoMotions, match="data build intents"):
        replace(options, data=tmp_path).carry_out(counting)


def test_presets_grow(trained):
    assert PRESETS["quick"].steps < PRESETS["ablation"].steps < PRESETS["full"].steps
    assert replace(trained[0], preset="full", steps=None).step_count == PRESETS["full"].steps


def test_help_imports_no_torch():
    code = (
        "import sys; from retargetbench.reference_model.smt.command import Smt; "
        "from retargetbench.reference_model.smt.method import stage1; "
        "import tyro; from retargetbench.benchmark.cli.main import main; "
        "assert main(['train', 'smt', '--help']) == 0; assert not {'torch', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-P", "-c", code], check=True, capture_output=True)


@pytest.mark.slow
def test_two_processes_train_one_network(motions_folder, tmp_path):
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone", "-m"]
    command += ["retargetbench", "train", "smt", "--preset", "quick", "--steps", "3", "--threads", "1"]
    command += ["--data", str(motions_folder), "--out", str(tmp_path)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONSAFEPATH": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    both = load_network(tmp_path / "weights" / "smt-stage1")
    alone = Smt(preset="quick", steps=3, data=motions_folder, out=tmp_path / "alone", threads=1)
    alone.carry_out(counting)
    one = load_network(tmp_path / "alone" / "weights" / "smt-stage1")
    different = [not torch.equal(a, b) for a, b in zip(both.parameters(), one.parameters(), strict=True)]
    assert any(different)  # the second process's pairs have had their say
