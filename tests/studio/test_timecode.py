"""Times read and written as people do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_studio.timecode import parse_position, seconds_text, time_text


def frame_at(time_s: float) -> int:
    return int(time_s * 30)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00.00"), (22.667, "0:22.67"), (59.996, "1:00.00"), (3723.45, "1:02:03.45")],
)
def test_a_time_reads_as_a_clock(seconds: float, text: str) -> None:
    assert time_text(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.75, "0.75 s"), (9.999, "10.0 s"), (125, "2 min 05 s"), (3725, "1 h 02 min")],
)
def test_a_length_has_a_unit(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("680", 680),
        (" f680 ", 680),
        ("22.5s", 675),
        ("22,5 s", 675),
        ("0:22.5", 675),
        ("1:00:00", 108000),
    ],
)
def test_frames_and_times_are_understood(text: str, frame: int) -> None:
    assert parse_position(text, frame_at) == frame


@pytest.mark.parametrize("text", ["", "abc", "-5", "1.5", "0:0:0:1", "12f"])
def test_anything_else_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(ValueError, match="give a frame"):
        parse_position(text, frame_at)


@given(st.floats(0, 1e5))
def test_a_written_time_is_read_back_to_the_hundredth(seconds: float) -> None:
    hundredths = parse_position(time_text(seconds), lambda time_s: round(time_s * 100))
    assert hundredths / 100 == pytest.approx(seconds, abs=0.0051)
