"""Frames to seconds and back, evenly spaced or not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.formats.samples import NUM_FRAMES, pts
from tpwng_core.formats import Clock


@given(pts())
def test_every_frame_of_uneven_times_comes_back_from_milliseconds(times) -> None:
    clock = Clock(fps=Fraction(25), num_frames=NUM_FRAMES, pts=times, time_base=Fraction(1, 90000))
    for frame in range(NUM_FRAMES + 3):
        assert clock.frame(clock.seconds(frame)) == frame
        assert clock.frame(Fraction(clock.milliseconds(frame), 1000)) == frame


@given(
    st.sampled_from([Fraction(25), Fraction(30000, 1001), Fraction(1962, 100), Fraction(240)]),
    st.integers(0, 10**7),
)
def test_every_frame_of_an_even_rate_comes_back(fps, frame) -> None:
    clock = Clock(fps=fps)
    assert clock.frame(clock.seconds(frame)) == frame
    assert clock.frame(round(float(clock.seconds(frame)), 6)) == frame


def test_times_between_frames_go_to_the_nearest_and_never_below_the_first() -> None:
    clock = Clock(fps=Fraction(10), pts=np.array([5, 6, 9]), time_base=Fraction(1, 10))
    assert [clock.frame(time) for time in (-1.0, 0.04, 0.06, 0.24, 0.26, 0.4)] == [0, 0, 1, 1, 2, 2]
    assert clock.seconds(3) == pytest.approx(Fraction(1, 2))
