"""The built-in renderer: Warp finds what is seen and where it ends, torch shades it, both ends meet in one gradient."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from .batch import Batch, Subject, lay_out
from .camera import Camera
from .moving_edges import Jumps, with_moving_edges
from .outlines import Outlines, find_outlines
from .rasterizer import Surface, fragments, surface_at, visible_faces
from .renderer import Pictures, RenderSettings
from .shading import Look, shade, vertex_normals


@dataclass(frozen=True)
class WarpRenderer:
    """Pictures by z-buffer with exact outlines' gradients; one launch per pass for all frames, views and characters.

    A picture is sampled at the centres of its pixels (or of ``samples`` x ``samples`` parts of them). Its gradient is
    that of the picture averaged over each pixel: colours inside the outline by autograd, the outline by
    ``moving_edges``. Equal input gives equal pictures on one device; on CUDA the gradient's last bits may differ.
    """

    settings: RenderSettings = field(default_factory=RenderSettings)

    def render(self, vertices_m: Tensor, faces: Tensor, cameras: Sequence[Camera]) -> Pictures:
        """Return the pictures of one moving mesh in the settings' tint; see ``Renderer``."""
        return self.render_many([Subject(vertices_m, faces, cameras)])[0]

    def render_many(self, subjects: Sequence[Subject]) -> list[Pictures]:
        """Return the pictures of several moving meshes; see ``Renderer``."""
        if not subjects:
            return []
        chosen = self.settings
        batch = lay_out(subjects, (chosen.height_px * chosen.samples, chosen.width_px * chosen.samples))
        look = self._look(subjects)
        behind = [self._background(s) for s in subjects]
        background = torch.cat([b.flatten(0, 1) for b in behind])
        if chosen.samples > 1:
            background = background.repeat_interleave(chosen.samples, 1).repeat_interleave(chosen.samples, 2)
        seen = visible_faces(batch)
        drawn = _composed(batch, look, background, seen)
        if torch.is_grad_enabled() and batch.points_px.requires_grad:
            with torch.no_grad():
                jumps = _jumps(batch, look, background, find_outlines(batch))
            drawn = with_moving_edges(drawn, batch.points_px, jumps)
        return self._split(subjects, batch, drawn, seen)

    def _look(self, subjects: Sequence[Subject]) -> Look:
        """Normals and colours of all vertices of all frames."""
        normals = torch.cat([vertex_normals(s.vertices_m, s.faces).flatten(0, 1) for s in subjects])
        colours = []
        for s in subjects:
            own = normals.new_tensor(self.settings.tint) if s.colours is None else s.colours.to(normals)
            colours.append(own.expand(s.vertices_m.shape).flatten(0, 1))
        chosen = self.settings
        return Look(chosen.material, chosen.light, normals, torch.cat(colours), chosen.below_floor)

    def _background(self, subject: Subject) -> Tensor:
        """What is behind a subject, [frames, views, height, width, 3]."""
        chosen, like = self.settings, subject.vertices_m
        shape = (len(like), len(subject.cameras), chosen.height_px, chosen.width_px, 3)
        if subject.background is None:
            return like.new_tensor(chosen.background).expand(shape)
        return subject.background.to(like).movedim(-3, -1).expand(shape)

    def _split(self, subjects: Sequence[Subject], batch: Batch, drawn: Tensor, seen: Tensor) -> list[Pictures]:
        """Average the samples of each pixel and give each subject its pictures."""
        n = self.settings.samples
        if n > 1:
            height, width = self.settings.height_px, self.settings.width_px
            drawn = drawn.reshape(len(drawn), height, n, width, n, 4).mean(dim=(2, 4))
        starts = batch.table[:, 1, None, None]
        local = torch.where(seen >= 0, seen - starts, seen)
        split, first = [], 0
        for subject in subjects:
            own = slice(first, first + subject.picture_count)
            shape = (len(subject.vertices_m), len(subject.cameras))
            pictures = drawn[own].unflatten(0, shape)
            images = pictures[..., :3].movedim(-1, -3)
            split.append(Pictures(images, pictures[..., 3], local[own].unflatten(0, shape)))
            first = own.stop
        return split


def _composed(batch: Batch, look: Look, background: Tensor, seen: Tensor) -> Tensor:
    """Colour and mask of every sample, [pictures, height, width, 4]."""
    covered = fragments(batch, seen)
    lit = shade(covered.surface, batch, look)
    empty = torch.cat([background, background.new_zeros(background.shape[:-1]).unsqueeze(-1)], dim=-1)
    colour_and_mask = torch.cat([lit, torch.ones_like(lit[:, :1])], dim=-1)
    return empty.index_put((covered.surface.picture, covered.row, covered.column), colour_and_mask)


def _jumps(batch: Batch, look: Look, background: Tensor, found: Outlines) -> Jumps:
    """What is seen on both sides of the outlines: colour and mask."""
    first = batch.table[:, 0].long()[found.picture][:, None]
    points = first + found.ends
    depth = batch.points_px[points, 2]
    inverse = torch.stack([1 - found.share, found.share], dim=1) / depth
    weights = inverse / inverse.sum(dim=1, keepdim=True)
    corners = torch.cat([found.ends, found.ends[:, 1:]], dim=1)
    inner = Surface(found.picture, corners, torch.nn.functional.pad(weights, (0, 1)), 1 / inverse.sum(dim=1))
    jump = torch.cat([shade(inner, batch, look), torch.ones_like(depth[:, :1])], dim=1)
    jump[:, :3] -= background[found.picture, found.row, found.column]
    behind = torch.nonzero(found.outside_face >= 0)[:, 0]
    outer = surface_at(
        batch, found.picture[behind], found.outside_face[behind], found.outside_px[behind].to(depth.dtype)
    )
    outside = background[found.picture[behind], found.row[behind], found.column[behind]]
    jump[behind, :3] += outside - shade(outer, batch, look)
    jump[behind, 3] = 0
    return Jumps(found, points, jump)
