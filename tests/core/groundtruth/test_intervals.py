"""Intervals are painted as their convention says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_core.groundtruth import Interval, frame_labels, overhanging, protocol_length

spans = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)


@given(st.lists(spans, max_size=5), st.integers(0, 30), st.sampled_from(["half-open", "inclusive"]))
def test_a_frame_is_abnormal_if_any_interval_holds_it(pairs, num_frames, convention):
    intervals = [Interval(start=start, end=end) for start, end in pairs]
    labels = frame_labels(intervals, num_frames, convention)
    for frame in range(num_frames):
        inside = any(
            start <= frame < end or (convention == "inclusive" and frame == end)
            for start, end in pairs
        )
        assert labels[frame] == inside
    assert labels.dtype == np.int8
    assert labels.shape == (num_frames,)


def test_what_ends_behind_the_video_is_told():
    inside, beyond = Interval(start=0, end=10), Interval(start=4, end=11)
    assert overhanging([inside, beyond], 10) == (beyond,)
    assert overhanging([inside, beyond], 10, "inclusive") == (inside, beyond)


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (6, 5)])
def test_an_interval_that_runs_backwards_is_refused(start, end):
    with pytest.raises(ValueError):
        Interval(start=start, end=end)


@pytest.mark.parametrize(
    ("length", "expected"), [("exact", 33), ("floored-to-16", 32), ("padded-to-16", 48)]
)
def test_protocols_count_frames_differently(length, expected):
    assert protocol_length(33, length) == expected
    assert protocol_length(32, length) == 32


def test_an_interval_may_be_of_several_categories():
    assert Interval(start=0, end=1, category="B1|B2").categories == ("B1", "B2")
