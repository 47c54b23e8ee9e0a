"""Similarity and the category read-out against plain loops."""

import numpy as np
import pytest

from tests import reference
from tpwng_core.similarity import (
    assumed_category,
    category_evidence,
    cosine_similarity,
    flat_below,
)


def test_similarity_is_scale_times_the_cosine_of_every_pair() -> None:
    rng = np.random.default_rng(0)
    features, text = rng.normal(size=(9, 6)) * 10, rng.normal(size=(4, 6)) * 3
    got = cosine_similarity(features, text, 10.0)
    assert got.shape == (9, 4)
    assert got.dtype == np.float32
    for category in range(4):
        wanted = reference.frame_similarity(features.tolist(), text[category].tolist(), 10.0)
        assert got[:, category] == pytest.approx(wanted, abs=1e-5)


def test_departure_a7_the_norm_of_features_and_texts_does_not_matter() -> None:
    rng = np.random.default_rng(1)
    features, text = rng.normal(size=(9, 6)), rng.normal(size=(4, 6))
    plain = cosine_similarity(features, text, 5.0)
    assert cosine_similarity(features * 7, text * 0.1, 5.0) == pytest.approx(plain, abs=1e-5)


def test_a_zero_feature_matches_nothing() -> None:
    assert cosine_similarity(np.zeros((2, 3)), np.ones((1, 3)), 10.0).tolist() == [[0.0], [0.0]]


def test_half_precision_features_longer_than_one_block_give_one_row_each() -> None:
    rng = np.random.default_rng(2)
    features = rng.normal(size=(8192 + 3, 4)).astype(np.float16)
    text = rng.normal(size=(2, 4))
    got = cosine_similarity(features, text, 1.0)
    assert got.shape == (8195, 2)
    assert got[-3:] == pytest.approx(cosine_similarity(features[-3:], text, 1.0), abs=1e-6)


def test_a_video_of_no_snippets_has_no_similarities() -> None:
    assert cosine_similarity(np.zeros((0, 4)), np.ones((3, 4)), 10.0).shape == (0, 3)


@pytest.mark.parametrize("length", [1, 15, 16, 40])
def test_category_evidence_is_the_mean_of_the_highest_sixteenth(length: int) -> None:
    similarity = np.random.default_rng(length).normal(size=(length, 4))
    count = length // 16 + 1
    for category, got in enumerate(category_evidence(similarity)):
        highest = sorted(similarity[:, category].tolist())[-count:]
        assert got == pytest.approx(sum(highest) / count, abs=1e-6)


def test_the_assumed_category_is_never_normal() -> None:
    similarity = np.array([[0.1, 0.2, 9.0], [0.1, 0.3, 9.0]])
    assert assumed_category(similarity) == 1


def test_the_flat_rule_follows_the_scale() -> None:
    assert flat_below(10.0) == pytest.approx(1e-3)
