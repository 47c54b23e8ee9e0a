"""What a round gained: on held-out frames only, as scikit-learn measures it."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from tpwng_core.evaluation.gain import (
    NUM_RESAMPLES,
    SEED,
    held_out,
    known_truth,
    measure_gain,
    reviewed_states,
    true_states,
)
from tpwng_core.groundtruth import Interval
from tpwng_core.labels import LabelSegment, VideoLabels


def scores_of(seed: int, lengths: list[int]) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {f"v{at}": rng.random(length).astype(np.float32) for at, length in enumerate(lengths)}


@given(st.integers(0, 10_000), st.lists(st.integers(2, 30), min_size=1, max_size=5))
def test_it_is_what_scikit_learn_measures(seed: int, lengths: list[int]) -> None:
    before, after = scores_of(seed, lengths), scores_of(seed + 1, lengths)
    rng = np.random.default_rng(seed)
    truth = {
        video: rng.integers(0, 2, len(score)).astype(np.int8) for video, score in before.items()
    }
    truth["v0"][:2] = (0, 1)
    gain = measure_gain(before, after, truth)
    assert gain is not None
    assert gain.auc is not None
    assert gain.ap is not None
    states = np.concatenate([*truth.values()])
    for place, scores in enumerate((before, after)):
        whole = np.concatenate([*scores.values()])
        assert gain.auc[place] == pytest.approx(roc_auc_score(states, whole))
        assert gain.ap[place] == pytest.approx(average_precision_score(states, whole))


def test_frames_that_nobody_knows_are_left_out() -> None:
    truth = {"v0": np.array([0, 1, -1, -2], dtype=np.int8)}
    before = {"v0": np.array([0.9, 0.1, 0.0, 1.0])}
    after = {"v0": np.array([0.1, 0.9, 1.0, 0.0])}
    gain = measure_gain(before, after, truth)
    assert gain is not None
    assert (gain.num_frames, gain.num_abnormal) == (2, 1)
    assert gain.auc == (0.0, 1.0)


def test_a_video_of_another_length_or_unscored_is_left_out() -> None:
    truth = {"v0": np.array([0, 1], dtype=np.int8), "v1": np.array([0, 1, 1], dtype=np.int8)}
    before, after = scores_of(0, [2, 3]), scores_of(1, [2, 4])
    gain = measure_gain(before, after, truth)
    assert gain is not None
    assert gain.videos == ("v0",)
    assert measure_gain(before, {}, truth) is None


def test_frames_of_one_kind_have_no_auc() -> None:
    gain = measure_gain(scores_of(0, [4]), scores_of(1, [4]), {"v0": np.zeros(4, dtype=np.int8)})
    assert gain is not None
    assert gain.auc is None
    assert gain.ap is None


def world(num_videos: int, num_frames: int) -> tuple[dict, dict, dict]:
    """Scores before, better ones after, and what is true; every second video has an event."""
    before = scores_of(7, [num_frames] * num_videos)
    truth = {video: np.zeros(num_frames, dtype=np.int8) for video in before}
    for video in list(truth)[::2]:
        truth[video][num_frames // 4 : num_frames // 2] = 1
    noise = scores_of(8, [num_frames] * num_videos)
    after = {
        video: (0.8 * score + 0.2 * noise[video] + 0.3 * truth[video]).astype(np.float32)
        for video, score in before.items()
    }
    return before, after, truth


def intervals_by_hand(before: dict, after: dict, truth: dict) -> Any:
    """(2, 2) low and high of what AUC and AP gained, by a plain loop over resamples."""
    videos = list(before)
    rng = np.random.default_rng(SEED)
    share = np.full(len(videos), 1 / len(videos))
    rows = []
    for weights in rng.multinomial(len(videos), share, size=NUM_RESAMPLES):
        drawn = [video for video, n in zip(videos, weights, strict=True) for _ in range(n)]
        states = np.concatenate([truth[video] for video in drawn])
        if len(set(states[states >= 0])) < 2:
            continue
        row = []
        for metric in (roc_auc_score, average_precision_score):
            old, new = (
                metric(
                    states[states >= 0],
                    np.concatenate([scores[video] for video in drawn])[states >= 0],
                )
                for scores in (before, after)
            )
            row.append(new - old)
        rows.append(row)
    return np.quantile(rows, [0.025, 0.975], axis=0)


def test_the_intervals_are_those_of_a_plain_loop() -> None:
    before, after, truth = world(6, 30)
    truth["v1"][3:9] = -1  # what nobody knows counts in no resample either
    gain = measure_gain(before, after, truth)
    assert gain is not None
    assert gain.auc is not None
    by_hand = intervals_by_hand(before, after, truth)
    assert gain.auc_interval == pytest.approx(by_hand[:, 0], abs=1e-9)
    assert gain.ap_interval == pytest.approx(by_hand[:, 1], abs=1e-9)
    again = measure_gain(before, after, truth)
    assert again == gain


@pytest.mark.parametrize(("num_videos", "is_told"), [(1, False), (2, False), (3, True)])
def test_one_event_or_one_class_tells_no_interval(num_videos: int, is_told: bool) -> None:
    before, after, truth = world(num_videos, 40)  # an event in the first, the third, ...
    gain = measure_gain(before, after, truth)
    assert gain is not None
    assert gain.auc is not None
    assert (gain.auc_interval is not None) == is_told
    assert (gain.ap_interval is not None) == is_told
    before, after, truth = world(3, 40)
    whole = {video: np.ones(40, dtype=np.int8) for video in truth}
    gain = measure_gain(before, after, whole)
    assert gain is not None
    assert gain.ap == (1.0, 1.0)
    assert gain.ap_interval is None


def test_three_hundred_videos_take_no_time_anyone_waits_for() -> None:
    """A million frames; the bound is ten times what a laptop's two cores needed."""
    before, after, truth = world(300, 220)
    wide = [{v: x.repeat(16) for v, x in side.items()} for side in (before, after, truth)]
    start = time.perf_counter()
    gain = measure_gain(*wide)
    took = time.perf_counter() - start
    assert gain is not None
    assert gain.num_frames == 300 * 220 * 16
    assert gain.auc_interval is not None
    assert took < 3.0


