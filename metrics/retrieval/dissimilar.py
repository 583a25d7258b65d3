"""A list of dissimilar motions for a data set that comes without one."""

import torch
from torch import Tensor
from torch.nn.functional import normalize

from .errors import WrongSet


@torch.no_grad()
def far_apart(vectors: Tensor, count: int) -> list[int]:
    """Return items that are far from each other, in the order they were taken.

    Greedy farthest points: the first is the item with the lowest mean cosine to all, each next one the item whose
    highest cosine to those taken is lowest, the first of equal ones. It is no optimum, and needs no seed. The published
    lists (TMR's 100 of HumanML3D) were made by their authors; use those where they exist.

    Args:
        vectors: A sentence vector per item, of its first caption for example, floating [items, width].
        count: How many to take.

    Raises:
        WrongSet: If there are fewer items.
    """
    if not 0 < count <= len(vectors):
        raise WrongSet(f"{count} dissimilar items are asked of {len(vectors)}; expected 1 to {len(vectors)}.")
    unit = normalize(vectors.double(), dim=1)
    taken = [int((unit @ unit.mean(dim=0)).argmin())]
    nearest = unit @ unit[taken[0]]
    nearest[taken] = torch.inf
    while len(taken) < count:
        taken.append(int(nearest.argmin()))
        nearest = torch.maximum(nearest, unit @ unit[taken[-1]])
        nearest[taken] = torch.inf
    return taken
