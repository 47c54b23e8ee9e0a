from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tpwng_studio.widgets.ticks import Clock, ticks


def clock_of(fps: float) -> Clock:
    return Clock(lambda frame: frame / fps, lambda seconds: int(seconds * fps + 1e-6))


@given(
    start=st.integers(0, 2_000_000),
    length=st.integers(10, 2_600_000),
    most=st.integers(1, 30),
    fps=st.sampled_from([12, 24, 25, 29.97, 30, 60, 120]),
)
@example(start=0, length=2_073_601, most=1, fps=12)  # two days and a frame
def test_marks_are_inside_in_order_and_no_more_than_there_is_room_for(
    start: int, length: int, most: int, fps: float
) -> None:
    marks = ticks(start, start + length, clock_of(fps), most)
    frames = [mark.frame for mark in marks]
    assert all(start <= frame < start + length for frame in frames)
    assert all(a <= b for a, b in pairwise(frames))
    assert sum(bool(mark.time) for mark in marks) <= most + 1


@given(start=st.floats(0, 1000), span=st.floats(10, 100_000))
def test_there_is_always_a_mark_with_words_where_there_is_room_for_some(
    start: float, span: float
) -> None:
    assert any(mark.time for mark in ticks(start, start + span, clock_of(30), 8))


@pytest.mark.parametrize(
    ("num_frames", "words"),
    [
        (20, ["0:00.00", "0:00.17", "0:00.33", "0:00.50"]),
        (90, ["0:00.0", "0:00.5", "0:01.0", "0:01.5", "0:02.0", "0:02.5"]),
        (1800, ["0:00", "0:10", "0:20", "0:30", "0:40", "0:50"]),
        (2_592_000, ["0:00", "6:00:00", "12:00:00", "18:00:00"]),
    ],
)
def test_marks_say_round_times_no_finer_than_needed(num_frames: int, words: list[str]) -> None:
    marks = ticks(0, num_frames, clock_of(30), 6)
    assert [mark.time for mark in marks if mark.time] == words


def test_marks_stand_on_the_frame_that_is_shown_then() -> None:
    for mark in ticks(0, 900, clock_of(29.97), 8):
        assert mark.frame <= clock_of(29.97).time_of(mark.frame) * 29.97 + 1e-6
    spoken = {mark.time: mark.frame for mark in ticks(0, 900, clock_of(29.97), 8) if mark.time}
    assert spoken["0:10"] == 299
