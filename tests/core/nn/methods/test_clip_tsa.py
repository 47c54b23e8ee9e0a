"""The differentiable top k of CLIP-TSA against a plain loop over noise samples."""

from __future__ import annotations

import pytest
import torch

from tests.core.nn.methods.toy import DIM, ToyWorld
from tpwng_core.errors import ConfigError
from tpwng_core.nn.methods import Problem, build_method
from tpwng_core.nn.methods.clip_tsa import (
    ClipTsa,
    expected_inclusion,
    sampled_inclusion,
)
from tpwng_core.nn.methods.rtfm import Rtfm

SCORE = torch.tensor([[0.3, 0.5, 0.45, 0.4, 0.6, 0.0], [0.2, 0.7, 0.1, 0.0, 0.0, 0.0]])
MASK = torch.arange(6) < torch.tensor([5, 3])[:, None]
COUNT = torch.tensor([3, 1])
DEVIATION = 0.1


def noise(num_samples: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return DEVIATION * torch.randn(num_samples, 2, 6, generator=generator)


def test_weights_are_shares_of_samples_and_their_gradient_the_perturbed_maximums():
    score, samples = SCORE.clone().requires_grad_(), noise(40)
    weights = sampled_inclusion(score, MASK, COUNT, samples)
    upstream = torch.randn(2, 6, generator=torch.Generator().manual_seed(1))
    (slopes,) = torch.autograd.grad((weights * upstream).sum(), score)
    shares, gradient = torch.zeros(2, 6), torch.zeros(2, 6)
    for sample in samples:
        for bag in range(2):
            length = int(MASK[bag].sum())
            noisy = (SCORE[bag] + sample[bag])[:length]
            top = noisy.argsort(descending=True)[: COUNT[bag]]
            shares[bag, top] += 1 / len(samples)
            for place in top:
                slope = upstream[bag, place] * sample[bag] / samples.var()
                gradient[bag] += slope / len(samples)
    assert torch.allclose(weights, shares, atol=1e-6)
    assert torch.allclose(slopes, gradient, atol=1e-4)


def test_every_bag_gives_k_away():
    sampled = sampled_inclusion(SCORE, MASK, COUNT, noise(50))
    expected = expected_inclusion(SCORE, MASK, COUNT, DEVIATION)
    assert torch.allclose(sampled.sum(dim=1), COUNT.float())
    assert torch.allclose(expected.sum(dim=1), COUNT.float(), atol=1e-4)
    assert not expected[~MASK].any()


def test_the_limit_used_at_test_is_what_many_samples_tend_to():
    score = torch.rand(1, 200, generator=torch.Generator().manual_seed(2))
    mask, count = torch.ones(1, 200, dtype=torch.bool), torch.tensor([120])
    samples = DEVIATION * torch.randn(2000, 1, 200, generator=torch.Generator().manual_seed(3))
    difference = sampled_inclusion(score, mask, count, samples) - expected_inclusion(
        score, mask, count, DEVIATION
    )
    assert difference.abs().max() < 0.05


def test_taking_the_whole_bag_changes_nothing():
    whole = expected_inclusion(SCORE, MASK, MASK.sum(dim=1), DEVIATION)
    assert torch.equal(whole, MASK.float())


def test_the_scorer_learns_through_the_choice(problem: Problem):
    method = build_method("clip-tsa", problem, config={"keep_share": 0.5})
    assert isinstance(method, ClipTsa)
    torch.manual_seed(0)
    features = torch.randn(2, 6, DIM)
    method.attention(features, MASK).square().sum().backward()
    first = next(method.attention.parameters())
    assert first.grad is not None
    assert first.grad.isfinite().all()
    assert first.grad.any()


def test_snippets_that_were_not_chosen_count_less(problem: Problem, world: ToyWorld):
    bags = world.bags(seed=0)
    methods = [
        build_method("clip-tsa", problem, config={"keep_share": share}).eval()
        for share in (0.2, 1.0)
    ]
    few, whole = (method.score(bags.abnormal, bags.abnormal_mask) for method in methods)
    assert (few - whole).abs().max() > 1e-3


def test_choosing_every_snippet_leaves_rtfm(problem: Problem, world: ToyWorld):
    bags = world.bags(seed=0)
    method = build_method("clip-tsa", problem, config={"keep_share": 1.0}).eval()
    assert isinstance(method, ClipTsa)
    plain = Rtfm.encode(method, bags.abnormal, bags.abnormal_mask)
    assert torch.allclose(method.encode(bags.abnormal, bags.abnormal_mask), plain, atol=1e-5)


@pytest.mark.parametrize("key", ["keep_share", "noise"])
def test_settings_out_of_range_are_refused(problem: Problem, key: str):
    with pytest.raises(ConfigError, match=key):
        build_method("clip-tsa", problem, config={key: 0.0})
