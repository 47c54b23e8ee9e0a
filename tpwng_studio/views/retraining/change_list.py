"""The stretches that a round changed, as a list: two lines each, by how far times how long.

Changes in; a place to go to out, by a click or Enter. Part of the panel of a round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from tpwng_core.evaluation.changes import Change, by_weight
from tpwng_studio.views.retraining.words import (
    amount_words,
    frames_words,
    full_words,
    state_of,
    step_words,
)
from tpwng_studio.widgets.two_lines import LINES, Index, Line, TwoLineList, TwoLines

_ROLE = Qt.ItemDataRole
CORRECTED_ROLE = LINES + 1
ORDERS: Mapping[str, Callable[[Sequence[Change]], list[Change]]] = {
    "most first: movement × frames": by_weight,
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

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Number of changes."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """Video and amount over what became what, or all of it for those who listen."""
        change = self.rows[index.row()]
        is_corrected = change.video in self._corrected
        match role:
            case _ROLE.DisplayRole:
                return change.video
            case _ROLE.ToolTipRole | _ROLE.AccessibleTextRole:
                return full_words(change, is_corrected)
            case r if r == LINES:
                name = f"{change.video} · corrected" if is_corrected else change.video
                words = f"{step_words(change)} · {frames_words(change)}"
                return TwoLines(
                    upper=Line(left=name, right=amount_words(change)),
                    lower=Line(left=words, state=state_of(change.after)),
                )
            case r if r == CORRECTED_ROLE:
                return is_corrected
        return None


class ChangeList(TwoLineList):
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
        self.clicked.connect(self._go_to)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for some rows."""
        return QSize(160, 5 * self.row_px)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter goes to the row; the rest is the list's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_to(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _go_to(self, index: QModelIndex) -> None:
        if index.isValid():
            self.wanted.emit(self.changes.rows[index.row()])
