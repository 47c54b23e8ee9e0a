"""The runs of the project beside each other: what they measured, and where their settings differ.

Runs in, a table whose selection says which ones the charts show. Part of the training panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtCore import QPersistentModelIndex as Persistent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from tpwng_studio.jobs.runs import RunInfo, differing

_MEASURES = (
    ("auc", "AUC", "Area under the ROC curve over frames, of annotated videos"),
    ("ap", "AP", "Average precision over frames, of annotated videos"),
    ("video_auc_val", "val", "AUC of telling validation videos apart by their weak labels"),
    ("total", "loss", "Sum of all loss terms, last epoch"),
)
_FIRST = ("Run", "Epochs")
_Index = QModelIndex | Persistent


class RunModel(QAbstractTableModel):
    """A row a run, newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs: list[RunInfo] = []
        self._current: Path | None = None
        self._settings: list[str] = []

    def set_runs(self, runs: Sequence[RunInfo], current: Path | None) -> None:
        """Show these runs; ``current`` is the project's checkpoint."""
        rows = list(reversed(runs))
        settings = differing(rows)
        same = [run.name for run in rows] == [run.name for run in self.runs]
        if rows and same and settings == self._settings:
            self.runs, self._current = rows, current
            last = self.index(len(rows) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.runs, self._current, self._settings = rows, current, settings
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Number of runs."""
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Name, epochs, measures, and settings that differ."""
        return 0 if parent.isValid() else len(_FIRST) + len(_MEASURES) + len(self._settings)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles of the columns; the whole name as a tip."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        titles = [*_FIRST, *(m[1] for m in _MEASURES), *(s.split(".")[1] for s in self._settings)]
        tips = ["", "Trained of planned epochs", *(m[2] for m in _MEASURES), *self._settings]
        if role == Qt.ItemDataRole.DisplayRole:
            return titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return tips[section] if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says."""
        run, column = self.runs[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(run, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(run.folder)
        return None

    def _text(self, run: RunInfo, column: int) -> str:
        if column == 0:
            return f"● {run.name}" if run.checkpoint == self._current else run.name
        if column == 1:
            planned = run.settings.get("training.epochs", "?")
            return f"{run.num_epochs} / {planned}"
        column -= len(_FIRST)
        if column < len(_MEASURES):
            value = run.last(_MEASURES[column][0])
            return "" if value is None else f"{value:.3f}"
        value = run.settings.get(self._settings[column - len(_MEASURES)])
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


class RunTable(QTableView):
    """Selects runs by row, several with Ctrl.

    Signals:
        chosen_changed: other runs are selected.
    """

    chosen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Training runs")
        self.setToolTip("● is the run whose model scores the project; Ctrl+click compares several")
        self._model = RunModel(self)
        self.setModel(self._model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        # The name too: stretched, it would be what many columns squeeze.
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(44)
        header.setHighlightSections(False)
        self.setMinimumHeight(108)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A few runs; more are scrolled, so that the buttons below stay in sight."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    @property
    def chosen(self) -> list[RunInfo]:
        """Selected runs, in the order of the table."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self._model.runs[row] for row in rows]

    def set_runs(self, runs: Sequence[RunInfo], current: Path | None) -> None:
        """Show these runs; the selection stays with the runs that stay."""
        before = [run.name for run in self.chosen]
        self._model.set_runs(runs, current)
        self.choose(before or ([runs[-1].name] if runs else []))

    def choose(self, names: Sequence[str]) -> None:
        """Select the runs of these names."""
        if names == [run.name for run in self.chosen]:
            return
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().clearSelection()
        for row, run in enumerate(self._model.runs):
            if run.name in names:
                self.selectionModel().select(self._model.index(row, 0), flags.Select | flags.Rows)
