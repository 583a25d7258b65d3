"""A device that is not here is one sentence, whoever is asked for it."""

import subprocess
import sys

import pytest
import torch

from retargetbench.datasets.devices import NoDevice, check_device


def test_the_cpu_is_always_here_and_needs_no_torch():
    code = "import sys; from retargetbench.datasets.devices import check_device; check_device('cpu'); "
    subprocess.run([sys.executable, "-c", code + "assert 'torch' not in sys.modules"], check=True)


@pytest.mark.parametrize("name", ["gpu", "mps", "cuda:", "cuda:x", "CUDA", ""])
def test_a_name_that_is_no_device_is_refused(name):
    with pytest.raises(NoDevice, match=f"there is no device '{name}'; expected cpu, cuda, or cuda:N"):
        check_device(name)


@pytest.mark.parametrize("name", ["cuda", "cuda:1"])
def test_without_a_gpu_the_message_says_what_torch_this_is(name, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(
        NoDevice, match=f"torch {torch.__version__[:4]}.* finds no CUDA GPU here for the device '{name}'"
    ):
        check_device(name)


def test_the_gpus_that_are_here_are_told(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    check_device("cuda")
    check_device("cuda:1")
    with pytest.raises(NoDevice, match="'cuda:2': GPUs are counted from 0, and here are 2, cuda:0 to cuda:1"):
        check_device("cuda:2")
