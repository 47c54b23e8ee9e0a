"""A panel that scrolls: whole in its width where a window was small, low where there is no room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tpwng_studio.widgets.scrolled import fill_scrolled


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    """A window with a form of 250 x 600 in a dock."""
    made = QMainWindow()
    made.setCentralWidget(QWidget())
    dock = QDockWidget(made)
    panel, inside, form = QWidget(), QWidget(), QWidget()
    form.setObjectName("form")
    form.setMinimumSize(250, 600)
    QVBoxLayout(inside).addWidget(form)
    fill_scrolled(panel, inside)
    dock.setWidget(panel)
    made.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    qtbot.addWidget(made)
    made.resize(900, 700)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_a_form_is_whole_in_a_window_that_was_small(qtbot: QtBot, window: QMainWindow) -> None:
    area = window.findChild(QScrollArea)
    assert area is not None
    for size in ((260, 300), (900, 300)):
        window.resize(*size)
        qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
        assert area.viewport().width() >= 250
        assert area.horizontalScrollBar().maximum() == 0


def test_a_long_name_does_not_push_the_rest_out(qtbot: QtBot, window: QMainWindow) -> None:
    area = window.findChild(QScrollArea)
    assert area is not None
    width = window.minimumSizeHint().width()
    form = window.findChild(QWidget, "form")
    assert form is not None
    form.setMinimumWidth(2000)
    qtbot.waitUntil(lambda: area.horizontalScrollBar().maximum() > 0)
    assert window.minimumSizeHint().width() < width + 250