def test_what_is_said_and_written_of_a_gain() -> None:
    gain = measure_gain(*world(6, 30))
    assert gain is not None
    assert gain.auc is not None
    assert gain.auc_interval is not None
    told = gain.to_json()
    assert told["auc"] == {
        "before": gain.auc[0],
        "after": gain.auc[1],
        "gain": gain.auc[1] - gain.auc[0],
        "interval": list(gain.auc_interval),
    }
    assert told["num_videos"] == 6
    assert told["bootstrap"] == {"num_resamples": NUM_RESAMPLES, "seed": SEED, "level": 0.95}
    line = replace(gain, auc=(0.9, 0.925), auc_interval=(-0.01, 0.06), ap=(0.8, 0.75)).words
    assert line.startswith("AUC 0.900 → 0.925 (+0.025, 95 % interval −0.010 to +0.060), AP 0.800 →")
    assert line.endswith(" On 6 held-out videos: 180 frames, 24 abnormal.")
    without = replace(gain, auc=(0.9, 0.925), auc_interval=None).words
    assert without.startswith("AUC 0.900 → 0.925 (+0.025), AP ")


def test_truth_is_annotated_or_reviewed() -> None:
    scores = scores_of(0, [6, 6, 6])
    said = VideoLabels(
        video="v1",
        num_frames=6,
        fps=Fraction(25),
        reviewed=True,
        segments=(LabelSegment(start=0, end=6, state="normal"),),
    )
    truth = known_truth(scores, {"v0": (Interval(start=2, end=4),)}, {"v1": said})
    assert {video: states.tolist() for video, states in truth.items()} == {
        "v0": [0, 0, 1, 1, 0, 0],
        "v1": [0] * 6,
    }
    assert known_truth(scores, {}, {"v1": replace(said, reviewed=False)}) == {}


def test_what_trained_or_chose_is_not_held_out() -> None:
    assert held_out(["a", "b", "c"], {"b"}) == ["a", "c"]


def test_truth_of_intervals_is_cut_to_the_video() -> None:
    found = true_states([Interval(start=2, end=4), Interval(start=6, end=99)], 8)
    assert found.tolist() == [0, 0, 1, 1, 0, 0, 1, 1]
    assert true_states([], 3).tolist() == [0, 0, 0]


def test_only_a_reviewed_video_labelled_from_end_to_end_tells_the_truth() -> None:
    whole = VideoLabels(
        video="v",
        num_frames=6,
        fps=Fraction(25),
        reviewed=True,
        segments=(
            LabelSegment(start=0, end=3, state="normal"),
            LabelSegment(start=3, end=5, state="abnormal"),
            LabelSegment(start=5, end=6, state="unknown"),
        ),
    )
    states = reviewed_states(whole)
    assert states is not None
    assert states.tolist() == [0, 0, 0, 1, 1, -1]
    assert reviewed_states(replace(whole, reviewed=False)) is None
    assert reviewed_states(whole.erase(1, 2)) is None
