"""The ground floor of the session: its signals, and the one clock and playhead of the window.

Frames and seconds in and out. ``session_video`` stands on it; views see all storeys as ``Session``.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tpwng_studio.state.clock import Clock


class TimeSession(QObject):
    """Where in the open video everybody is.

    Signals carry little: readers pull from the properties. ``message`` has a level (info, warning,
    error) and a text; ``project_leaving`` comes before a project is opened, read again or closed,
    and so before what is said of it while it is read; ``playhead_changed`` has the frame;
    ``agreement_changed`` and ``review_changed`` come when the sliders rest;
    ``under_review_changed`` only where it is another place or none; ``videos_changed`` at most ten
    times a second.
    """

    project_leaving = Signal()
    project_changed = Signal()
    videos_changed = Signal()
    video_changed = Signal()
    index_changed = Signal()
    curves_changed = Signal()
    tuning_changed = Signal()
    derived_changed = Signal()
    agreement_changed = Signal()
    labels_changed = Signal()
    selection_changed = Signal()
    mark_changed = Signal()
    review_changed = Signal()
    under_review_changed = Signal()
    recovery_changed = Signal()
    playhead_changed = Signal(int)
    message = Signal(str, str)
    saved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = Clock()
        self._playhead = 0

    @property
    def num_frames(self) -> int:
        """Frames of the open video; 0 while not known."""
        return self._clock.num_frames

    @property
    def fps(self) -> Fraction:
        """Frames a second, on average."""
        return self._clock.fps

    @property
    def times_s(self) -> NDArray[np.float64]:
        """(num_frames,) seconds from the first frame."""
        return self._clock.times_s

    @property
    def playhead(self) -> int:
        """The frame everything shows."""
        return self._playhead

    def time_of(self, frame: int) -> float:
        """Seconds from the first frame to a frame; the end of the video for ``num_frames``."""
        return self._clock.time_of(frame)

    def frame_at(self, time_s: float) -> int:
        """The frame on screen at a time."""
        return self._clock.frame_at(time_s)

    def seek(self, frame: int) -> None:
        """Move the playhead, kept inside the video."""
        frame = min(max(frame, 0), max(self.num_frames - 1, 0))
        if frame != self._playhead:
            self._playhead = frame
            self.playhead_changed.emit(frame)

    def step(self, frames: int) -> None:
        """Move the playhead by frames."""
        self.seek(self._playhead + frames)

    def step_seconds(self, seconds: float) -> None:
        """Move the playhead by seconds, at least a frame."""
        frame = self.frame_at(self.time_of(self._playhead) + seconds)
        if frame == self._playhead:
            frame += 1 if seconds > 0 else -1
        self.seek(frame)
