import numpy as np
import pytest

from retargetbench.benchmark.comparison import NoSuchResult, NotComparable, compare_runs, load_run
from retargetbench.benchmark.records import BadRecord

from .synthetic import F1, JERK, LIMB, SPEED, make_run, noisy, write_run


def two_runs(tmp_path, a, b, **more):
    return make_run(tmp_path / "a", a, name="a", **more), make_run(tmp_path / "b", b, name="b", **more)


def test_a_small_difference_is_found_under_large_effects_of_motions_and_bodies(tmp_path):
    # The means alone say nothing: effects of motions and bodies are fifty times the difference. Pairing takes them out.
    a, b = two_runs(tmp_path, {LIMB: noisy(10.1, seed=1)}, {LIMB: noisy(10.0, seed=2)})
    row = compare_runs(a, b)[0]
    assert row.verdict == "worse"
    assert row.lo < row.difference < row.hi
    assert row.lo > 0
    assert row.difference == pytest.approx(0.1, abs=0.05)
    score = a.result.scores["all"][LIMB]
    assert score.hi - score.lo > 10 * (row.hi - row.lo)


def test_the_differences_are_paired_by_clip(tmp_path):
    a, b = two_runs(tmp_path, {LIMB: noisy(1, seed=1)}, {LIMB: noisy(2, seed=2)})
    row = compare_runs(a, b)[0]
    of_a = {s.clip_id: s.values[LIMB] for s in a.samples.samples}
    differences = np.array([of_a[s.clip_id] - s.values[LIMB] for s in b.samples.samples])
    assert row.difference == pytest.approx(differences.mean())
    assert row.effect_size == pytest.approx(differences.mean() / differences.std(ddof=1))


def test_better_means_lower_for_penetration_and_higher_for_contact(tmp_path):
    a, b = two_runs(
        tmp_path,
        {LIMB: noisy(5, seed=1), F1: noisy(5, seed=2), SPEED: noisy(5, seed=3)},
        {LIMB: noisy(9, seed=4), F1: noisy(9, seed=5), SPEED: noisy(9, seed=6)},
    )
    assert {row.key: row.verdict for row in compare_runs(a, b)} == {LIMB: "better", F1: "worse", SPEED: "different"}
    assert {row.key: row.verdict for row in compare_runs(b, a)} == {LIMB: "worse", F1: "better", SPEED: "different"}


def test_comparing_the_other_way_round_mirrors_every_number(tmp_path):
    a, b = two_runs(tmp_path, {LIMB: noisy(1, seed=1, of_clips=2)}, {LIMB: noisy(1.2, seed=2, of_clips=2)})
    there, back = compare_runs(a, b)[0], compare_runs(b, a)[0]
    assert (there.lo, there.hi) == pytest.approx((-back.hi, -back.lo))
    assert there.p_value == back.p_value
    assert there.smallest_resolved == pytest.approx(back.smallest_resolved)


def test_noise_is_no_difference(tmp_path):
    a, b = two_runs(tmp_path, {LIMB: noisy(1, seed=1)}, {LIMB: noisy(1, seed=2)})
    row = compare_runs(a, b)[0]
    assert row.verdict == "no difference shown"
    assert row.smallest_resolved > abs(row.difference)


def test_a_run_compared_with_itself_is_equal(tmp_path):
    run = make_run(tmp_path / "a", {LIMB: noisy(1, seed=1)})
    row = compare_runs(run, run)[0]
    assert (row.difference, row.verdict, row.p_value) == (0, "equal", 1)
    assert row.effect_size is row.smallest_resolved is None


def test_holm_adjusts_for_the_ranked_metrics_only(tmp_path):
    values = {key: noisy(1, seed=i) for i, key in enumerate((LIMB, JERK, F1, SPEED))}
    a, b = two_runs(tmp_path, values, {key: noisy(1.02, seed=10 + i) for i, key in enumerate(values)})
    rows = {row.key: row for row in compare_runs(a, b)}
    assert rows[SPEED].p_holm is None
    smallest = min((LIMB, JERK, F1), key=lambda key: rows[key].p_value)
    assert rows[smallest].p_holm == pytest.approx(min(1, 3 * rows[smallest].p_value))
    alone = compare_runs(a, b, keys=[smallest])[0]
    assert alone.p_holm == alone.p_value == rows[smallest].p_value


