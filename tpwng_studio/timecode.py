"""Times and places in a video as people write and read them: ``0:22.67``, ``680``, ``1:02:03``.

Seconds in, text out, and back: what somebody typed into a cell or a box becomes a frame. Called
by tables, read-outs and the go-to box. No Qt.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_FRAME = re.compile(r"f?\s*(\d+)", re.IGNORECASE)
_SECONDS = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*s(?:ec|econds)?", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d*)?)")


def time_text(seconds: float) -> str:
    """Seconds as ``0:22.67`` or, from an hour on, ``1:02:03.45``; hundredths, rounded."""
    hundredths = round(max(seconds, 0.0) * 100)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 100:02}.{rest % 100:02}"
    return f"{hours}:{minutes:02}:{tail}" if hours else f"{minutes}:{tail}"


def seconds_text(seconds: float) -> str:
    """A length: ``0.75 s``, ``12.3 s``, ``2 min 05 s`` or ``1 h 02 min``."""
    if seconds < 60:
        return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def parse_position(text: str, frame_at: Callable[[float], int]) -> int:
    """The frame somebody means: a number (``680``, ``f680``) or a time (``22.67s``, ``0:22``).

    Args:
        text: what was typed.
        frame_at: from seconds to a frame of the open video.

    Raises:
        ValueError: it is neither; the message says what would be.
    """
    words = text.strip().replace(",", ".")
    if found := _FRAME.fullmatch(words):
        return int(found[1])
    if found := _SECONDS.fullmatch(words):
        return frame_at(float(found[1]))
    if found := _CLOCK.fullmatch(words):
        return frame_at(int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3]))
    raise ValueError(f"{text!r} is no place in the video: give a frame (680) or a time (0:22.67)")
