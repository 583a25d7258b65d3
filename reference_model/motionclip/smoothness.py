"""Whether what lies between two motions is smooth: no jump beyond the ends' own speed.

Between the latents of two real motions a straight line is walked in as many stops as a window has frames. Two ratios
are taken of joint displacements on the standard body, hips and path included; each is of the fastest joint anywhere:

* **in time**: from frame to frame of what lies in between, over that of the faster of the two ends;
* **along the line**: from stop to stop at the same frame, over the same: shown as fast as a motion is played, the line
  moves no joint faster than the ends do.

A pair is smooth where both are at most 1. A mere cross-fade of joint places has at most 1 in time by construction.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from .editing import interpolated
from .model import MotionClipModel
from .motion_set import MotionSet
from .pose import leg_length_m
from .standard_body import StandardPlaces, standard_body

PAIRS, SEED = 100, 0
_ROUNDING = 1e-4


def smoothness(model: MotionClipModel, known: MotionSet, asked: MotionSet, *, count: int = PAIRS) -> dict[str, float]:
    """Return the share of pairs in percent between which all is smooth, and the ratios' medians and 95th percentiles.

    The ends are drawn motions of different classes, as they come back from their own latents.

    Args:
        model: Which decodes.
        known: Not used: nothing is fitted.
        asked: Whose latents are the ends.
        count: How many pairs.
    """
    pairs = drawn_pairs(asked.actions, count, np.random.default_rng(SEED))
    if not pairs:
        return {"interpolations": 0.0}
    places, leg_m = StandardPlaces.of(1), leg_length_m(standard_body().skeleton)
    lines = (_line(model, asked.latents[list(pair)]) for pair in pairs)
    ratios = np.array([line_ratios(places.joints_m(made) + leg_m * made[..., None, -3:]) for made in lines])
    held = ratios <= 1 + _ROUNDING
    scores = {"interpolations": float(len(pairs)), "interpolations, smooth": 100 * float(held.all(axis=1).mean())}
    for column, name in enumerate(("in time", "along the line")):
        scores[f"interpolations, smooth {name}"] = 100 * float(held[:, column].mean())
        for share, what in ((0.5, "median"), (0.95, "95 %")):
            scores[f"interpolations, {what} ratio {name}"] = float(np.quantile(ratios[:, column], share))
    return scores


def drawn_pairs(actions: Sequence[str], count: int, generator: np.random.Generator) -> list[tuple[int, int]]:
    """Draw pairs of acts of different classes, each class as often as any other.

    Args:
        actions: Class of each act.
        count: How many.
        generator: Where the randomness comes from.
    """
    classes = sorted(set(actions))
    if len(classes) < 2:
        return []
    rows = {name: [row for row, own in enumerate(actions) if own == name] for name in classes}
    drawn = [generator.choice(len(classes), size=2, replace=False) for _ in range(count)]
    return [(int(generator.choice(rows[classes[a]])), int(generator.choice(rows[classes[b]]))) for a, b in drawn]


def line_ratios(places_m: Tensor) -> tuple[float, float]:
    """Return the two ratios of a line, in time and along it.

    Args:
        places_m: Of joints, [stops, frames, joints, 3]; the first and the last stop are the ends.
    """
    from_frame_to_frame = (places_m[:, 1:] - places_m[:, :-1]).norm(dim=-1).amax(dim=(1, 2))  # [stops]
    from_stop_to_stop = (places_m[1:] - places_m[:-1]).norm(dim=-1).max()
    ends = torch.stack([from_frame_to_frame[0], from_frame_to_frame[-1]]).max().clamp_min(1e-6)
    return float(from_frame_to_frame.max() / ends), float(from_stop_to_stop / ends)


def _line(model: MotionClipModel, ends: Tensor) -> Tensor:
    """What is decoded along a line, [2, latent] -> [stops, frames, 135]."""
    return model.decode(interpolated(ends[0], ends[1], model.network.sizes.frames))
