"""A track of toy clips with a few cheap metrics, for tests of what happens to its results."""

from dataclasses import dataclass

from retargetbench.benchmark.tracks import registry
from retargetbench.benchmark.tracks.track import Track

from ..benchmark.toy import ToyClips

CLIPS = ToyClips(body_count=2, motion_count=2)
KEYS = ("mpjpe_cm@1[global]", "rotation_error@1", "floor_penetration@1", "jerk@1")


@dataclass(frozen=True)
class ToyTrack(Track):
    """The real declaration, with fewer metrics."""

    @property
    def metric_keys(self):
        return KEYS


TRACK = ToyTrack(
    id="retarget/toy",
    version=1,
    summary="toy clips",
    variants=("mini",),
    splits=(),
    needs_data_root=False,
    loader=f"{__name__}:load",
)


def load(variant):
    """What the registry calls to open the track."""
    assert variant == "mini"
    return CLIPS


def install(monkeypatch):
    """Make the toy track known."""
    monkeypatch.setattr(registry, "TRACKS", {TRACK.id: TRACK})
