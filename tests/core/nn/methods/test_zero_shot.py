"""Zero-shot scores against a plain softmax."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F

from tests.core.nn.methods.toy import TEXTS, ToyWorld, area_under_curve
from tpwng_core.errors import ConfigError
from tpwng_core.nn.methods import Problem, build_method
from tpwng_core.nn.methods.zero_shot import abnormal_probability


def test_score_is_one_minus_the_softmax_of_normal(problem: Problem):
    assert problem.text is not None
    method = build_method("zero-shot", problem)
    feature = torch.randn(16, generator=torch.Generator().manual_seed(0))
    texts = problem.text.tower.encode_texts(list(TEXTS))
    cosine = [F.cosine_similarity(feature, text, dim=0).item() for text in texts]
    powers = [math.exp(10 * 5.0 * value) for value in cosine]
    got = method.score(feature[None, None], torch.ones(1, 1, dtype=torch.bool))
    assert got.item() == pytest.approx(1 - powers[-1] / sum(powers), abs=1e-5)


def test_it_needs_no_training_to_find_what_its_texts_name(problem: Problem, world: ToyWorld):
    method, bags = build_method("zero-shot", problem), world.bags(seed=5)
    score = method.score(bags.abnormal, bags.abnormal_mask)
    present = bags.abnormal_mask
    assert area_under_curve(score[present], bags.target[present]) > 0.95
    assert method.losses(bags) == {}
    assert method.temporal_parameters() == []


def test_tiny_probabilities_keep_their_order():
    logits = torch.tensor([[0.0, 30.0], [0.0, 31.0]])
    score = abnormal_probability(logits)
    assert score[0] > score[1] > 0


def test_a_template_without_a_place_for_the_words_is_refused(problem: Problem):
    with pytest.raises(ConfigError, match="template"):
        build_method("zero-shot", problem, config={"template": "a photo"})
