"""A watch in words: how it stands, how far it is behind, where an alarm lies.

A :class:`Watch` in, short texts out. Called by the live panel. No Qt.
"""

from __future__ import annotations

import time

from tpwng_core.address import without_password
from tpwng_studio.jobs.window_words import in_window_words
from tpwng_studio.live.watch import SILENT_S, Watch
from tpwng_studio.live.watch_records import SeenAlarm
from tpwng_studio.timecode import seconds_text, time_text


def state_words(watch: Watch) -> str:
    """How it stands: ``quiet``, ``ALARM since 12:03:04``, ``waiting: no data for 5 s``."""
    if watch.state in ("quiet", "alarm"):
        return _running_words(watch)
    return {
        "idle": "nothing is watched",
        "starting": "loading the model",
        "connecting": f"connecting ({_whole_s(watch.silent_s)})",
        "lost": f"connection lost, trying again ({watch.num_lost})",
        "stopping": "stopping",
        "ended": watch.reason,
        "failed": "failed",
    }[watch.state]


def detail_words(watch: Watch) -> str:
    """What belongs to the state: the reason of a loss or a failure, with the remedy."""
    if watch.state == "lost":
        return watch.reason
    if watch.state == "failed":
        return in_window_words(watch.reason + (f" ({watch.hint})" if watch.hint else ""))
    return ""


def measure_words(watch: Watch) -> str:
    """Delay, snippets, and what was left out: ``delay 0.31 s · 1,204 snippets``."""
    parts = []
    if watch.lag_s is not None and watch.is_hearing:
        parts.append(f"delay {seconds_text(watch.lag_s)}")
    if watch.num_snippets:
        parts.append(f"{watch.num_snippets:,} snippet{'' if watch.num_snippets == 1 else 's'}")
    if watch.num_dropped:
        parts.append(f"{watch.num_dropped:,} left out: the machine is too slow")
    return " · ".join(parts)


def source_words(watch: Watch) -> str:
    """What is watched, without a password."""
    if watch.wish is None:
        return ""
    return without_password(watch.wish.source)


def place_words(time_ms: int, *, is_clock: bool) -> str:
    """A place on the axis of time: ``12:03:04``, or ``1:05.20`` in a file."""
    return clock_words(time_ms / 1000) if is_clock else time_text(time_ms / 1000)


def clock_words(unix_s: float) -> str:
    """The time of day here: ``12:03:04``."""
    return time.strftime("%H:%M:%S", time.localtime(unix_s))


def length_words(alarm: SeenAlarm) -> str:
    """How long it lasted, or that it lasts."""
    length_s = (alarm.end_ms - alarm.start_ms) / 1000
    return f"{seconds_text(length_s)} …" if alarm.is_open else seconds_text(length_s)


def _running_words(watch: Watch) -> str:
    silent = f"no data for {_whole_s(watch.silent_s)}" if watch.silent_s >= SILENT_S else ""
    alarm = watch.open_alarm
    if alarm is None:
        return f"waiting: {silent}" if silent else "quiet"
    since = f"ALARM since {place_words(alarm.start_ms, is_clock=watch.is_clock)}"
    return f"{since}, {silent}" if silent else since


def _whole_s(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 60 else seconds_text(seconds)
