"""Agreement in run lengths equals what dense arrays of frames give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.core.drawn import CATEGORIES, drawn_curves, labels_of
from tpwng_core.evaluation import average_precision
from tpwng_core.groundtruth import Interval, frame_labels
from tpwng_core.labels import ABNORMAL, NORMAL, Runs
from tpwng_core.tuning import Tuning, derive
from tpwng_studio.state.agreement import agreement, curve_ap, truth_runs, with_ap

intervals = st.lists(
    st.tuples(st.integers(0, 170), st.integers(1, 60)).map(
        lambda pair: Interval(start=pair[0], end=pair[0] + pair[1])
    ),
    max_size=5,
)


@given(intervals)
def test_truth_runs_are_the_painted_intervals(annotated: list[Interval]) -> None:
    np.testing.assert_array_equal(
        truth_runs(annotated, 163).as_array(), frame_labels(annotated, 163)
    )


@given(intervals, st.integers(0, 99), st.floats(0.05, 0.95))
@example([Interval(start=0, end=19), Interval(start=30, end=59)], 1, 0.5)
@settings(max_examples=60, deadline=None)
def test_numbers_equal_those_of_dense_frames(
    annotated: list[Interval], seed: int, theta: float
) -> None:
    derived = derive(drawn_curves(seed=seed), CATEGORIES, Tuning(theta=theta))
    truth = truth_runs(annotated, 163)
    found = with_ap(agreement(derived.runs, truth, "ground truth"), derived, truth)
    said, wanted = derived.runs.as_array() == ABNORMAL, truth.as_array() == ABNORMAL
    hits = (said & wanted).sum()
    assert found.num_abnormal == wanted.sum()
    assert found.num_normal == 163 - wanted.sum()
    assert found.precision == (pytest.approx(hits / said.sum()) if said.any() else None)
    if wanted.any():
        assert found.recall == pytest.approx(hits / wanted.sum())
        assert found.f1 == pytest.approx(2 * hits / (said.sum() + wanted.sum()))
        rounded = np.rint(derived.psi.astype(np.float64) * 65_535)  # as the window ranks
        frames = np.repeat(rounded, np.diff(derived.edges))
        assert found.psi_ap == pytest.approx(average_precision(frames, wanted), abs=1e-9)
    else:
        assert found.recall is None
        assert found.f1 is None
        assert found.psi_ap is None


def test_frames_of_which_nobody_said_anything_do_not_count() -> None:
    derived = derive(drawn_curves(), CATEGORIES, Tuning())
    labels = labels_of(163, (0, 20, "abnormal"), (20, 40, "normal"), (40, 60, "unknown"))
    found = agreement(derived.runs, labels.runs(), "human labels")
    assert (found.num_abnormal, found.num_normal) == (20, 20)


def test_a_perfect_curve_has_an_average_precision_of_one() -> None:
    truth = Runs.painted([(10, 20, ABNORMAL)], 40, base=NORMAL)
    edges = np.array([0, 10, 20, 40])
    assert curve_ap(np.array([0.1, 0.9, 0.2]), edges, truth) == 1.0
    assert curve_ap(np.array([0.9, 0.1, 0.8]), edges, truth) == pytest.approx(0.25)
    nothing = Runs.painted([], 0)
    assert curve_ap(np.empty(0), np.zeros(1, np.int64), nothing) is None
