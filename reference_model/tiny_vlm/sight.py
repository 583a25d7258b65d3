"""Learning to see: on which patch of a picture each joint lies, read off the picture encoder's patches.

Every patch is asked for every joint, by the same layer, so that one picture teaches as often as it has patches. Nothing
of this is part of the saved model.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import log_softmax, smooth_l1_loss

_UNIT = 20.0
"""Errors are counted in units of a twentieth of the picture's side."""


class PointMaps(nn.Module):
    """A map over patches for each point, and the point's depth at each patch."""

    centres: Tensor
    """Middles of the patches, row by row, x and y in picture sizes, [side², 2]."""

    def __init__(self, width: int, side: int, points: int) -> None:
        """Make the layer.

        Args:
            width: Of a patch's state.
            side: Patches along a side of the picture.
            points: How many points are looked for.
        """
        super().__init__()
        self.reads = nn.Linear(width, 2 * points)
        centres = (torch.arange(side) + 0.5) / side
        rows, columns = torch.meshgrid(centres, centres, indexing="ij")
        self.register_buffer("centres", torch.stack([columns, rows], dim=-1).flatten(0, 1), persistent=False)
        self.side = side

    def forward(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Return scores of each point on the class token and on each patch, and where that puts the point.

        Args:
            seen: States of the class token and of the patches, row by row, [n, 1 + side², width].

        Returns:
            Scores [n, points, 1 + side²], the class token's for points out of the picture; and places, x and y in
            picture sizes and depth, [n, points, 3].
        """
        scores, depths = self.reads(seen).transpose(1, 2).chunk(2, dim=1)
        shares = scores[..., 1:].softmax(dim=-1)
        flat = shares @ self.centres.to(shares)
        return scores, torch.cat([flat, (shares * depths[..., 1:]).sum(dim=-1, keepdim=True)], dim=-1)

    def wanted_shares(self, points: Tensor) -> Tensor:
        """Return how each point is shared out between the four patches around it, [n, points, 1 + side²].

        Args:
            points: x and y in picture sizes, then depth, [n, points, 3]; a point out of the picture is the class
                token's.
        """
        gaps = (points[..., None, :2] - self.centres.to(points)).abs() * self.side
        shares = (1 - gaps).clamp(min=0).prod(dim=-1)
        # beyond the outermost centres there is no second patch to share with
        shares = shares / shares.sum(dim=-1, keepdim=True).clamp(min=1e-6)
        inside = in_picture(points)[..., None]
        return torch.cat([(~inside).to(shares), shares * inside], dim=-1)

    def loss(self, seen: Tensor, points: Tensor, weights: Tensor) -> Tensor:
        """Return the cross entropy of the maps plus the smooth L1 error of the places.

        Args:
            seen: As of ``forward``.
            points: Where the points are, [n, points, 3].
            weights: Of each point, [points].
        """
        scores, places = self(seen)
        wanted = self.wanted_shares(points)
        entropy = -(wanted * log_softmax(scores, dim=-1)).sum(dim=-1)
        off = smooth_l1_loss(places * _UNIT, points * _UNIT, reduction="none").mean(dim=-1) * in_picture(points)
        return ((entropy + off) * weights).mean(dim=0).sum() / weights.sum()


def in_picture(points: Tensor) -> Tensor:
    """Return which points lie in the picture, [..., points] of [..., points, 3]."""
    flat = points[..., :2]
    return ((flat >= 0) & (flat <= 1)).all(dim=-1)
