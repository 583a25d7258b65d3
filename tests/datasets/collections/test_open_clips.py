"""Named animations of a data folder: small made ones, and the real ones where they are at hand."""

import numpy as np
import pytest

from retargetbench.datasets.body.joint_names import CORE_JOINTS, require_joints
from retargetbench.datasets.body.joint_poses import motion_poses
from retargetbench.datasets.collections.data_root import ChangedFile, MissingFiles
from retargetbench.datasets.collections.open_clips.clips import THEMES, VARIANTS, clips_of, public_files, read_clip_list
from retargetbench.datasets.collections.open_clips.reading import SLOWER, UNTIMED_FRAMES, load_open_clips
from retargetbench.datasets.errors import UnknownName
from retargetbench.datasets.readers.read import read_motions
from retargetbench.datasets.readers.video import read_video
from retargetbench.datasets.spans import shown_span

from .made_clips import ANIMATIONS, BASE, VIDEO_FPS, VIDEO_FRAMES, make_clips


@pytest.fixture
def made(tmp_path, monkeypatch):
    return make_clips(tmp_path, monkeypatch)


def test_the_committed_lists_hold_the_stated_numbers():
    counts = {variant: clips_of(variant) for variant in VARIANTS}
    assert {variant: len(clips) for variant, clips in counts.items()} == {
        "named": 243, "known": 125, "previews": 79, "previews-timed": 79,
    }  # fmt: skip
    assert len({clip.id for clip in read_clip_list()}) == 247
    assert len({clip.sentence for clip in counts["named"]}) == 185
    assert len({clip.meaning for clip in counts["named"]}) == 163
    assert sum(clip.moves for clip in counts["previews"]) == 75
    assert {variant: len(public_files(variant)) for variant in VARIANTS} == {
        "named": 10, "known": 10, "previews": 160, "previews-timed": 160,
    }  # fmt: skip


def test_every_public_file_is_pinned_to_a_commit_with_licence_and_checksum():
    for file in public_files("named") + public_files("previews"):
        repository, _, rest = file.source.partition("@")
        assert repository.count("/") == 1
        assert len(rest.partition(":")[0]) == 40
        assert (len(file.sha256), file.licence) == (64, "CC0-1.0")


def test_a_variant_has_its_motions_and_only_previews_have_videos(made):
    named = load_open_clips(made)
    assert [clip.id for clip in named.clips] == sorted(clip.id for clip in named.clips)
    assert "m2m-base.Walk_Loop" in {clip.id for clip in named.clips}
    assert "m2m-base.T-Pose" not in {clip.id for clip in named.clips}
    assert (len(named.motions), len(named.videos)) == (sum(map(len, ANIMATIONS.values())) - 1, 0)
    assert [motion.frame_count for motion in named.motions] == [
        read_motions(made / clip.file, fps=30.0)[clip.animation].frame_count for clip in named.clips
    ]
    assert len(load_open_clips(made, "known").clips) < len(named.clips)
    versions = {load_open_clips(made, variant).data_sha256 for variant in VARIANTS}
    assert len(versions) == len(VARIANTS)


def test_a_preview_shows_a_span_at_the_animations_own_speed(made):
    shown = load_open_clips(made, "previews-timed")
    assert [clip.id for clip in shown.clips] == ["m2m-base.T-Pose", "m2m-base.Walk_Loop"]
    assert len(shown.videos) == 4
    for place, video in enumerate(shown.videos):
        clip, theme = shown.clips[place // 2], THEMES[place % 2]
        span = shown_span(f"{clip.id}/{theme}", VIDEO_FRAMES)
        whole = read_video(made / clip.preview(theme), 1000)
        np.testing.assert_array_equal(video.frames, whole.frames[span.start : span.stop])
        assert video.times_s[0] == 0
        assert video.duration_s == pytest.approx((len(span) - 1) / VIDEO_FPS / SLOWER[BASE])


def test_untimed_previews_are_equally_long_and_show_the_same_span(made):
    timed, untimed = (load_open_clips(made, variant).videos for variant in ("previews-timed", "previews"))
    for with_times, without in zip(timed, untimed, strict=True):
        assert (len(without.frames), without.duration_s) == (UNTIMED_FRAMES, 1.0)
        np.testing.assert_array_equal(without.frames[[0, -1]], with_times.frames[[0, -1]])


def test_what_is_missing_changed_or_unknown_is_said(made):
    with pytest.raises(UnknownName, match=r"no variant of retrieval/open-clips 'nameed'\. Did you mean 'named'"):
        load_open_clips(made, "nameed")
    path = made / BASE
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ChangedFile, match="human_base_animations"):
        load_open_clips(made).motions[-1]
    path.unlink()
    with pytest.raises(MissingFiles, match=r"lacks 1 of 2 files: .* `retargetbench data fetch open-clips --data-root"):
        load_open_clips(made)


@pytest.mark.shared
def test_all_that_move_move_and_the_poses_do_not(shared_data):
    for variant in ("named", "previews"):
        opened = load_open_clips(shared_data, variant)
        for clip, motion in zip(opened.clips, opened.motions, strict=True):
            joints = require_joints(motion.skeleton, CORE_JOINTS)
            positions = motion_poses(motion)[1][:, [joints[name] for name in CORE_JOINTS]]
            assert (float(np.ptp(positions, axis=0).max()) > 0.001) == clip.moves, clip.id


@pytest.mark.shared
@pytest.mark.slow
def test_real_previews_last_as_long_as_their_animation_once_they_are_played_at_its_speed(shared_data):
    ratios = []
    for clip, motion in zip((shown := load_open_clips(shared_data, "previews")).clips, shown.motions, strict=True):
        if motion.duration_s > 1.2:
            whole = read_video(shared_data / clip.preview("dark"), 1000)
            ratios.append(whole.at_speed(SLOWER.get(clip.file, 1.0)).duration_s / motion.duration_s)
    assert len(ratios) > 40
    assert np.median(ratios) == pytest.approx(1.0, abs=0.05)
    assert np.percentile(ratios, [5, 95]) == pytest.approx([1.0, 1.0], abs=0.12)


@pytest.mark.shared
@pytest.mark.slow
def test_lengths_find_whole_previews_and_most_timed_ones_and_the_untimed_ones_by_chance(shared_data):
    """R@10 of 158 previews among 79 animations, by the ratio of durations; docs/open-clips.md has these figures."""
    timed, untimed = (load_open_clips(shared_data, variant) for variant in ("previews-timed", "previews"))
    gallery = np.array([motion.duration_s for motion in timed.motions])
    whole = [
        read_video(shared_data / clip.preview(theme), 1000).at_speed(SLOWER.get(clip.file, 1.0)).duration_s
        for clip in timed.clips
        for theme in THEMES
    ]

    def found(seconds):
        apart = np.abs(np.log(seconds)[:, None] - np.log(gallery)[None])
        own = apart[np.arange(len(seconds)), np.arange(len(seconds)) // 2][:, None]
        above, tied = (apart < own - 1e-9).sum(axis=1), (np.abs(apart - own) <= 1e-9).sum(axis=1)
        return 100 * np.clip((10 - above) / tied, 0, 1).mean()

    cut = np.array([video.duration_s for video in timed.videos])
    assert found(np.array(whole)) == pytest.approx(98, abs=2)
    assert found(cut / 0.7) == pytest.approx(68, abs=1)
    assert found(np.array([video.duration_s for video in untimed.videos])) == pytest.approx(100 * 10 / 79, abs=0.5)
