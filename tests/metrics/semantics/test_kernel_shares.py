import numpy as np
import pytest
import torch

from retargetbench.metrics.semantics import kernel_shares
from retargetbench.metrics.semantics.errors import WrongEmbeddings
from retargetbench.metrics.semantics.kernel_distance import kid
from retargetbench.metrics.semantics.kernel_shares import kid_shares

GROUPS = torch.tensor([0, 0, 1, 2, 3, 3, 3, 4])


def embeddings(clips=8, pictures=3, width=5, shift=0.0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(clips, pictures, width, generator=generator) + shift


def kid_of(x, y, groups):
    rows = groups.repeat_interleave(x.shape[1])
    return kid(x.flatten(0, 1), y.flatten(0, 1), rows, rows)


@pytest.mark.parametrize("rows", [3, 7, 1024])
def test_the_mean_of_the_shares_is_the_distance_itself(rows, monkeypatch):
    monkeypatch.setattr(kernel_shares, "_ROWS", rows)
    x, y = embeddings(), embeddings(shift=0.4, seed=1)
    shares = kid_shares(x, y, GROUPS)
    assert shares.dtype == torch.float64
    assert float(shares.mean()) == pytest.approx(float(kid_of(x, y, GROUPS)), rel=1e-12)


def test_a_share_is_how_the_distance_changes_when_its_clip_counts_more():
    """The oracle: the distance of sets in which one clip stands many times, against the same sets without the copy."""
    x, y = embeddings(), embeddings(shift=0.4, seed=1)
    shares, copies = kid_shares(x, y, GROUPS), 200
    for clip in (0, 3, 7):
        counts = torch.full((8,), copies)
        counts[clip] += 1
        before = float(kid_of(x, y, GROUPS))
        change = (_weighted(x, y, GROUPS, counts) - before) * 8 * copies
        assert before + change == pytest.approx(float(shares[clip]), rel=2e-2, abs=2e-2)


def _weighted(x, y, groups, counts):
    """The distance with every clip counted so often, by plain loops over clips in NumPy."""
    x, y, width = x.double().numpy(), y.double().numpy(), x.shape[2]

    def kernel(a, b):
        return ((a @ b.T / width + 1) ** 3).mean()

    total, pairs = 0.0, 0.0
    for i in range(len(x)):
        for j in range(len(x)):
            if groups[i] != groups[j]:
                weight = float(counts[i] * counts[j])
                total += weight * (kernel(x[i], x[j]) + kernel(y[i], y[j]) - kernel(x[i], y[j]) - kernel(y[i], x[j]))
                pairs += weight
    return total / pairs


def test_equal_sets_have_a_distance_of_zero_in_every_share():
    x = embeddings()
    assert float(kid_shares(x, x, GROUPS).abs().max()) < 1e-12


def test_the_order_of_clips_does_not_matter():
    x, y = embeddings(), embeddings(shift=0.4, seed=1)
    order = torch.randperm(8, generator=torch.Generator().manual_seed(5))
    assert torch.allclose(kid_shares(x, y, GROUPS)[order], kid_shares(x[order], y[order], GROUPS[order]), rtol=1e-12)


def test_resampling_the_shares_gives_the_spread_that_new_samples_have():
    spread, found = [], []
    for seed in range(60):
        x, y = embeddings(24, 2, 4, 0.8, seed), embeddings(24, 2, 4, 0.0, 1000 + seed)
        shares = kid_shares(x, y, torch.arange(24))
        found.append(float(shares.mean()))
        spread.append(float(shares.std()) / 24**0.5)
    assert np.mean(spread) == pytest.approx(np.std(found), rel=0.35)


@pytest.mark.parametrize(
    ("x", "groups", "complaint"),
    [
        (embeddings(), torch.zeros(8), "show one motion"),
        (embeddings(), torch.arange(7), "one group per clip"),
        (embeddings() * float("inf"), GROUPS, "not finite"),
    ],
)
def test_what_gives_no_distance_is_refused(x, groups, complaint):
    with pytest.raises(WrongEmbeddings, match=complaint):
        kid_shares(x, embeddings(), groups)


def drawn(generator, clips, shift):
    """Results and sources of clips whose pictures are alike, the results moved by as much as ``shift``."""
    y = torch.randn(clips, 1, 16, generator=generator) + 0.3 * torch.randn(clips, 8, 16, generator=generator)
    moved = 0.5 * torch.randn(clips, 1, 16, generator=generator) * float(shift > 0)
    return y + moved + 0.3 * torch.randn(clips, 8, 16, generator=generator) + shift, y


@pytest.mark.slow
@pytest.mark.parametrize(("shift", "least"), [(0.0, 0.9), (0.1, 0.9), (0.3, 0.85), (1.0, 0.8)])
def test_the_interval_of_the_shares_holds_the_truth_nearly_as_often_as_it_says(shift, least):
    many = torch.Generator().manual_seed(1)
    truth = np.mean([float(kid_shares(*drawn(many, 300, shift), torch.arange(300)).mean()) for _ in range(6)])
    held = 0
    for seed in range(150):
        shares = kid_shares(*drawn(torch.Generator().manual_seed(100 + seed), 32, shift), torch.arange(32))
        held += abs(float(shares.mean()) - truth) <= 1.96 * float(shares.std()) / 32**0.5
    print(f"shift {shift}: kid {truth:.4f}, the interval held it in {held / 150:.0%}")
    assert held / 150 >= least
