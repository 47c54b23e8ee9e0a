"""The rows of a data set plan as a table: category and split can be typed.

Holds a :class:`Plan` and replaces it by every edit. Used by the data set dialog.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from tpwng_studio import theme
from tpwng_studio.jobs.dataset_plan import SPLITS, Plan, Row
from tpwng_studio.widgets.titled_model import Index, TitledModel

_CATEGORY, _SPLIT = 1, 2


class PlanModel(TitledModel):
    """A row a video.

    Signals:
        plan_changed: another plan is there.
    """

    TITLES = ("Video", "Category", "For", "Features", "Note")
    plan_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plan = Plan(())

    @property
    def plan(self) -> Plan:
        """What is on screen."""
        return self._plan

    def set_plan(self, plan: Plan) -> None:
        """Show another plan; rows that stay keep their selection."""
        if plan.rows and len(plan.rows) == len(self._plan.rows):
            self._plan = plan
            last = self.index(len(plan.rows) - 1, len(self.TITLES) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        else:
            self.beginResetModel()
            self._plan = plan
            self.endResetModel()
        self.plan_changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Number of videos."""
        return 0 if parent.isValid() else len(self._plan.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Category and split can be typed."""
        flags = super().flags(index)
        if index.column() in (_CATEGORY, _SPLIT):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says."""
        row = self._plan.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return _texts(row)[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole:
            if row.problem and index.column() in (_CATEGORY, 4):
                return theme.current().warning
            return theme.current().muted if index.column() > _SPLIT else None
        return str(row.path) if role == Qt.ItemDataRole.ToolTipRole else None

    def setData(  # noqa: N802 - Qt's name
        self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Take what was typed; a split that there is not is refused."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        text = str(value).strip()
        if index.column() == _SPLIT and text not in SPLITS:
            return False
        field = {"label": text} if index.column() == _CATEGORY else {"split": text}
        self.set_plan(self._plan.with_rows([index.row()], **field))
        return True


def _texts(row: Row) -> tuple[str, ...]:
    ready = "ready" if row.has_features else "to extract"
    return (row.video, row.label, row.split, ready if row.is_usable else "", row.problem)
