"""A table's columns and titles as Qt asks for them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from tpwng_studio.widgets.titled_model import Index, TitledModel

ACROSS, DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


class Fruits(TitledModel):
    """Two rows."""

    TITLES = ("Name", "Weight")

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return None


def test_titles_are_said_over_their_columns_and_nowhere_else(qtbot: QtBot) -> None:
    model = Fruits()
    assert model.columnCount() == model.columnCount(QModelIndex()) == 2
    assert model.columnCount(model.index(0, 0)) == 0
    assert [model.headerData(column, ACROSS) for column in range(2)] == ["Name", "Weight"]
    assert model.headerData(0, ACROSS, Qt.ItemDataRole.ToolTipRole) is None
    assert model.headerData(0, DOWN) is None
