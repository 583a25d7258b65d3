"""A picture per damage: no damage on the left, then its degrees side by side.

A damaged contact is seen from near and from the side, at one moment of two clips; other damages are seen whole, at
three moments of one clip.
"""

import io
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ...datasets.body import Character, Motion
from ...datasets.body.kinematics import motion_vertices_m
from ...datasets.clip_set import ClipSet
from ...datasets.rendering import CLAY, SKY, Camera, PictureStyle, draw, orbit
from ...metrics.clip_geometry import vertex_normals
from .case import AuditCase, audit_case
from .damages.apply import damaged
from .damages.contact import hand_goals
from .damages.names import Damage

_SIDE_PX = 176
_CLOSE_CLIPS, _MOMENTS = 2, 3
_MOST_TRIED = 16
_CLOSE_H, _WHOLE_H = 0.5, 1.45
"""Height of what a picture shows, over the body height."""
_LEFT_H = 0.25
"""How far over the body height a body goes before the camera goes after it."""
_FOV_DEG = 24.0
_ASIDE_DEG = 65.0
"""How far from the skin's normal a contact is looked at: from the side a gap is seen, from in front it is not."""

Pixels = NDArray[np.uint8]


def damage_picture(clips: ClipSet, clip_ids: Sequence[str], damage: Damage, *, seed: int) -> bytes | None:
    """Return a damage as a JPEG, drawn on the first clips on which every degree can be done.

    Args:
        clips: The clip set.
        clip_ids: Clips to try.
        damage: What is drawn.
        seed: Of the audit: the picture shows what was scored.

    Returns:
        ``None`` where none of the first clips takes all degrees.
    """
    rows: list[Pixels] = []
    for case, motions in _cases(clips, clip_ids, damage, seed):
        rows += _close_row(case, damage, motions) if damage.at_contact else _whole_rows(case, damage, motions)
        if len(rows) >= (_CLOSE_CLIPS if damage.at_contact else _MOMENTS):
            break
    if not rows:
        return None
    buffer = io.BytesIO()
    Image.fromarray(np.concatenate(rows, axis=0)).save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


def _cases(
    clips: ClipSet, clip_ids: Sequence[str], damage: Damage, seed: int
) -> Iterator[tuple[AuditCase, list[Motion]]]:
    for clip_id in clip_ids[:_MOST_TRIED]:
        case = audit_case(clips, clip_id, seed)
        made = [damaged(case, damage, degree, seed) for degree in damage.degrees]
        motions = [motion for motion in made if motion is not None]
        if len(motions) == len(made):
            yield case, [case.truth, *motions]


def _labels(damage: Damage) -> list[str]:
    return ["no damage", *(damage.label(degree) for degree in damage.degrees)]


def _close_row(case: AuditCase, damage: Damage, motions: Sequence[Motion]) -> list[Pixels]:
    """One contact in the middle of its being held, from near; the camera stands still."""
    (_, goal), target = hand_goals(case.pair.target, case.pair.contact_goals)[0], case.pair.target
    frame = int(np.flatnonzero(goal.held)[goal.held.sum() // 2])
    vertices = motion_vertices_m(target, case.truth.window(frame, frame + 1))
    normal = vertex_normals(vertices, torch.from_numpy(target.faces.astype(np.int64)))[0, goal.place]
    azimuth = float(torch.rad2deg(torch.atan2(normal[0], normal[2])))
    # of the two sides the one from which more of the front is seen
    side = min((azimuth + _ASIDE_DEG, azimuth - _ASIDE_DEG), key=lambda one: abs((one + 180) % 360 - 180))
    camera = _camera(vertices[0, goal.place], target, _CLOSE_H, side)
    tiles = [_tile(target, motion, frame, camera, colour=SKY if n else CLAY) for n, motion in enumerate(motions)]
    words = _labels(damage)
    words[0] += f"\n{goal.name}"
    return [_row(tiles, words)]


def _whole_rows(case: AuditCase, damage: Damage, motions: Sequence[Motion]) -> list[Pixels]:
    """Three moments of a clip, the body whole; the camera stands where it sees the undamaged body."""
    target = case.pair.target
    frames = np.linspace(0, case.truth.frame_count - 1, _MOMENTS + 2)[1:-1].round().astype(int).tolist()
    rows = []
    for number, frame in enumerate(frames):
        cameras = [_camera(_middle(case.truth, one, frame, target.height_m), target, _WHOLE_H, 30.0) for one in motions]
        tiles = [
            _tile(target, motion, frame, camera, colour=SKY if n else CLAY)
            for n, (motion, camera) in enumerate(zip(motions, cameras, strict=True))
        ]
        words = _labels(damage) if number == 0 else [""] * len(tiles)
        words[0] += f"\nframe {frame}"
        rows.append(_row(tiles, [word.strip() for word in words]))
    return rows


def _middle(truth: Motion, motion: Motion, frame: int, height_m: float) -> torch.Tensor:
    """Where to look: at the undamaged body, so that what slides or sinks is seen to, or after one that walks away."""
    here, there = (torch.tensor(one.root_translation_m[frame]) for one in (truth, motion))
    at = there if float((there - here)[[0, 2]].norm()) > _LEFT_H * height_m else here
    at[1] = 0.5 * height_m
    return at


def _camera(at: torch.Tensor, target: Character, shown: float, azimuth_deg: float) -> Camera:
    distance = shown * target.height_m / (2 * np.tan(np.radians(_FOV_DEG / 2)))
    return orbit(at.detach(), float(distance), azimuth_deg=azimuth_deg, elevation_deg=8.0, fov_y_deg=_FOV_DEG)


def _tile(target: Character, motion: Motion, frame: int, camera: Camera, colour: tuple[float, float, float]) -> Pixels:
    vertices = motion_vertices_m(target, motion.window(frame, frame + 1))
    style = PictureStyle(samples=2)
    return draw(vertices, target.faces, camera, size=_SIDE_PX, colour=colour, style=style)[0]


def _row(tiles: Sequence[Pixels], words: Sequence[str]) -> Pixels:
    row = Image.fromarray(np.concatenate(tiles, axis=1))
    pen, font = ImageDraw.Draw(row), ImageFont.load_default(size=12)
    for number, word in enumerate(words):
        place = (number * _SIDE_PX + 5, 3)
        pen.text(place, word, fill=(40, 40, 46), font=font, stroke_width=2, stroke_fill=(244, 244, 246))
    return np.asarray(row)
