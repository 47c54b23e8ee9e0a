"""What holds for every method of the comparison."""

from __future__ import annotations

import pytest
import torch

from tests.core.nn.methods.toy import (
    ToyWorld,
    area_under_curve,
    padded,
    reordered,
    total_loss,
    train,
)
from tpwng_core.errors import ConfigError
from tpwng_core.nn.methods import METHODS, Method, Problem, build_method

# Dropping 70 % of 16 dimensions leaves too little for 60 steps; the authors have 2,048.
GENTLER = {"rtfm": {"dropout": 0.3}, "clip-tsa": {"dropout": 0.3}}
TRAINED = [name for name in METHODS if name != "zero-shot"]


@pytest.fixture(params=METHODS)
def method(request: pytest.FixtureRequest, problem: Problem) -> Method:
    return build_method(request.param, problem).eval()


def test_scores_are_probabilities_and_zero_in_the_padding(method: Method, world: ToyWorld):
    bags = world.bags(seed=0)
    score = method.score(bags.abnormal, bags.abnormal_mask)
    assert score.shape == bags.abnormal_mask.shape
    assert score.min() >= 0
    assert score.max() <= 1
    assert not score[~bags.abnormal_mask].any()


@pytest.mark.parametrize("filling", [1e4, float("nan")])
def test_padding_changes_nothing(method: Method, world: ToyWorld, filling: float):
    bags = world.bags(seed=1)
    junk = padded(bags, extra=5, filling=filling)
    score = method.score(bags.abnormal, bags.abnormal_mask)
    junk_score = method.score(junk.abnormal, junk.abnormal_mask)
    assert torch.allclose(junk_score[:, : score.shape[1]], score, atol=1e-5)
    assert torch.allclose(total_loss(method, junk), total_loss(method, bags), rtol=1e-4)


def test_a_bag_scores_the_same_alone(method: Method, world: ToyWorld):
    bags = world.bags(seed=2)
    together = method.score(bags.abnormal, bags.abnormal_mask)
    for bag in range(3):
        length = int(bags.abnormal_mask[bag].sum())
        whole = torch.ones(1, length, dtype=torch.bool)
        alone = method.score(bags.abnormal[bag : bag + 1, :length], whole)
        assert torch.allclose(alone[0], together[bag, :length], atol=1e-5)


def test_order_of_bags_changes_nothing(method: Method, world: ToyWorld):
    bags = world.bags(seed=3)
    order = torch.tensor([3, 1, 7, 0, 2, 5, 4, 6])
    turned = reordered(bags, order)
    score = method.score(bags.abnormal, bags.abnormal_mask)
    turned_score = method.score(turned.abnormal, turned.abnormal_mask)
    assert torch.allclose(turned_score, score[order], atol=1e-5)
    assert torch.allclose(total_loss(method, turned), total_loss(method, bags), rtol=1e-4)


def test_videos_of_one_snippet_can_be_trained_on_and_scored(method: Method, world: ToyWorld):
    bags = world.bags(seed=4, num_bags=2, lengths=(1, 1))
    torch.manual_seed(0)
    assert total_loss(method.train(), bags).isfinite()
    assert method.eval().score(bags.normal, bags.normal_mask).isfinite().all()


@pytest.mark.parametrize("name", TRAINED)
def test_every_trained_parameter_gets_a_finite_gradient(
    name: str, problem: Problem, world: ToyWorld
):
    method = build_method(name, problem)
    torch.manual_seed(0)
    total_loss(method, world.bags(seed=5)).backward()
    for parameter in method.parameters():
        if parameter.requires_grad:
            assert parameter.grad is not None
            assert parameter.grad.isfinite().all()


@pytest.mark.parametrize("name", TRAINED)
def test_sixteen_bit_arithmetic_gives_nearly_the_same_loss(
    name: str, problem: Problem, world: ToyWorld
):
    method, bags = build_method(name, problem).eval(), world.bags(seed=6)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rough = total_loss(method, bags)
    assert torch.allclose(rough, total_loss(method, bags), rtol=0.02)


@pytest.mark.parametrize("name", TRAINED)
def test_sixty_small_steps_find_the_anomalies_of_new_videos(
    name: str, problem: Problem, world: ToyWorld
):
    method = build_method(name, problem, seed=1, config=GENTLER.get(name))
    train(method, world)
    bags = world.bags(seed=999, num_bags=16)
    abnormal = method.score(bags.abnormal, bags.abnormal_mask)[bags.abnormal_mask]
    normal = method.score(bags.normal, bags.normal_mask)[bags.normal_mask]
    target = torch.cat([bags.target[bags.abnormal_mask], torch.zeros_like(normal)])
    assert area_under_curve(torch.cat([abnormal, normal]), target) > 0.9


@pytest.mark.parametrize("name", METHODS)
def test_a_seed_gives_the_same_weights_and_leaves_other_draws_alone(name: str, problem: Problem):
    torch.manual_seed(7)
    wanted = torch.rand(3)
    torch.manual_seed(7)
    first = build_method(name, problem, seed=3)
    assert torch.equal(torch.rand(3), wanted)
    second = build_method(name, problem, seed=3)
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_misspelt_method_is_answered_with_the_right_one(problem: Problem):
    with pytest.raises(ConfigError, match="did you mean 'vadclip'"):
        build_method("vadlcip", problem)


def test_a_misspelt_setting_is_answered_with_the_right_one(problem: Problem):
    with pytest.raises(ConfigError, match=r"rtfm\.margn.*did you mean 'margin'"):
        build_method("rtfm", problem, config={"margn": 1.0})


@pytest.mark.parametrize("name", [name for name in METHODS if METHODS[name].needs_text])
def test_a_method_that_reads_texts_says_so_without_them(name: str):
    with pytest.raises(ConfigError, match="category names"):
        build_method(name, Problem(dim=16, num_categories=3))


def test_features_of_another_clip_are_refused(problem: Problem):
    other = Problem(dim=32, num_categories=3, text=problem.text)
    with pytest.raises(ConfigError, match="32 dimensions"):
        build_method("zero-shot", other)


def test_texts_must_be_as_many_as_categories(problem: Problem):
    with pytest.raises(ConfigError, match="4 categories but 3"):
        Problem(dim=16, num_categories=4, text=problem.text)
