"""Draw docs/pictures/readme.png: one held moment of three built-in clips, by five performers. Run it with Python."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from retargetbench.datasets.body import Character, Motion
from retargetbench.datasets.clip_set import PairData
from retargetbench.datasets.intents.clips import IntentsClips, load_intents
from retargetbench.datasets.rendering.contact_sheet import SheetRow, SheetStyle, sheet_image
from retargetbench.datasets.rendering.pictures import PictureStyle
from retargetbench.datasets.rendering.shading import CLAY, SKY
from retargetbench.reference_model.baselines import rotation_copy
from retargetbench.reference_model.baselines.classical import method as classical
from retargetbench.reference_model.smt.method import universal

CLIPS = {
    "rub_belly": "slim_man>uncle",
    "scratch_head": "lanky_woman>schoolchild",
    "hug_oneself": "lanky_woman>strong_man",
}
SIDE_PX, TOP, BOTTOM = 440, 0.0, 0.58  # of each picture the upper body is shown
TITLE_PX = 26


def performers(pair: PairData) -> dict[str, tuple[Character, Motion]]:
    """The source and four ways to move the target."""
    asked = (pair.source, pair.source_motion, pair.target)
    return {
        "source": (pair.source, pair.source_motion),
        "rotation copy": (pair.target, rotation_copy.retarget(*asked, seed=0)),
        "classical": (pair.target, classical.retarget(*asked, seed=0)),
        "smt": (pair.target, universal(*asked, seed=0)),
        "ground truth": (pair.target, pair.ground_truths[0]),
    }


def held_frame(pair: PairData) -> int:
    """The middle one of the frames in which the clip's first contact is held."""
    return int(np.median(np.flatnonzero(pair.contact_goals[0].held)))


def picture(clips: IntentsClips) -> Image.Image:
    """Clips as rows, performers as columns."""
    rows = []
    for intent, bodies in CLIPS.items():
        (clip_id,) = (p.clip_id for p in clips.pairs if p.motion_cluster == intent and p.clip_id.endswith(bodies))
        pair = clips.load(clip_id)
        style = SheetStyle(
            at=(held_frame(pair),), size_px=SIDE_PX, aspect=0.46, margin=1.22, look=PictureStyle(samples=3)
        )
        cells = [
            sheet_image([SheetRow("", body, motion, CLAY if name == "source" else SKY)], style)
            for name, (body, motion) in performers(pair).items()
        ]
        rows.append(np.concatenate(cells, axis=1)[int(TOP * SIDE_PX) : int(BOTTOM * SIDE_PX)])
    page = Image.fromarray(np.pad(np.concatenate(rows, axis=0), ((TITLE_PX, 0), (0, 0), (0, 0)), constant_values=255))
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(size=16)
    for column, name in enumerate(performers(pair)):
        pen.text(((column + 0.5) * page.width / len(cells), TITLE_PX / 2), name, (40, 40, 46), font, anchor="mm")
    return page


if __name__ == "__main__":
    picture(load_intents("mini")).save(Path(__file__).with_name("readme.png"), optimize=True)
