from __future__ import annotations

import pytest

from tpwng_core.report.timeaxis import clock, tick_frames


@pytest.mark.parametrize("num_frames", [1, 2, 9, 10, 37, 100, 955, 1_600_011])
def test_ticks_are_few_round_and_inside(num_frames):
    ticks = tick_frames(0, num_frames)
    assert 1 <= len(ticks) <= 9
    assert ticks[0] == 0
    assert ticks[-1] < num_frames
    if len(ticks) > 1:
        assert str(ticks[1])[0] in "125"
        assert set(str(ticks[1])[1:]) <= {"0"}


def test_ticks_of_a_part_are_round_too():
    assert tick_frames(103, 148) == [105, 110, 115, 120, 125, 130, 135, 140, 145]
    assert tick_frames(50_001, 90_000) == list(range(55_000, 90_000, 5_000))


@pytest.mark.parametrize(
    ("seconds", "length_s", "text"),
    [
        (1.25, 3, "1.25 s"),
        (6.67, 30, "6.7 s"),
        (125, 300, "2:05"),
        (59.6, 300, "1:00"),
        (3725, 9000, "1:02:05"),
        (125.25, 3, "2:05.25"),
        (3725.96, 30, "1:02:06.0"),
        (119.97, 30, "120.0 s"),
    ],
)
def test_times_read_as_people_write_them(seconds, length_s, text):
    assert clock(seconds, length_s) == text
