"""Windows: cut inside one intent's interval, with its own captions and pictures."""

import numpy as np
import pytest

from retargetbench.reference_model.motionclip.embedded_files import Act, embedded_path, read_embedded
from retargetbench.reference_model.motionclip.embedding import ClipName
from retargetbench.reference_model.motionclip.errors import NoEmbeddings
from retargetbench.reference_model.motionclip.pose import mirrored_features
from retargetbench.reference_model.motionclip.windows import Windows, window_start
from retargetbench.reference_model.tiny_vlm.render import programs_of
from retargetbench.reference_model.tiny_vlm.sides import mirrored
from retargetbench.reference_model.training.motions import find_shards


def act(interval, active):
    return Act(0, "some", "wave", "runner", "wave", "", ("wave",), interval, active, (0,))


@pytest.mark.parametrize(
    ("interval", "active", "lowest", "highest"),
    [
        ((10, 99), (40, 60), 31, 40),  # room for all that can be seen, and for more
        ((10, 99), (20, 89), 20, 60),  # more can be seen than fits
        ((10, 99), (12, 30), 10, 12),  # never before the interval
        ((10, 99), (80, 98), 69, 70),  # nor beyond it
        ((10, 25), (12, 20), 10, 10),  # shorter than a window: it begins with the interval
    ],
)
def test_a_window_begins_where_as_much_as_fits_can_be_seen(interval, active, lowest, highest):
    starts = {window_start(act(interval, active), 30, np.random.default_rng(k)) for k in range(300)}
    assert (min(starts), max(starts)) == (lowest, highest)
    assert window_start(act(interval, active), 30) == (lowest + highest) // 2


def test_every_act_lies_in_an_interval_of_its_own(options, windows):
    programs = programs_of("val", 12)
    for name in {item.act.motion for item in windows.items}:
        acts, program = [item.act for item in windows.items if item.act.motion == name], programs[name]
        for own in acts:
            first, last = own.interval
            assert 0 <= first <= own.active[0] <= own.active[1] <= last < program.frame_count
        if "+" in name:  # one act after another: two intervals, and the second begins where the first ends
            (begin, middle), (again, end) = sorted(own.interval for own in acts)
            assert (begin, end) == (0, program.frame_count - 1)
            assert abs(middle - again) <= program.fps
            assert len({own.action for own in acts}) == 2
        else:
            assert [own.interval for own in acts] == [(0, program.frame_count - 1)]


def test_a_batch_has_captions_and_pictures_of_its_own_acts(options, windows):
    embedded, origin = read_embedded(embedded_path(options.out / "embedded-val", find_shards(options.data, "val")[0]))
    assert origin["clip"]["name"].startswith("small-clip~")
    assert (windows.clip.judge, windows.clip.fingerprint) == ("clip", origin["clip"]["fingerprint"])
    assert len(embedded.image) == 4 * 4  # four pictures of each of four clips
    assert len(windows) == len(embedded.acts)
    batch = windows.draw(40, np.random.default_rng(0))
    assert batch.features.shape == (40, 20, 135)
    np.testing.assert_allclose(np.linalg.norm(batch.texts, axis=1), 1.0, atol=2e-3)
    again = windows.draw(40, np.random.default_rng(0))
    np.testing.assert_array_equal(batch.features, again.features)
    np.testing.assert_array_equal(batch.images, again.images)
    for item in windows.items:
        assert [windows.captions[k] for k in item.texts] == [embedded.texts[k] for k in item.act.texts]
        assert set(embedded.act[item.images]) == {windows.items.index(item)}
        shown = embedded.frame[item.images]
        assert ((shown >= item.act.interval[0]) & (shown <= item.act.interval[1])).all()
    np.testing.assert_allclose(batch.features[:, 0, [-3, -1]], 0.0, atol=1e-6)  # all begin at the origin


def test_every_second_window_may_be_a_mirror_image_in_motion_words_and_picture(options, windows, clip_folder):
    plain, mixed = (windows.draw(40, np.random.default_rng(3), mirror=mirror) for mirror in (False, True))
    flipped = (plain.features != mixed.features).any(axis=(1, 2))
    assert 8 < flipped.sum() < 32
    np.testing.assert_array_equal(mixed.features[flipped], mirrored_features(plain.features[flipped]))
    for name in ("texts", "images"):
        given, drawn = getattr(plain, name), getattr(mixed, name)
        np.testing.assert_array_equal(drawn[~flipped], given[~flipped])
        assert (np.abs(drawn - given).max(axis=1)[flipped] > 1e-3).any()
    said = next(row for row, text in enumerate(windows.captions) if "left" in text or "right" in text)
    encoder = ClipName("clip", clip_folder).load()
    expected = encoder.text_embedding([windows.captions[said], mirrored(windows.captions[said])])
    np.testing.assert_allclose(windows.text[said], expected, atol=2e-3)


def test_acts_that_show_a_name_can_be_left_out(windows):
    name = windows.items[0].act.shows[0]
    fewer = windows.without([name])
    assert name in windows.shown
    assert name not in fewer.shown
    assert 0 < len(fewer) == sum(name not in item.act.shows for item in windows.items) < len(windows)
    assert set(fewer.words) < set(windows.words)
    assert len(windows.without([])) == len(windows)


def test_a_short_interval_holds_its_last_pose(windows, options):
    long = Windows(find_shards(options.data, "val"), options.out / "embedded-val", 200)
    held = long.middle()
    assert held.shape == (len(long), 200, 135)
    length = long.items[0].act.interval[1] - long.items[0].act.interval[0]
    np.testing.assert_array_equal(held[0, length:], np.repeat(held[0, length : length + 1], 200 - length, axis=0))
    assert np.abs(held[0, length] - held[0, length - 1]).max() > 0


def test_shards_that_were_not_embedded_are_told(options, tmp_path):
    with pytest.raises(NoEmbeddings, match="train motionclip embed"):
        Windows(find_shards(options.data, "val"), tmp_path, 20)
    (embedded,) = (options.out / "embedded-val").iterdir()
    (tmp_path / "val-0000.npz").write_bytes(embedded.read_bytes())
    rebuilt = tmp_path / "rebuilt"
    rebuilt.mkdir()
    (rebuilt / "val-0000.npz").write_bytes((options.data / "val-0000.npz").read_bytes() + b" ")
    with pytest.raises(NoEmbeddings, match="not what was embedded"):
        Windows(find_shards(rebuilt, "val"), tmp_path, 20)
    (tmp_path / "val-0000.npz").write_bytes(b"torn")
    with pytest.raises(NoEmbeddings, match="damaged"):
        Windows(find_shards(options.data, "val"), tmp_path, 20)
