"""A table's columns and their titles, said once; its rows are said by who derives from it.

Titles in, what Qt asks of columns and headers out. Models of lists with plain titles derive from
it: the library, the plan of a data set, segments, alarms.
"""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex


class TitledModel(QAbstractTableModel):
    """A table whose columns are known beforehand.

    Attributes:
        TITLES: of the columns, from the left.
    """

    TITLES: ClassVar[tuple[str, ...]]

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Number of columns; rows have none below them."""
        return 0 if parent is not None and parent.isValid() else len(self.TITLES)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.TITLES[section]
        return None
