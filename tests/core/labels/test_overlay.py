"""Painting and erasing segments is the same as painting and erasing frames."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.core.labels.samples import LENGTH, empty, labels, pseudo, segments
from tpwng_core.labels import (
    ABNORMAL,
    UNSET,
    VALUES,
    LabelSegment,
    Runs,
    VideoLabels,
    effective_runs,
)

_FRAMES = st.integers(0, LENGTH + 5)
_EDIT = segments() | st.tuples(_FRAMES, _FRAMES)


@given(st.lists(_EDIT, max_size=12))
def test_painting_segments_paints_frames(edits) -> None:
    found, frames = empty(), np.full(LENGTH, UNSET)
    for edit in edits:
        if isinstance(edit, LabelSegment):
            found = found.paint(edit)
            frames[edit.start : edit.end] = VALUES[edit.state]
        else:
            found = found.erase(*edit)
            frames[edit[0] : edit[1]] = UNSET
    assert np.array_equal(found.as_array(), frames)
    for frame in range(0, LENGTH, 7):
        item = found.segment_at(frame)
        assert (VALUES[item.state] if item else UNSET) == frames[frame]


@given(hnp.arrays(np.int8, st.integers(0, 40), elements=st.sampled_from([-2, -1, 0, 1])))
def test_frames_become_segments_and_frames_again(frames) -> None:
    found = VideoLabels.from_array(frames, video="v", fps=Fraction(30))
    assert found.num_frames == len(frames)
    assert np.array_equal(found.as_array(), frames)


@given(labels(), pseudo())
def test_a_persons_word_wins_over_the_pseudo_label(said, inferred) -> None:
    dense = [
        inferred.as_array()[frame] if value == UNSET else value
        for frame, value in enumerate(said.as_array())
    ]
    found = effective_runs(said, inferred)
    assert found.as_array().tolist() == dense
    assert (np.diff(found.state) != 0).all()
    assert found.start.dtype == found.end.dtype == np.int64
    assert found.state.dtype == np.int8
    assert found.segments(ABNORMAL) == [
        (start, end)
        for start, end, state in zip(found.start, found.end, found.state, strict=True)
        if state == ABNORMAL
    ]


def test_a_day_of_video_stays_small() -> None:
    num_frames = 24 * 3600 * 30
    said = empty(num_frames).paint(LabelSegment(start=5, end=9, state="normal"))
    inferred = Runs.painted([(0, num_frames, 1)], num_frames)
    assert effective_runs(said, inferred).state.tolist() == [1, 0, 1]


def test_labels_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="60 and of 61"):
        effective_runs(empty(), Runs.painted([], 61, base=0))


def test_touching_segments_that_say_the_same_become_one_with_the_later_time() -> None:
    first = LabelSegment(start=0, end=5, state="abnormal", category="Abuse", time="2026-01-01")
    found = empty().paint(first).paint(replace(first, start=5, end=9, time="2026-01-02"))
    assert found.segments == (replace(first, end=9, time="2026-01-02"),)
    other = replace(first, start=9, end=12, category="Arson")
    assert len(found.paint(other).segments) == 2


def test_a_split_stays_a_split_when_something_else_is_painted() -> None:
    left = LabelSegment(start=0, end=5, state="abnormal")
    split = replace(empty(), segments=(left, replace(left, start=5, end=9)))
    painted = split.paint(LabelSegment(start=20, end=30, state="normal"))
    assert painted.segments[:2] == split.segments
    assert painted.erase(20, 30) == split


def test_what_lies_behind_the_end_is_not_painted() -> None:
    assert empty().paint(LabelSegment(start=LENGTH, end=LENGTH + 9, state="normal")) == empty()


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 3)])
def test_a_segment_needs_frames(start, end) -> None:
    with pytest.raises(ValueError, match="segment"):
        LabelSegment(start=start, end=end, state="normal")


def test_overlap_and_overhang_are_refused() -> None:
    item = LabelSegment(start=0, end=5, state="normal")
    with pytest.raises(ValueError, match="overlap"):
        replace(empty(), segments=(item, replace(item, start=4)))
    with pytest.raises(ValueError, match="behind the last"):
        replace(empty(), segments=(replace(item, end=LENGTH + 1),))


def test_states_and_provenance_are_words_of_the_list() -> None:
    with pytest.raises(ValueError, match="abnormal, normal or unknown"):
        LabelSegment(start=0, end=1, state="odd")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="human or imported"):
        LabelSegment(start=0, end=1, state="normal", provenance="odd")  # type: ignore[arg-type]


def test_frames_of_no_state_are_refused() -> None:
    with pytest.raises(ValueError, match="-2 unset"):
        VideoLabels.from_array(np.array([0, 2]), video="v", fps=Fraction(30))
