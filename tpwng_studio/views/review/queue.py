"""Rows of the review queue: why, which video, where; two lines each, painted.

A plain list model over the session's queue, and a list that keeps A, N and U for judging while it
has the focus.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent

from tpwng_core.labels import State
from tpwng_core.review import ReviewItem
from tpwng_studio.state.session import Session
from tpwng_studio.widgets.two_lines import LINES, Index, Line, TwoLineList, TwoLines

_ROLE = Qt.ItemDataRole
JUDGING_KEYS: dict[int, State] = {
    Qt.Key.Key_A: "abnormal",
    Qt.Key.Key_N: "normal",
    Qt.Key.Key_U: "unknown",
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
REASONS = {
    "near theta": "psi lies close to theta",
    "flips": "flips when theta moves by 0.05",
    "disagreement": "psi and score disagree",
    "unsure": "a label would teach much",
    "short": "very short segment",
    "edge": "edge of a segment",
}


class ReviewModel(QAbstractListModel):
    """The session's queue."""

    def __init__(self, session: Session, parent: Any = None) -> None:
        super().__init__(parent)
        self._session = session
        self._items: tuple[ReviewItem, ...] = ()

    @property
    def items(self) -> tuple[ReviewItem, ...]:
        """The rows, most doubtful first."""
        return self._items

    def refresh(self) -> None:
        """Take the session's queue."""
        new = tuple(self._session.review_queue)
        if new != self._items:
            self.beginResetModel()
            self._items = new
            self.endResetModel()

    def row_of(self, item: ReviewItem | None) -> int:
        """Row of an item, -1 where it is not listed."""
        return self._items.index(item) if item in self._items else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Number of places."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """Reason over place, or both in words for those who listen."""
        item = self._items[index.row()]
        match role:
            case _ROLE.DisplayRole:
                return REASONS[item.reason]
            case r if r == LINES:
                frames = f"frames {item.start}–{item.end}"
                lower = Line(left=item.video, right=frames)
                return TwoLines(upper=Line(left=REASONS[item.reason]), lower=lower)
            case _ROLE.ToolTipRole | _ROLE.AccessibleTextRole:
                return f"{REASONS[item.reason]}: {item.video}, frames {item.start} to {item.end}"
        return None


class ReviewList(TwoLineList):
    """The queue as a list.

    Signals:
        judged: A, N or U was pressed.
        agreed: Return was pressed.
    """

    judged = Signal(str)
    agreed = Signal()

    def event(self, event: QEvent) -> bool:
        """Keep the judging keys from the window's actions while the list has the focus."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() in (*JUDGING_KEYS, *_ENTER):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """A, N and U judge; the rest is the list's."""
        if event.key() in JUDGING_KEYS and not event.modifiers():
            self.judged.emit(JUDGING_KEYS[event.key()])
        elif event.key() in _ENTER:
            self.agreed.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: N802 - Qt's names
        """Tab goes through the places; only behind the last one it leaves the list."""
        model, row = self.model(), self.currentIndex().row()
        place = model.index(row + (1 if next else -1), 0) if model else QModelIndex()
        if not place.isValid():
            return super().focusNextPrevChild(next)
        self.setCurrentIndex(place)
        return True
