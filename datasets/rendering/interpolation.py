"""Values of vertices at points on triangles, and the normals of vertices: the two sums that cost most.

Their gradients are written out, so that no large intermediate is kept or filled with zeros.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn.functional import embedding_bag

from .topology import Topology, mesh_topology

_TINY = 1e-12
"""Normals shorter than this before they are made unit have no direction."""


class _Blend(torch.autograd.Function):
    """``sum over k of weights[:, k] values[rows[:, k]]``."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, rows: Tensor, weights: Tensor) -> Tensor:
        """Sum."""
        ctx.save_for_backward(values, rows, weights)
        return embedding_bag(rows, values, mode="sum", per_sample_weights=weights)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, None, Tensor | None]:
        """Give each of the values its share, and each weight the value it stands at."""
        values, rows, weights = ctx.saved_tensors
        to_values = to_weights = None
        if ctx.needs_input_grad[0]:
            to_values = torch.zeros_like(values)
            for k in range(3):
                to_values.index_add_(0, rows[:, k], gradient * weights[:, k : k + 1])
        if ctx.needs_input_grad[2]:
            products = [(values.index_select(0, rows[:, k]) * gradient).sum(dim=-1) for k in range(3)]
            to_weights = torch.stack(products, dim=-1)
        return to_values, None, to_weights


def blend(values: Tensor, rows: Tensor, weights: Tensor) -> Tensor:
    """Return the values at points on triangles, [N, channels]; differentiable in values and weights.

    Args:
        values: One row per vertex, [vertices, channels].
        rows: The vertices of each point's triangle, [N, 3].
        weights: Their shares, [N, 3].
    """
    return _Blend.apply(values.contiguous(), rows, weights)


class _VertexNormals(torch.autograd.Function):
    """Unit sums of the cross products of the adjacent triangles; vertices as [vertices, 3, frames]."""

    @staticmethod
    def forward(ctx: Any, vertices: Tensor, faces: Tensor, topology: Topology) -> Tensor:
        """Sum the areas' normals and make them unit."""
        a, b, c = (vertices.index_select(0, faces[:, k]) for k in range(3))
        total = _gathered(_cross(b - a, c - a), topology.corners % len(faces), topology, len(vertices))
        length = total.square().sum(dim=1, keepdim=True).sqrt_().clamp_(min=_TINY)
        normals = total.div_(length)
        ctx.save_for_backward(vertices, faces, normals, length)
        ctx.topology = topology
        return normals

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        """The adjoint: with h the gradient to ``u x v``, u gets ``v x h`` and v gets ``h x u``."""
        vertices, faces, normals, length = ctx.saved_tensors
        total = (gradient - normals * (gradient * normals).sum(dim=1, keepdim=True)) / length
        h = total.index_select(0, faces[:, 0])
        h += total.index_select(0, faces[:, 1])
        h += total.index_select(0, faces[:, 2])
        a, b, c = (vertices.index_select(0, faces[:, k]) for k in range(3))
        to_b, to_c = _cross(c - a, h), _cross(h, b - a)
        by_corner = torch.cat([-(to_b + to_c), to_b, to_c])
        return _gathered(by_corner, ctx.topology.corners, ctx.topology, len(vertices)), None, None


def _gathered(values: Tensor, which: Tensor, topology: Topology, vertices: int) -> Tensor:
    """The sum around each vertex of rows of ``values``, [vertices, 3, frames]."""
    starts = topology.starts_of(vertices)
    return embedding_bag(which, values.flatten(1), starts, mode="sum").view(vertices, *values.shape[1:])


def vertex_normals(vertices_m: Tensor, faces: Tensor) -> Tensor:
    """Return unit normals, the area-weighted mean of the adjacent triangles', [..., vertices, 3]; differentiable.

    A vertex without any triangle of an area gets the zero vector.

    Args:
        vertices_m: Positions, [..., vertices, 3].
        faces: Vertex indices, [faces, 3].
    """
    # Frames last: a vertex of all frames is then one run of memory, gathered and added as a whole.
    by_vertex = vertices_m.flatten(0, -3) if vertices_m.ndim > 2 else vertices_m[None]
    if not faces.numel():
        return torch.zeros_like(vertices_m)
    normals = _VertexNormals.apply(by_vertex.permute(1, 2, 0).contiguous(), faces.long(), mesh_topology(faces))
    return normals.permute(2, 0, 1).reshape(vertices_m.shape)


def _cross(u: Tensor, v: Tensor) -> Tensor:
    """The cross product over the second axis."""
    (ux, uy, uz), (vx, vy, vz) = u.unbind(dim=1), v.unbind(dim=1)
    return torch.stack([uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx], dim=1)
