"""Keys in a window that only reads: those that edit say why they do nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tpwng_studio.project.project import Project
from tpwng_studio.shell.main_window import MainWindow

WHY = "Read only: another window has it open"


@pytest.fixture
def reader(demo: MainWindow, demo_project: Project) -> MainWindow:
    """The window, as if another one had the project open."""
    demo_project.is_read_only, demo_project.why_read_only = True, "another window has it open"
    demo.session.select_next(1)
    demo.stage.messages.clear()
    return demo


def said(window: MainWindow) -> str:
    return window.stage.messages.text.text() if window.stage.messages.isVisible() else ""


@pytest.mark.parametrize(
    "key",
    [Qt.Key.Key_N, Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_R, Qt.Key.Key_BracketLeft],
)
def test_a_key_that_edits_says_why_it_does_nothing(
    reader: MainWindow, qtbot: QtBot, key: Qt.Key
) -> None:
    qtbot.keyClick(reader.timeline, key)
    assert WHY in said(reader)
    assert reader.session.labels.segments == ()


def test_so_does_undo(reader: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(reader.timeline, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert WHY in said(reader)


@pytest.mark.parametrize("key", [Qt.Key.Key_Right, Qt.Key.Key_F, Qt.Key.Key_Y])
def test_a_key_that_only_looks_says_nothing(reader: MainWindow, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(reader.timeline, key)
    assert said(reader) == ""


def test_what_is_typed_is_no_key_that_edits(reader: MainWindow, qtbot: QtBot) -> None:
    field = QLineEdit(reader)
    field.show()
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_N)
    assert said(reader) == ""


def test_where_there_is_nothing_to_undo_nothing_is_said(demo: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(demo.timeline, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert said(demo) == ""
