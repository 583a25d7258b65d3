"""What can be scored: the tracks, and how the data of each is opened."""

from .registry import TRACKS, find_track, open_data, open_recognition, open_retrieval, open_track
from .track import NeedsDataRoot, Track, UnknownTrack, UnknownVariant, WrongTask

__all__ = [
    "TRACKS",
    "NeedsDataRoot",
    "Track",
    "UnknownTrack",
    "UnknownVariant",
    "WrongTask",
    "find_track",
    "open_data",
    "open_recognition",
    "open_retrieval",
    "open_track",
]
