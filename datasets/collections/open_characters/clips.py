"""The open-characters collection as a clip set."""

import csv
import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from ...body import Character
from ...clip_set import MethodInput, PairData, PairSpec
from ...errors import UnknownName
from ..data_root import DataRoot, read_file_list
from .characters import FPS, OpenCharacterFiles

TRACK = "retarget/open-characters"
VARIANTS = ("full",)
_HERE = files(__package__)


@dataclass(frozen=True)
class _Window:
    """One line of ``pairs.csv``."""

    source: str
    animation: str
    start: int
    frame_count: int
    target: str

    @property
    def spec(self) -> PairSpec:
        """The pair as tracks and records know it."""
        motion = f"{self.source}.{self.animation.replace(' ', '_')}.{self.start}"
        return PairSpec(
            clip_id=f"{TRACK}/{motion}/{self.source}>{self.target}",
            split="all",
            motion=motion,
            source=self.source,
            target=self.target,
            motion_cluster=f"{self.source}.{self.animation}",
            frame_count=self.frame_count,
            fps=FPS,
        )


class OpenCharacters:
    """The pairs of ``pairs.csv`` on the files of one data folder; see ``ClipSet``."""

    def __init__(self, data_root: Path) -> None:
        self._data_root = data_root
        self._files = OpenCharacterFiles(DataRoot(data_root, read_file_list(_HERE / "files.csv")))

    def __reduce__(self) -> tuple[type["OpenCharacters"], tuple[Path]]:
        """Travel to another process as the folder's name: what was read stays here."""
        return OpenCharacters, (self._data_root,)

    @cached_property
    def _windows(self) -> dict[str, _Window]:
        rows = csv.DictReader((_HERE / "pairs.csv").read_text(encoding="utf-8").splitlines())
        windows = [
            _Window(row["source"], row["animation"], int(row["start"]), int(row["frames"]), row["target"])
            for row in rows
        ]
        return {w.spec.clip_id: w for w in sorted(windows, key=lambda w: w.spec.clip_id)}

    @cached_property
    def data_sha256(self) -> str:
        """Hash of the file list, the pairs and the built-in bodies: whoever changes one changes the data version."""
        bodies = files("retargetbench.datasets.intents") / "data" / "bodies.npz"
        parts = (_HERE / "files.csv", _HERE / "pairs.csv", bodies)
        digests = [hashlib.sha256(part.read_bytes()).hexdigest() for part in parts]
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()

    @property
    def pairs(self) -> tuple[PairSpec, ...]:
        """All pairs, sorted by clip id."""
        return tuple(window.spec for window in self._windows.values())

    def target(self, clip_id: str) -> Character:
        """Load the target character of one pair.

        Raises:
            UnknownName: If there is no such clip.
        """
        return self._files.character(self._window(clip_id).target)

    def load(self, clip_id: str) -> PairData:
        """Load one pair; feet are planted where the source's are, contacts are the source's own.

        Raises:
            UnknownName: If there is no such clip.
        """
        from ...body.feet import planted_from_source  # needs torch; the list of pairs does not

        given = self.method_input(clip_id, seed=0)
        return PairData(
            spec=self._window(clip_id).spec,
            source=given.source,
            source_motion=given.motion,
            target=given.target,
            planted=planted_from_source(given.source, given.motion),
            source_is_proxy=given.source.name.startswith("cmu-"),
        )

    def method_input(self, clip_id: str, seed: int) -> MethodInput:
        """Load what a method may see: the two characters and the motion.

        Raises:
            UnknownName: If there is no such clip.
        """
        window = self._window(clip_id)
        motion = self._files.motion(window.source, window.animation, window.start, window.frame_count)
        target = self._files.character(window.target)
        return MethodInput(self._files.character(window.source), motion, target, seed=seed)

    def _window(self, clip_id: str) -> _Window:
        if clip_id not in self._windows:
            raise UnknownName("clip", clip_id, self._windows)
        return self._windows[clip_id]


def load_open_characters(variant: str, data_root: Path) -> OpenCharacters:
    """Open the collection on a folder that holds its public files.

    Args:
        variant: ``full``, all pairs.
        data_root: The folder; ``files.csv`` says what must lie in it.

    Raises:
        UnknownName: If there is no such variant.
        MissingFiles: Naming every file that is not there.
    """
    if variant not in VARIANTS:
        raise UnknownName("variant of retarget/open-characters", variant, VARIANTS)
    return OpenCharacters(data_root)
