"""The pinned video as the model learns it: its score after each epoch, the last one strong.

Hears of the worker's files, reads them beside the window, paints. Ground truth is shaded where it
is known. Part of the training panel.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from tpwng_core.groundtruth import Interval
from tpwng_core.scores import SUFFIX, read_scores
from tpwng_studio import theme
from tpwng_studio.background import Progress, Task

_KEPT = 24
_MARGIN_PX = 8
_TITLE_PX = 20


class _Snapshot(NamedTuple):
    """A score of the video, snippet by snippet."""

    start: NDArray[np.int32]
    score: NDArray[np.float32]
    num_frames: int


class PinnedPlot(QWidget):
    """A small plot of one video's score, epoch over epoch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Score of the pinned video, epoch by epoch")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._video = ""
        self._truth: tuple[Interval, ...] = ()
        self._shots: deque[_Snapshot] = deque(maxlen=_KEPT)
        self._epoch = 0
        self._end = ""
        self._is_reading = False
        self._next: tuple[Path, int] | None = None

    @property
    def video(self) -> str:
        """The video that is watched; "" for none."""
        return self._video

    @property
    def epoch(self) -> int:
        """The epoch that is drawn strong; 0 before the first."""
        return self._epoch

    @property
    def title(self) -> str:
        """What is written above the curves."""
        if self._epoch:
            return f"{self._video}: score after epoch {self._epoch}, earlier ones faint"
        if self._end:
            return f"{self._video}: no epoch, the training is over: {self._end}"
        return f"{self._video}: waiting for the first epoch"

    def begin(self, video: str, truth: tuple[Interval, ...]) -> None:
        """Watch a video from now on; "" for none."""
        self._video, self._truth, self._epoch = video, truth, 0
        self._shots.clear()
        self.setVisible(bool(video))
        self._end_with("")

    def end(self, words: str) -> None:
        """The training is over, in words; said where no epoch came of it."""
        self._end_with(words)

    def take(self, path: Path, epoch: int) -> None:
        """A file of the pinned video is new; of several that wait the last one is read."""
        if path.name != f"{self._video}{SUFFIX}":
            return
        if self._is_reading:
            self._next = path, epoch
            return
        self._is_reading = True
        task = Task(lambda progress: _read(path, progress), self)
        task.done.connect(lambda shot: self._on_read(shot, epoch))
        task.failed.connect(self._on_failed)
        task.start()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as a chart."""
        return QSize(240, 120)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def _end_with(self, words: str) -> None:
        self._end = words
        self.setToolTip("" if self._epoch else words)  # the title has room for its beginning
        self.update()

    def _on_read(self, shot: _Snapshot, epoch: int) -> None:
        self._shots.append(shot)
        self._epoch = epoch
        self.setToolTip("")
        self.update()
        self._go_on()

    def _on_failed(self, _: str) -> None:
        # Replaced while it was read: the next epoch brings another.
        self._go_on()

    def _go_on(self) -> None:
        self._is_reading = False
        following, self._next = self._next, None
        if following is not None:
            self.take(*following)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Truth, then older epochs faintly, then the last one."""
        values = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), values.background)
        painter.setPen(values.text)
        title = QRectF(_MARGIN_PX, 2, self.width() - 2 * _MARGIN_PX, _TITLE_PX)
        words = painter.fontMetrics().elidedText(
            self.title, Qt.TextElideMode.ElideRight, int(title.width())
        )
        painter.drawText(title, int(Qt.AlignmentFlag.AlignVCenter), words)
        area = QRectF(self.rect()).adjusted(_MARGIN_PX, _TITLE_PX + 4, -_MARGIN_PX, -_MARGIN_PX)
        painter.setPen(QPen(values.border, 1))
        painter.drawRect(area)
        if not self._shots:
            return
        self._paint_truth(painter, area, values.truth)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for age, shot in zip(range(len(self._shots) - 1, -1, -1), self._shots, strict=True):
            colour = QColor(values.score)
            colour.setAlphaF(1.0 if age == 0 else max(0.45 - 0.03 * age, 0.08))
            painter.setPen(QPen(colour, 2 if age == 0 else 1))
            painter.drawPolyline(_polygon(shot, area))

    def _paint_truth(self, painter: QPainter, area: QRectF, colour: QColor) -> None:
        shade = QColor(colour)
        shade.setAlphaF(0.25)
        frames = self._shots[-1].num_frames
        for item in self._truth:
            left = area.left() + area.width() * item.start / frames
            right = area.left() + area.width() * min(item.end, frames) / frames
            painter.fillRect(QRectF(left, area.top(), right - left, area.height()), shade)


def _read(path: Path, progress: Progress) -> _Snapshot:
    scores = read_scores(path)
    return _Snapshot(scores.snippet_start, scores.snippet_score, scores.num_frames)


def _polygon(shot: _Snapshot, area: QRectF) -> QPolygonF:
    """Steps of the score, at most two points a pixel."""
    stride = max(len(shot.score) // max(int(area.width()), 1), 1)
    start, score = shot.start[::stride], shot.score[::stride]
    edges = np.append(start, shot.num_frames)
    x = area.left() + area.width() * np.repeat(edges, 2)[1:-1] / shot.num_frames
    y = area.bottom() - area.height() * np.repeat(score, 2)
    return QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)])
