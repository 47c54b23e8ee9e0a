"""VadCLIP's prompts, read-outs and losses against plain loops."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F

from tests.core.nn.methods.toy import TEXTS, ToyWorld, area_under_curve, total_loss, train
from tpwng_core.errors import ConfigError
from tpwng_core.nn.methods import Problem, build_method
from tpwng_core.nn.methods.vadclip import (
    TwoSidedPrompts,
    VadClip,
    alignment,
    category_share,
    text_likeness,
)


@pytest.fixture
def method(problem: Problem) -> VadClip:
    built = build_method("vadclip", problem).eval()
    assert isinstance(built, VadClip)
    return built


def test_prompts_stand_on_both_sides_of_the_words(problem: Problem):
    assert problem.text is not None
    tower = problem.text.tower
    prompts = TwoSidedPrompts(problem.text, num_before=3, num_after=2)
    got = prompts()
    for row, words in enumerate(TEXTS):
        tokens = tower.token_embedding(torch.tensor([tower.sos, *tower.tokenize(words), tower.eos]))
        pieces = [tokens[:1], prompts.context[:3], tokens[1:-1], prompts.context[3:], tokens[-1:]]
        alone = torch.cat(pieces)[None]
        state = tower.encode(alone, torch.tensor([alone.shape[1] - 1]))
        assert torch.allclose(got[row], (state @ tower.text_projection)[0], atol=1e-5)


def test_only_the_context_of_the_prompts_is_trained(method: VadClip, world: ToyWorld):
    total_loss(method, world.bags(seed=0)).backward()
    assert method.prompts.context.grad is not None
    assert method.prompts.context.grad.any()
    assert [item.shape for item in method.text_parameters()] == [method.prompts.context.shape]
    tower = {id(item) for item in method.prompts.tower.parameters()}
    trained = [*method.text_parameters(), *method.temporal_parameters()]
    assert tower.isdisjoint(id(item) for item in trained)


def test_context_that_does_not_fit_is_refused_with_a_remedy(problem: Problem):
    with pytest.raises(ConfigError, match="num_after to 14"):
        build_method("vadclip", problem, config={"num_before": 20, "num_after": 20})
    build_method("vadclip", problem, config={"num_before": 14, "num_after": 14})


def test_no_context_at_all_is_the_plain_text(problem: Problem):
    assert problem.text is not None
    prompts = TwoSidedPrompts(problem.text, num_before=0, num_after=0)
    plain = problem.text.tower.encode_texts(list(TEXTS))
    assert torch.allclose(prompts(), plain, atol=1e-5)


def test_normal_bags_want_normal_and_abnormal_ones_share_their_categories():
    labels = torch.tensor([[True, True], [False, True]])
    assert category_share(labels).tolist() == [
        [0.5, 0.5, 0.0],
        [0.0, 1.0, 0.0],
        [0.0, 0.0, 1.0],
        [0.0, 0.0, 1.0],
    ]


def test_alignment_is_cross_entropy_with_shared_targets():
    logits, target = [[1.0, -2.0, 0.5], [0.0, 3.0, 1.0]], [[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]
    total = 0.0
    for row, wanted in zip(logits, target, strict=True):
        norm = math.log(sum(math.exp(value) for value in row))
        total -= sum(share * (value - norm) for share, value in zip(wanted, row, strict=True))
    got = alignment(torch.tensor(logits), torch.tensor(target))
    assert got.item() == pytest.approx(total / 2)


def test_texts_apart_from_normal_cost_nothing():
    texts = torch.tensor([[1.0, 0.0], [-1.0, 1.0], [0.0, 2.0]])
    assert text_likeness(texts).item() == pytest.approx(math.sqrt(0.5))
    assert text_likeness(-texts * torch.tensor([[1.0], [1.0], [-1.0]])).item() == 0.0


def test_language_branch_compares_snippets_with_prompted_texts(method: VadClip, world: ToyWorld):
    bags = world.bags(seed=2, num_bags=2, lengths=(4, 6))
    features, mask = bags.abnormal, bags.abnormal_mask
    logits = method.branches(features, mask).logits
    hidden, texts = method.encode(features, mask), method.prompts()
    score = method.score(features, mask)
    for bag in range(2):
        pooled = sum(score[bag, t] * hidden[bag, t] for t in range(6) if mask[bag, t])
        pooled = torch.as_tensor(pooled) / torch.as_tensor(pooled).norm()
        for category, text in enumerate(texts):
            joint = text + pooled
            joint = joint + method.text_forward(joint)
            for t in mask[bag].nonzero().flatten():
                cosine = F.cosine_similarity(hidden[bag, t], joint, dim=0)
                assert logits[bag, t, category].item() == pytest.approx(
                    cosine.item() / 0.07, abs=1e-4
                )


def test_a_bag_longer_than_the_position_table_is_refused(problem: Problem, world: ToyWorld):
    method = build_method("vadclip", problem, config={"max_snippets": 5})
    bags = world.bags(seed=0)
    with pytest.raises(ConfigError, match="max_snippets"):
        method.score(bags.abnormal, bags.abnormal_mask)


def test_the_language_branch_learns_as_well(problem: Problem, world: ToyWorld):
    method = build_method("vadclip", problem)
    assert isinstance(method, VadClip)
    train(method, world)
    bags = world.bags(seed=999)
    score = method.language_score(bags.abnormal, bags.abnormal_mask)
    assert area_under_curve(score[bags.abnormal_mask], bags.target[bags.abnormal_mask]) > 0.9
