"""The table lists what people said, and the abnormal pseudo-labels between."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.core.drawn import labels_of
from tpwng_core.labels import ABNORMAL, NORMAL, UNSET, Runs, State, VideoLabels
from tpwng_studio.state.segments import Segment, SegmentTable

N = 60
states: st.SearchStrategy[State] = st.sampled_from(["abnormal", "normal", "unknown"])
pieces = st.lists(
    st.tuples(st.integers(0, N - 1), st.integers(1, 20), states).map(
        lambda piece: (piece[0], min(piece[0] + piece[1], N), piece[2])
    ),
    max_size=6,
)
masks = st.lists(st.booleans(), min_size=N, max_size=N)


def runs_of(mask: list[bool]) -> Runs:
    cuts = np.flatnonzero(np.diff(np.concatenate([[0], np.array(mask, int), [0]])))
    rows = [(int(start), int(end), ABNORMAL) for start, end in cuts.reshape(-1, 2)]
    return Runs.painted(rows, N, base=NORMAL)


@given(pieces, masks)
def test_rows_are_apart_in_order_and_leave_nothing_out(
    said: list[tuple[int, int, State]], mask: list[bool]
) -> None:
    labels = labels_of(N, *said)
    table = SegmentTable(labels, runs_of(mask))
    shown = np.zeros(N, bool)
    for before, after in pairwise(table):
        assert before.end <= after.start
    for row in table:
        shown[row.start : row.end] = True
        dense = labels.as_array()[row.start : row.end]
        assert (dense == UNSET).all() == (row.source == "pseudo")
    over = labels.as_array()
    np.testing.assert_array_equal(shown, (over != UNSET) | np.array(mask))
    for place, row in enumerate(table):
        assert table.at(row.start) == table.at(row.end - 1) == table.find(row) == place


def test_without_curves_only_what_people_said_is_listed() -> None:
    table = SegmentTable(labels_of(N, (3, 9, "normal")), None)
    assert [*table] == [Segment(start=3, end=9, state="normal", source="human", reviewed=True)]
    assert len(SegmentTable(VideoLabels(video="a", num_frames=0, fps=labels_of(1).fps), None)) == 0


def test_a_row_knows_who_says_so() -> None:
    table = SegmentTable(labels_of(N, (20, 30, "abnormal")), runs_of([True] * 40 + [False] * 20))
    assert [(row.start, row.end, row.source) for row in table] == [
        (0, 20, "pseudo"),
        (20, 30, "human"),
        (30, 40, "pseudo"),
    ]
    assert [row.reviewed for row in table] == [False, True, False]
    assert table[0].num_frames == 20


def test_a_segment_that_changed_is_found_again_at_its_middle() -> None:
    table = SegmentTable(labels_of(N), runs_of([False] * 10 + [True] * 10 + [False] * 40))
    assert table.find(Segment(start=5, end=25, state="abnormal")) == 0
    assert table.find(Segment(start=30, end=40, state="abnormal")) is None
    assert table.at(N + 5) is None
