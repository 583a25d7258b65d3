"""What a run learns from: embedded motions of Intents, less what is held out, and real motions where there are some."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..training.motions import find_shards
from .embedded_files import embedded_path
from .errors import NoEmbeddings
from .real_motions import Subject, read_subjects, split_subjects
from .settings import Settings
from .windows import Windows
from .zero_shot import drawn_out


@dataclass(frozen=True, eq=False)
class Lessons:
    """What a run learns from."""

    part: str
    """Of Intents."""
    windows: Windows
    real: NDArray[np.float32] | None
    """Windows of real motions, [n, frames, 135]."""
    mirrored: bool
    """Whether every second window is drawn as a mirror shows it."""
    held_out: tuple[str, ...]
    """Classes and sided names that no window shows."""
    subjects: tuple[str, ...]
    """Who moved in the real motions."""

    @property
    def trained_on(self) -> list[str]:
        """Names of the data, for cards."""
        return [f"intents {self.part}", *(f"motion capture of CMU's subject {name}" for name in self.subjects)]

    def record(self) -> dict[str, Any]:
        """Return what ``run.json`` says of it; evaluation reads it there."""
        return {
            "acts": len(self.windows), "clips": self.windows.clip_count, "clip": self.windows.clip.name,
            "mirrored": self.mirrored, "held_out": self.held_out, "real_trained": self.subjects,
        }  # fmt: skip


def lessons_of(options: Settings) -> Lessons:
    """Return what a run learns from.

    Raises:
        NoMotions: If the folder holds no finished shard.
        NoEmbeddings: If no shard has been embedded.
        NoCaptures: If the folder of real motions holds none, or not the unseen subjects.
    """
    frames = options.chosen.sizes.frames
    windows = embedded_windows(options, frames)
    held_out = drawn_out(windows.shown) if options.zero_shot else ()
    subjects = real_subjects(options, frames)
    trained = split_subjects(subjects, options.real_unseen) if subjects else ()
    real = np.concatenate([subjects[name].features for name in trained]) if trained else None
    mirrored = options.mirror and not options.zero_shot  # in a mirror a side that is held out would come back
    return Lessons(options.part, windows.without(held_out), real, mirrored, held_out, trained)


def real_subjects(options: Settings, frames: int) -> Mapping[str, Subject]:
    """Return the subjects of real motions, if a folder of them is named."""
    return {} if options.real is None else read_subjects(options.real, frames)


def embeddings_folder(options: Settings) -> Path:
    """Return where the embeddings of a part lie."""
    return options.out / f"embedded-{options.part}"


def embedded_windows(options: Settings, frames: int) -> Windows:
    """Return the motions of a part that have been embedded; shards that are still being built are left out.

    Raises:
        NoMotions: If the folder holds no finished shard.
        NoEmbeddings: If none of them was embedded.
    """
    folder = embeddings_folder(options)
    shards = find_shards(options.data, options.part)
    done = [shard for shard in shards if embedded_path(folder, shard).is_file()]
    if not done:
        raise NoEmbeddings(
            f"{folder} holds no embeddings of the {len(shards)} shards in {options.data}; run `retargetbench train "
            f"motionclip embed --data {options.data} --part {options.part} --out {options.out}` first."
        )
    return Windows(done, folder, frames)
