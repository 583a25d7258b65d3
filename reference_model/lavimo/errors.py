"""The mistakes around LAVIMO, each with its rule id. Imports nothing that computes."""

from ...datasets.errors import BenchError


class NoVideos(BenchError):
    """A folder without rendered videos, or with videos of another kind than is asked for."""

    rule = "U001"


class NoBackbone(BenchError):
    """A text or vision backbone that is not at hand, or is another model than is meant."""

    rule = "U003"


class NothingAsked(BenchError):
    """A search without a text and without a video, or with both, or for nothing."""

    rule = "U004"
