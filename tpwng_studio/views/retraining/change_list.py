"""The stretches that a round changed, as a list: two lines each, what moved most first.

Changes in; a place to go to out, by a click or Enter. Part of the panel of a round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from tpwng_core.evaluation.changes import Change, by_weight
from tpwng_studio import theme
from tpwng_studio.views.retraining.words import (
    amount_words,
    frames_words,
    full_words,
    state_of,
    step_words,
)
from tpwng_studio.widgets.state_icon import state_icon

_Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
CHANGE_ROLE = int(_ROLE.UserRole) + 1
CORRECTED_ROLE = int(_ROLE.UserRole) + 2
_PAD_PX = 4
_ICON_PX = 14
ORDERS: Mapping[str, Callable[[Sequence[Change]], list[Change]]] = {
    "what moved most first": by_weight,
    "by video": lambda found: sorted(found, key=lambda one: (one.video, one.start, one.kind)),
    "labels first": lambda found: sorted(by_weight(found), key=lambda one: one.kind != "label"),
}
"""How the list can be sorted, by what a person reads."""


class ChangeModel(QAbstractListModel):
    """A row a change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Change] = []
        self._given: tuple[Change, ...] = ()
        self._corrected: frozenset[str] = frozenset()
        self._order = next(iter(ORDERS))

    def show(self, changes: Sequence[Change], corrected: frozenset[str]) -> None:
        """Show these changes in the order chosen; nothing happens where they are the same."""
        if (tuple(changes), corrected) != (self._given, self._corrected):
            self._given, self._corrected = tuple(changes), corrected
            self.set_order(self._order)

    def set_order(self, order: str) -> None:
        """Sort by one of :data:`ORDERS`."""
        self._order = order
        self.beginResetModel()
        self.rows = ORDERS[order](self._given)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Number of changes."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> Any:
        """The change itself, or its words for those who listen."""
        change = self.rows[index.row()]
        is_corrected = change.video in self._corrected
        match role:
            case _ROLE.DisplayRole:
                return change.video
            case _ROLE.ToolTipRole | _ROLE.AccessibleTextRole:
                return full_words(change, is_corrected)
            case r if r == CHANGE_ROLE:
                return change
            case r if r == CORRECTED_ROLE:
                return is_corrected
        return None


class ChangeDelegate(QStyledItemDelegate):
    """Video, whether it was corrected, and amount above; what became what, and where below."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Two lines in the list's selection colours."""
        change: Change = index.data(CHANGE_ROLE)
        panel = QStyle.PrimitiveElement.PE_PanelItemViewItem
        option.widget.style().drawPrimitive(panel, option, painter, option.widget)
        colours = theme.current()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ink = colours.on_accent if chosen else colours.text
        quiet = colours.on_accent if chosen else colours.muted
        box = option.rect.adjusted(8, _PAD_PX, -8, -_PAD_PX)
        box.setHeight(option.fontMetrics.height())
        painter.save()
        painter.setFont(option.font)
        name = f"{change.video} · corrected" if index.data(CORRECTED_ROLE) else change.video
        _pair(painter, box, (name, ink), (amount_words(change), ink))
        box.translate(0, box.height())
        icon = state_icon(state_of(change.after), is_human=chosen)
        icon.paint(painter, QRect(box.left(), box.top() + 1, _ICON_PX, box.height() - 2))
        words = f"{step_words(change)} · {frames_words(change)}"
        _pair(painter, box.adjusted(_ICON_PX + 5, 0, 0, 0), (words, quiet), ("", quiet))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        """Two lines."""
        return QSize(160, 2 * option.fontMetrics.height() + 2 * _PAD_PX)


class ChangeList(QListView):
    """Changes, one a row.

    Signals:
        wanted: a :class:`Change` that a person goes to.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What the round changed")
        self.changes = ChangeModel(self)
        self.setModel(self.changes)
        self.setItemDelegate(ChangeDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setAlternatingRowColors(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._go_to)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for some rows."""
        return QSize(160, 5 * (2 * self.fontMetrics().height() + 2 * _PAD_PX))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter goes to the row; the rest is the list's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_to(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Letters are the window's keys, not a search."""

    def _go_to(self, index: QModelIndex) -> None:
        if index.isValid():
            self.wanted.emit(self.changes.rows[index.row()])


def _pair(
    painter: QPainter, box: QRect, left: tuple[str, QColor], right: tuple[str, QColor]
) -> None:
    """A line of two texts; the right one stays whole."""
    metrics, middle = painter.fontMetrics(), Qt.AlignmentFlag.AlignVCenter
    painter.setPen(right[1])
    painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, right[0])
    width = box.width() - (metrics.horizontalAdvance(right[0]) + 8 if right[0] else 0)
    shown = metrics.elidedText(left[0], Qt.TextElideMode.ElideMiddle, width)
    painter.setPen(left[1])
    painter.drawText(box, middle | Qt.AlignmentFlag.AlignLeft, shown)
