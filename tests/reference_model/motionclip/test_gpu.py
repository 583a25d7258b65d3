"""A step on a GPU gives what a step on the CPU gives."""

import pytest
import torch

from retargetbench.reference_model.motionclip.learner import MotionClipLearner, Training


@pytest.mark.gpu
def test_a_step_on_a_gpu_gives_the_losses_of_the_cpu(options, windows):
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    told = []
    for device in ("cpu", "cuda"):
        learner = MotionClipLearner(Training(options.chosen, 1, device), windows)
        told.append([learner.learn(step, learner.draw(step)) for step in range(2)])
    for here, there in zip(*told, strict=True):
        assert there == pytest.approx(here, rel=1e-3)
