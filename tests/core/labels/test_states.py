"""Runs cover the video without gaps, and their neighbours differ."""

from __future__ import annotations

import numpy as np

from tpwng_core.labels import ABNORMAL, NORMAL, UNSET, Runs


def test_runs_cover_the_video_and_join_equal_neighbours() -> None:
    runs = Runs.painted([(0, 4, ABNORMAL), (4, 6, ABNORMAL), (8, 10, NORMAL)], 10)
    assert runs.start.tolist() == [0, 6, 8]
    assert runs.end.tolist() == [6, 8, 10]
    assert runs.state.tolist() == [ABNORMAL, UNSET, NORMAL]
    assert runs.num_frames == 10
    assert runs.as_array().tolist() == [1] * 6 + [-2] * 2 + [0] * 2


def test_a_video_without_frames_has_no_runs() -> None:
    runs = Runs.painted([], 0)
    assert runs.num_frames == 0
    assert np.array_equal(runs.as_array(), np.empty(0))
