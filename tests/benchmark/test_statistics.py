from dataclasses import replace

import numpy as np
import pytest

from retargetbench.benchmark.statistics import NO_BODY, ClipValues, cluster_counts, estimate_mean, holm, seed_from


def clips(values, motions, bodies):
    return ClipValues(np.asarray(values, dtype=float), [f"m{m}" for m in motions], [f"b{b}" for b in bodies])


def grid(motions, bodies, rng, of_motions=1.0, of_bodies=1.0, of_clips=1.0):
    m, b = (axis.ravel() for axis in np.meshgrid(np.arange(motions), np.arange(bodies)))
    effects = rng.normal(0, of_motions, motions)[m] + rng.normal(0, of_bodies, bodies)[b]
    return clips(effects + rng.normal(0, of_clips, len(m)), m, b)


def slow_means(data, seed, draws):
    """The same bootstrap, clip by clip: a clip counts as often as its motion times as often as its body was drawn."""
    motions, bodies = sorted(set(data.motions)), sorted(set(data.bodies))
    of_motions = cluster_counts(len(motions), seed=seed, side=0, draws=draws)
    of_bodies = cluster_counts(len(bodies), seed=seed, side=1, draws=draws)
    means = []
    for draw in range(draws):
        total = weight = 0.0
        for value, motion, body in zip(data.values, data.motions, data.bodies, strict=True):
            times = of_motions[draw, motions.index(motion)] * of_bodies[draw, bodies.index(body)]
            total += times * value
            weight += times
        if weight:
            means.append(total / weight)
    return np.array(means)


@pytest.mark.parametrize("missing", [0, 60])
def test_the_interval_is_that_of_a_slow_bootstrap_clip_by_clip(missing):
    rng = np.random.default_rng(3)
    full = grid(9, 11, rng)
    kept = rng.permutation(99)[missing:]
    data = ClipValues(full.values[kept], [full.motions[i] for i in kept], [full.bodies[i] for i in kept])
    estimate = estimate_mean(data, seed=5, draws=300)
    means = slow_means(data, 5, 300)
    assert estimate.value == pytest.approx(data.values.mean(), rel=1e-12)
    assert (estimate.lo, estimate.hi) == pytest.approx(tuple(np.quantile(means, [0.025, 0.975])), rel=1e-9)
    assert estimate.standard_error == pytest.approx(means.std(ddof=1), rel=1e-9)
    extreme = (np.abs(means - data.values.mean()) >= abs(data.values.mean())).sum()
    assert estimate.p_value == pytest.approx((1 + extreme) / (1 + len(means)))


@pytest.mark.parametrize(
    ("of_motions", "of_bodies", "of_clips"), [(1, 1, 1), (1, 0, 0.3), (0, 1, 0.3), (0, 0, 1), (1, 1, 0)]
)
def test_the_interval_covers_the_true_mean_about_as_often_as_it_says(of_motions, of_bodies, of_clips):
    rng = np.random.default_rng(1)
    covered = 0
    for trial in range(200):
        data = grid(14, 12, rng, of_motions, of_bodies, of_clips)
        estimate = estimate_mean(data, seed=trial, draws=400)
        covered += estimate.lo <= 0 <= estimate.hi
    # 95 % is promised as a lower bound; few clusters cost some points, clip noise is overestimated on purpose.
    assert covered / 200 >= 0.88


def test_an_interval_over_motions_alone_would_miss_what_bodies_add():
    rng = np.random.default_rng(2)
    data = grid(20, 10, rng, of_motions=0.05, of_bodies=2.0, of_clips=0.05)
    estimate = estimate_mean(data, seed=0)
    means = data.values.reshape(10, 20).mean(axis=1)
    assert estimate.hi - estimate.lo > 2 * 1.5 * means.std(ddof=1) / np.sqrt(10)


