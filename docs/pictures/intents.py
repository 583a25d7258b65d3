"""Draw the contact sheets and videos of docs/intents-sheets.md, and list what they show. Run it with Python.

Motions are drawn by a hash of their clip ids, not chosen. The first two rows are shipped clips, source and target; the
third body is solved here as training's are (about 4 s of CPU each; kept in the folder that is given as argument).
"""

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from retargetbench.datasets.body import Character, Motion
from retargetbench.datasets.clip_set import PairData, PairSpec
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.intents.build import pairs_of
from retargetbench.datasets.intents.clips import VARIANTS, load_intents
from retargetbench.datasets.intents.motion_build import Shard, solve_shard
from retargetbench.datasets.intents.motion_jobs import MotionJob
from retargetbench.datasets.intents.motion_shards import read_clips, read_entries
from retargetbench.datasets.intents.packed import unpack_clip
from retargetbench.datasets.intents.programs import INTENTS, Program
from retargetbench.datasets.intents.words import captions
from retargetbench.datasets.rendering.contact_sheet import SheetRow, SheetStyle, sheet_image
from retargetbench.datasets.rendering.shading import CLAY, SKY
from retargetbench.reference_model.baselines import rotation_copy

HERE = Path(__file__).parent
PAGE = HERE.parent / "intents-sheets.md"
BEGIN, END = "<!-- pictures: python docs/pictures/intents.py FOLDER -->", "<!-- end of pictures -->"
SOURCES = tuple(v for v in ("full", "val", "mini") if v in VARIANTS)[:2]
THIRD = ("toddler", "belly", "long_arms", "big_head", "heavy", "child", "short_legs", "thin", "tall", "big_hands")
PER_PICTURE, COLUMNS = 8, 2
STYLE = SheetStyle(frames=8, size_px=97, aspect=0.62, margin=1.12, numbered=False)
VIDEO, VIDEO_TITLE_PX = SheetStyle(size_px=248, aspect=0.72), 20
VIDEO_STEP = 2
JPEG_QUALITY, WEBP_QUALITIES, MOST_BYTES = 80, (60, 50, 40, 30, 20), 250_000
INK, QUIET = (40, 40, 46), (120, 120, 126)


def is_single(intent: str) -> bool:
    """Whether it is no composition."""
    return intent in INTENTS


GROUPS: Mapping[str, tuple[int, Callable[[str], bool]]] = {
    "contacts": (16, lambda i: is_single(i) and INTENTS[i].family == "contact"),
    "gestures, actions and postures": (
        11, lambda i: is_single(i) and INTENTS[i].family in ("gesture", "action", "posture"),
    ),
    "locomotion": (5, lambda i: is_single(i) and INTENTS[i].family == "locomotion"),
    "overlays": (14, lambda i: "@" in i),
    "sequences": (2, lambda i: "+" in i),
}  # fmt: skip
"""How many motions of which intents."""
VIDEOS: Mapping[str, tuple[str, ...]] = {
    "hug": ("hug_oneself",),
    "belly": ("rub_belly",),
    "kick": ("kick",),
    "walk": ("wave@walk", "wave_both_hands@walk", "wave_low@walk", "walk"),
}
"""Video -> intents, the first that is shipped."""


@dataclass(frozen=True)
class Shown:
    """A shipped pair that is drawn."""

    variant: str
    spec: PairSpec
    program: Program

    def load(self) -> PairData:
        """Load its clips."""
        return load_intents(self.variant).load(self.spec.clip_id)

    @property
    def caption(self) -> str:
        """Its first caption, in the words of its split."""
        held_out = "test" if self.variant == "full" else "val"
        return captions(self.program, "train" if self.spec.split.endswith("SM") else held_out).paraphrases[0]


def shipped() -> Iterator[Shown]:
    """Yield all shipped pairs in an order drawn by their clip ids."""
    found = []
    for variant in SOURCES:
        programs = {program.name: program for program in (pair.program() for pair in pairs_of(variant))}
        found += [Shown(variant, spec, programs[spec.motion]) for spec in load_intents(variant).pairs]
    yield from sorted(found, key=lambda shown: hashlib.sha256(shown.spec.clip_id.encode()).digest())


def chosen(pairs: Sequence[Shown]) -> list[Shown]:
    """Take the first pairs of each group, every intent once."""
    taken: dict[str, Shown] = {}
    for count, belongs in GROUPS.values():
        wanted = [shown for shown in pairs if belongs(shown.program.intent)]
        for shown in wanted:
            if sum(belongs(intent) for intent in taken) < count:
                taken.setdefault(shown.program.intent, shown)
    return list(taken.values())


def on_third_body(shown: Shown, turn: int, folder: Path) -> tuple[Character, Motion]:
    """Solve the motion on the first of the very different bodies, from a turn on, that is not in the pair."""
    for step in range(len(THIRD)):
        name = THIRD[(turn + step) % len(THIRD)]
        if name in (shown.spec.source, shown.spec.target):
            continue
        shard = Shard(folder / f"{shown.program.name}-{name}.npz", (MotionJob(shown.program, (name,)),))
        if not shard.is_done:
            solve_shard(shard.jobs, shard.path)
        if read_entries(shard.path)["clips"]:
            body = load_body(name)
            return body, Motion(body.skeleton, *unpack_clip(read_clips(shard.path), 0), shown.program.fps)
    raise ValueError(f"{shown.program.name} was solved on none of {THIRD}")