def test_the_resolved_difference_shrinks_with_more_clusters(tmp_path):
    sizes = []
    for size in (8, 32):
        a, b = two_runs(
            tmp_path / str(size), {LIMB: noisy(1, seed=1)}, {LIMB: noisy(1, seed=2)}, motions=size, bodies=size
        )
        sizes.append(compare_runs(a, b)[0].smallest_resolved)
    assert sizes[1] < sizes[0] / 2


def test_a_split_compares_its_own_clips(tmp_path):
    a, b = two_runs(
        tmp_path,
        {LIMB: lambda m, b: float(b % 2)},
        {LIMB: lambda m, b: 0.0},
        bodies=20,
    )
    assert compare_runs(a, b, split="UC+UM")[0].difference == 1
    assert compare_runs(a, b, split="SC+SM")[0].difference == 0
    assert compare_runs(a, b)[0].difference == 0.5
    with pytest.raises(NotComparable, match=r"no clip is in the split 'UC'; these results have splits all, SC\+SM"):
        compare_runs(a, b, split="UC")


def test_too_few_bodies_leave_the_verdict_open(tmp_path):
    a, b = two_runs(tmp_path, {LIMB: noisy(1, seed=1)}, {LIMB: noisy(9, seed=2)}, bodies=4)
    row = compare_runs(a, b)[0]
    assert (row.verdict, row.lo, row.p_holm, row.smallest_resolved) == ("undecided", None, None, None)
    assert "4 bodies" in row.note


def test_clips_to_which_a_metric_does_not_apply_are_left_out(tmp_path):
    a, b = two_runs(tmp_path, {F1: lambda m, b: 1.0 if m < 9 else None}, {F1: lambda m, b: 0.0 if b < 9 else None})
    row = compare_runs(a, b)[0]
    assert (row.n, row.difference) == (81, 1)


def test_results_on_other_data_are_refused_with_both_named(tmp_path):
    a = make_run(tmp_path / "a", {LIMB: noisy(1, seed=1)})
    b = make_run(tmp_path / "b", {LIMB: noisy(1, seed=1)}, data="e" * 64)
    with pytest.raises(NotComparable, match=r"different data: dddddddddddd \(.*a\) and eeeeeeeeeeee \(.*b\)"):
        compare_runs(a, b)
    c = make_run(tmp_path / "c", {LIMB: noisy(1, seed=1)}, track="retarget/other")
    with pytest.raises(NotComparable, match="different tracks"):
        compare_runs(a, c)
    d = make_run(tmp_path / "d", {LIMB: noisy(1, seed=1)}, motions=11)
    with pytest.raises(NotComparable, match="different clips, for example retarget/intents/motion10"):
        compare_runs(a, d)


def test_a_run_is_found_by_folder_file_or_the_folder_above(tmp_path):
    folder = write_run(tmp_path / "track" / "method" / "run", {LIMB: noisy(1, seed=1)})
    for path in (folder, folder / "result.json", tmp_path / "track", tmp_path):
        assert load_run(path).folder == folder
    write_run(tmp_path / "track" / "method" / "run2", {LIMB: noisy(1, seed=1)})
    with pytest.raises(NoSuchResult, match=r"there are 2 results below '.*': track/method/run, track/method/run2"):
        load_run(tmp_path)
    with pytest.raises(NoSuchResult, match=r"there is no result\.json at or below"):
        load_run(tmp_path / "nowhere")


def test_a_table_of_clips_from_another_run_is_noticed(tmp_path):
    folder = write_run(tmp_path / "a", {LIMB: noisy(1, seed=1)})
    other = write_run(tmp_path / "b", {LIMB: noisy(1, seed=2)})
    (folder / "samples.csv").write_bytes((other / "samples.csv").read_bytes())
    with pytest.raises(BadRecord, match=r"does not belong to its result\.json: pen_limb@1 is"):
        load_run(folder)
