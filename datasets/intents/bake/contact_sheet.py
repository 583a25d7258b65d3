"""Draw ``docs/pictures/bodies.png``: every named body from the front and the side, and once with the arms down."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ...body import Character, Motion
from ...body.kinematics import motion_vertices_m
from ..bodies import body_info, body_names, key_vertices, load_body
from .sheet import paint

PIXELS_PER_M = 88
TILE_HEIGHT = 232
Picture = NDArray[np.uint8]


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
    ImageDraw.Draw(tile).text((4, 2), f"{info.split}: {name}, {info.height_m:.2f} m", fill=(30, 30, 30))
    return np.asarray(tile)


def key_panel(
    name: str, size: tuple[int, int], *, yaw_deg: float, pixels_per_m: float, centre: tuple[float, float]
) -> Picture:
    """Return a body with its visible key vertices marked and named."""
    character = load_body(name)
    vertices = np.asarray(character.rest_vertices_m, dtype=np.float64)
    picture, screen = paint(
        vertices, character.faces, size=size, pixels_per_m=pixels_per_m, yaw_deg=yaw_deg, centre_m=centre
    )
    corners = screen[character.faces][:, :, :2]
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    facing = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0] < 0
    seen = np.zeros(len(vertices), dtype=bool)
    seen[character.faces[facing].ravel()] = True
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    for key, vertex in key_vertices().items():
        column, row, _ = screen[vertex]
        if seen[vertex] and 0 <= column < size[1] and 0 <= row < size[0]:
            draw.ellipse((column - 2, row - 2, column + 2, row + 2), fill=(205, 30, 30))
            if not key.startswith("right_"):
                draw.text((column + 4, row - 6), key.removeprefix("left_"), fill=(20, 20, 140))
    return np.asarray(image)


def draw_sheet(path: Path, columns: int = 4) -> None:
    """Write the contact sheet."""
    tiles = [body_tile(name) for name in body_names()]
    blank = np.full_like(tiles[0], 250)
    tiles += [blank] * (-len(tiles) % columns)
    rows = [np.concatenate(tiles[i : i + columns], axis=1) for i in range(0, len(tiles), columns)]
    width = rows[0].shape[1]
    half = width // 3
    keys = [
        key_panel("average_man", (700, half), yaw_deg=0, pixels_per_m=360, centre=(0.42, 0.92)),
        key_panel("average_man", (700, half), yaw_deg=180, pixels_per_m=360, centre=(-0.42, 0.92)),
        key_panel("average_man", (700, width - 2 * half), yaw_deg=0, pixels_per_m=2100, centre=(0.03, 1.66)),
    ]
    sheet = Image.fromarray(np.concatenate([*rows, np.concatenate(keys, axis=1)], axis=0))
    sheet.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
