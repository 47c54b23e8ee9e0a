"""The ranking hinge against a plain loop."""

from __future__ import annotations

import pytest
import torch

from tests.core.nn.methods.toy import ToyWorld
from tpwng_core.nn.methods import Problem, build_method
from tpwng_core.nn.methods.sultani import ranking


def test_ranking_is_the_mean_hinge_over_all_pairs():
    abnormal, normal = [0.9, 0.2], [0.1, 0.6, 0.3]
    hinges = [max(0.0, 0.5 - a + n) for a in abnormal for n in normal]
    got = ranking(torch.tensor(abnormal), torch.tensor(normal), margin=0.5)
    assert got.item() == pytest.approx(sum(hinges) / len(hinges))


def test_terms_are_those_of_the_paper(problem: Problem, world: ToyWorld):
    method = build_method("sultani", problem).eval()
    bags = world.bags(seed=0)
    terms = method.losses(bags)
    abnormal = method.score(bags.abnormal, bags.abnormal_mask)
    sums = [
        32 * row[present].mean().item()
        for row, present in zip(abnormal, bags.abnormal_mask, strict=True)
    ]
    assert terms["sparse"].item() == pytest.approx(8e-5 * sum(sums) / len(sums), rel=1e-4)
    assert terms["rank"].item() > 0
