"""What a round gained: on held-out frames only, as scikit-learn measures it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from tpwng_core.evaluation.gain import (
    held_out,
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
