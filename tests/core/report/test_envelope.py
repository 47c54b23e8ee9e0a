from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tpwng_core.report.envelope import (
    clip_spans,
    clip_steps,
    merge_equal_steps,
    spans_of,
    step_envelope,
    thin_path,
)

heights = st.lists(st.floats(-5, 5), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(values=heights, num_columns=st.integers(1, 40), seed=st.integers(0, 999))
def test_each_column_has_the_extremes_of_the_steps_it_touches(values, num_columns, seed):
    gaps = np.random.default_rng(seed).integers(1, 9, len(values))
    edges = np.concatenate(([0], np.cumsum(gaps)))
    columns, low, high = step_envelope(edges, values, num_columns)
    for place in range(num_columns):
        left, right = columns[place], columns[place + 1]
        touched = [
            value
            for value, start, end in zip(values, edges[:-1], edges[1:], strict=True)
            if start < right and end > left
        ]
        assert low[place] == min(touched)
        assert high[place] == max(touched)


def test_one_high_snippet_among_a_hundred_thousand_survives():
    values = np.zeros(100_000)
    values[61_803] = 0.97
    _, low, high = step_envelope(np.arange(100_001), values, 700)
    assert high.max() == 0.97
    assert np.count_nonzero(high) == 1
    assert low.max() == 0


def test_a_column_of_gaps_is_a_gap_and_a_gap_beside_values_is_not():
    _, low, high = step_envelope(np.arange(5), [np.nan, np.nan, np.nan, 2.0], 2)
    assert np.isnan(low[0])
    assert (low[1], high[1]) == (2.0, 2.0)


def test_equal_neighbours_become_one_step_and_draw_the_same_curve():
    edges, values = merge_equal_steps([0, 2, 5, 9, 12], [1.0, 1.0, np.nan, np.nan])
    assert edges.tolist() == [0, 5, 12]
    assert values[0] == 1.0
    assert np.isnan(values[1])


@settings(max_examples=60, deadline=None)
@given(values=heights, seed=st.integers(0, 999))
def test_a_part_of_the_steps_is_the_same_curve_within_its_borders(values, seed):
    rng = np.random.default_rng(seed)
    edges = np.concatenate(([0], np.cumsum(rng.integers(1, 9, len(values)))))
    start, end = sorted(rng.choice(edges[-1] + 1, 2, replace=False))
    part, heights_of_part = clip_steps(edges, values, start, end)
    assert (part[0], part[-1]) == (start, end)
    places = np.arange(start, end) + 0.5
    before = np.asarray(values)[np.searchsorted(edges, places, side="right") - 1]
    after = heights_of_part[np.searchsorted(part, places, side="right") - 1]
    np.testing.assert_array_equal(after, before)
    assert len(heights_of_part) == len(part) - 1


def test_few_runs_are_exact_spans():
    assert spans_of([0, 16, 32, 48, 60], [0, 1, 1, 0], 100) == [(16.0, 48.0)]


def test_a_single_snippet_stays_visible_when_runs_are_drawn_by_column():
    mask = np.zeros(50_000, bool)
    mask[::2] = np.arange(25_000) > 24_000
    mask[10] = True
    spans = spans_of(np.arange(50_001), mask, 100)
    assert spans[0][0] <= 10 < spans[0][1]
    assert len(spans) == 2


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.floats(0, 1), min_size=50, max_size=300))
def test_thinning_a_path_keeps_its_ends_and_its_extremes(values):
    x = np.linspace(0, 1, len(values))
    across, up = thin_path(x, values, 5)
    assert len(across) <= 4 * 6
    assert (across[0], across[-1]) == (x[0], x[-1])
    assert (up.min(), up.max()) == (min(values), max(values))
    assert np.all(np.diff(across) > 0)


def test_intervals_are_cut_to_the_video_and_merged():
    assert clip_spans([(90, 130), (-5, 10), (8, 20), (200, 210)], 100) == [(0, 20), (90, 100)]
