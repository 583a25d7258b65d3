"""L-BFGS for many problems side by side: each goes its own way, as if it were alone.

Nocedal and Wright, Numerical Optimization, algorithm 7.4 with Armijo's condition. Every evaluation is a step of all
problems: one that got better goes on from where it is, one that did not tries again nearer to where it was.
"""

from collections import deque

import torch
from torch import Tensor

_MEMORY = 10
_ARMIJO = 1e-4
_SHORTER = 0.35
_FIRST_STEP = 0.3
_LONGEST_STEP = 0.25
"""In units of the style: an arm that is flung further, out of the body, does not find its way back."""


class Descent:
    """Where each problem is, and where it tries next; all tensors are [problems, variables] or [problems]."""

    def __init__(self, start: Tensor) -> None:
        """Begin at a point of each problem."""
        self.best = start
        """The best point so far."""
        self.trial = start
        """The point to evaluate next."""
        self._cost: Tensor | None = None
        self._gradient = torch.zeros_like(start)
        self._direction = torch.zeros_like(start)
        self._step = torch.zeros(len(start), device=start.device)
        self._pairs: deque[tuple[Tensor, Tensor, Tensor]] = deque(maxlen=_MEMORY)

    def restart(self) -> None:
        """Forget the cost of the best point, because the costs have changed; it is evaluated next."""
        self._cost, self.trial = None, self.best

    def tell(self, cost: Tensor, gradient: Tensor) -> None:
        """Take the cost and the gradient at ``trial`` and choose the next one."""
        if self._cost is None:
            self._cost, self._gradient = cost, gradient
            self._aim(torch.ones_like(cost, dtype=torch.bool))
            return
        slope = (self._gradient * self._direction).sum(1)
        better = cost <= self._cost + _ARMIJO * self._step * slope
        taken = better[:, None]
        moved = torch.where(taken, self.trial - self.best, 0.0)
        turned = torch.where(taken, gradient - self._gradient, 0.0)
        curvature = (moved * turned).sum(1)
        usable = curvature > 1e-8 * turned.square().sum(1).clamp_min(1e-20)
        inverse = torch.where(usable, 1 / torch.where(usable, curvature, 1.0), 0.0)
        self._pairs.append((moved, turned, inverse))
        self.best = torch.where(taken, self.trial, self.best)
        self._gradient = torch.where(taken, gradient, self._gradient)
        self._cost = torch.where(better, cost, self._cost)
        self._aim(better)

    def _aim(self, fresh: Tensor) -> None:
        """Give those that moved a new direction, and the others a shorter step."""
        direction = -self._inverse_hessian_times(self._gradient)
        uphill = (direction * self._gradient).sum(1) >= 0
        direction = torch.where(uphill[:, None], -self._gradient, direction)
        length = direction.norm(dim=1)
        limit = _LONGEST_STEP if self._pairs else _FIRST_STEP
        first = torch.clamp(limit / length.clamp_min(1e-12), max=1.0)
        self._direction = torch.where(fresh[:, None], direction, self._direction)
        self._step = torch.where(fresh, first, self._step * _SHORTER)
        self.trial = self.best + self._step[:, None] * self._direction

    def _inverse_hessian_times(self, vector: Tensor) -> Tensor:
        """The two-loop recursion; a pair that cannot be used has weight 0."""
        shares = []
        for moved, turned, inverse in reversed(self._pairs):
            share = inverse * (moved * vector).sum(1)
            vector = vector - share[:, None] * turned
            shares.append(share)
        vector = vector * self._scale()[:, None]
        for (moved, turned, inverse), share in zip(self._pairs, reversed(shares), strict=True):
            vector = vector + (share - inverse * (turned * vector).sum(1))[:, None] * moved
        return vector

    def _scale(self) -> Tensor:
        """Curvature along the last usable pair of each problem."""
        scale = torch.ones_like(self._step)
        for _, turned, inverse in self._pairs:
            usable = inverse > 0
            last = 1 / (inverse * turned.square().sum(1)).clamp_min(1e-20)
            scale = torch.where(usable, last, scale)
        return scale
