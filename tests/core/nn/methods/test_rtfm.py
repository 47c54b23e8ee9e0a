"""RTFM's selection and losses against plain loops."""

from __future__ import annotations

import pytest
import torch

from tests.core.nn.methods.toy import ToyWorld
from tpwng_core.nn.methods import Problem, build_method
from tpwng_core.nn.methods.pooling import join
from tpwng_core.nn.methods.rtfm import Rtfm, magnitude_loss


@pytest.fixture
def method(problem: Problem) -> Rtfm:
    built = build_method("rtfm", problem).eval()
    assert isinstance(built, Rtfm)
    return built


def test_magnitude_loss_wants_long_abnormal_and_short_normal_features():
    abnormal, normal = [80.0, 120.0], [5.0, 0.0]
    wanted = sum((abs(100 - a) + n) ** 2 for a, n in zip(abnormal, normal, strict=True)) / 2
    got = magnitude_loss(torch.tensor(abnormal), torch.tensor(normal), margin=100.0)
    assert got.item() == pytest.approx(wanted)


def test_the_longest_tenth_is_selected(method: Rtfm):
    hidden = torch.randn(3, 40, 4, generator=torch.Generator().manual_seed(0))
    mask = torch.arange(40) < torch.tensor([1, 25, 40])[:, None]
    chosen = method.select(hidden, mask)
    for row, present, picked in zip(hidden, mask, chosen, strict=True):
        lengths = [snippet.norm().item() for snippet in row[present]]
        count = max(1, len(lengths) // 10)
        best = sorted(range(len(lengths)), key=lambda t: -lengths[t])[:count]
        assert picked.nonzero().flatten().tolist() == sorted(best)


def test_dropout_bars_snippets_from_selection_in_training(method: Rtfm):
    hidden = torch.ones(1, 200, 4)
    hidden[0, 0] = 100.0
    mask = torch.ones(1, 200, dtype=torch.bool)
    torch.manual_seed(0)
    method.train()
    taken = sum(bool(method.select(hidden, mask)[0, 0]) for _ in range(100))
    assert 10 < taken < 60


def test_bag_and_magnitude_terms_follow_their_formulas(method: Rtfm, world: ToyWorld):
    bags = world.bags(seed=1)
    features, mask, abnormal = join(bags)
    hidden = method.encode(features, mask)
    score = method.score(features, mask)
    chosen = method.select(hidden, mask)
    entropy, lengths = [], []
    for bag in range(len(mask)):
        picked = chosen[bag].nonzero().flatten()
        mean = score[bag, picked].mean()
        entropy.append(-(mean if abnormal[bag] else 1 - mean).log())
        lengths.append(hidden[bag, picked].mean(dim=0).norm())
    pairs = zip(lengths[:8], lengths[8:], strict=True)
    magnitude = sum((abs(100 - a.item()) + n.item()) ** 2 for a, n in pairs) / 8
    terms = method.losses(bags)
    assert terms["bag"].item() == pytest.approx(torch.stack(entropy).mean().item(), rel=1e-4)
    assert terms["magnitude"].item() == pytest.approx(1e-4 * magnitude, rel=1e-4)
