"""The characters and motions of the open-characters collection, read from a checked data folder."""

import warnings
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from ...body import Character, Motion
from ...body.proxy_skin import proxy_skin
from ...body.resampling import resample
from ...intents.bodies import load_body
from ...readers.bvh import read_bvh
from ...readers.errors import ReaderWarning
from ...readers.read import read_character, read_motions
from ..data_root import DataRoot

FPS = 30.0
"""Frame rate of every window; files are resampled on reading."""

_GLB = {
    "m2m-base": "characters/mesh2motion/human_base_animations.glb",
    "m2m-addon": "characters/mesh2motion/human_addon_animations.glb",
    "m2m-male": "characters/mesh2motion/human_male.glb",
    "m2m-female": "characters/mesh2motion/human_female.glb",
    "m2m-zombie": "characters/mesh2motion/human_zombie.glb",
    "kaykit-knight": "characters/kaykit_adventurers/Knight.glb",
    "kaykit-mage": "characters/kaykit_adventurers/Mage.glb",
}
_PROXY_BODY = "average_man"
"""The built-in body whose mesh the motion capture wears."""
_CAPTURE_FPS = {"60": 60.0, "61": 60.0, "94": 120.0, "135": 120.0}
"""True rates of the CMU subjects; the headers of 60 and 61 say 120."""


class OpenCharacterFiles:
    """Reads characters and motions by their short names: ``m2m-male``, ``body:tall``, ``cmu-60_01``."""

    def __init__(self, root: DataRoot) -> None:
        self._root = root
        self.character = lru_cache(maxsize=32)(self._character)
        self._capture = lru_cache(maxsize=32)(self._read_capture)
        self._animation = lru_cache(maxsize=64)(self._read_animation)

    def _character(self, name: str) -> Character:
        if name.startswith("body:"):
            return load_body(name.removeprefix("body:"))
        if name.startswith("cmu-"):
            return proxy_skin(self._capture(name).skeleton, load_body(_PROXY_BODY), name)
        return replace(_read_known_character(self._root.path(_GLB[name])), name=name)

    def motion(self, source: str, animation: str, start: int, frame_count: int) -> Motion:
        """Return one window of a source's animation at ``FPS``.

        Args:
            source: Short name of the character that is animated.
            animation: Its animation; the capture itself for motion capture.
            start: First frame at ``FPS``.
            frame_count: Length of the window.
        """
        if not source.startswith("cmu-"):
            return self._animation(source, animation).window(start, start + frame_count)
        window = self._capture(source).window(start, start + frame_count)
        return _on_the_ground(window, self.character(source))

    def _read_animation(self, source: str, animation: str) -> Motion:
        path = self._root.path(_GLB[source])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReaderWarning)
            return read_motions(path, fps=FPS, animations_named=[animation])[animation]

    def _read_capture(self, source: str) -> Motion:
        trial = source.removeprefix("cmu-")
        return read_capture(self._root.path(f"motions/cmu_acrnn_bvh/{trial}.bvh"))


def read_capture(path: Path) -> Motion:
    """Read a capture of CMU's, SUBJECT_TRIAL.bvh, at ``FPS``, without the T-pose that was put in front.

    Subjects whose true rate is not known are taken at the rate of the file's header.

    Raises:
        BadBvh, UnreadableFile: If the file cannot be read.
    """
    rate = _CAPTURE_FPS.get(path.stem.split("_")[0])
    return resample(read_bvh(path, fps=rate, first_frame="drop"), FPS)


def _read_known_character(path: Path) -> Character:
    """Read a file of the list without its warnings: what is dropped from each is stated in docs/open-characters.md."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReaderWarning)
        return read_character(path)


def _on_the_ground(motion: Motion, character: Character) -> Motion:
    """Shift a captured window so that its lowest vertex touches y = 0: each capture has a floor of its own."""
    from ...body.kinematics import motion_vertices_m  # needs torch; checking prediction files does not

    lowest = float(motion_vertices_m(character, motion)[..., 1].min())
    return replace(motion, root_translation_m=motion.root_translation_m - np.array([0, lowest, 0], np.float32))
