"""Small parts of the report."""

from __future__ import annotations

import numpy as np

from tpwng_core.evaluation import RankingMetrics, evaluate, rank
from tpwng_core.groundtruth import Interval


def test_metrics_of_a_ranking_are_its_areas():
    ranking = rank(np.array([0.1, 0.8, 0.6]), np.array([0, 1, 0]))
    assert RankingMetrics.of(ranking) == RankingMetrics(auc=1.0, ap=1.0, ap_trapezoid=1.0)


def test_videos_count_as_abnormal_by_their_frames():
    ground_truth = {"a": (Interval(start=0, end=2),), "late": (Interval(start=50, end=60),)}
    report = evaluate({"a": np.ones(4), "late": np.ones(4)}, ground_truth)
    assert (report.num_videos, report.num_abnormal_videos) == (2, 1)
