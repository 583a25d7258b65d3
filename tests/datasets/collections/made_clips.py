"""A small data folder of named animations: two files, and previews of two animations, with lists of their own."""

import csv
import hashlib
from dataclasses import replace

import av
import numpy as np

from retargetbench.datasets.body import Motion
from retargetbench.datasets.collections.open_clips import clips, reading
from retargetbench.datasets.readers.glb_writer import write_glb

from ...benchmark.toy import toy_character

BASE, RIG = "characters/mesh2motion/human_base_animations.glb", "characters/kaykit_medium/Med_General.glb"
ANIMATIONS = {
    BASE: ("Walk_Loop", "Sit", "Dizzy", "Jump_Start", "Wave", "T-Pose"),
    RIG: ("Walking_A", "Walking_B", "Kick", "Roll", "Throw", "Summon", "Cheer"),
}
PREVIEWED = ("Walk_Loop", "T-Pose")
VIDEO_FRAMES, VIDEO_FPS = 20, 10
DARKEST = 0, 120
"""Grey of the first frame of each preview; it gets lighter by 95, so that the two never meet."""


def make_clips(root, monkeypatch):
    """Write the folder and let the package's lists be those of it."""
    for number, (file, names) in enumerate(ANIMATIONS.items()):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        made = {name: _motion(10 + 3 * place + number, place) for place, name in enumerate(names)}
        write_glb(root / file, toy_character().skeleton, made)
    lines = [
        (file, name, "yes" if name in PREVIEWED else "no", "no" if "Pose" in name else "yes")
        for file, names in ANIMATIONS.items()
        for name in names
    ]
    for number, name in enumerate(PREVIEWED):
        for theme in clips.THEMES:
            _video(root / f"videos/mesh2motion_previews/{theme}_{name.replace('-', '_')}.webm", DARKEST[number])
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    files = [(str(p.relative_to(root)), hashlib.sha256(p.read_bytes()).hexdigest(), "CC0", "o/r@c:p") for p in paths]
    lists = root / "lists"
    lists.mkdir()
    for name, head, rows in (
        ("files.csv", ("path", "sha256", "licence", "source"), files),
        ("clips.csv", ("file", "animation", "preview", "moves"), lines),
    ):
        with (lists / name).open("w", newline="") as stream:
            csv.writer(stream).writerows([head, *rows])
    for module in (clips, reading):
        monkeypatch.setattr(module, "_HERE", lists)
    return root


def _motion(frames, number):
    skeleton = toy_character().skeleton
    rotations = np.zeros((frames, skeleton.joint_count, 4), dtype=np.float32)
    rotations[..., 0] = 1
    root = np.zeros((frames, 3), dtype=np.float32) + skeleton.rest_offsets_m[0]
    root[:, 0] += np.linspace(0, 0.1 * number, frames)
    return replace(Motion(skeleton, rotations, root, 30.0))


def _video(path, grey):
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = path.with_suffix(".mp4")
    with av.open(str(plain), "w") as container:
        stream = container.add_stream("mpeg4", rate=VIDEO_FPS)
        stream.width, stream.height, stream.pix_fmt = 48, 64, "yuv420p"
        for number in range(VIDEO_FRAMES):
            picture = np.full((64, 48, 3), grey + 5 * number, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    plain.rename(path)
