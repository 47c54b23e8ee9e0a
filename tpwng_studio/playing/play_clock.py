"""The clock of playback: how far into the video it is, at which speed.

Seconds of the machine in, seconds of the video out. Called by ``playback.py``. No Qt.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class PlayClock:
    """Runs from a place in the video at a speed, backwards below 0; stands where it is stopped.

    Args:
        now_s: seconds that never jump; tests pass their own.
    """

    def __init__(self, now_s: Callable[[], float] = time.perf_counter) -> None:
        self._now_s = now_s
        self._begun_s = 0.0
        self._from_s = 0.0
        self._speed = 1.0
        self._is_running = False

    @property
    def is_running(self) -> bool:
        """True between :meth:`start` and :meth:`stop`."""
        return self._is_running

    @property
    def speed(self) -> float:
        """Seconds of video per second; below 0 it runs backwards."""
        return self._speed

    @property
    def time_s(self) -> float:
        """Seconds from the first picture."""
        if not self._is_running:
            return self._from_s
        return self._from_s + (self._now_s() - self._begun_s) * self._speed

    def start(self, at_s: float) -> None:
        """Run from ``at_s`` on."""
        self._from_s, self._begun_s, self._is_running = at_s, self._now_s(), True

    def stop(self) -> None:
        """Stand still."""
        self._from_s, self._is_running = self.time_s, False

    def set_speed(self, speed: float) -> None:
        """Change the speed without a jump."""
        self._from_s, self._begun_s = self.time_s, self._now_s()
        self._speed = speed
