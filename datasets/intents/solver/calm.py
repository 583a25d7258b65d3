"""Arms that have nothing to do stay calm while the rest of the body reaches its goals."""

import torch
from torch import Tensor

from ..programs import Contact, Program, Reach
from .rig import PARAMETERS, SLICES

ARM_TURNS = {"left": 21, "right": 30}
"""Where the upper arm's turn, followed by the hand's, begins among the departures of the free joints."""
_OF_THE_ARM = frozenset(
    {"palm", "hand_back", "wrist", "knuckles", "forearm", "elbow", "upper_arm"}
    | {f"{finger}_tip" for finger in ("thumb", "index", "middle", "ring", "pinky")}
)
_FACTOR = 30.0


def calm_weights(program: Program, device: torch.device | str) -> Tensor:
    """Return by how much more dearly each parameter departs from the style, [PARAMETERS].

    In a program with contacts an arm that neither touches nor is touched below the shoulder has nothing to give way
    to: it may hang wider on a wider body, but not swing out when its shoulder is touched.
    """
    factors = torch.ones(PARAMETERS, device=device)
    if not program.contacts:
        return factors
    used = {name for goal in program.goals if isinstance(goal, Contact | Reach) for name in (goal.vertex, goal.place)}
    for column, (side, first) in enumerate(ARM_TURNS.items()):
        if used & {f"{side}_{name}" for name in _OF_THE_ARM}:
            continue
        factors[first : first + 6] = _FACTOR
        for group in ("elbows", "curls"):
            start = SLICES[group].start + 2 * column
            factors[start : start + 2] = _FACTOR
    return factors
