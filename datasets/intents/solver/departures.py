"""What the solver found, as whole numbers: knots of the departures from a program's style, rounded.

Most of a body follows its style, so that nearly all of these numbers are 0, and a clip packs into half a kilobyte.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

STEP = 5e-4
"""In radians, of the root in leg lengths: a wrist is moved by less than a millimetre."""


def rounded(knots: Tensor) -> NDArray[np.int16]:
    """Return knots in steps of ``STEP``, [clips, knots, PARAMETERS] both."""
    return np.round(knots.cpu().double().numpy() / STEP).clip(-32_767, 32_767).astype(np.int16)


def unrounded(departures: NDArray[np.int16]) -> Tensor:
    """Return the knots of rounded departures, of any shape."""
    return torch.from_numpy((departures * STEP).astype(np.float32))
