"""What edits make of labels: the effective label follows the hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.core.drawn import labels_of
from tests.studio.state.test_segments import N, masks, pieces, runs_of
from tpwng_core.labels import ABNORMAL, NORMAL, UNSET, State, VideoLabels, effective_runs
from tpwng_studio.state import edits
from tpwng_studio.state.segments import Segment, SegmentTable

PEN = edits.Pen(author="ada")
PSEUDO = runs_of([False] * 10 + [True] * 20 + [False] * 30)
ROW = Segment(start=10, end=30, state="abnormal")


def said(labels: VideoLabels) -> list[tuple[int, int, str]]:
    return [(item.start, item.end, item.state) for item in labels.segments]


def test_a_pseudo_segment_that_is_cut_is_human_and_the_cut_part_normal() -> None:
    labels = edits.move_edge(labels_of(N), PSEUDO, ROW, (15, 25), PEN)
    assert said(labels) == [(10, 15, "normal"), (15, 25, "abnormal"), (25, 30, "normal")]
    assert {item.author for item in labels.segments} == {"ada"}
    assert all(item.time for item in labels.segments)


def test_a_pseudo_segment_that_grows_is_human_as_a_whole() -> None:
    labels = edits.move_edge(labels_of(N), PSEUDO, ROW, (5, 30), PEN)
    assert said(labels) == [(5, 30, "abnormal")]


def test_a_pseudo_segment_that_is_deleted_is_normal() -> None:
    assert said(edits.delete(labels_of(N), PSEUDO, ROW, PEN)) == [(10, 30, "normal")]


def test_a_human_segment_leaves_unset_frames_where_the_pseudo_label_agrees() -> None:
    row = Segment(start=5, end=20, state="abnormal", source="human")
    labels = edits.delete(labels_of(N, (5, 20, "abnormal")), PSEUDO, row, PEN)
    assert said(labels) == [(10, 20, "normal")]
    row = Segment(start=5, end=20, state="normal", source="human")
    assert said(edits.delete(labels_of(N, (5, 20, "normal")), PSEUDO, row, PEN)) == []


@given(pieces, masks, st.data())
def test_after_an_edge_moved_its_frames_are_abnormal_and_those_it_left_are_not(
    before: list[tuple[int, int, State]], mask: list[bool], data: st.DataObject
) -> None:
    labels, pseudo = labels_of(N, *before), runs_of(mask)
    rows = [row for row in SegmentTable(labels, pseudo) if row.state == "abnormal"]
    if not rows:
        return
    row = data.draw(st.sampled_from(rows))
    edge = data.draw(st.sampled_from(["start", "end"]))
    start, end = edits.moved(row, edge, data.draw(st.integers(-5, N + 5)), N)  # type: ignore[arg-type]
    assert 0 <= start < end <= N
    after = edits.move_edge(labels, pseudo, row, (start, end), PEN)
    old, new = (effective_runs(item, pseudo).as_array() for item in (labels, after))
    assert (new[start:end] == ABNORMAL).all()
    left = np.zeros(N, bool)
    left[row.start : row.end] = True
    left[start:end] = False
    assert (new[left] == NORMAL).all()
    untouched = ~left
    untouched[start:end] = False
    np.testing.assert_array_equal(new[untouched], old[untouched])


def test_a_split_makes_two_that_stay_apart() -> None:
    labels = edits.split(labels_of(N), ROW, 20, PEN)
    assert said(labels) == [(10, 20, "abnormal"), (20, 30, "abnormal")]
    assert edits.split(labels, ROW, 30, PEN) is labels
    named = edits.set_category(labels, SegmentTable(labels, PSEUDO)[1], "arson", PEN)
    assert [item.category for item in named.segments] == [None, "arson"]
    assert said(named) == said(labels)


def test_merging_fills_what_lies_between() -> None:
    labels = labels_of(N, (2, 5, "abnormal"), (6, 8, "normal"), (40, 50, "abnormal"))
    table = SegmentTable(labels, PSEUDO)
    assert said(edits.merge(labels, table[0], table[2], PEN)) == [
        (2, 30, "abnormal"),
        (40, 50, "abnormal"),
    ]


@given(pieces, masks, st.integers(0, N - 1), st.integers(1, N))
def test_accepting_changes_nothing_that_holds_and_leaves_nothing_unset(
    before: list[tuple[int, int, State]], mask: list[bool], start: int, length: int
) -> None:
    labels, pseudo = labels_of(N, *before), runs_of(mask)
    within = (start, min(start + length, N))
    after = edits.accept(labels, pseudo, within, "arson", PEN)
    old, new = (effective_runs(item, pseudo).as_array() for item in (labels, after))
    np.testing.assert_array_equal(old, new)
    assert (after.as_array()[within[0] : within[1]] != UNSET).all()
    set_before = labels.as_array() != UNSET
    np.testing.assert_array_equal(after.as_array()[set_before], labels.as_array()[set_before])


def test_only_abnormal_segments_carry_a_category() -> None:
    assert PEN.segment(0, 1, "normal", "arson").category is None
    assert PEN.segment(0, 1, "abnormal", "arson").category == "arson"


def test_labels_are_cut_to_a_shorter_file() -> None:
    labels = labels_of(N, (2, 5, "abnormal"), (40, 50, "normal"))
    assert said(edits.fitted(labels, 45)) == [(2, 5, "abnormal"), (40, 45, "normal")]
    assert said(edits.fitted(labels, 4)) == [(2, 4, "abnormal")]
    assert edits.share_said(labels) == 13 / N
    assert edits.share_said(edits.fitted(labels, 0)) == 0
