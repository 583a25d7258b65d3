import numpy as np
import pytest
import torch

from retargetbench.metrics.semantics.errors import WrongEmbeddings
from retargetbench.metrics.semantics.judge import Embedding
from retargetbench.metrics.semantics.scores import scl


def embedding(seed, lengths=(5, 3, 4), width=6, queries=2):
    states = torch.tensor(np.random.default_rng(seed).standard_normal((len(lengths), max(lengths), width)))
    counted = torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]
    return Embedding(states, counted, queries)


def by_hand(a, b):
    """Picture by picture, token by token, in plain loops."""
    pictures = []
    for i in range(a.states.shape[0]):
        tokens = [t for t in range(a.states.shape[1]) if a.counted[i, t]]
        squares = [(float(x) - float(y)) ** 2 for t in tokens
                   for x, y in zip(a.states[i, t], b.states[i, t], strict=True)]  # fmt: skip
        pictures.append(sum(squares) / len(squares))
    return sum(pictures) / len(pictures)


def test_scl_is_the_mean_over_pictures_of_the_mean_squared_error_of_their_real_tokens():
    one, other = embedding(1), embedding(2)
    assert float(scl(one, other)) == pytest.approx(by_hand(one, other), rel=1e-12)


def test_scl_of_one_picture_without_padding_is_the_mean_squared_error():
    one, other = embedding(1, (4,)), embedding(2, (4,))
    assert float(scl(one, other)) == pytest.approx(float(torch.nn.functional.mse_loss(one.states, other.states)))


def test_scl_is_zero_for_equals_symmetric_and_blind_to_order_and_padding():
    one, other = embedding(1), embedding(2)
    value = float(scl(one, other))
    assert float(scl(one, one)) == 0
    assert float(scl(other, one)) == pytest.approx(value, rel=1e-12)
    swap = [2, 0, 1]
    turned = [Embedding(e.states[swap], e.counted[swap], 2) for e in (one, other)]
    assert float(scl(*turned)) == pytest.approx(value, rel=1e-12)
    noisy = Embedding(torch.where(one.counted[..., None], one.states, 1e6), one.counted, 2)
    assert float(scl(noisy, other)) == pytest.approx(value, rel=1e-12)


def test_scl_grows_with_the_square_of_the_difference():
    one, other = embedding(1), embedding(2)
    nearer = Embedding(one.states + (other.states - one.states) / 2, one.counted, 2)
    assert float(scl(nearer, one)) == pytest.approx(float(scl(other, one)) / 4, rel=1e-12)


def test_the_picture_tokens_alone_are_the_first_ones():
    one, other = embedding(1).pictures_only(), embedding(2).pictures_only()
    assert one.states.shape == (3, 2, 6)
    assert float(scl(one, other)) == pytest.approx(float((one.states - other.states).square().mean()), rel=1e-12)
    without = embedding(1, queries=0)
    assert without.pictures_only().states.shape == without.states.shape


def test_means_leave_padding_out():
    one = embedding(3)
    expected = torch.stack([one.states[i, :n].mean(0) for i, n in enumerate((5, 3, 4))])
    torch.testing.assert_close(one.means(), expected)


def test_embeddings_of_other_prompts_or_shapes_are_refused():
    with pytest.raises(WrongEmbeddings, match=r"\[J011\].*same prompts"):
        scl(embedding(1), embedding(1, (5, 3, 5)))
    with pytest.raises(WrongEmbeddings, match=r"\[3, 5, 6\] and \[3, 4, 6\]"):
        scl(embedding(1), embedding(1, (4, 3, 4)))
