from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_core.labels import ABNORMAL, NORMAL, UNKNOWN, UNSET, Runs
from tpwng_core.report.envelope import step_envelope
from tpwng_studio.widgets.columns import (
    Steps,
    bit,
    column_borders,
    envelope,
    is_dense,
    mean_line,
    state_at,
    states_in,
)

STATES = (UNSET, UNKNOWN, NORMAL, ABNORMAL)


@st.composite
def curves(draw: st.DrawFn) -> Steps:
    lengths = draw(st.lists(st.integers(1, 9), min_size=1, max_size=60))
    values = draw(st.lists(st.floats(0, 1), min_size=len(lengths), max_size=len(lengths)))
    edges = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Steps(edges=edges, values=np.array(values, dtype=np.float32))


@st.composite
def ranges(draw: st.DrawFn, num_frames: int) -> np.ndarray:
    start = draw(st.floats(0, num_frames - 0.5))
    end = draw(st.floats(start + 0.25, num_frames))
    return column_borders(start, end, draw(st.integers(1, 40)))


@given(data=st.data())
def test_every_step_that_a_column_touches_is_within_what_is_drawn(data: st.DataObject) -> None:
    steps = data.draw(curves())
    borders = data.draw(ranges(int(steps.edges[-1])))
    low, high = envelope(steps, borders)
    for column, (left, right) in enumerate(pairwise(borders)):
        touched = (steps.edges[:-1] < right) & (steps.edges[1:] > left)
        assert high[column] >= steps.values[touched].max()
        assert low[column] <= steps.values[touched].min()


@given(data=st.data())
def test_neighbouring_columns_join_so_that_the_line_has_no_hole(data: st.DataObject) -> None:
    low, high = envelope(data.draw(curves()), column_borders(0, 7, data.draw(st.integers(2, 40))))
    assert np.all(low[1:] <= high[:-1])
    assert np.all(high[1:] >= low[:-1])


@given(data=st.data())
def test_nothing_is_drawn_that_is_not_near(data: st.DataObject) -> None:
    steps = data.draw(curves())
    num_frames = int(steps.edges[-1])
    num_columns = data.draw(st.integers(1, 40))
    low, high = envelope(steps, column_borders(0, num_frames, num_columns))
    _, their_low, their_high = step_envelope(steps.edges, steps.values, num_columns)
    before_low = np.minimum(their_low, np.roll(their_low, 1))
    before_high = np.maximum(their_high, np.roll(their_high, 1))
    assert np.all(low[1:] >= before_low[1:])
    assert np.all(high[1:] <= before_high[1:])


def test_one_spike_among_a_million_snippets_is_drawn_at_its_place() -> None:
    values = np.zeros(1_000_000, dtype=np.float32)
    values[654_321] = 1.0
    steps = Steps(edges=np.arange(1_000_001), values=values)
    _, high = envelope(steps, column_borders(0, 1_000_000, 700))
    assert set(np.flatnonzero(high)) == {int(654_321 * 700 / 1_000_000)}


@given(data=st.data())
def test_the_mean_of_a_column_lies_in_its_range_and_joins_the_next(data: st.DataObject) -> None:
    steps = data.draw(curves())
    borders = column_borders(0, int(steps.edges[-1]), data.draw(st.integers(2, 40)))
    low, high = envelope(steps, borders)
    lower, upper = mean_line(steps, borders)
    assert np.all(upper <= np.maximum(high, np.roll(high, 1)) + 1e-5)
    assert np.all(lower >= np.minimum(low, np.roll(low, 1)) - 1e-5)
    assert np.all(lower[1:] <= upper[:-1])
    assert np.all(upper[1:] >= lower[:-1])


def test_columns_are_dense_when_they_hold_more_than_three_snippets_each() -> None:
    steps = Steps(edges=np.arange(0, 1601, 16), values=np.zeros(100))
    assert is_dense(steps, column_borders(0, 1600, 30))
    assert not is_dense(steps, column_borders(0, 1600, 40))
    assert not is_dense(steps, column_borders(0, 160, 30))


def test_gaps_stay_gaps() -> None:
    steps = Steps(edges=np.array([0, 2, 4]), values=np.array([np.nan, 0.5]))
    low, high = envelope(steps, column_borders(0, 4, 4))
    assert np.isnan(low[:2]).all()
    assert np.isnan(high[:2]).all()
    assert (high[2:] == 0.5).all()


def test_an_empty_curve_is_all_gap_and_a_misfit_is_refused() -> None:
    low, high = envelope(Steps(edges=np.array([0]), values=np.empty(0)), column_borders(0, 4, 4))
    assert np.isnan(low).all()
    assert np.isnan(high).all()
    with pytest.raises(ValueError, match="edges"):
        Steps(edges=np.array([0, 1]), values=np.array([1.0, 2.0]))


@given(curves(), st.integers(-3, 600))
def test_the_value_at_a_frame_is_that_of_its_step(steps: Steps, frame: int) -> None:
    every = np.repeat(steps.values, np.diff(steps.edges))
    expected = float(every[frame]) if 0 <= frame < len(every) else None
    assert steps.at(frame) == expected


@given(st.data(), st.lists(st.sampled_from(STATES), min_size=1, max_size=80))
def test_a_column_holds_exactly_the_states_of_its_frames(
    data: st.DataObject, frames: list[int]
) -> None:
    pieces = [(frame, frame + 1, state) for frame, state in enumerate(frames)]
    runs = Runs.painted(pieces, len(frames))
    borders = data.draw(ranges(len(frames)))
    expected = []
    for left, right in pairwise(borders):
        inside = {s for frame, s in enumerate(frames) if frame < right and frame + 1 > left}
        expected.append(sum(bit(state) for state in inside))
    assert states_in(runs, borders).tolist() == expected


def test_a_single_abnormal_frame_of_a_day_keeps_its_column() -> None:
    runs = Runs.painted([(1_234_567, 1_234_568, ABNORMAL)], 2_592_000, base=NORMAL)
    found = states_in(runs, column_borders(0, 2_592_000, 640)) & bit(ABNORMAL)
    assert np.flatnonzero(found).tolist() == [1_234_567 * 640 // 2_592_000]


@given(st.lists(st.sampled_from(STATES), min_size=1, max_size=40), st.integers(-2, 45))
def test_the_state_at_a_frame_is_found(frames: list[int], frame: int) -> None:
    runs = Runs.painted([(f, f + 1, s) for f, s in enumerate(frames)], len(frames))
    assert state_at(runs, frame) == (frames[frame] if 0 <= frame < len(frames) else None)


def test_no_runs_hold_no_state() -> None:
    assert not states_in(Runs.painted([], 0), column_borders(0, 1, 5)).any()