def block(number: int, shown: Shown, third: tuple[Character, Motion]) -> NDArray[np.uint8]:
    """Draw one motion on three bodies, with its number, its caption and the bodies above."""
    pair = shown.load()
    bodies = ((pair.source, pair.source_motion), (pair.target, pair.ground_truths[0]), third)
    rows = [SheetRow("", body, motion, SKY if k else CLAY) for k, (body, motion) in enumerate(bodies)]
    page = Image.fromarray(np.pad(sheet_image(rows, STYLE), ((36, 0), (4, 4), (0, 0)), constant_values=255))
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(size=12)
    text = f"{number}  {shown.caption}"
    while font.getlength(text) > page.width - 12:
        text = text[:-2].rstrip("…") + "…"
    pen.text((6, 4), text, INK, font)
    names = ", ".join(body.name for body, _ in bodies)
    pen.text((6, 20), f"{shown.program.intent}, {shown.spec.frame_count} frames: {names}", QUIET, font)
    return np.asarray(page)


def grid(blocks: Sequence[NDArray[np.uint8]]) -> Image.Image:
    """Put motions side by side and one under the other."""
    empty = np.full_like(blocks[0], 255)
    filled_up = [*blocks, *[empty] * (-len(blocks) % COLUMNS)]
    rows = [np.concatenate(filled_up[k : k + COLUMNS], axis=1) for k in range(0, len(filled_up), COLUMNS)]
    return Image.fromarray(np.concatenate(rows, axis=0))


def unlike(shown: Shown) -> float:
    """Return how far apart the shapes of a pair's two bodies are: the mean over vertices, in body heights."""
    one, two = (load_body(name) for name in (shown.spec.source, shown.spec.target))
    apart = one.rest_vertices_m / one.height_m - two.rest_vertices_m / two.height_m
    return float(np.linalg.norm(apart, axis=1).mean())


def filmed(pairs: Sequence[Shown], intents: Sequence[str]) -> Shown:
    """Return the pair of the first intent that is shipped whose two bodies differ most."""
    first = next(intent for intent in intents if any(shown.program.intent == intent for shown in pairs))
    return max((shown for shown in pairs if shown.program.intent == first), key=unlike)


def video(shown: Shown) -> list[Image.Image]:
    """Return frames of source, rotation copy and ground truth side by side."""
    pair = shown.load()
    copied = rotation_copy.retarget(pair.source, pair.source_motion, pair.target, seed=0)
    performers = {
        f"source: {pair.source.name}": (pair.source, pair.source_motion, CLAY),
        f"rotation copy: {pair.target.name}": (pair.target, copied, SKY),
        f"ground truth: {pair.target.name}": (pair.target, pair.ground_truths[0], SKY),
    }
    at = tuple(range(0, pair.spec.frame_count, VIDEO_STEP))
    style = SheetStyle(at=at, size_px=VIDEO.size_px, aspect=VIDEO.aspect, look=VIDEO.look)
    strips = sheet_image([SheetRow("", *who) for who in performers.values()], style)
    frames = []
    for column in range(len(at)):
        x = slice(column * style.width_px, (column + 1) * style.width_px)
        tiles = [strips[row * style.size_px : (row + 1) * style.size_px, x] for row in range(len(performers))]
        titled = np.pad(np.concatenate(tiles, axis=1), ((VIDEO_TITLE_PX, 0), (0, 0), (0, 0)), constant_values=255)
        page = Image.fromarray(titled)
        pen, font = ImageDraw.Draw(page), ImageFont.load_default(size=12)
        for row, name in enumerate(performers):
            pen.text((row * style.width_px + 6, 3), name, INK, font)
        frames.append(page)
    return frames


def draw_sheets(pairs: Sequence[Shown], folder: Path) -> Iterator[str]:
    """Write the pictures; yields the lines that list them."""
    motions = chosen(pairs)
    for picture, start in enumerate(range(0, len(motions), PER_PICTURE), start=1):
        blocks, lines = [], []
        for turn, shown in enumerate(motions[start : start + PER_PICTURE], start=start):
            third = on_third_body(shown, turn, folder)
            blocks.append(block(turn + 1, shown, third))
            lines.append(
                f"{turn + 1}. `{shown.spec.clip_id}` ({shown.spec.split}, {shown.variant}), and {third[0].name}"
            )
        name = f"intents_{picture}.jpg"
        grid(blocks).save(HERE / name, quality=JPEG_QUALITY, optimize=True)
        yield f"![Motions {start + 1} to {start + len(blocks)}](pictures/{name})"
        yield "<details><summary>Which clips these are</summary>"
        yield "\n".join(lines)
        yield "</details>"


def draw_videos(pairs: Sequence[Shown]) -> Iterator[str]:
    """Write the videos; yields the lines that show them."""
    for name, intents in VIDEOS.items():
        shown = filmed(pairs, intents)
        frames = video(shown)
        milliseconds = round(1000 * VIDEO_STEP / shown.program.fps)
        path = HERE / f"intents_{name}.webp"
        for quality in WEBP_QUALITIES:
            frames[0].save(
                path, save_all=True, append_images=frames[1:], duration=milliseconds, loop=0, quality=quality, method=4
            )
            if path.stat().st_size <= MOST_BYTES:
                break
        yield f"![{shown.program.intent}](pictures/intents_{name}.webp)"
        yield f"`{shown.spec.clip_id}` ({shown.spec.split}, {shown.variant}): {shown.caption}"


def main(folder: Path) -> None:
    """Draw everything and rewrite the list on the page."""
    folder.mkdir(parents=True, exist_ok=True)
    pairs = list(shipped())
    lines = ["## Videos", *draw_videos(pairs), "## Contact sheets", *draw_sheets(pairs, folder)]
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    text = "\n\n".join((BEGIN, *lines, END))
    PAGE.write_text(f"{before}{text}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("build/sheets"))
