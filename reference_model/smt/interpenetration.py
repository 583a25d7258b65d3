"""How much limbs are inside the rest of the body, as a loss: the functions of the metrics, with gradients."""

from typing import Literal

import torch
from torch import Tensor

from ...datasets.body.surface import signed_distance
from ...metrics.clip_geometry import hull_sets
from ...metrics.penetration import depth_loss, pen_hull
from .figure import Figure

Form = Literal["mean", "sum", "hull"]


def interpenetration(figure: Figure, vertices_m: Tensor, form: Form, allowed_h: float = 0.0) -> Tensor:
    """Return the penetration of a posed figure, averaged over frames; 0 without gradient where nothing is inside.

    ``mean``: the mean depth over all limb vertices that ``pen_limb`` counts, each limb against the body without it, in
    body heights. ``sum``: the sum over these vertices of ``ReLU(-d)`` in metres (the paper's formula; its unit is not
    known). ``hull``: the metric ``pen_hull``, as released: forearms and hands in the convex hulls of torso and head.

    Args:
        figure: Who.
        vertices_m: Its posed mesh, [frames, vertices, 3]; the gradient flows to limbs and body.
        form: Which of the three.
        allowed_h: Depth in body heights that is none yet: skin that touches gives way. Not asked of hulls.
    """
    if form == "hull":
        limbs, torso, head = (vertices_m[:, part.to(vertices_m.device)] for part in hull_sets(figure.character))
        return pen_hull(limbs, torso, head).mean()
    distances = []
    for limb, surface in figure.limb_surfaces(vertices_m.device):
        points = vertices_m[:, torch.from_numpy(limb.counted).to(vertices_m.device)]
        distances.append(signed_distance(surface, limb.vertices_m(vertices_m), points, reach_m=0.0))
    if not distances:
        return vertices_m.sum() * 0
    signed = torch.cat(distances, dim=1)
    scale = 1 / figure.character.height_m if form == "mean" else signed.shape[1]
    return scale * depth_loss(signed + allowed_h * figure.character.height_m)
