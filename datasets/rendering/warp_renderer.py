"""The built-in renderer: Warp finds what is seen and where it ends, torch shades it, both ends meet in one gradient."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from .batch import Batch, Subject, lay_out
from .camera import Camera
from .footing import sliding_weights
from .interpolation import vertex_normals
from .moving_edges import Canvas, Motion, paint, painted
from .outlines import Outlines, find_outlines
from .rasterizer import Fragments, Surface, footing_of, fragments, visible_faces
from .renderer import Pictures, RenderSettings
from .shading import Look, shade
from .slopes import Sides, picture_slopes

_SAMPLED_WELL_PX = 8.0
"""Triangles whose altitudes are all longer than this on the screen are sampled well by the pixels."""


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
        background = _joined([self._background(s).flatten(0, 1) for s in subjects])
        seen = visible_faces(batch)
        images, mask = self._painted(batch, look, background, seen)
        return _split(subjects, batch, (images.movedim(-1, 1), mask, seen))

    def _painted(self, batch: Batch, look: Look, background: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Images and masks of the whole batch; what moves is looked for only where a gradient is wanted."""
        found = fragments(batch, seen)
        canvas = Canvas((self.settings.height_px, self.settings.width_px), self.settings.samples, found)
        weights = found.footing.weights.t().contiguous()
        if not (torch.is_grad_enabled() and batch.points_px.requires_grad):
            return paint(shade(Surface(found.picture, found.corners, weights), batch, look), background, canvas)
        within = _within_a_triangle(seen, found)
        which = torch.nonzero(within)[:, 0]
        if len(which):
            weights = sliding_weights(batch.points_px, found.footing, which)
        lit = shade(Surface(found.picture, found.corners, weights), batch, look)
        with torch.no_grad():
            outlines = find_outlines(batch)
            sides, bare = _sides(batch, look, background, outlines, canvas)
            slopes = picture_slopes(found, lit, sides, (batch.picture_count, *batch.size_px)) * ~within[:, None]
            ends = batch.table[:, 0].long()[outlines.picture][:, None] + outlines.ends
            motion = Motion(sides, bare, ends, slopes)
        return painted(lit, background, batch.points_px, canvas, motion)

    def _look(self, subjects: Sequence[Subject]) -> Look:
        """Normals and colours of all vertices of all frames."""
        normals = _joined([vertex_normals(s.vertices_m, s.faces).flatten(0, 1) for s in subjects])
        tint = normals.new_tensor(self.settings.tint)
        own = [tint if s.colours is None else s.colours.to(normals) for s in subjects]
        plain = [c[:1].expand(1, 3) if c.ndim > 1 else c[None] for c in own]
        tints = torch.cat([c.expand(s.picture_count, 3) for c, s in zip(plain, subjects, strict=True)])
        colours = coloured = None
        if any(c.ndim > 1 for c in own):
            colours = torch.cat(
                [c.expand(s.vertices_m.shape).flatten(0, 1) for c, s in zip(own, subjects, strict=True)]
            )
            by_picture = [c.ndim > 1 for c, s in zip(own, subjects, strict=True) for _ in range(s.picture_count)]
            coloured = torch.tensor(by_picture, device=normals.device)
        chosen = self.settings
        return Look(chosen.material, chosen.light, normals, tints, colours, coloured, chosen.below_floor)

    def _background(self, subject: Subject) -> Tensor:
        """What is behind a subject, [frames, views, height, width, 3]."""
        chosen, like = self.settings, subject.vertices_m
        shape = (len(like), len(subject.cameras), chosen.height_px, chosen.width_px, 3)
        if subject.background is None:
            return like.new_tensor(chosen.background).expand(shape)
        return subject.background.to(like).movedim(-3, -1).expand(shape)


def _split(subjects: Sequence[Subject], batch: Batch, drawn: tuple[Tensor, Tensor, Tensor]) -> list[Pictures]:
    """Give each subject its pictures, and the triangles their numbers within its mesh."""
    images, mask, seen = drawn
    if len(subjects) > 1:
        seen = torch.where(seen >= 0, seen - batch.table[:, 1, None, None], seen)
    counts = [subject.picture_count for subject in subjects]
    # A slice of everything would cost the backward pass a copy of everything.
    parts = [[part] if len(counts) == 1 else part.split(counts) for part in (images, mask, seen.contiguous())]
    split = []
    for subject, *own in zip(subjects, *parts, strict=True):
        shape = (len(subject.vertices_m), len(subject.cameras))
        split.append(Pictures(*(part.unflatten(0, shape) for part in own)))
    return split


def _within_a_triangle(seen: Tensor, found: Fragments) -> Tensor:
    """Whether the four neighbours of covered samples show the same triangle, so that its own slope holds, [N]."""
    within = torch.zeros_like(seen, dtype=torch.bool)
    middle = seen[:, 1:-1, 1:-1]
    within[:, 1:-1, 1:-1] = (middle == seen[:, 1:-1, 2:]) & (middle == seen[:, 1:-1, :-2])
    within[:, 1:-1, 1:-1] &= (middle == seen[:, 2:, 1:-1]) & (middle == seen[:, :-2, 1:-1])
    return within[found.picture, found.row, found.column]


def _joined(parts: list[Tensor]) -> Tensor:
    """The parts one after another; a single part is not copied."""
    return parts[0] if len(parts) == 1 else torch.cat(parts)


def _sides(batch: Batch, look: Look, background: Tensor, found: Outlines, canvas: Canvas) -> tuple[Sides, Tensor]:
    """The colours on both sides of the outlines, and 1 where the outer one is the background's."""
    depth = batch.points_px[batch.table[:, 0].long()[found.picture][:, None] + found.ends, 2]
    inverse = torch.stack([1 - found.share, found.share], dim=1) / depth
    weights = torch.nn.functional.pad(inverse / inverse.sum(dim=1, keepdim=True), (0, 1))
    corners = torch.cat([found.ends, found.ends[:, 1:]], dim=1)
    inner = shade(Surface(found.picture, corners, weights), batch, look)
    outer = background[canvas.pixels(found)]
    behind = torch.nonzero(found.outside_face >= 0)[:, 0]
    picture, place = found.picture[behind], found.outside_px[behind].t().to(depth.dtype)
    corners, on = footing_of(batch, picture, found.outside_face[behind], place)
    outer[behind] = shade(Surface(picture, corners, on.weights.t().contiguous()), batch, look)
    return Sides(found, inner, outer), (found.outside_face < 0).to(depth.dtype)
