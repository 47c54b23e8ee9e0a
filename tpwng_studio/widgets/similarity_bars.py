"""Bars that say how well one snippet matches each text.

Rows and their range in once per video, values in at playhead rate; painting a few dozen rows
costs a fraction of a millisecond. The video's own category is marked by a triangle and bold type,
texts of normal stand apart below a line: nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tpwng_studio import theme

_GAP_PX = 7
_PAD_PX = 8


@dataclass(frozen=True, kw_only=True)
class BarRow:
    """One text.

    Attributes:
        name: the text as shown.
        tip: more words for the tooltip.
        is_own: whether the video is said to be of this category.
        is_normal: whether it is a text of normal.
    """

    name: str
    tip: str
    is_own: bool = False
    is_normal: bool = False


class SimilarityBars(QWidget):
    """Rows of name, bar and value; abnormal categories first, normal below a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[BarRow, ...] = ()
        self._low = 0.0
        self._span = 1.0
        self._values: NDArray[np.floating] = np.empty(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def rows(self) -> tuple[BarRow, ...]:
        """What is shown."""
        return self._rows

    @property
    def values(self) -> NDArray[np.floating]:
        """A value for each row; empty where none is known."""
        return self._values

    def set_rows(self, rows: Sequence[BarRow], low: float, high: float) -> None:
        """Show other texts.

        Args:
            rows: abnormal ones before normal ones.
            low: value of an empty bar.
            high: value of a full bar.
        """
        self._rows = tuple(rows)
        self._low = low
        self._span = max(high - low, 1e-9)
        self._values = np.empty(0)
        self.updateGeometry()
        self.update()

    def set_values(self, values: NDArray[np.floating]) -> None:
        """Show one snippet: a value for each row; none empties the bars."""
        self._values = values
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as its rows."""
        height = len(self._rows) * self._row_height() + _GAP_PX * self._has_parts() + 2
        return QSize(220, height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Rows are never squeezed; names are shortened instead."""
        return QSize(140, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint all rows."""
        painter = QPainter(self)
        value_width = self.fontMetrics().horizontalAdvance("-00.00")
        name_width = min(self._name_width(), int(self.width() * 0.42))
        best = self._best()
        for index in range(len(self._rows)):
            box = self._row_box(index)
            self._paint_name(painter, index, QRect(box.left(), box.top(), name_width, box.height()))
            bar = box.adjusted(name_width + _PAD_PX, 3, -value_width - _PAD_PX, -3)
            self._paint_bar(painter, index, bar)
            if index < len(self._values):
                self._paint_value(painter, box, index, index == best)
        self._paint_parting(painter)

    def event(self, event: QEvent) -> bool:
        """Give each row its own tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            for index, row in enumerate(self._rows):
                if self._row_box(index).contains(event.pos()):
                    QToolTip.showText(event.globalPos(), row.tip, self)
                    return True
        return super().event(event)

    def _paint_name(self, painter: QPainter, index: int, box: QRect) -> None:
        row, colours = self._rows[index], theme.current()
        font = self._font(row)
        painter.setFont(font)
        painter.setPen(colours.normal_text if row.is_normal else colours.text)
        name = f"▸ {row.name}" if row.is_own else row.name
        shown = QFontMetrics(font).elidedText(name, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _paint_bar(self, painter: QPainter, index: int, box: QRect) -> None:
        row, colours = self._rows[index], theme.current()
        painter.fillRect(box, colours.grid)
        if index >= len(self._values):
            return
        share = min(max((float(self._values[index]) - self._low) / self._span, 0.0), 1.0)
        colour = colours.unknown
        if row.is_own:
            colour = colours.s_abnormal
        elif row.is_normal:
            colour = colours.s_normal
        painter.fillRect(QRectF(box.left(), box.top(), share * box.width(), box.height()), colour)

    def _paint_value(self, painter: QPainter, box: QRect, index: int, is_best: bool) -> None:
        font = QFont(self.font())
        font.setBold(is_best)
        painter.setFont(font)
        painter.setPen(theme.current().text)
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box, side, f"{float(self._values[index]):.2f}".replace("-", "−"))

    def _paint_parting(self, painter: QPainter) -> None:
        if self._has_parts():
            y = self._row_box(self._num_abnormal()).top() - _GAP_PX // 2 - 1
            painter.setPen(theme.current().border)
            painter.drawLine(0, y, self.width(), y)

    def _row_box(self, index: int) -> QRect:
        gap = _GAP_PX if self._has_parts() and index >= self._num_abnormal() else 0
        height = self._row_height()
        return QRect(0, index * height + gap, self.width(), height)

    def _row_height(self) -> int:
        return self.fontMetrics().height() + 6

    def _name_width(self) -> int:
        names = (f"▸ {row.name}" if row.is_own else row.name for row in self._rows)
        widths = (QFontMetrics(self._bold()).horizontalAdvance(name) for name in names)
        return max(widths, default=0)

    def _font(self, row: BarRow) -> QFont:
        return self._bold() if row.is_own else self.font()

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def _best(self) -> int:
        return int(np.argmax(self._values)) if len(self._values) else -1

    def _num_abnormal(self) -> int:
        return sum(not row.is_normal for row in self._rows)

    def _has_parts(self) -> bool:
        return 0 < self._num_abnormal() < len(self._rows)
