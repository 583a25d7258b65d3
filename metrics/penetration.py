"""How much of the limbs is inside the rest of the body.

Inside is a winding number above 0.5 in the body without the limb, the cut capped (``datasets.body.limbs``). Vertices
near the cut, or inside in the rest pose already, are never counted. Touching skin flips in and out from frame to frame,
so every rate comes at depth 0 and at 0.3 % of the body height.

Rates of different papers do not compare: the copy baseline scores 5.3, 9.2 or 11.2 % depending on the formula.
"""

from collections.abc import Sequence

import numpy as np
import torch
from scipy.spatial import ConvexHull, QhullError, cKDTree
from torch import Tensor

SKIN_DEPTH = 0.003
"""Depth over H up to which touching skin is not counted in the ``[0.3%H]`` forms."""

_BRUTE_FORCE_PAIRS = 2_000_000


def penetration_percent(
    inside: Sequence[Tensor], depth_m: Sequence[Tensor], deeper_than_m: float | None = None
) -> float | None:
    """Return the share of counted limb vertices that are inside, pooled over limbs and frames, in percent.

    Over both arms with their hands this is MeshRet's rate (Ye et al., NeurIPS 2024, eq. 12: penetrated arm vertices
    over all arm vertices).

    Args:
        inside: Per limb, whether each counted vertex is inside, [frames, vertices].
        depth_m: Per limb, how deep, [frames, vertices].
        deeper_than_m: Count only vertices deeper than this; ``None`` counts all that are inside.

    Returns:
        ``None`` if there is no counted vertex.
    """
    total = sum(limb.numel() for limb in inside)
    if not total:
        return None
    hits = sum(
        int((where if deeper_than_m is None else where & (depth > deeper_than_m)).sum())
        for where, depth in zip(inside, depth_m, strict=True)
    )
    return 100.0 * hits / total


def depth_loss(signed_distance_m: Tensor) -> Tensor:
    """Return the mean depth below the surface in metres, ``mean ReLU(-d)``: the differentiable form of a rate.

    Args:
        signed_distance_m: Distances, negative inside (``datasets.body.surface.signed_distance``), any shape.
    """
    return torch.relu(-signed_distance_m).mean()


def behind_nearest_normal(points_m: Tensor, others_m: Tensor, normals: Tensor) -> Tensor:
    """Return STaR's rule: is a point behind the normal of the nearest other vertex, [frames, points] bool.

    Inside if ``(nearest - v) . normal > 0`` (Yang et al., ICCV 2025, ``method/metric.py``, ``penetrate_1``). STaR turns
    rest normals with the skinning; here they are the posed mesh's own. The rule misjudges folded and overlapping
    skin, which is why it is kept for comparison only.

    Args:
        points_m: Limb vertices, [frames, points, 3].
        others_m: All vertices outside that limb, [frames, others, 3].
        normals: Their normals, of any length, [frames, others, 3].
    """
    nearest = _nearest(points_m.detach(), others_m.detach())[..., None].expand(-1, -1, 3)
    return ((others_m.gather(1, nearest) - points_m) * normals.gather(1, nearest)).sum(-1) > 0


def _nearest(points_m: Tensor, others_m: Tensor) -> Tensor:
    """Index of the nearest of the others for each point, frame by frame, [frames, points]."""
    if points_m.shape[1] * others_m.shape[1] > _BRUTE_FORCE_PAIRS:
        found = [cKDTree(o.numpy()).query(p.numpy())[1] for p, o in zip(points_m, others_m, strict=True)]
        return torch.from_numpy(np.asarray(found, dtype=np.int64))
    middle = others_m.mean(dim=1, keepdim=True)  # near the origin the expanded square loses no digits
    points, others = points_m - middle, others_m - middle
    squares = others.square().sum(-1)
    found = [
        torch.addmm(square, p, o.T, alpha=-2.0).numpy().argmin(axis=1)  # NumPy's is several times faster than torch's
        for p, o, square in zip(points, others, squares, strict=True)
    ]
    return torch.from_numpy(np.asarray(found, dtype=np.int64))


def hull_depth(points_m: Tensor, hull_points_m: Tensor) -> Tensor:
    """Return how deep points are inside the convex hull of other points, in hull half-extents, [frames, points].

    The hull's half-extent is half the longest edge of its bounding box. Which points span the hull is held fixed; the
    gradient flows to the points and to the hull's corners. A flat or too small hull has no inside.

    Args:
        points_m: Points to test, [frames, points, 3].
        hull_points_m: Points that span the hull, [frames, hull points, 3].
    """
    depths = [_hull_depth(points, corners) for points, corners in zip(points_m, hull_points_m, strict=True)]
    return torch.stack(depths)


def _hull_depth(points: Tensor, corners: Tensor) -> Tensor:
    if len(corners) < 4:
        return points.sum(dim=-1) * 0
    box_low, box_high = corners.detach().amin(dim=0), corners.detach().amax(dim=0)
    boxed = ((points.detach() > box_low) & (points.detach() < box_high)).all(dim=-1)
    if not boxed.any():  # outside the bounding box is outside the hull, and most frames stop here
        return points.sum(dim=-1) * 0
    try:
        hull = ConvexHull(corners.detach().cpu().numpy().astype(np.float64))
    except (QhullError, ValueError):
        return points.sum(dim=-1) * 0
    a, b, c = (corners[torch.from_numpy(hull.simplices[:, k].astype(np.int64))] for k in range(3))
    normals = torch.linalg.cross(b - a, c - a)
    normals = normals / normals.norm(dim=-1, keepdim=True).clamp(min=1e-12)
    outward = torch.as_tensor(hull.equations[:, :3], dtype=normals.dtype, device=normals.device)
    normals = normals * torch.sign((normals.detach() * outward).sum(-1, keepdim=True))
    above = points @ normals.T - (a * normals).sum(-1)
    half_extent = (corners.amax(dim=0) - corners.amin(dim=0)).max() / 2
    return torch.relu(-above.amax(dim=-1)) / half_extent


def pen_hull(limbs_m: Tensor, torso_m: Tensor, head_m: Tensor) -> Tensor:
    """Return SMT's penetration loss: mean depth of forearms and hands in the hulls of torso and head, per frame.

    ``mean ReLU(-d_torso) + mean ReLU(-d_head)`` with distances over the hull's half-extent (Zhang et al., CVPR 2024,
    released ``finetune.py``: hull of Spine*, Hips, Shoulder*; hull of Head*; against Hand*, ForeArm*). A hull fills
    hollows: it counts an arm that rests along the waist. Average the result over frames.

    Args:
        limbs_m: Vertices of both forearms and hands, [frames, vertices, 3].
        torso_m: Vertices that span the torso's hull, [frames, vertices, 3]; empty parts add nothing.
        head_m: Vertices that span the head's hull, [frames, vertices, 3].

    Returns:
        One value per frame, [frames].
    """
    total = limbs_m.new_zeros(len(limbs_m))
    if limbs_m.shape[1]:
        for hull_points in (torso_m, head_m):
            total = total + hull_depth(limbs_m, hull_points).mean(dim=-1)
    return total
