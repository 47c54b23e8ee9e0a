"""Thresholds mean what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_core.evaluation import rank
from tpwng_core.evaluation.operating import (
    budget_threshold,
    operating_point,
    operating_points,
    youden_threshold,
)

SCORES = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
LABELS = np.array([0, 0, 0, 1, 0, 1, 1, 1])
FRAMES = rank(SCORES, LABELS)
NORMAL = rank(np.array([0.1, 0.2, 0.3, 0.5]), np.zeros(4))


def test_rates_at_a_threshold_are_counted_from_it_upwards():
    point = operating_point(0.5, FRAMES, NORMAL)
    assert (point.tpr, point.fpr, point.far_normal, point.precision) == (0.75, 0.25, 0.25, 0.75)


def test_youden_takes_the_best_difference_of_rates():
    labels = np.array([0, 0, 0, 1, 0, 0, 1, 1])
    assert youden_threshold(rank(SCORES, labels)) == pytest.approx(0.7)  # 2 of 3 found, no alarm
    assert youden_threshold(rank(SCORES, np.zeros(8))) is None


def test_of_equally_good_thresholds_youden_takes_the_highest():
    # From 0.6 on 3 of 4 are found without alarms, from 0.4 on all of them with 1 of 4.
    assert youden_threshold(FRAMES) == pytest.approx(0.6)


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=30),
    st.lists(st.integers(0, 9), min_size=1, max_size=30),
    st.floats(0, 1),
)
def test_a_budget_is_kept_and_used_up(normal, abnormal, budget):
    normal_frames = rank(np.array(normal), np.zeros(len(normal)))
    labels = np.r_[np.zeros(len(normal)), np.ones(len(abnormal))]
    frames = rank(np.array(normal + abnormal), labels)
    threshold = budget_threshold(frames, normal_frames, budget)
    keeping = [s for s in {*normal, *abnormal} if np.mean(np.array(normal) >= s) <= budget]
    assert threshold == (min(keeping) if keeping else None)


def test_without_normal_videos_there_is_no_budget():
    assert budget_threshold(FRAMES, rank(np.empty(0), np.empty(0)), 0.01) is None


def test_points_are_named_after_their_rule():
    points = operating_points(FRAMES, NORMAL, [0.25])
    assert list(points) == ["at_0.5", "youden", "far_0.25"]
    at_budget, at_half = points["far_0.25"], points["at_0.5"]
    assert at_budget is not None
    assert at_budget.threshold == pytest.approx(0.4)
    assert at_half is not None
    assert at_half.to_json()["far_normal"] == 0.25


def test_a_threshold_above_all_scores_raises_no_alarm():
    point = operating_point(0.9, FRAMES, NORMAL)
    assert (point.tpr, point.far_normal, point.precision) == (0.0, 0.0, None)
