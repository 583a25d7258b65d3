"""Training in several processes, one a GPU, started by ``torchrun``; in one process none of this does anything.

Every process draws batches of its own and the gradients are averaged, so that all hold the same weights; the first one
alone writes files.
"""

import os
from collections.abc import Iterable

import torch
import torch.distributed as dist
from torch import nn

from ...datasets.devices import check_device


def join_processes(device: str) -> str:
    """Join the processes that ``torchrun`` started, and return the device of this one.

    Args:
        device: What the user asked for; ``cuda`` becomes this process's own GPU.

    Raises:
        NoDevice: If it is not here.
    """
    check_device(device)
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    if device == "cuda" and process_count() > 1:
        return f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
    return device


def process_number() -> int:
    """Return which process this is, 0 for the only one."""
    return dist.get_rank() if dist.is_initialized() else 0


def process_count() -> int:
    """Return how many processes train together."""
    return dist.get_world_size() if dist.is_initialized() else 1


def is_first() -> bool:
    """Whether this process writes the files."""
    return process_number() == 0


def average_gradients(parameters: Iterable[nn.Parameter]) -> None:
    """Replace each gradient by its mean over all processes."""
    count = process_count()
    if count == 1:
        return
    for parameter in parameters:
        if parameter.grad is None:  # every process must take part in every exchange
            parameter.grad = torch.zeros_like(parameter)
        dist.all_reduce(parameter.grad)
        parameter.grad /= count


def any_process(flag: bool, device: str) -> bool:
    """Whether the flag is set in any process: all must stop at the same step."""
    if process_count() == 1:
        return flag
    found = torch.tensor(float(flag), device=device)
    dist.all_reduce(found, op=dist.ReduceOp.MAX)
    return bool(found)
