"""The table widget of segments: rows of one height, columns that give way to width.

Holds no data: the model is set by the view.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from tpwng_studio.views.segments.model import Column

# Least important first: what gives way in a narrow dock.
_GIVING_WAY = (
    Column.REVIEWED,
    Column.FRAMES,
    Column.LENGTH,
    Column.CATEGORY,
    Column.SOURCE,
)


class SegmentTable(QTableView):
    """Rows of one height; columns that give way to width, so that nothing is cut in a dock."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show the columns there is room for."""
        super().resizeEvent(event)
        self._fit_columns()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the columns that never give way, and three rows."""
        needed = (Column.NUMBER, Column.START, Column.END, Column.STATE)
        return QSize(sum(map(self._needed, needed)), 5 * self.verticalHeader().defaultSectionSize())

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Letters are the window's keys, not a search."""

    def _fit_columns(self) -> None:
        widths = {column: self._needed(column) for column in Column}
        room = self.viewport().width()
        hidden: set[Column] = set()
        for column in _GIVING_WAY:
            if sum(width for other, width in widths.items() if other not in hidden) <= room:
                break
            hidden.add(column)
        for column, width in widths.items():
            self.setColumnHidden(column, column in hidden)
            self.setColumnWidth(column, width)

    def _needed(self, column: Column) -> int:
        samples = {
            Column.NUMBER: "00",
            Column.START: "00:00.00",
            Column.END: "00:00.00",
            Column.STATE: "abnormal",
            Column.CATEGORY: "road accident",
            Column.LENGTH: "00 min 00 s",
            Column.FRAMES: "00000–00000",
            Column.SOURCE: "imported",
            Column.REVIEWED: "rev.",
        }
        icon = 18 if column == Column.NUMBER else 0
        return self.fontMetrics().horizontalAdvance(samples[column]) + 10 + icon
