import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from retargetbench.benchmark.comparison import NotComparable
from retargetbench.benchmark.study.catches import PLAIN_H, choose_catches, distance_h, frozen, right_side, worn
from retargetbench.benchmark.study.errors import BadStudyRequest
from retargetbench.benchmark.study.key import key_hash, key_path, read_key
from retargetbench.benchmark.study.layout import StudyPlan
from retargetbench.benchmark.study.make import check_places
from retargetbench.benchmark.study.pictures import equally_large, film_strips, padded, webp
from retargetbench.benchmark.study.plan import StudyOptions
from retargetbench.benchmark.study.sources import StudyRequest, find_sources

from ..toy import ToyClips
from .conftest import CLIPS, NAMES


def public(folder):
    text = (folder / "study.js").read_text()
    return json.loads(text.removeprefix("window.STUDY = ").removesuffix(";\n"))


def test_the_folder_holds_the_page_the_list_of_trials_and_every_picture_it_names(made_study):
    names = {path.name for path in made_study.folder.iterdir()}
    assert names == {"index.html", "style.css", "script.js", "study.js", "media"}
    trials = public(made_study.folder)["trials"]
    shown = {name for trial in trials for name in (trial["source"], *trial["items"])}
    assert {path.stem for path in (made_study.folder / "media").iterdir()} == shown


def test_the_key_belongs_to_the_folder_and_knows_what_every_picture_is(made_study):
    key = read_key(made_study.folder)
    assert key == made_study.key
    assert {name for trial in key.of_kind("main") for name in trial.shows} == set(NAMES)
    assert {trial.id: list(trial.items) for trial in key.trials} == {
        trial["id"]: trial["items"] for trial in public(made_study.folder)["trials"]
    }
    assert public(made_study.folder)["key_sha256"] == key_hash(key_path(made_study.folder).read_text())


def test_nothing_that_raters_get_names_a_method_a_clip_or_what_a_trial_is_for(made_study):
    words = [*NAMES, "catch", "repeat", "wrong", "frozen", "retarget/toy", "sway", "touch0", "body0"]
    for path in made_study.folder.rglob("*"):
        if path.is_file() and path.name not in {"script.js", "style.css"}:  # the same for every study
            content = path.read_bytes()
            found = [word for word in words if word.encode() in content]
            assert found == [], path.name
    study = public(made_study.folder)
    assert {frozenset(trial) for trial in study["trials"]} == {
        frozenset({"id", "items", "source", "frames", "fps", "columns", "width", "height"})
    }


def test_pictures_differ_neither_in_size_nor_in_time_nor_by_their_names_and_carry_no_metadata(made_study):
    files = sorted((made_study.folder / "media").iterdir())
    assert len({path.stat().st_size for path in files}) == 1
    assert len({path.stat().st_mtime for path in made_study.folder.rglob("*") if path.is_file()}) == 1
    assert all(re.fullmatch(r"[0-9a-f]{12}\.webp", path.name) for path in files)
    for path in files:
        with Image.open(path) as picture:
            assert not {"exif", "xmp", "icc_profile"} & set(picture.info)


def test_a_methods_pictures_come_first_and_second_and_early_and_late_alike(made_study, monkeypatch):
    """Over many studies neither the place in a trial nor the order of names tells the method."""
    monkeypatch.setattr("retargetbench.benchmark.study.catches.choose_catches", lambda *_: [])  # they take long
    first, earlier = [], []
    for seed in range(40):
        request = StudyRequest(
            made_study.request.sources, made_study.request.questions, StudyOptions(clips=4, catches=5, seed=seed)
        )
        for trial in StudyPlan(request, CLIPS).trials:
            first.append(trial.shows[0] == "lazy")
            earlier.append(trial.items[trial.shows.index("lazy")] == min(trial.items))
    for share in (np.mean(first), np.mean(earlier)):
        assert 0.4 < share < 0.6, share


def test_the_same_results_and_seed_give_the_same_study_and_another_seed_another(made_study):
    request = made_study.request
    again = StudyPlan(request, CLIPS).key()
    assert again == made_study.key
    other = StudyOptions(clips=4, catches=5, seed=1)
    changed = StudyPlan(StudyRequest(request.sources, request.questions, other, request.look), CLIPS).key()
    assert not {trial.id for trial in changed.trials} & {trial.id for trial in again.trials}


def test_the_assignment_does_not_follow_from_the_seed_alone(made_study):
    """Whoever knows the seed but has not the predictions cannot work out the key."""
    from dataclasses import replace

    sources = list(made_study.request.sources)
    result = sources[0].run.result.model_copy(update={"predictions_sha256": "other"})
    sources[0] = replace(sources[0], run=replace(sources[0].run, result=result))
    changed = StudyPlan(replace(made_study.request, sources=sources), CLIPS).key()
    assert changed.study != made_study.key.study


