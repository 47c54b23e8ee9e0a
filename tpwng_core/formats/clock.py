"""Frame numbers to seconds and back, by the time stamps where they are known.

Called by every format that counts in seconds. A frame's time is that of its start; the end of a
segment is the start of the frame behind it, so both directions agree to the frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Clock:
    """The times of one video's frames, counted from its first.

    Attributes:
        fps: frames per second; the average where the rate varies.
        num_frames: length; None where not known.
        pts: (num_frames,) int64 increasing times in units of ``time_base``; None: evenly spaced.
        time_base: seconds per unit of ``pts``.
    """

    fps: Fraction
    num_frames: int | None = None
    pts: NDArray[np.int64] | None = None
    time_base: Fraction = Fraction(1)

    def seconds(self, frame: int) -> Fraction:
        """Exact time of the start of ``frame``; behind the last, by the average rate."""
        if self.pts is None or not len(self.pts):
            return frame / self.fps
        last = min(frame, len(self.pts) - 1)
        units = int(self.pts[last]) - int(self.pts[0])
        return units * self.time_base + (frame - last) / self.fps

    def frame(self, seconds: float | Fraction) -> int:
        """The frame whose start is nearest to ``seconds``, at least 0."""
        time = Fraction(seconds)
        if self.pts is None or not len(self.pts):
            return max(_rounded(time * self.fps), 0)
        after_last = time - self.seconds(len(self.pts) - 1)
        if after_last > 0:
            return len(self.pts) - 1 + _rounded(after_last * self.fps)
        units = float(time / self.time_base) + float(self.pts[0])
        right = int(np.searchsorted(self.pts, units))
        left = max(right - 1, 0)
        nearer_left = units - self.pts[left] < self.pts[right] - units
        return left if nearer_left else right

    def milliseconds(self, frame: int) -> int:
        """Time of the start of ``frame``, rounded to milliseconds."""
        return _rounded(self.seconds(frame) * 1000)


def _rounded(value: Fraction) -> int:
    return int(value + Fraction(1, 2)) if value >= 0 else -int(-value + Fraction(1, 2))
