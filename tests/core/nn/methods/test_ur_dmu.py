"""UR-DMU's memories and losses against plain loops."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from tests.core.nn.methods.toy import ToyWorld
from tpwng_core.nn.methods import Problem, build_method
from tpwng_core.nn.methods.ur_dmu import (
    Memory,
    Recall,
    UrDmu,
    distance_loss,
    gaussian_divergence,
    memory_loss,
    triplet_loss,
)

LENGTHS = [20, 3, 5, 17]  # two abnormal bags, then the two normal ones paired with them
MASK = torch.arange(20) < torch.tensor(LENGTHS)[:, None]
ABNORMAL = torch.tensor([True, True, False, False])


@pytest.fixture
def recall() -> Recall:
    generator = torch.Generator().manual_seed(0)
    matches = torch.rand(2, 4, 20, generator=generator)
    vectors = torch.randn(4, 4, 20, 6, generator=generator)
    return Recall(vectors[0], matches[0], matches[1], vectors[1], vectors[2], vectors[3])


def best(values: Tensor, bag: int) -> list[int]:
    """Places of the T // 16 + 1 highest values of a bag."""
    length = LENGTHS[bag]
    return sorted(range(length), key=lambda t: -values[bag, t].item())[: length // 16 + 1]


def mean_of_best(vectors: Tensor, values: Tensor, bag: int) -> Tensor:
    return vectors[bag, best(values, bag)].mean(dim=0)


def entropy(probability: float, target: int) -> float:
    return -math.log(probability if target else 1 - probability)


def test_memory_reads_by_sigmoid_attention():
    torch.manual_seed(0)
    memory = Memory(num_slots=20, dim=4)
    hidden = torch.randn(1, 1, 4)
    weights = [
        1
        / (1 + math.exp(-sum(h * s for h, s in zip(hidden[0, 0].tolist(), slot, strict=True)) / 2))
        for slot in memory.slots.tolist()
    ]
    match, read = memory(hidden)
    assert match.item() == pytest.approx(sum(sorted(weights)[-2:]) / 2, abs=1e-6)
    wanted = sum(w * slot for w, slot in zip(weights, memory.slots, strict=True))
    assert torch.allclose(read[0, 0], torch.as_tensor(wanted), atol=1e-5)


def test_memory_loss_is_four_cross_entropies(recall: Recall):
    known, strange, normal = 0.0, 0.0, 0.0
    for bag in (0, 1):
        places = best(recall.abnormal_match, bag)
        known += entropy(recall.abnormal_match[bag, places].mean().item(), 1) / 2
        places = best(1 - recall.normal_match, bag)
        strange += entropy((1 - recall.normal_match[bag, places]).mean().item(), 1) / 2
    for bag in (2, 3):
        for t in range(LENGTHS[bag]):
            both = entropy(recall.normal_match[bag, t].item(), 1)
            both += entropy(recall.abnormal_match[bag, t].item(), 0)
            normal += both / LENGTHS[bag] / 2
    got = memory_loss(recall, MASK, ABNORMAL)
    assert got.item() == pytest.approx(known + strange + normal, rel=1e-5)


def test_triplet_loss_pulls_normal_snippets_of_both_bags_together(recall: Recall):
    total = 0.0
    for bag in (0, 1):
        anchor = mean_of_best(recall.hidden, recall.normal_match, bag + 2)
        positive = mean_of_best(recall.hidden, recall.normal_match, bag)
        negative = mean_of_best(recall.hidden, recall.abnormal_match, bag)
        anchor, positive, negative = (v / v.norm() for v in (anchor, positive, negative))
        total += max(0.0, 1 + (anchor - positive).norm().item() - (anchor - negative).norm().item())
    assert triplet_loss(recall, MASK, ABNORMAL).item() == pytest.approx(total / 2, rel=1e-4)


def test_distance_loss_wants_abnormal_latents_longer_by_the_margin(recall: Recall):
    total = 0.0
    for bag in (0, 1):
        far = mean_of_best(recall.abnormal_latent, recall.abnormal_match, bag).norm().item()
        near = mean_of_best(recall.normal_mean, recall.normal_match, bag + 2).norm().item()
        total += max(0.0, 2.0 - far + near) / 2
    got = distance_loss(recall, recall.normal_mean, (MASK, ABNORMAL), margin=2.0)
    assert got.item() == pytest.approx(total, rel=1e-5)


def test_divergence_is_that_of_two_gaussians():
    generator = torch.Generator().manual_seed(1)
    mean, log_variance = torch.randn(2, 3, 5, generator=generator)
    drawn = torch.distributions.Normal(mean, (log_variance / 2).exp())
    standard = torch.distributions.Normal(torch.zeros(3, 5), torch.ones(3, 5))
    wanted = torch.distributions.kl_divergence(drawn, standard).sum(dim=-1)
    assert torch.allclose(gaussian_divergence(mean, log_variance), wanted, atol=1e-5)


def test_only_normal_bags_are_drawn_and_only_in_training(problem: Problem, recall: Recall):
    method = build_method("ur-dmu", problem)
    assert isinstance(method, UrDmu)
    torch.manual_seed(0)
    drawn = method.sample(recall, ABNORMAL)
    assert torch.equal(drawn[:2], recall.normal_mean[:2])
    assert not torch.equal(drawn[2:], recall.normal_mean[2:])
    assert torch.equal(method.eval().sample(recall, ABNORMAL), recall.normal_mean)


def test_divergence_counts_normal_bags_only(problem: Problem, world: ToyWorld):
    method = build_method("ur-dmu", problem).eval()
    assert isinstance(method, UrDmu)
    bags = world.bags(seed=0)
    means = []
    for features, length in zip(bags.normal, bags.normal_mask.sum(dim=1), strict=True):
        seen = method.recall(features[None, :length], torch.ones(1, int(length), dtype=torch.bool))
        means.append(gaussian_divergence(seen.normal_mean, seen.normal_log_variance).mean())
    got = method.losses(bags)["divergence"]
    assert torch.allclose(got, 1e-3 * torch.stack(means).mean(), rtol=1e-4)