def test_catch_trials_are_a_tenth_at_least_and_repeated_ones_show_the_same_pictures(made_study):
    key = made_study.key
    catches, repeats = key.of_kind("catch"), key.of_kind("repeat")
    assert len(catches) >= 5
    assert len(catches) / len(key.trials) >= 0.1
    assert {trial.wrong for trial in catches} == {"another motion", "frozen"}
    main = {trial.id: trial for trial in key.of_kind("main")}
    assert repeats
    assert all(trial.items == main[trial.repeats].items for trial in repeats)
    assert {trial.clip_id for trial in catches} - {trial.clip_id for trial in main.values()}


def test_wrong_sides_are_plainly_wrong_and_right_sides_are_the_ground_truth():
    for catch in choose_catches(CLIPS, CLIPS.pairs, 6, np.random.default_rng(0)):
        assert distance_h(catch.character, catch.right, catch.wrong) >= PLAIN_H
        assert catch.right.frame_count == catch.wrong.frame_count
        assert np.array_equal(catch.right.local_rotations_wxyz, catch.clip.ground_truths[0].local_rotations_wxyz)


def test_without_ground_truth_the_right_side_is_the_original_itself():
    clips = ToyClips(solution_count=0)
    pair = clips.load(clips.pairs[0].clip_id)
    assert right_side(pair) == (pair.source, pair.source_motion)


def test_a_clip_set_in_which_nothing_moves_gives_no_catch_trials_and_says_so():
    one = ToyClips(body_count=2, motion_count=1)
    with pytest.raises(BadStudyRequest, match="hardly differ"):
        choose_catches(one, [spec for spec in one.pairs if False] or one.pairs[:1], 5, _Never())


class _Never:
    """A generator that always picks the first."""

    def integers(self, *_):
        return 0


def test_a_frozen_motion_stays_and_another_bodys_motion_keeps_its_rotations():
    pair, other = (CLIPS.load(CLIPS.pairs[n].clip_id) for n in (0, -1))
    still = frozen(pair.source_motion)
    assert np.ptp(still.local_rotations_wxyz, axis=0).max() == 0
    moved = worn(other.source_motion, pair.target, pair.source_motion)
    assert moved.skeleton == pair.target.skeleton
    assert np.allclose(moved.local_rotations_wxyz, other.source_motion.local_rotations_wxyz)


def test_a_film_strip_holds_every_shown_frame_in_reading_order():
    pair = CLIPS.load(CLIPS.pairs[0].clip_id)
    rows = [(pair.source, pair.source_motion), (pair.target, pair.ground_truths[0])]
    film, strips = film_strips(rows, height_px=64, view="front")
    assert (film.frames, film.columns) == (8, 3)
    assert film.fps == pytest.approx(pair.spec.fps / 2)
    assert all(strip.shape == (3 * 64, 3 * film.width, 3) for strip in strips)
    last = strips[0][2 * 64 :, 2 * film.width :]
    assert (last == 255).all()  # there is no ninth frame
    assert strips[0][:64, : film.width].std() > 3
    assert not np.array_equal(strips[0], strips[1])


def test_filled_up_files_show_the_same_picture_and_have_one_size():
    generator = np.random.default_rng(0)
    plain = np.full((40, 60, 3), 200, dtype=np.uint8)
    busy = generator.integers(0, 255, (40, 60, 3), dtype=np.uint8)
    before = [webp(plain), webp(busy)]
    after = equally_large(before)
    assert len(before[0]) < len(before[1])
    assert len(after[0]) == len(after[1])
    for old, new in zip(before, after, strict=True):
        pictures = [np.asarray(Image.open(io.BytesIO(file)).convert("RGB")) for file in (old, new)]
        assert np.array_equal(*pictures)
        assert int.from_bytes(new[4:8], "little") == len(new) - 8
    with pytest.raises(ValueError, match="cannot be filled"):
        padded(before[1], len(before[1]))
    with pytest.raises(ValueError, match="not a WebP"):
        padded(b"GIF89a" + bytes(20), 100)


def test_results_that_cannot_be_compared_are_refused_with_what_to_do(made_study):
    runs = [source.run for source in made_study.request.sources]
    with pytest.raises(BadStudyRequest, match="at least two results"):
        find_sources(runs[:1], [made_study.place / "runs"])
    with pytest.raises(BadStudyRequest, match="two of the results are of 'careful'"):
        find_sources([runs[0], runs[0]], [made_study.place / "runs"])
    with pytest.raises(BadStudyRequest, match="no predictions of lazy below"):
        find_sources(runs, [made_study.place / "runs" / "careful"])
    from dataclasses import replace

    other = replace(runs[1], result=runs[1].result.model_copy(update={"data": "e" * 64}))
    with pytest.raises(NotComparable, match="not on the same data"):
        find_sources([runs[0], other], [made_study.place / "runs"])


def test_a_place_in_use_is_never_written_over(made_study, tmp_path):
    with pytest.raises(BadStudyRequest, match="is in use"):
        check_places(made_study.folder, tmp_path / "k.json")
    with pytest.raises(BadStudyRequest, match="is there already"):
        check_places(tmp_path / "new", key_path(made_study.folder))
