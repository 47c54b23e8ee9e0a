"""The alarms of a watch, newest first: when each began, how long it lasted, how high it rose.

A :class:`Watch` in; the alarm that a person chose out. Part of the live panel.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QItemSelection, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from tpwng_studio.live.watch import Watch
from tpwng_studio.live.watch_records import SeenAlarm
from tpwng_studio.live.watch_words import length_words, place_words
from tpwng_studio.widgets.state_icon import state_icon
from tpwng_studio.widgets.titled_model import Index, TitledModel


class AlarmModel(TitledModel):
    """A row an alarm."""

    TITLES = ("Began", "Lasted", "Peak")

    def __init__(self, watch: Watch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch = watch
        self.alarms: list[SeenAlarm] = []

    def refresh(self) -> None:
        """Take over what the watch knows; what is selected stays selected."""
        now = list(reversed(self._watch.alarms))
        if now[1:] == self.alarms and now != self.alarms:
            self.beginInsertRows(QModelIndex(), 0, 0)
            self.alarms = now
            self.endInsertRows()
        elif now != self.alarms:
            self.beginResetModel()
            self.alarms = now
            self.endResetModel()
        elif now:  # only the newest can change
            self.dataChanged.emit(self.index(0, 0), self.index(0, len(self.TITLES) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Number of alarms."""
        return 0 if parent.isValid() else len(self.alarms)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, and the sign of what is abnormal."""
        alarm = self.alarms[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            began = place_words(alarm.start_ms, is_clock=self._watch.is_clock)
            return (began, length_words(alarm), f"{alarm.peak:.2f}")[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return state_icon("abnormal", is_human=alarm.is_open)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "It rings" if alarm.is_open else "It is over"
        return None


class AlarmTable(QTableView):
    """The list.

    Signals:
        chosen: a :class:`SeenAlarm`, or None where none is chosen.
    """

    chosen = Signal(object)

    def __init__(self, watch: Watch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.alarms = AlarmModel(watch, self)
        self.setModel(self.alarms)
        self.setAccessibleName("Alarms")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setMinimumHeight(70)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.alarms.modelReset.connect(lambda: self.chosen.emit(None))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape chooses none."""
        if event.key() == Qt.Key.Key_Escape:
            self.clearSelection()
        else:
            super().keyPressEvent(event)

    def _on_selection(self, now: QItemSelection, before: QItemSelection) -> None:
        rows = self.selectionModel().selectedRows()
        self.chosen.emit(self.alarms.alarms[rows[0].row()] if rows else None)
