"""Scores of the last hour in bounded memory."""

from __future__ import annotations

import numpy as np

from tpwng_studio.live.watch_history import ScoreHistory


def test_each_score_lasts_until_the_next() -> None:
    history = ScoreHistory(kept=10)
    for place, score in ((1000, 0.1), (1500, 0.2), (2000, 0.3)):
        history.append(place, score)
    steps = history.steps()
    assert steps.edges.tolist() == [1000, 1500, 2000, 2500]
    np.testing.assert_allclose(steps.values, [0.1, 0.2, 0.3])


def test_only_the_last_are_kept_however_many_come() -> None:
    history = ScoreHistory(kept=10)
    for number in range(1007):
        history.append(100 * number, number / 1007)
        steps = history.steps()
        first = max(number - 9, 0)
        assert len(history) <= 20
        assert steps.edges[-2] == 100 * number
        assert steps.edges[0] <= 100 * first
    assert len(steps.values) == 10
    assert steps.edges[0] == 99_700
    assert len(history) == 10


def test_a_gap_is_drawn_as_one() -> None:
    history = ScoreHistory(kept=10)
    history.gap()
    assert history.last_ms is None
    for place in (0, 500):
        history.append(place, 0.5)
    history.gap()
    history.append(9000, 0.7)
    steps = history.steps()
    assert np.isnan(steps.values).tolist() == [False, False, True, False]
    assert steps.edges.tolist()[1:4] == [500, 1001, 9000]


def test_a_clock_that_is_set_back_does_not_turn_the_curve() -> None:
    history = ScoreHistory(kept=10)
    for place in (1000, 400, 1200):
        history.append(place, 0.5)
    assert history.steps().edges.tolist()[:3] == [1000, 1000, 1200]


def test_nothing_is_no_curve() -> None:
    history = ScoreHistory(kept=4)
    history.append(5, 0.5)
    history.clear()
    assert len(history.steps().values) == 0
