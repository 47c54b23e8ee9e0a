"""Where a time axis puts its marks, and what they say.

The visible range in, a few round places out. Called by the ruler of the timeline. No Qt.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tpwng_studio.timecode import time_text

_SECOND_MS = 1000
_STEPS_MS = (
    *(100, 200, 500),
    *(_SECOND_MS * step for step in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800)),
    *(3_600_000 * step for step in (1, 2, 3, 6, 12, 24)),
)
_FEW_FRAMES = 4
_LEADS = (1, 2, 5)


class Tick(NamedTuple):
    """One mark.

    Attributes:
        frame: where it stands.
        time: what it says; empty for a mark between two that speak.
    """

    frame: int
    time: str


class Clock(NamedTuple):
    """How frames and seconds of the open video belong together.

    Attributes:
        time_of: from a frame to seconds.
        frame_at: from seconds to the frame shown then.
    """

    time_of: Callable[[int], float]
    frame_at: Callable[[float], int]


def ticks(start: float, end: float, clock: Clock, most: int) -> list[Tick]:
    """Marks at round times; at round frames where there are only a few between two marks.

    Args:
        start: first visible frame.
        end: the frame behind the last visible one.
        clock: times of frames.
        most: how many marks with words there is room for.

    Returns:
        Marks inside [start, end), ascending; those without words divide the others.
    """
    first, last = math.ceil(start), max(math.ceil(end) - 1, math.ceil(start))
    length_s = clock.time_of(last) - clock.time_of(first)
    if length_s <= 0 or (last - first) / max(most, 1) < _FEW_FRAMES:
        return list(_frame_ticks(first, last, clock, most))
    return list(_time_ticks(first, last, clock, length_s / max(most, 1)))


def clock_text(time_ms: int, step_ms: int) -> str:
    """A round time, no finer than the step: ``1:05``, ``1:01:05`` or ``0:07.5``."""
    text = time_text(time_ms / _SECOND_MS)
    return text.partition(".")[0] if step_ms >= _SECOND_MS else text[:-1]


def _frame_ticks(first: int, last: int, clock: Clock, most: int) -> Iterator[Tick]:
    wanted = (last - first + 1) / max(most, 1)
    step = next(
        lead * 10**power for power in range(12) for lead in _LEADS if lead * 10**power >= wanted
    )
    minor = step // 5 if step % 5 == 0 else 1
    for frame in range(-(-first // minor) * minor, last + 1, minor):
        yield Tick(frame, time_text(clock.time_of(frame)) if frame % step == 0 else "")


def _time_ticks(first: int, last: int, clock: Clock, wanted_s: float) -> Iterator[Tick]:
    wanted_ms = wanted_s * _SECOND_MS
    days_ms = math.ceil(wanted_ms / _STEPS_MS[-1]) * _STEPS_MS[-1]
    step = next((step for step in _STEPS_MS if step >= wanted_ms), days_ms)
    minor = step // next(part for part in (5, 4, 3, 2, 1) if step % part == 0)
    begin = math.ceil(clock.time_of(first) * _SECOND_MS / minor)
    for count in range(begin, math.floor(clock.time_of(last) * _SECOND_MS / minor) + 1):
        time_ms = count * minor
        frame = clock.frame_at(time_ms / _SECOND_MS)
        if first <= frame <= last:
            yield Tick(frame, clock_text(time_ms, step) if time_ms % step == 0 else "")
