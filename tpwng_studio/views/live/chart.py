"""The score of the last minutes as it comes, with both thresholds and the alarms.

A :class:`Watch` in, paint out: steps like in the timeline, alarms as a hatched ground. The cost
depends on the width, not on how long it has been watched. Part of the live panel.
"""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tpwng_studio import theme
from tpwng_studio.live.watch import Watch
from tpwng_studio.live.watch_words import place_words
from tpwng_studio.theme import Theme
from tpwng_studio.widgets.columns import Floats, column_borders, envelope
from tpwng_studio.widgets.raster import CurveInk, Mask, Raster
from tpwng_studio.widgets.ticks import clock_text

AXIS = (0.0, 1.0)
_LEFT_PX, _BOTTOM_PX, _TOP_PX = 30, 20, 6
_LEAST_MS = 20_000  # a curve that has just begun is not drawn as a dot
_LABEL_PX = 86
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


class LiveChart(QWidget):
    """A curve that runs from right to left.

    Args:
        watch: whose scores it shows.

    Attributes:
        window_ms: length of the axis.
    """

    def __init__(self, watch: Watch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch = watch
        self.window_ms = 300_000
        self.setAccessibleName("Score of the last minutes")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(110)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A curve one can read."""
        return QSize(420, 170)

    def set_window(self, minutes: float) -> None:
        """Show so many minutes at most."""
        self.window_ms = round(60_000 * minutes)
        self.update()

    def extent(self) -> tuple[int, int]:
        """First and last millisecond of the axis; the present is at the right."""
        watch, steps = self._watch, self._watch.history.steps()
        last_ms = int(steps.edges[-1])
        if watch.is_clock and (watch.is_running or not last_ms):
            last_ms = max(round(1000 * time.time()), last_ms)
        first_ms = int(steps.edges[0]) if len(steps.values) else last_ms
        length_ms = min(max(last_ms - first_ms, _LEAST_MS), self.window_ms)
        return last_ms - length_ms, last_ms

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Ground, alarms, curve, thresholds, times."""
        painter, colours = QPainter(self), theme.current()
        painter.fillRect(self.rect(), colours.background)
        plot = self.rect().adjusted(_LEFT_PX, _TOP_PX, -8, -_BOTTOM_PX)
        if plot.width() < 20 or plot.height() < 20:
            return
        first_ms, last_ms = self.extent()
        self._paint_axes(painter, plot, (first_ms, last_ms), colours)
        self._paint_curve(painter, plot, (first_ms, last_ms), colours)
        self._paint_thresholds(painter, plot, colours)

    def alarm_columns(self, borders: Floats) -> Mask:
        """(W,) which pixel columns hold a part of an alarm.

        Args:
            borders: (W + 1,) of the columns, milliseconds.
        """
        inside = np.zeros(len(borders) - 1, dtype=np.bool_)
        for alarm in self._watch.alarms:
            end_ms = borders[-1] if alarm.is_open else alarm.end_ms
            inside |= (borders[1:] > alarm.start_ms) & (borders[:-1] <= end_ms)
        return inside

    def _paint_axes(
        self, painter: QPainter, plot: QRect, extent: tuple[int, int], colours: Theme
    ) -> None:
        painter.setFont(_small(self))
        for value in (0.0, 0.5, 1.0):
            y = _y_of(plot, value)
            painter.setPen(QPen(colours.grid, 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(colours.muted)
            box = QRectF(0, y - 8, _LEFT_PX - 5, 16)
            painter.drawText(box, _RIGHT_MIDDLE, f"{value:g}")
        for place_ms, words in self._ticks(extent, plot.width()):
            x = plot.left() + plot.width() * (place_ms - extent[0]) / (extent[1] - extent[0])
            painter.setPen(QPen(colours.grid, 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            painter.setPen(colours.muted)
            left = min(max(x - _LABEL_PX / 2, 0.0), self.width() - _LABEL_PX)
            box = QRectF(left, plot.bottom() + 3, _LABEL_PX, _BOTTOM_PX - 4)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _ticks(self, extent: tuple[int, int], width_px: int) -> list[tuple[int, str]]:
        """Round times, of the day or in the file, and what they say."""
        most = max(width_px // (_LABEL_PX + 10), 1)
        wanted_s = (extent[1] - extent[0]) / 1000 / most
        step_ms = 1000 * next((step for step in _STEPS_S if step >= wanted_s), _STEPS_S[-1])
        is_clock = self._watch.is_clock
        zone_ms = 1000 * time.localtime(extent[1] / 1000).tm_gmtoff if is_clock else 0
        begin = -(-(extent[0] + zone_ms) // step_ms) * step_ms - zone_ms
        places = range(begin, extent[1] + 1, step_ms)
        return [
            (ms, place_words(ms, is_clock=True) if is_clock else clock_text(ms, step_ms))
            for ms in places
            if is_clock or ms >= 0
        ]

    def _paint_curve(
        self, painter: QPainter, plot: QRect, extent: tuple[int, int], colours: Theme
    ) -> None:
        ratio = self.devicePixelRatioF()
        raster = Raster(round(plot.width() * ratio), round(plot.height() * ratio), ratio)
        borders = column_borders(*extent, raster.num_columns)
        raster.band(0, raster.num_rows, CurveInk.TINT, self.alarm_columns(borders))
        raster.hatch(CurveInk.TINT, CurveInk.HATCH)
        steps = self._watch.history.steps()
        if len(steps.values):
            low, high = envelope(steps, borders)
            outside = (borders[1:] <= steps.edges[0]) | (borders[:-1] >= steps.edges[-1])
            low, high = (np.where(outside, np.nan, values) for values in (low, high))
            raster.curve((low, high), AXIS, CurveInk.LINE, width_px=2)
        image = raster.image(_inks(colours))
        image.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(plot.topLeft()), image)

    def _paint_thresholds(self, painter: QPainter, plot: QRect, colours: Theme) -> None:
        wish = self._watch.wish
        if wish is None:
            return
        painter.setFont(_small(self))
        lines = (
            (wish.threshold, Qt.PenStyle.SolidLine, f"alarm from {wish.threshold:.2f}", -1),
            (wish.release, Qt.PenStyle.DashLine, f"ends below {wish.release:.2f}", 1),
        )
        for value, style, words, side in lines:
            y = _y_of(plot, value)
            painter.setPen(QPen(colours.abnormal_text, 1.25, style))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            _paint_tag(painter, QPointF(plot.left() + 4, y), words, side)


_RIGHT_MIDDLE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _paint_tag(painter: QPainter, place: QPointF, words: str, side: int) -> None:
    """A few words on a plate above (-1) or below (1) a line."""
    colours = theme.current()
    metrics = painter.fontMetrics()
    height = metrics.height()
    top = place.y() - height - 2 if side < 0 else place.y() + 2
    box = QRectF(place.x(), top, metrics.horizontalAdvance(words) + 8, height)
    ground = QColor(colours.background)
    ground.setAlpha(215)
    painter.fillRect(box, ground)
    painter.setPen(colours.abnormal_text)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _y_of(plot: QRect, value: float) -> float:
    return plot.top() + (1 - value) * (plot.height() - 1)


def _small(widget: QWidget) -> QFont:
    font = widget.font()
    font.setPointSizeF(font.pointSizeF() * 0.88)
    return font


def _inks(colours: Theme) -> dict[CurveInk, QColor]:
    tint, hatch = QColor(colours.abnormal), QColor(colours.abnormal)
    tint.setAlpha(48)
    hatch.setAlpha(130)
    return {CurveInk.TINT: tint, CurveInk.HATCH: hatch, CurveInk.LINE: colours.score}
