"""The list of tracks, readable without loading any data."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import cast

from ...datasets.clip_set import SPLITS, ClipSet
from .track import NeedsDataRoot, Track, UnknownTrack

_DATASETS = "retargetbench.datasets"

_TRACKS = (
    Track(
        id="retarget/intents",
        version=1,
        summary="free bodies, programmed motions, ground truth by construction; built in, offline",
        variants=("mini", "val", "full"),
        splits=SPLITS,
        needs_data_root=False,
        loader=f"{_DATASETS}.intents.clips:load_intents",
        without=("source-proxy",),
    ),
    Track(
        id="retarget/open-characters",
        version=1,
        summary="CC0 animated characters and CMU capture onto other characters; no ground truth",
        variants=("full",),
        splits=(),
        needs_data_root=True,
        loader=f"{_DATASETS}.collections.open_characters:load_open_characters",
        without=("reference", "goals"),
    ),
)

TRACKS: Mapping[str, Track] = MappingProxyType({track.id: track for track in _TRACKS})
"""Track id -> declaration."""


def find_track(track_id: str) -> Track:
    """Return a track by its id.

    Raises:
        UnknownTrack: With the nearest ids.
    """
    if track_id not in TRACKS:
        raise UnknownTrack("track", track_id, TRACKS)
    return TRACKS[track_id]


def open_track(track_id: str, variant: str | None = None, data_root: Path | None = None) -> ClipSet:
    """Open a track's clip set.

    Args:
        track_id: For example ``retarget/intents``.
        variant: One of the track's variants; ``None`` takes the default.
        data_root: Folder of fetched files, for tracks that need one.

    Raises:
        UnknownTrack: If there is no such track.
        UnknownVariant: If the track has no such variant.
        NeedsDataRoot: If the track's files do not come with the package and no folder was given, or it is none.
    """
    track = find_track(track_id)
    chosen = track.variant(variant)
    module, _, function = track.loader.partition(":")
    if not track.needs_data_root:
        return cast(ClipSet, getattr(import_module(module), function)(chosen))
    if data_root is None:
        raise NeedsDataRoot(
            f"the files of {track.id} do not come with the package; give the folder they are in with --data-root, "
            f"or fetch them with: retargetbench data fetch {track.id}"
        )
    if not data_root.is_dir():
        raise NeedsDataRoot(f"--data-root {data_root} is not a folder; expected the folder with {track.id}'s files.")
    return cast(ClipSet, getattr(import_module(module), function)(data_root))
