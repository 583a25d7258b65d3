"""The list of tracks, readable without loading any data."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import cast

from ...datasets.clip_set import SPLITS, ClipSet
from ...datasets.noisy_source import with_noisy_source
from ...metrics.recognition.data import RecognitionData
from ...metrics.retrieval.data import RetrievalData
from ...metrics.retrieval.declarations import BATCH, Column, Direction, Protocol
from .track import NeedsDataRoot, Task, Track, UnknownTrack, WrongTask

NOISY = "-noisy"
"""What the name of a retargeting track's variant ends with whose sources are noisy."""

_DATASETS = "retargetbench.datasets"
_OF_PROGRAMS: tuple[Protocol, ...] = ("all-strict", "all-samecaption", "same-meaning", "batches-32")
_OF_FOLDERS: tuple[Protocol, ...] = ("all-strict", "all-samecaption", "batches-32")
"""What every folder allows. ``threshold``, ``dissimilar`` and ``captions=all`` come on top where it has what they need:
how many captions and motions they search, only the folder says."""


def _text_columns(motions: int, captions: int | None, protocols: tuple[Protocol, ...]) -> tuple[Column, ...]:
    """Texts and motions searching each other, by first captions and, where their number is known, by all of them."""
    directions: tuple[Direction, ...] = ("t2m", "m2t")
    columns = []
    for more in ((), ("captions=all",)) if captions else ((),):
        for direction in directions:
            gallery = captions if more and captions and direction == "m2t" else motions
            for protocol in protocols:
                seeded = ("seed=0", f"dropped={motions % BATCH}") if protocol == "batches-32" else ()
                columns.append(Column(direction, protocol, gallery, (*seeded, *more)))
    return tuple(columns)


