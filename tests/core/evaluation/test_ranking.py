"""Areas and curves agree with scikit-learn, ties included."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from tpwng_core.evaluation import (
    ap_trapezoid,
    auc,
    average_precision,
    pr_curve,
    rank,
    roc_curve,
)


@st.composite
def ranked_frames(draw):
    """Scores with many ties, and labels of both classes."""
    num_levels = draw(st.integers(1, 12))
    pairs = st.tuples(st.integers(0, num_levels), st.booleans())
    rows = draw(st.lists(pairs, min_size=2, max_size=60))
    scores = np.array([row[0] / num_levels for row in rows])
    labels = np.array([row[1] for row in rows], int)
    labels[:2] = 0, 1
    return scores, labels


@given(ranked_frames())
def test_areas_agree_with_scikit_learn(frames):
    scores, labels = frames
    precision, recall, _ = metrics.precision_recall_curve(labels, scores)
    assert auc(scores, labels) == pytest.approx(metrics.roc_auc_score(labels, scores), abs=1e-9)
    assert average_precision(scores, labels) == pytest.approx(
        metrics.average_precision_score(labels, scores), abs=1e-9
    )
    assert ap_trapezoid(scores, labels) == pytest.approx(metrics.auc(recall, precision), abs=1e-9)


def test_areas_agree_with_scikit_learn_on_many_float32_scores():
    rng = np.random.default_rng(0)
    labels = (rng.random(50_000) < 0.08).astype(int)
    scores = (labels * 0.2 + rng.random(50_000)).astype(np.float32)
    assert auc(scores, labels) == pytest.approx(metrics.roc_auc_score(labels, scores), abs=1e-9)
    assert average_precision(scores, labels) == pytest.approx(
        metrics.average_precision_score(labels, scores), abs=1e-9
    )


@given(ranked_frames())
def test_roc_curve_has_the_points_of_scikit_learn(frames):
    scores, labels = frames
    fpr, tpr, threshold = metrics.roc_curve(labels, scores, drop_intermediate=False)
    curve = roc_curve(scores, labels)
    np.testing.assert_allclose(curve.x, fpr, atol=1e-12)
    np.testing.assert_allclose(curve.y, tpr, atol=1e-12)
    np.testing.assert_allclose(curve.threshold[1:], threshold[1:])


@given(ranked_frames())
def test_pr_curve_has_the_points_of_scikit_learn(frames):
    scores, labels = frames
    precision, recall, _ = metrics.precision_recall_curve(labels, scores)
    curve = pr_curve(scores, labels)
    np.testing.assert_allclose(curve.x, recall[::-1], atol=1e-12)
    np.testing.assert_allclose(curve.y, precision[::-1], atol=1e-12)


@given(ranked_frames())
def test_negated_scores_mirror_the_auc(frames):
    scores, labels = frames
    straight, mirrored = auc(scores, labels), auc(-scores, labels)
    assert straight is not None
    assert mirrored == pytest.approx(1 - straight, abs=1e-12)


def test_constant_scores_know_nothing():
    labels = np.array([0, 1, 0, 0])
    scores = np.full(4, 0.3)
    assert auc(scores, labels) == 0.5
    assert average_precision(scores, labels) == 0.25


def test_one_class_has_no_auc():
    scores = np.array([0.1, 0.9])
    assert auc(scores, np.array([0, 0])) is None
    assert auc(scores, np.array([1, 1])) is None
    assert average_precision(scores, np.array([0, 0])) is None
    assert average_precision(scores, np.array([1, 1])) == 1.0
    assert len(roc_curve(scores, np.array([0, 0])).x) == 0
    assert len(pr_curve(scores, np.array([0, 0])).x) == 0


def test_no_frames_have_no_metrics():
    ranking = rank(np.empty(0), np.empty(0))
    assert ranking.auc is None
    assert ranking.average_precision is None


@pytest.mark.parametrize(
    ("scores", "labels"), [([0.1, np.nan], [0, 1]), ([0.1], [0, 1]), ([[0.1]], [[1]])]
)
def test_scores_that_cannot_be_ranked_are_refused(scores, labels):
    with pytest.raises(ValueError):
        rank(np.array(scores), np.array(labels))


def test_a_thinned_curve_keeps_its_ends_and_its_shape():
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 2, 20_000)
    whole = roc_curve(labels * 0.3 + rng.random(20_000), labels)
    thin = whole.thinned(100)
    assert len(thin.x) <= 100
    assert (thin.x[0], thin.y[0]) == (0.0, 0.0)
    assert (thin.x[-1], thin.y[-1], thin.threshold[-1]) == (1.0, 1.0, whole.threshold[-1])
    away = np.hypot(whole.x[:, None] - thin.x, whole.y[:, None] - thin.y).min(axis=1)
    assert away.max() < 0.02  # the curve is 2 long at most, and 100 points lie on it


def test_a_short_curve_is_not_thinned():
    curve = roc_curve(np.array([0.1, 0.9]), np.array([0, 1]))
    assert curve.thinned(100) is curve
    assert curve.to_json() == {"x": [0, 0, 1], "y": [0, 1, 1], "threshold": [0.9, 0.9, 0.1]}
