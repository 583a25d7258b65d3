"""Draw ``docs/pictures/bodies.png``: every named body from the front and the side, and once with the arms down."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ...body import Character, Motion
from ...body.kinematics import motion_vertices_m
from ..bodies import body_info, body_names, key_vertices, load_body
from .sheet import SKIN, paint

PIXELS_PER_M = 88
TILE_HEIGHT = 232
Picture = NDArray[np.uint8]

_TRUNK_KEYS = (
    "shoulder", "arm", "elbow", "chest", "ribs", "belly", "waist", "hip", "pelvis", "thigh", "knee", "shin", "calf",
    "ankle", "heel", "toe", "instep", "lower_back", "upper_back", "neck_back", "head_back", "buttock",
)  # fmt: skip
_HAND_KEYS = ("tip", "palm", "hand_back", "knuckles", "wrist")
_HEAD_KEYS = ("crown", "forehead", "temple", "ear", "nose", "cheek", "mouth", "chin", "neck_front")


def bent_pose(character: Character) -> Motion:
    """Return one frame: arms hanging, elbows and knees bent, one leg forward, head turned."""
    degrees = {
        "LeftArm": (0, 0, -72), "RightArm": (0, 0, 72), "LeftForeArm": (0, -25, 0), "RightForeArm": (0, 80, 0),
        "LeftUpLeg": (-50, 0, 0), "LeftLeg": (70, 0, 0), "RightUpLeg": (12, 0, 0), "RightLeg": (15, 0, 0),
        "Spine": (8, 0, 0), "Spine1": (6, 8, 0), "Head": (0, 30, 0),
    }  # fmt: skip
    rotations = np.zeros((1, character.skeleton.joint_count, 4))
    rotations[..., 0] = 1
    for joint, angles in degrees.items():
        vector = np.radians(angles)
        angle = max(float(np.linalg.norm(vector)), 1e-9)
        rotations[0, character.skeleton.index(joint)] = [np.cos(angle / 2), *(np.sin(angle / 2) * vector / angle)]
    return Motion(character.skeleton, rotations.astype(np.float32), character.skeleton.rest_offsets_m[:1], 30.0)


def body_tile(name: str) -> Picture:
    """Return front view, side view and bent pose of one body beside each other, with its name."""
    character = load_body(name)
    bent = motion_vertices_m(character, bent_pose(character), torch.float64)[0].numpy()
    bent[:, 1] -= bent[:, 1].min()
    centre = (0.0, 1.15)
    views = [
        (character.rest_vertices_m, 0.0, 262),
        (character.rest_vertices_m, 90.0, 66),
        (bent, 0.0, 92),
        (bent, -60.0, 92),
    ]
    row = [
        paint(np.asarray(points, dtype=np.float64), character.faces, size=(TILE_HEIGHT, width),
              pixels_per_m=PIXELS_PER_M, yaw_deg=yaw, centre_m=centre)[0]
        for points, yaw, width in views
    ]  # fmt: skip
    tile = Image.fromarray(np.concatenate(row, axis=1))
    info = body_info(name)
    ImageDraw.Draw(tile).text((4, 2), f"{info.split}: {name}, {info.height_m:.2f} m", fill=(30, 30, 30), font_size=14)
    return np.asarray(tile)


@dataclass(frozen=True)
class View:
    """From where a body is looked at, and which part of it."""

    size: tuple[int, int]
    centre_m: tuple[float, float, float]
    pixels_per_m: float
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    """Positive tips the head towards the viewer, who then looks from above."""
    shown: tuple[str, ...] = ()
    """Words, one of which a marked key must contain."""


def key_panel(name: str, view: View) -> Picture:
    """Return a body with its visible key vertices; those of the right side, mirror images, are left out."""
    character = load_body(name)
    pitch = np.radians(view.pitch_deg)
    tip = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    yaw = np.radians(view.yaw_deg)
    turn = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    vertices = (character.rest_vertices_m.astype(np.float64) - view.centre_m) @ (tip @ turn).T
    picture, screen = paint(
        vertices, character.faces, size=view.size, pixels_per_m=view.pixels_per_m, centre_m=(0.0, 0.0)
    )
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    seen = _seen(screen, character.faces)
    for key, vertex in key_vertices().items():
        wanted = not key.startswith("right_") and any(word in key for word in view.shown)
        column, row, _ = screen[vertex]
        if wanted and seen[vertex] and 0 <= column < view.size[1] and 0 <= row < view.size[0]:
            draw.ellipse((column - 3, row - 3, column + 3, row + 3), fill=(205, 30, 30))
            draw.text((column + 5, row - 6), key.removeprefix("left_"), fill=(20, 20, 140), font_size=12)
    return np.asarray(image)


def _seen(screen: NDArray[np.float64], faces: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which vertices belong to a face that faces the viewer."""
    corners = screen[faces][:, :, :2]
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    facing = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0] < 0
    seen = np.zeros(len(screen), dtype=bool)
    seen[faces[facing].ravel()] = True
    return seen


def key_row(width: int, height: int = 620) -> Picture:
    """Return the average man from the front, the back and close up, with key vertices."""
    hand = key_vertices()["left_palm"]
    x, y, z = load_body("average_man").rest_vertices_m[hand].tolist()
    body_width, head_width = width // 4, width // 5
    close_width = width - 2 * body_width - head_width
    trunk = View((height, body_width), (0.16, 0.91, 0.0), 325, shown=_TRUNK_KEYS)
    close = View((height // 2, close_width), (x + 0.06, y, z + 0.01), 1500, shown=_HAND_KEYS)
    head = View((height, head_width), (0.0, 1.68, 0.04), 1500, yaw_deg=-25, shown=_HEAD_KEYS)
    hands = [key_panel("average_man", replace(close, pitch_deg=pitch)) for pitch in (90, -90)]
    views = [
        key_panel("average_man", trunk),
        key_panel("average_man", replace(trunk, yaw_deg=180)),
        key_panel("average_man", head),
        np.concatenate(hands),
    ]
    return np.concatenate(views, axis=1)


def draw_sheet(path: Path, columns: int = 4) -> None:
    """Write the contact sheet."""
    tiles = [body_tile(name) for name in body_names()]
    blank = np.full_like(tiles[0], 250)
    tiles += [blank] * (-len(tiles) % columns)
    rows = [np.concatenate(tiles[i : i + columns], axis=1) for i in range(0, len(tiles), columns)]
    sheet = Image.fromarray(np.concatenate([*rows, key_row(rows[0].shape[1])], axis=0))
    sheet.quantize(palette=_palette(), dither=Image.Dither.NONE).save(path, optimize=True)


def _palette() -> Image.Image:
    """Return a palette of skin shades, paper and the two inks: a small file in which no ink turns brown."""
    shades = [np.round(np.array(SKIN) * level) for level in np.linspace(0.35, 1.1, 58)]
    colours = [*shades, (250, 250, 250), (30, 30, 30), (205, 30, 30), (20, 20, 140), (120, 120, 190), (160, 160, 160)]
    image = Image.new("P", (1, 1))
    image.putpalette(np.clip(np.array(colours), 0, 255).astype(np.uint8).ravel().tolist())
    return image
