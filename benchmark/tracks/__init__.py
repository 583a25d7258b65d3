"""What can be scored: the tracks, and how each one's clips are opened."""

from .registry import TRACKS, find_track, open_track
from .track import NeedsDataRoot, Track, UnknownTrack, UnknownVariant

__all__ = ["TRACKS", "NeedsDataRoot", "Track", "UnknownTrack", "UnknownVariant", "find_track", "open_track"]
