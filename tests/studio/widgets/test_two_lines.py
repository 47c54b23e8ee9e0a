"""Rows of two lines: what has to be told apart is, however narrow the list."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage, QStandardItem, QStandardItemModel
from pytestqt.qtbot import QtBot

from tpwng_studio.widgets.two_lines import LINES, Line, TwoLineList, TwoLines


@pytest.fixture
def shown(qtbot: QtBot) -> TwoLineList:
    view = TwoLineList()
    view.setAlternatingRowColors(False)
    view.setModel(QStandardItemModel(view))
    qtbot.addWidget(view)
    view.resize(190, 300)
    view.show()
    return view


def pictures(view: TwoLineList, *lower: Line) -> list[QImage]:
    """Each row as it is painted."""
    model = view.model()
    assert isinstance(model, QStandardItemModel)
    for line in lower:
        item = QStandardItem()
        item.setData(TwoLines(upper=Line(left="the score cannot tell"), lower=line), LINES)
        model.appendRow(item)
    image = view.viewport().grab().toImage()
    rows = [view.visualRect(model.index(row, 0)) for row in range(model.rowCount())]
    assert {rect.height() for rect in rows} == {view.row_px}
    return [image.copy(rect) for rect in rows]


def test_videos_of_long_names_are_told_apart_in_a_narrow_list(shown: TwoLineList) -> None:
    one, other, again = pictures(
        shown,
        Line(left="robbery_at_the_corner_004_camera_01", right="frames 64–104"),
        Line(left="robbery_at_the_corner_004_camera_02", right="frames 64–104"),
        Line(left="robbery_at_the_corner_004_camera_01", right="frames 64–104"),
    )
    assert one == again
    assert one != other


def test_what_stands_right_is_whole(shown: TwoLineList) -> None:
    left = "a_name_that_is_much_longer_than_the_list_is_wide"
    one, other = pictures(
        shown,
        Line(left=left, right="frames 64–104"),
        Line(left=left, right="frames 64–105"),
    )
    assert one != other


def test_a_state_has_its_icon(shown: TwoLineList) -> None:
    none, abnormal, normal = pictures(
        shown,
        Line(left="words"),
        Line(left="words", state="abnormal"),
        Line(left="words", state="normal"),
    )
    assert none != abnormal != normal