_TRACKS = (
    Track(
        id="retarget/intents",
        version=1,
        summary="free bodies, programmed motions, ground truth by construction; built in, offline",
        variants=("mini", "val", "full", "full-noisy"),
        splits=SPLITS,
        needs_data_root=False,
        loader=f"{_DATASETS}.intents.clips:load_intents",
        without=("source-proxy",),
    ),
    Track(
        id="retarget/open-characters",
        version=1,
        summary="CC0 animated characters and CMU capture onto other characters; no ground truth",
        variants=("full", "full-noisy"),
        splits=(),
        needs_data_root=True,
        loader=f"{_DATASETS}.collections.open_characters:load_open_characters",
        without=("reference", "goals"),
    ),
    Track(
        id="retrieval/intents",
        version=1,
        summary="programmed motions searched by words and words by motions; unseen structures, bodies, synonyms",
        variants=("captions", "detailed", "videos"),
        splits=(),
        needs_data_root=False,
        loader="retargetbench.metrics.retrieval.intents:load_intents_retrieval",
        task="retrieval",
        columns=_text_columns(1077, 4308, _OF_PROGRAMS),
        rooted=("videos",),
        source="or make them with: retargetbench film --out FOLDER",
    ),
    Track(
        id="retrieval/humanml3d",
        version=1,
        summary="HumanML3D's test: 4,384 captured motions searched by their captions and the other way round",
        variants=("test", "no-mirror", "no-humanact12", "clean", "clean-no-mirror"),
        splits=(),
        needs_data_root=True,
        loader="retargetbench.metrics.retrieval.text_motion:load_humanml3d",
        task="retrieval",
        columns=_text_columns(4384, None, _OF_FOLDERS),
        source="or build them as its authors say: docs/text-motion-data.md",
    ),
    Track(
        id="retrieval/kit-ml",
        version=1,
        summary="KIT-ML's test: 830 captured motions searched by their captions and the other way round",
        variants=("test", "no-mirror"),
        splits=(),
        needs_data_root=True,
        loader="retargetbench.metrics.retrieval.text_motion:load_kit_ml",
        task="retrieval",
        columns=_text_columns(830, None, _OF_FOLDERS),
        source="or get them as its authors say: docs/text-motion-data.md",
    ),
    Track(
        id="retrieval/open-clips",
        version=1,
        summary="243 real animations searched by their names, zero-shot; 79 of them also by preview videos",
        variants=("named", "known", "previews", "previews-timed"),
        splits=(),
        needs_data_root=True,
        loader="retargetbench.metrics.retrieval.open_clips:load_open_clips_retrieval",
        task="retrieval",
        columns=_text_columns(243, None, _OF_PROGRAMS),
    ),
    Track(
        id="recognition/intents",
        version=1,
        summary="which of 79 classes a programmed motion shows; unseen structures and bodies",
        variants=("full",),
        splits=(),
        needs_data_root=False,
        loader="retargetbench.metrics.recognition.intents:load_intents_recognition",
        task="recognition",
        classes=79,
    ),
    Track(
        id="recognition/babel-60",
        version=1,
        summary="which of BABEL's 60 most frequent categories a capture of AMASS shows, its validation split",
        variants=("any", "each"),
        splits=(),
        needs_data_root=True,
        loader="retargetbench.metrics.recognition.babel:load_babel",
        task="recognition",
        classes=60,
        source="or get BABEL and AMASS as their authors say: docs/recognition.md",
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
    """Open the clip set of a retargeting track.

    Args:
        track_id: For example ``retarget/intents``.
        variant: One of the track's variants; ``None`` takes the default.
        data_root: Folder of fetched files, for tracks that need one.

    Raises:
        UnknownTrack: If there is no such track.
        UnknownVariant: If the track has no such variant.
        WrongTask: If it is a track of another task.
        NeedsDataRoot: If the track's files do not come with the package and no folder was given, or it is none.
    """
    return cast(ClipSet, open_data(_of_task(track_id, "retargeting"), variant, data_root))


def open_retrieval(track_id: str, variant: str | None = None, data_root: Path | None = None) -> RetrievalData:
    """Open the data of a retrieval track, ``retrieval/intents`` for example, with the errors of ``open_track``."""
    return cast(RetrievalData, open_data(_of_task(track_id, "retrieval"), variant, data_root))


def open_recognition(track_id: str, variant: str | None = None, data_root: Path | None = None) -> RecognitionData:
    """Open the data of a recognition track, ``recognition/intents`` for example, with the errors of ``open_track``."""
    return cast(RecognitionData, open_data(_of_task(track_id, "recognition"), variant, data_root))


def _of_task(track_id: str, task: Task) -> Track:
    track = find_track(track_id)
    if track.task != task:
        known = ", ".join(sorted(known.id for known in TRACKS.values() if known.task == task))
        raise WrongTask(f"{track_id} is a {track.task} track; this is for {task} tracks: {known}.")
    return track


def open_data(track: Track, variant: str | None = None, data_root: Path | None = None) -> object:
    """Open the data of any track: a ``ClipSet``, a ``RetrievalData``, a ``RecognitionData``.

    Raises:
        UnknownVariant: If the track has no such variant.
        NeedsDataRoot: If the track's files do not come with the package and no folder was given, or it is none.
    """
    chosen = track.variant(variant)
    if track.task == "retargeting" and chosen.endswith(NOISY):
        return with_noisy_source(open_track(track.id, chosen.removesuffix(NOISY), data_root))
    module, _, function = track.loader.partition(":")
    if not track.needs(chosen):
        return getattr(import_module(module), function)(chosen)
    if data_root is None:
        how = track.source or f"or fetch them with: retargetbench data fetch {track.id.partition('/')[2]}"
        files = track.id if track.needs_data_root else f"the variant {chosen} of {track.id}"
        raise NeedsDataRoot(
            f"the files of {files} do not come with the package; give the folder they are in with --data-root, {how}"
        )
    if not data_root.is_dir():
        raise NeedsDataRoot(f"--data-root {data_root} is not a folder; expected the folder with {track.id}'s files.")
    return getattr(import_module(module), function)(chosen, data_root)
