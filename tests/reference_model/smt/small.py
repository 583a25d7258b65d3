"""Sizes that a test can afford, and batches of made-up pairs."""

from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest
import torch

from retargetbench.datasets.intents.motion_jobs import body_of
from retargetbench.reference_model.smt.batch import Moves, Rigs
from retargetbench.reference_model.smt.profiles import PROFILES, Sizes
from retargetbench.reference_model.smt.rig import rig_of
from retargetbench.reference_model.smt.sources import turned
from retargetbench.reference_model.training.loop import Run, run_learner

from .conftest import swaying

SIZES = Sizes(width=16, heads=2, encoder_blocks=1, decoder_blocks=1, passes=2)


def small(name):
    return replace(PROFILES[name], sizes=SIZES, batch=2, frames=6)


def rigs(*names):
    return Rigs.of([rig_of(body_of(name)) for name in names])


def moves(*seeds, frames=6, degrees=0.0):
    """Motions of the average man."""
    from retargetbench.datasets.body.kinematics import quaternions_to_matrices

    motions = [swaying("average_man", frames, seed) for seed in seeds]
    parts = [turned(m.local_rotations_wxyz[:, :22], m.root_translation_m, degrees) for m in motions]
    local = torch.from_numpy(np.stack([p[0] for p in parts])).float()
    return Moves(quaternions_to_matrices(local), torch.from_numpy(np.stack([p[1] for p in parts])).float())


def disturbed(network, seed=0):
    """The network with other weights than it began with, so that nothing is zero."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter += 0.05 * torch.randn(parameter.shape, generator=generator)
    return network.eval().requires_grad_(False)


def run(learner, folder, steps=15, save_every=5, stop=None):
    """Train; ``stop``: a step at which somebody pulls the plug."""
    told = []

    def tell(step, parts):
        told.append(parts)
        if step == stop:
            raise KeyboardInterrupt

    settings = Run(folder, steps, learner.identity("these"), save_every=save_every)
    with pytest.raises(KeyboardInterrupt) if stop is not None else nullcontext():
        run_learner(learner, settings, tell=tell)
    return told
