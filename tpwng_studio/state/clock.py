"""Frames and seconds of the open video, exactly where its time stamps are known.

An index, stored time stamps or a mere frame rate in; frame <-> seconds out. Called by the session,
so that every view agrees. No Qt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tpwng_core.video.index import VideoIndex

DEFAULT_FPS = Fraction(25)


@dataclass(frozen=True, kw_only=True, eq=False)
class Clock:
    """Times of a video's frames.

    Attributes:
        num_frames: length; 0 while not known.
        fps: frames a second, on average.
        pts: (num_frames,) strictly increasing, in ``time_base``; None counts frames at ``fps``.
        time_base: seconds per unit of ``pts``.
    """

    num_frames: int = 0
    fps: Fraction = DEFAULT_FPS
    pts: NDArray[np.int64] | None = None
    time_base: Fraction = Fraction(1)

    @classmethod
    def of_index(cls, index: VideoIndex) -> Clock:
        """The clock of a video that was read."""
        return cls(
            num_frames=index.num_frames,
            fps=index.fps,
            pts=index.pts,
            time_base=index.time_base,
        )

    @classmethod
    def of_meta(cls, meta: Mapping[str, Any], pts: NDArray[np.int64], num_frames: int) -> Clock:
        """The clock that our own files tell: ``fps`` and ``time_base`` as "num/den", and pts."""
        timed = len(pts) == num_frames > 0 and "time_base" in meta
        return cls(
            num_frames=num_frames,
            fps=rate_of(meta),
            pts=pts if timed else None,
            time_base=Fraction(meta["time_base"]) if timed else Fraction(1),
        )

    @cached_property
    def times_s(self) -> NDArray[np.float64]:
        """(num_frames,) seconds from the first frame."""
        if self.pts is None or not self.num_frames:
            return np.arange(self.num_frames) / float(self.fps)
        return np.asarray((self.pts - self.pts[0]) * float(self.time_base), dtype=np.float64)

    def time_of(self, frame: int) -> float:
        """Seconds to a frame; before the first and behind the last at ``fps``."""
        if not self.num_frames or frame < 0:
            return frame / float(self.fps)
        inside = min(frame, self.num_frames - 1)
        return float(self.times_s[inside]) + (frame - inside) / float(self.fps)

    def frame_at(self, time_s: float) -> int:
        """The frame on screen at a time, kept inside the video."""
        if not self.num_frames:
            return 0
        # half a unit of slack, so that a frame's own time finds that frame
        slack_s = (
            float(self.time_base) / 2 if self.pts is not None else 0.5 / float(self.fps) / 1000
        )
        after = int(np.searchsorted(self.times_s, time_s + slack_s, side="right"))
        return min(max(after - 1, 0), self.num_frames - 1)


def rate_of(meta: Mapping[str, Any]) -> Fraction:
    """Frames a second by the description of one of our files; :data:`DEFAULT_FPS` without one."""
    return Fraction(meta["fps"]) if meta.get("fps") else DEFAULT_FPS
