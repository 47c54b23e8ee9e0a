"""Masked top-k, means and priors against plain loops."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tests.core.nn.methods.toy import ToyWorld
from tpwng_core.nn.methods.pooling import (
    chosen_mean,
    cross_entropy,
    join,
    sixteenth,
    smoothness,
    sparsity,
    top_mask,
    top_mean,
)


@pytest.fixture
def scores() -> Tensor:
    return torch.rand(5, 20, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def mask() -> Tensor:
    return torch.arange(20) < torch.tensor([1, 2, 7, 17, 20])[:, None]


def test_top_mean_is_the_mean_of_the_sorted_values(scores: Tensor, mask: Tensor):
    got = top_mean(scores, mask, sixteenth(mask))
    for bag, (row, present) in enumerate(zip(scores, mask, strict=True)):
        values = sorted(row[present].tolist(), reverse=True)
        count = len(values) // 16 + 1
        assert got[bag].item() == pytest.approx(sum(values[:count]) / count)


def test_each_category_is_ranked_alone(scores: Tensor, mask: Tensor):
    both = torch.stack([scores, -scores], dim=-1)
    got = top_mean(both, mask, sixteenth(mask))
    assert torch.allclose(got[:, 0], top_mean(scores, mask, sixteenth(mask)))
    assert torch.allclose(got[:, 1], top_mean(-scores, mask, sixteenth(mask)))


def test_ties_go_to_the_earlier_snippet_and_padding_is_never_taken():
    tied, present = torch.zeros(1, 4), torch.tensor([[True, True, True, False]])
    assert top_mask(tied, present, torch.tensor([2])).tolist() == [[True, True, False, False]]
    assert top_mask(tied, present, torch.tensor([9])).tolist() == present.tolist()


def test_chosen_mean_of_vectors_ignores_what_was_not_chosen():
    values = torch.tensor([[[1.0, 2.0], [3.0, 4.0], [torch.nan, torch.inf]]])
    chosen = torch.tensor([[True, True, False]])
    assert chosen_mean(values, chosen).tolist() == [[2.0, 3.0]]


def test_priors_are_sums_at_thirty_two_snippets_and_do_not_grow_with_length():
    score = torch.rand(1, 32, generator=torch.Generator().manual_seed(2))
    whole = torch.ones(1, 32, dtype=torch.bool)
    steps = [(score[0, t] - score[0, t + 1]).item() ** 2 for t in range(31)]
    assert smoothness(score, whole).item() == pytest.approx(32 / 31 * sum(steps), rel=1e-5)
    assert sparsity(score, whole).item() == pytest.approx(score.sum().item(), rel=1e-5)
    twice = score.repeat(1, 2)
    assert sparsity(twice, whole.repeat(1, 2)).item() == pytest.approx(score.sum().item())


def test_one_snippet_has_no_step():
    assert smoothness(torch.ones(1, 3), torch.tensor([[True, False, False]])).item() == 0.0


def test_joining_keeps_both_halves_and_pads_the_shorter(world: ToyWorld):
    bags = world.bags(seed=0, num_bags=3)
    short = bags._replace(normal=bags.normal[:, :9], normal_mask=bags.normal_mask[:, :9])
    joined = join(short)
    assert torch.equal(joined.features[:3], bags.abnormal)
    assert torch.equal(joined.features[3:, :9], bags.normal[:, :9])
    assert not joined.mask[3:, 9:].any()
    assert joined.abnormal.tolist() == [True] * 3 + [False] * 3


def test_cross_entropy_works_where_autocast_would_refuse_it():
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = cross_entropy(torch.tensor([0.25], dtype=torch.bfloat16), torch.tensor([True]))
    assert loss.item() == pytest.approx(1.3863, abs=1e-3)
