"""Measured, never asserted: what SMT costs, as a method and in training, with the network that is shipped.

Run with ``OMP_NUM_THREADS=1 pytest tests/benchmarks/test_smt_speed.py -m slow --benchmark-enable
--benchmark-columns=min,rounds --benchmark-json=FILE``; CPU time stands in each case's extra info, the figures of one
run in docs/smt.md. Without ``--benchmark-enable`` every case runs once, which keeps it working.
"""

from dataclasses import replace

import pytest
import torch

from retargetbench.datasets.intents.bodies import load_body
from retargetbench.reference_model.smt.apply import retarget_with
from retargetbench.reference_model.smt.batch import Rigs
from retargetbench.reference_model.smt.build import build_network
from retargetbench.reference_model.smt.drawn import moves_of
from retargetbench.reference_model.smt.pair_terms import pair_terms
from retargetbench.reference_model.smt.profiles import BEST
from retargetbench.reference_model.smt.sources import SourceClips
from retargetbench.reference_model.smt.stage1 import Stage1, Training
from retargetbench.reference_model.smt.targets import TargetBodies
from retargetbench.reference_model.training.motions import find_shards

from ..reference_model.smt.conftest import swaying, write_motions
from ..reference_model.smt.small import disturbed
from .test_speed import measured

pytestmark = pytest.mark.slow

FRAMES = 90


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """CPU time of several threads is not comparable."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def learner(tmp_path_factory):
    """Stage 1 of ``best`` on made-up motions, with weights that move everything."""
    clips = SourceClips(find_shards(write_motions(tmp_path_factory.mktemp("motions")), "train"), fps=BEST.fps)
    learner = Stage1(Training(BEST, 100, 1), clips, TargetBodies(1, 2, BEST.stretched))
    disturbed(learner.network).train().requires_grad_(True)
    return learner


@pytest.mark.parametrize("copies", ["same characters", "fresh copies"])
def test_retargeting_a_clip(benchmark, copies):
    """A method that is run is given fresh copies with every clip."""
    network, man, belly = disturbed(build_network(BEST, 0)), load_body("average_man"), load_body("belly")
    motion = swaying(man, frames=FRAMES)

    def given(body):
        return body if copies == "same characters" else replace(body, skeleton=replace(body.skeleton))

    def work():
        return retarget_with(network, given(man), motion, given(belly))

    benchmark.group = "retargeting, per frame at 30 fps"
    assert measured(benchmark, work, FRAMES, 10).frame_count == FRAMES


@pytest.mark.parametrize("part", ["draw", "terms", "network forward", "network forward and back", "step"])
def test_a_step_of_stage_1(benchmark, learner, part):
    drawn = learner.draw(0)
    moves, target = moves_of(drawn.windows, "cpu"), Rigs.of(drawn.targets)
    source = Rigs.of([window.rig for window in drawn.windows])
    made = learner.network(moves, source, target).detach()

    def network():
        done = learner.network(moves, source, target)
        return done.local.square().mean() + done.root_m.square().mean()

    work = {
        "draw": lambda: learner.draw(1),
        "terms": lambda: pair_terms((moves, source, source.pose(moves)), (made, target, target.pose(made)), BEST),
        "network forward": network,
        "network forward and back": lambda: network().backward(),
        "step": lambda: learner.learn(1, learner.draw(1)),
    }
    benchmark.group = "stage 1, per step of 16 windows of 20 frames"
    measured(benchmark, work[part], 1, 3)
