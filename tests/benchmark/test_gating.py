import pytest

from retargetbench.benchmark.gating import BadTolerance, TooFewClusters, UngatedMetric, gate_runs, read_tolerance

from .synthetic import F1, JERK, LIMB, MPJPE, SPEED, make_run, noisy

KEYS = (MPJPE, "mpjpe_cm@1[local]", LIMB, "pen_limb@1[0.3%H]", F1, JERK, SPEED)


@pytest.mark.parametrize(
    ("text", "key", "amount", "is_relative"),
    [
        ("pen_limb=2%", LIMB, 0.02, True),
        ("pen_limb@1=0.5", LIMB, 0.5, False),
        ("pen_limb[0.3%H]=10%", "pen_limb@1[0.3%H]", 0.1, True),
        ("mpjpe_cm@1[global]=1", MPJPE, 1, False),
        (" jerk = 5.5% ".replace(" = ", "="), JERK, 0.055, True),
    ],
)
def test_a_tolerance_names_a_metric_and_an_amount(text, key, amount, is_relative):
    tolerance = read_tolerance(text, KEYS)
    assert (tolerance.key, tolerance.amount, tolerance.is_relative) == (key, pytest.approx(amount), is_relative)


@pytest.mark.parametrize(
    ("text", "error", "complaint"),
    [
        ("pen_limb", BadTolerance, "expected METRIC=AMOUNT, for example pen_limb=2%"),
        ("pen_limb=-2%", BadTolerance, "cannot be read"),
        ("pen_limb=two", BadTolerance, "cannot be read"),
        ("root_speed=2%", BadTolerance, "has no better or worse"),
        ("mpjpe_cm=2%", BadTolerance, r"may mean mpjpe_cm@1\[global\] or mpjpe_cm@1\[local\]; write the whole key"),
        ("pen_lim=2%", UngatedMetric, "Did you mean 'pen_limb'"),
    ],
)
def test_a_wrong_tolerance_is_answered_with_what_was_expected(text, error, complaint):
    with pytest.raises(error, match=complaint):
        read_tolerance(text, KEYS)


def gate(tmp_path, new, base, *tolerances, **more):
    return {
        row.difference.key: row
        for row in gate_runs(
            make_run(tmp_path / "new", new, name="new", **more),
            make_run(tmp_path / "base", base, name="base", **more),
            [read_tolerance(t, list(new)) for t in tolerances],
        )
    }


def test_worse_beyond_tolerance_and_beyond_noise_fails_and_names_the_worst_clips(tmp_path):
    new, base = noisy(12.0, seed=1), noisy(10.0, seed=2)
    worse = {LIMB: lambda m, b: new(m, b) + (50.0 if (m, b) == (3, 4) else 0.0)}
    row = gate(tmp_path, worse, {LIMB: base}, "pen_limb=2%")[LIMB]
    assert row.outcome == "failed"
    assert row.worsening == pytest.approx(2.5, abs=0.3)
    assert row.allowed == pytest.approx(0.02 * row.difference.b)
    assert row.worst_clips[0].clip_id == "retarget/intents/motion03/source>body04"
    assert len(row.worst_clips) == 5
    growth = [clip.new - clip.base for clip in row.worst_clips]
    assert growth == sorted(growth, reverse=True)


def test_worse_within_tolerance_passes_however_certain_it_is(tmp_path):
    row = gate(tmp_path, {LIMB: noisy(12.0, seed=1)}, {LIMB: noisy(10.0, seed=2)}, "pen_limb=40%")[LIMB]
    assert (row.outcome, row.worst_clips) == ("passed", ())
    assert row.difference.p_holm < 0.001


def test_worse_within_noise_passes_however_small_the_tolerance(tmp_path):
    new, base = noisy(10.05, seed=1, of_clips=5), noisy(10.0, seed=2, of_clips=5)
    row = gate(tmp_path, {LIMB: new}, {LIMB: base}, "pen_limb=0")[LIMB]
    assert row.worsening > row.allowed
    assert row.outcome == "passed"


def test_lower_contact_is_worse_and_higher_contact_passes(tmp_path):
    low, high = {F1: noisy(1.0, seed=1)}, {F1: noisy(5.0, seed=2)}
    assert gate(tmp_path / "1", low, high, "goal_f1=2%")[F1].outcome == "failed"
    assert gate(tmp_path / "2", high, low, "goal_f1=2%")[F1].outcome == "passed"


def test_without_tolerances_every_metric_with_a_direction_is_gated_and_corrected_for_number(tmp_path):
    new = {LIMB: noisy(5, seed=1), F1: noisy(5, seed=2), SPEED: noisy(99, seed=3)}
    base = {LIMB: noisy(4, seed=4), F1: noisy(5, seed=5), SPEED: noisy(1, seed=6)}
    rows = gate(tmp_path, new, base)
    assert {key: row.outcome for key, row in rows.items()} == {LIMB: "failed", F1: "passed"}
    assert rows[LIMB].difference.p_holm == pytest.approx(2 * rows[LIMB].difference.p_value)


def test_identical_results_pass_with_tolerance_zero(tmp_path):
    values = {LIMB: noisy(5, seed=1), F1: noisy(5, seed=2)}
    assert {row.outcome for row in gate(tmp_path, values, values, "pen_limb=0", "goal_f1=0").values()} == {"passed"}


def test_identical_results_pass_however_few_clips_there_are(tmp_path):
    values = {LIMB: noisy(5, seed=1)}
    assert gate(tmp_path, values, values, "pen_limb=0", bodies=2)[LIMB].outcome == "passed"


def test_a_metric_on_too_few_clips_is_undecided_and_a_gate_of_only_such_is_refused(tmp_path):
    def few(mean):
        return lambda m, b: float(mean) if b < 3 else None

    new, base = {LIMB: noisy(5, seed=1), F1: few(0)}, {LIMB: noisy(5, seed=1), F1: few(1)}
    rows = gate(tmp_path / "1", new, base)
    assert {key: row.outcome for key, row in rows.items()} == {LIMB: "passed", F1: "undecided"}
    with pytest.raises(TooFewClusters, match=r"nothing can be told from noise here .*3 bodies"):
        gate(tmp_path / "2", new, base, "goal_f1=2%")
