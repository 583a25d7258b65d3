"""The named animations, a line of ``clips.csv`` each: which are in which variant, and what is said of them."""

import csv
import re
from dataclasses import dataclass
from importlib.resources import files

from ...errors import UnknownName
from ..data_root import PublicFile, read_file_list
from .names import has_training_verb, meaning_of_name, sentence_of_name

VARIANTS = ("named", "known", "previews", "previews-timed")
"""All that move; those of them whose name has a verb of training; those with preview videos, poses included, whose
lengths a method is not told, or is."""
WITH_PREVIEWS = VARIANTS[2:]
"""Those that have videos."""
THEMES = ("dark", "light")
"""A preview was rendered twice, on a dark and on a light ground: two videos of a motion."""
_SOURCES = {
    "characters/kaykit_adventurers/Knight.glb": "kaykit-knight",
    "characters/mesh2motion/human_addon_animations.glb": "m2m-addon",
    "characters/mesh2motion/human_base_animations.glb": "m2m-base",
}
_OTHER_SOURCE = "kaykit-rig"
_HERE = files(__package__)


@dataclass(frozen=True)
class OpenClip:
    """One line of ``clips.csv``."""

    file: str
    animation: str
    has_previews: bool
    moves: bool
    """Whether any joint moves more than a millimetre; what does not is a pose."""

    @property
    def id(self) -> str:
        """``m2m-base.Walk_Loop``."""
        name = self.animation.rpartition("|")[2].replace(" ", "_")
        return f"{_SOURCES.get(self.file, _OTHER_SOURCE)}.{name}"

    @property
    def sentence(self) -> str:
        """The one caption."""
        return sentence_of_name(self.animation)

    @property
    def meaning(self) -> str:
        """Equal for look-alike names."""
        return meaning_of_name(self.animation)

    def preview(self, theme: str) -> str:
        """Return where a preview lies below the data root."""
        return f"videos/mesh2motion_previews/{theme}_{re.sub('[ -]', '_', self.animation)}.webm"


def read_clip_list() -> tuple[OpenClip, ...]:
    """Return the lines of ``clips.csv``, sorted by id."""
    rows = csv.DictReader((_HERE / "clips.csv").read_text(encoding="utf-8").splitlines())
    clips = (OpenClip(r["file"], r["animation"], r["preview"] == "yes", r["moves"] == "yes") for r in rows)
    return tuple(sorted(clips, key=lambda clip: clip.id))


def clips_of(variant: str) -> tuple[OpenClip, ...]:
    """Return the clips of a variant.

    Raises:
        UnknownName: If there is no such variant.
    """
    if variant not in VARIANTS:
        raise UnknownName("variant of retrieval/open-clips", variant, VARIANTS)
    if variant in WITH_PREVIEWS:
        return tuple(clip for clip in read_clip_list() if clip.has_previews)
    moving = (clip for clip in read_clip_list() if clip.moves)
    return tuple(clip for clip in moving if variant == "named" or has_training_verb(clip.animation))


def public_files(variant: str) -> tuple[PublicFile, ...]:
    """Return the files that a variant needs."""
    clips = clips_of(variant)
    wanted = {clip.file for clip in clips}
    if variant in WITH_PREVIEWS:
        wanted |= {clip.preview(theme) for clip in clips for theme in THEMES}
    return tuple(file for file in read_file_list(_HERE / "files.csv") if file.path in wanted)
