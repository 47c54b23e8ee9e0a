"""The bound learns from true snippet labels, and only from those."""

from __future__ import annotations

import pytest
import torch

from tests.core.nn.methods.toy import ToyWorld
from tpwng_core.errors import ConfigError
from tpwng_core.nn.methods import METHODS, Problem, build_method


def test_it_says_that_it_is_a_bound():
    assert METHODS["supervised"].supervision == "full"
    assert "bound" in METHODS["supervised"].title


def test_loss_is_the_cross_entropy_of_labelled_snippets(problem: Problem, world: ToyWorld):
    method, bags = build_method("supervised", problem).eval(), world.bags(seed=0)
    target = bags.target.clone()
    target[:, 2] = -1
    entropy = []
    halves = [(bags.abnormal, bags.abnormal_mask, target)]
    halves.append((bags.normal, bags.normal_mask, torch.zeros_like(target)))
    for features, mask, wanted in halves:
        score = method.score(features, mask)
        for bag, t in mask.nonzero().tolist():
            if wanted[bag, t] >= 0:
                right = score[bag, t] if wanted[bag, t] else 1 - score[bag, t]
                entropy.append(-right.log())
    got = method.losses(bags._replace(target=target))["snippet"]
    assert got.item() == pytest.approx(torch.stack(entropy).mean().item(), rel=1e-4)


def test_snippets_without_labels_are_an_error(problem: Problem, world: ToyWorld):
    method, bags = build_method("supervised", problem), world.bags(seed=0)
    target = torch.full_like(bags.target, -2)
    with pytest.raises(ConfigError, match="every snippet"):
        method.losses(bags._replace(target=target))