@pytest.mark.parametrize(("motions", "bodies"), [(7, 30), (30, 7), (1, 1)])
def test_fewer_than_eight_clusters_on_a_side_give_no_interval_and_say_so(motions, bodies):
    estimate = estimate_mean(grid(motions, bodies, np.random.default_rng(0)), seed=0)
    assert estimate.lo is estimate.hi is estimate.p_value is estimate.standard_error is None
    assert f"{motions} motions and {bodies} bodies" in estimate.note
    assert (estimate.motions, estimate.bodies, estimate.n) == (motions, bodies, motions * bodies)


def test_data_without_bodies_is_resampled_over_motions_alone_and_says_so():
    data = grid(20, 1, np.random.default_rng(5), of_bodies=0.0)
    estimate = estimate_mean(replace(data, bodies=[NO_BODY] * len(data.bodies)), seed=0)
    assert (estimate.motions, estimate.bodies) == (20, 0)
    assert estimate.note.startswith("one-way interval: over motions alone")
    assert estimate.hi - estimate.lo == pytest.approx(2 * 1.96 * data.values.std() / np.sqrt(20), rel=0.15)
    few = grid(7, 1, np.random.default_rng(5))
    few = estimate_mean(replace(few, bodies=[NO_BODY] * len(few.bodies)), seed=0)
    assert (few.lo, few.note) == (None, "no interval: 7 motions, at least 8 are needed")


def test_the_order_of_the_clips_changes_no_bit():
    data = grid(12, 9, np.random.default_rng(4))
    order = np.random.default_rng(5).permutation(len(data.values))
    shuffled = ClipValues(data.values[order], [data.motions[i] for i in order], [data.bodies[i] for i in order])
    assert estimate_mean(data, seed=1) == estimate_mean(shuffled, seed=1)


def test_another_seed_gives_another_but_close_interval():
    data = grid(12, 9, np.random.default_rng(4))
    one, other = estimate_mean(data, seed=1), estimate_mean(data, seed=2)
    assert one.lo != other.lo
    assert one.lo == pytest.approx(other.lo, abs=0.05 * (one.hi - one.lo))


def test_a_constant_has_an_interval_of_no_width_and_a_shift_shifts_it():
    data = grid(9, 9, np.random.default_rng(6))
    flat = estimate_mean(ClipValues(np.full(81, 2.5), data.motions, data.bodies), seed=0)
    assert (flat.lo, flat.value, flat.hi) == (2.5, 2.5, 2.5)
    moved = estimate_mean(ClipValues(data.values + 10, data.motions, data.bodies), seed=0)
    still = estimate_mean(data, seed=0)
    assert (moved.lo - 10, moved.hi - 10) == pytest.approx((still.lo, still.hi))


def test_differences_of_zero_have_a_p_value_of_one_and_large_ones_a_small_one():
    data = grid(10, 10, np.random.default_rng(7), of_clips=0.01)
    assert estimate_mean(ClipValues(np.zeros(100), data.motions, data.bodies), seed=0).p_value == 1
    assert estimate_mean(ClipValues(data.values + 50, data.motions, data.bodies), seed=0).p_value < 0.001


def test_p_values_of_a_true_null_are_small_no_more_often_than_they_say():
    rng = np.random.default_rng(8)
    p_values = [estimate_mean(grid(14, 12, rng), seed=i, draws=400).p_value for i in range(200)]
    assert np.mean(np.array(p_values) < 0.05) <= 0.11


def test_every_draw_takes_as_many_clusters_as_there_are():
    counts = cluster_counts(13, seed=3, side=1, draws=50)
    assert (counts.sum(axis=1) == 13).all()
    assert not np.array_equal(counts, cluster_counts(13, seed=3, side=0, draws=50))


def test_holm_agrees_with_the_textbook():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.9]) == pytest.approx([1.0, 1.0])
    assert holm([]) == []


def test_a_seed_depends_on_all_words_and_their_order():
    assert len({seed_from("a", "b"), seed_from("b", "a"), seed_from("ab"), seed_from("a")}) == 4
    assert seed_from("a", "b") == seed_from("a", "b")
