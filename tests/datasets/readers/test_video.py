"""Frames of video files, and how they are made square."""

import numpy as np
import pytest

from retargetbench.datasets.readers.video import BadVideo, Video, read_video, squared

av = pytest.importorskip("av")


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """Twenty frames at ten a second, each a little brighter than the one before."""
    path = tmp_path_factory.mktemp("video") / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(20):
            picture = np.full((48, 64, 3), 10 * number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def test_frames_are_evenly_spread_with_their_moments(clip):
    video = read_video(clip, 5)
    assert video.frames.shape == (5, 48, 64, 3)
    assert video.times_s.tolist() == pytest.approx([0.0, 0.5, 1.0, 1.4, 1.9], abs=0.11)
    brightness = video.frames.mean(axis=(1, 2, 3))
    assert (np.diff(brightness) > 20).all()
    assert read_video(clip, 100).frames.shape[0] == 20


def test_a_missing_file_and_one_that_is_no_video_are_said(tmp_path):
    with pytest.raises(BadVideo, match="there is no file"):
        read_video(tmp_path / "none.mp4", 4)
    path = tmp_path / "text.mp4"
    path.write_text("no video at all")
    with pytest.raises(BadVideo, match="cannot be read as a video"):
        read_video(path, 4)


def test_frames_without_times_are_refused():
    with pytest.raises(BadVideo, match="ascending"):
        Video(np.zeros((2, 4, 4, 3), np.uint8), np.array([1.0, 0.0]))
    with pytest.raises(BadVideo, match="uint8"):
        Video(np.zeros((2, 4, 4, 3), np.float32), np.array([0.0, 1.0]))


def test_the_middle_of_wide_pictures_and_all_of_high_ones():
    wide = np.zeros((1, 4, 12, 3), np.uint8)
    wide[:, :, 4:8] = 200
    assert squared(wide, 4).min() > 150
    high = np.full((1, 12, 4, 3), 90, np.uint8)
    high[:, 0] = 250
    square = squared(high, 12)
    assert square.shape == (1, 12, 12, 3)
    assert (square[0, 0] > 200).all()  # the edge goes on to both sides
    assert (square[0, 6] == 90).all()
