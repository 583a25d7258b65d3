"""What ``--device`` may say. Imports torch only where a GPU is asked for."""

import re

from .errors import BenchError


class NoDevice(BenchError):
    """A device that is not here, or that nothing runs on."""

    rule = "E002"


def check_device(name: str) -> None:
    """Make sure that a device is here.

    Args:
        name: ``cpu``, ``cuda`` or ``cuda:N``.

    Raises:
        NoDevice: If it is not.
    """
    if name == "cpu":
        return
    if not re.fullmatch(r"cuda(:\d+)?", name):
        raise NoDevice(f"there is no device '{name}'; expected cpu, cuda, or cuda:N for the N-th GPU, from 0.")
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if count == 0:
        raise NoDevice(
            f"torch {torch.__version__} finds no CUDA GPU here for the device '{name}'; take cpu, or install a build "
            "of torch for CUDA on a machine that has one."
        )
    if int(name.partition(":")[2] or 0) >= count:
        raise NoDevice(f"there is no device '{name}': GPUs are counted from 0, and here {_are(count)}.")


def _are(count: int) -> str:
    return "is one, cuda:0" if count == 1 else f"are {count}, cuda:0 to cuda:{count - 1}"
