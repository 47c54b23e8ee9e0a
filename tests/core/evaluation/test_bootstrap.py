"""Confidence intervals: right, repeatable, and honest where a resample defines nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tpwng_core.evaluation import rank
from tpwng_core.evaluation.alignment import AlignedVideo
from tpwng_core.evaluation.bootstrap import bootstrap, paired_bootstrap
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


def differences_by_hand(
    before: list[AlignedVideo], after: list[AlignedVideo], num_resamples: int, seed: int
) -> Any:
    """AUC and AP of after minus before on each resample of both kinds, frame by frame."""
    rng = np.random.default_rng(seed)
    share = np.full(len(before), 1 / len(before))
    rows = []
    for weights in rng.multinomial(len(before), share, size=num_resamples):
        drawn: list[Any] = [
            rank(*joined([v for v, n in zip(side, weights, strict=True) for _ in range(n)]))
            for side in (before, after)
        ]
        old, new = drawn
        if old.num_positive and old.num_negative:
            gained = new.average_precision - old.average_precision
            rows.append((new.auc - old.auc, gained))
    return np.array(rows)


def moved(videos: list[AlignedVideo], by: float) -> list[AlignedVideo]:
    """The same videos as a model scores them that sees events better, or worse."""
    rng = np.random.default_rng(99)
    noise = [by * video.label + 0.1 * rng.random(len(video.label)) for video in videos]
    return [replace(v, score=v.score + more) for v, more in zip(videos, noise, strict=True)]


@pytest.mark.parametrize(("repeat", "num_frames", "tolerance"), [(16, 160, 1e-12), (1, 1000, 2e-4)])
def test_a_paired_difference_agrees_with_resampling_by_hand(repeat, num_frames, tolerance):
    before = make_videos(10, num_frames, repeat=repeat)
    after = moved(before, 0.6)
    if repeat > 1:  # steps again, so that nothing is binned
        after = [replace(v, score=v.score[::16].repeat(16)) for v in after]
    found = paired_bootstrap(FrameTable(before), FrameTable(after), num_resamples=100, seed=3)
    by_hand = differences_by_hand(before, after, 100, 3)
    ours = np.array([found.intervals["auc"], found.intervals["ap"]]).T
    np.testing.assert_allclose(ours, np.quantile(by_hand, [0.025, 0.975], axis=0), atol=tolerance)
    assert ours[0, 0] > 0  # a model that sees every event better is not taken for chance


def test_a_model_against_itself_gains_exactly_nothing():
    table = FrameTable(make_videos(6, 50))
    found = paired_bootstrap(table, table, num_resamples=50)
    assert found.intervals == {"auc": (0.0, 0.0), "ap": (0.0, 0.0)}


def test_paired_resamples_of_a_single_class_are_left_out_of_both_metrics():
    normal, mixed = make_videos(2, 40)
    abnormal = replace(mixed, label=np.ones(40, np.int8))
    before = [normal, abnormal]
    found = paired_bootstrap(
        FrameTable(before), FrameTable(moved(before, 0.5)), num_resamples=400, seed=0
    )
    # half of the resamples draw one of the two twice, and with it a single class
    assert found.num_defined["auc"] == found.num_defined["ap"] == pytest.approx(200, abs=40)
    only = FrameTable([normal, normal])
    assert paired_bootstrap(only, only, num_resamples=10).intervals == {"auc": None, "ap": None}
