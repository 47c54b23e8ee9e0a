"""A list whose rows are two painted lines, each with a text left and one right.

Models give a :class:`TwoLines` a row under :data:`LINES`; the list paints it in the colours of the
selection. Lists of places to look at derive from it: the review queue, what a round changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from tpwng_studio import theme
from tpwng_studio.widgets.state_icon import state_icon

Index = QModelIndex | QPersistentModelIndex
LINES = int(Qt.ItemDataRole.UserRole) + 1
"""Role of a row's :class:`TwoLines`."""
_PAD_PX = 4
_ICON_PX = 14


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a row.

    Attributes:
        left: shortened in the middle where there is no room.
        right: always whole.
        state: whose icon stands before it; "" for none.
    """

    left: str
    right: str = ""
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class TwoLines:
    """A row: the upper line in the colour of text, the lower one muted."""

    upper: Line
    lower: Line


class TwoLineList(QListView):
    """Rows of two lines; letters stay the window's keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_TwoLineDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setAlternatingRowColors(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    @property
    def row_px(self) -> int:
        """Height of a row in logical pixels."""
        return _row_px(self.fontMetrics())

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Letters are the window's keys, not a search."""


class _TwoLineDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: TwoLines = index.data(LINES)
        panel = QStyle.PrimitiveElement.PE_PanelItemViewItem
        option.widget.style().drawPrimitive(panel, option, painter, option.widget)
        colours = theme.current()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        box = option.rect.adjusted(8, _PAD_PX, -8, -_PAD_PX)
        box.setHeight(option.fontMetrics.height())
        painter.save()
        painter.setFont(option.font)
        for line, colour in ((row.upper, colours.text), (row.lower, colours.muted)):
            _paint_line(painter, box, line, colours.on_accent if chosen else colour, chosen)
            box.translate(0, box.height())
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        return QSize(160, _row_px(option.fontMetrics))


def _row_px(metrics: QFontMetrics) -> int:
    return 2 * metrics.height() + 2 * _PAD_PX


def _paint_line(painter: QPainter, box: QRect, line: Line, colour: QColor, chosen: bool) -> None:
    metrics, middle = painter.fontMetrics(), Qt.AlignmentFlag.AlignVCenter
    room = QRect(box)
    if line.state:
        icon = state_icon(line.state, is_human=chosen)
        icon.paint(painter, QRect(box.left(), box.top() + 1, _ICON_PX, box.height() - 2))
        room.adjust(_ICON_PX + 5, 0, 0, 0)
    painter.setPen(colour)
    if line.right:
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, line.right)
        room.adjust(0, 0, -metrics.horizontalAdvance(line.right) - 8, 0)
    shown = metrics.elidedText(line.left, Qt.TextElideMode.ElideMiddle, room.width())
    painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, shown)
