"""A session that only has a video and a playhead, and eyes that read frame numbers off pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from tests.core.video.rendering import read
from tpwng_studio.playing.decode_work import Shown
from tpwng_studio.playing.playback import Playback


class WatchedSession(QObject):
    """What playback needs of the session, and what was done to it."""

    video_changed = Signal()
    playhead_changed = Signal(int)
    message = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.video: Any = None
        self.playhead = 0
        self.selected: Any = None
        self.mark: tuple[int | None, int | None] = (None, None)
        self.index: Any = None

    def open(self, path: Path | None) -> None:
        """Show another video."""
        self.video = None if path is None else SimpleNamespace(path=path)
        self.playhead, self.index = 0, None
        self.video_changed.emit()

    def seek(self, frame: int) -> None:
        """Move the playhead, as the real session does: only a change is told."""
        if frame != self.playhead:
            self.playhead = frame
            self.playhead_changed.emit(frame)

    def set_index(self, index: Any) -> None:
        """Keep the index."""
        self.index = index


class Eyes:
    """Everything that came on screen: (number told, number seen in the picture, approximate)."""

    def __init__(self, playback: Playback) -> None:
        self.seen: list[tuple[int, int, bool]] = []
        self.shown: list[Shown] = []
        self._playback = playback
        playback.frame_ready.connect(self._look)

    def _look(self, image: QImage, frame: int, is_approximate: bool) -> None:
        assert self._playback.shown is not None
        assert self._playback.shown.frame == frame
        self.shown.append(self._playback.shown)
        self.seen.append((frame, read(pixels(image)), is_approximate))

    def has_exactly(self, frame: int) -> Callable[[], bool]:
        """A question for ``qtbot.waitUntil``: was ``frame`` the last picture, and exact?"""
        return lambda: bool(self.seen) and self.seen[-1] == (frame, frame, False)


def pixels(image: QImage) -> np.ndarray:
    """(H, W, 3) uint8 RGB of a picture."""
    converted = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(converted.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[:, : image.width(), 2::-1].copy()
