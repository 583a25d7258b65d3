"""Which part of a motion a video query shows."""

import numpy as np
import pytest

from retargetbench.datasets.spans import LEAST_SHARE, MOST_SHARE, shown_span


@pytest.mark.parametrize("count", [4, 5, 9, 30, 149])
def test_a_span_is_cut_at_both_ends_and_shows_between_half_and_nine_tenths(count):
    spans = [shown_span(f"video {n}", count) for n in range(300)]
    assert all(span.start >= 1 and span.stop <= count - 1 for span in spans)
    shares = np.array([len(span) / count for span in spans])
    assert shares.min() >= LEAST_SHARE - 0.5 / count
    assert shares.max() <= MOST_SHARE + 0.5 / count
    assert len({(span.start, span.stop) for span in spans}) > 1 or count < 6


def test_a_span_follows_from_the_name_alone_and_the_smallest_videos_stay_whole():
    assert shown_span("a", 100) == shown_span("a", 100) != shown_span("b", 100)
    assert shown_span("a", 100) == range(10, 96)  # equal for all time: the data versions rest on it
    assert [shown_span("a", count) for count in (1, 2, 3)] == [range(1), range(2), range(3)]


def test_the_length_of_a_span_hardly_tells_the_length_of_the_motion():
    """Two to five seconds: with the fairest guess of the share, nearest durations find far less than whole."""
    counts = np.random.default_rng(0).integers(60, 151, 1000)
    shown = np.array([len(shown_span(str(n), int(count))) for n, count in enumerate(counts)])

    def found(queries):
        apart = np.abs(np.log(queries)[:, None] - np.log(counts)[None])
        own = np.diag(apart)[:, None]
        above, tied = (apart < own - 1e-12).sum(1), (np.abs(apart - own) <= 1e-12).sum(1)
        return float(np.clip((10 - above) / tied, 0, 1).mean())

    assert found(counts) > 0.5
    assert max(found(shown / share) for share in np.linspace(0.5, 0.95, 10)) < 0.05
