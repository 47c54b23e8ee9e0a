"""Confidence intervals: right, repeatable, and honest where a resample defines nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tpwng_core.evaluation import rank
from tpwng_core.evaluation.alignment import AlignedVideo
from tpwng_core.evaluation.bootstrap import bootstrap
from tpwng_core.evaluation.table import FrameTable


def make_videos(
    num_videos: int, num_frames: int, *, repeat: int = 1, seed: int = 0
) -> list[AlignedVideo]:
    """Videos, every second with an event; scores that see it, ``repeat`` frames alike."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(num_videos):
        label = np.zeros(num_frames, np.int8)
        if number % 2:
            label[num_frames // 4 : num_frames // 2] = 1
        score = rng.random(-(-num_frames // repeat)).repeat(repeat)[:num_frames] + 0.3 * label
        found.append(AlignedVideo(video=str(number), score=score, label=label, categories=()))
    return found


def resampled_by_hand(videos: list[AlignedVideo], num_resamples: int, seed: int) -> Any:
    """AUC, AP, trapezoid AP and abnormal AUC of each resample, frame by frame."""
    rng = np.random.default_rng(seed)
    share = np.full(len(videos), 1 / len(videos))
    rows = []
    for weights in rng.multinomial(len(videos), share, size=num_resamples):
        drawn = [item for item, times in zip(videos, weights, strict=True) for _ in range(times)]
        whole = rank(*joined(drawn))
        events = [item for item in drawn if item.label.any()]
        rows.append(
            (whole.auc, whole.average_precision, whole.ap_trapezoid, rank(*joined(events)).auc)
        )
    return np.array(rows)


def joined(videos: list[AlignedVideo]) -> tuple[Any, Any]:
    return np.concatenate([v.score for v in videos]), np.concatenate([v.label for v in videos])


@pytest.mark.parametrize(("repeat", "num_frames", "tolerance"), [(16, 160, 1e-12), (1, 1000, 1e-4)])
def test_agrees_with_resampling_by_hand(repeat, num_frames, tolerance):
    """Exact while scores are few; beyond that the binning stays far below the interval."""
    videos = make_videos(10, num_frames, repeat=repeat)
    found = bootstrap(FrameTable(videos), num_resamples=100, seed=3)
    by_hand = np.quantile(resampled_by_hand(videos, 100, 3), [0.025, 0.975], axis=0)
    ours = np.array(list(found.intervals.values())).T
    np.testing.assert_allclose(ours, by_hand, atol=tolerance)


def test_the_same_seed_gives_the_same_intervals():
    table = FrameTable(make_videos(6, 50))
    first, second = (bootstrap(table, num_resamples=40, seed=5).to_json() for _ in range(2))
    assert first == second
    assert first != bootstrap(table, num_resamples=40, seed=6).to_json()


def test_more_than_one_block_of_videos_is_added_up():
    videos = make_videos(600, 4)
    found = bootstrap(FrameTable(videos), num_resamples=20, seed=1)
    by_hand = np.quantile(resampled_by_hand(videos, 20, 1), [0.025, 0.975], axis=0)
    np.testing.assert_allclose(np.array(list(found.intervals.values())).T, by_hand, atol=1e-12)


def test_resamples_without_both_classes_are_left_out_and_counted():
    found = bootstrap(FrameTable(make_videos(2, 40)), num_resamples=400, seed=0)
    assert found.num_defined["ap"] == pytest.approx(300, abs=40)  # a quarter draws no event
    normal_only = bootstrap(FrameTable(make_videos(1, 40)), num_resamples=10)
    assert normal_only.intervals["auc"] is None
    assert normal_only.to_json()["auc"] is None
