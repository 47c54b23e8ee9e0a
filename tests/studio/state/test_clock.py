"""Frames and seconds agree with the time stamps, also where frames are not evenly spaced."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tpwng_core.files import asset
from tpwng_core.video import index_video
from tpwng_studio.state.clock import DEFAULT_FPS, Clock

META = {"fps": "10/1", "time_base": "1/1000"}


def test_every_frame_is_found_at_its_own_time() -> None:
    pts = np.cumsum(np.random.default_rng(0).integers(20, 300, 200))
    clock = Clock.of_meta(META, pts, 200)
    assert [clock.frame_at(clock.time_of(frame)) for frame in range(200)] == [*range(200)]
    assert clock.time_of(3) == pytest.approx((pts[3] - pts[0]) / 1000)


def test_an_index_and_our_own_files_tell_the_same_time() -> None:
    index = index_video(asset("demo/miniature/videos/test_fire_001.mp4"))
    clock = Clock.of_index(index)
    np.testing.assert_array_equal(clock.times_s, index.times_s)
    assert clock.frame_at(3.14) == index.frame_at(3.14)


def test_without_time_stamps_frames_are_counted() -> None:
    clock = Clock.of_meta({"fps": "30000/1001"}, np.empty(0, np.int64), 1000)
    assert clock.fps == Fraction(30000, 1001)
    assert [clock.frame_at(clock.time_of(frame)) for frame in range(1000)] == [*range(1000)]


def test_outside_the_video_time_goes_on_and_frames_do_not() -> None:
    clock = Clock.of_meta(META, np.array([0, 100, 200]), 3)
    assert clock.time_of(3) == pytest.approx(0.3)
    assert clock.time_of(-1) == pytest.approx(-0.1)
    assert clock.frame_at(99) == 2
    assert clock.frame_at(-5) == 0


def test_no_video_has_no_frame() -> None:
    clock = Clock()
    assert clock.fps == DEFAULT_FPS
    assert clock.frame_at(3) == 0
    assert len(clock.times_s) == 0
