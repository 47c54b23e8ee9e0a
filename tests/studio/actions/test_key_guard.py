"""Keys stay with the widget that needs them, and act on the video everywhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tpwng_studio.actions.key_guard import KeyGuard

KEYS = ("A", "Space", "Left", "Up", "Tab", "Ctrl+S", "Ctrl+Z", "Return", "Del")


class Desk(QWidget):
    """A window with one widget of every kind and actions on the keys above."""

    def __init__(self) -> None:
        super().__init__()
        self.fired: list[str] = []
        for key in KEYS:
            action = QAction(key, self)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(lambda _=False, key=key: self.fired.append(key))
            self.addAction(action)
        self.line, self.text, self.spin = QLineEdit(), QPlainTextEdit(), QDoubleSpinBox()
        self.slider, self.combo, self.list = QSlider(), QComboBox(), QListWidget()
        self.button, self.stage = QPushButton("press"), QWidget()
        self.stage.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.list.addItems(["one", "two"])
        self.combo.addItems(["one", "two"])
        layout = QVBoxLayout(self)
        fields: list[QWidget] = [self.line, self.text, self.spin, self.slider, self.combo]
        for widget in (*fields, self.list, self.button, self.stage):
            layout.addWidget(widget)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    guard = KeyGuard(qapp)
    window = Desk()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    guard.stop()


def press(qtbot: QtBot, widget: QWidget, key: Qt.Key) -> None:
    widget.setFocus()
    qtbot.keyClick(widget, key)


@pytest.mark.parametrize("field", ["line", "text"])
def test_letters_typed_into_a_field_are_text(desk: Desk, qtbot: QtBot, field: str) -> None:
    widget = getattr(desk, field)
    widget.setFocus()
    qtbot.keyClicks(widget, "a a")
    assert desk.fired == []
    content = desk.line.text() if field == "line" else desk.text.toPlainText()
    assert content == "a a"


def test_arrows_and_letters_stay_in_a_number_field(desk: Desk, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Up, Qt.Key.Key_A, Qt.Key.Key_Left):
        press(qtbot, desk.spin, key)
    assert desk.fired == []
    assert desk.spin.value() == 1.0


def test_a_slider_keeps_its_arrows_but_not_the_letters(desk: Desk, qtbot: QtBot) -> None:
    press(qtbot, desk.slider, Qt.Key.Key_Up)
    press(qtbot, desk.slider, Qt.Key.Key_A)
    press(qtbot, desk.slider, Qt.Key.Key_Space)
    assert desk.slider.value() == 1
    assert desk.fired == ["A", "Space"]


def test_a_list_keeps_up_and_enter_and_lets_space_and_left_act(desk: Desk, qtbot: QtBot) -> None:
    desk.list.setCurrentRow(1)
    press(qtbot, desk.list, Qt.Key.Key_Up)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Left):
        press(qtbot, desk.list, key)
    assert desk.list.currentRow() == 0
    assert desk.fired == ["Space", "Left"]


def test_a_focused_button_is_pressed_by_space(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.button.clicked):
        press(qtbot, desk.button, Qt.Key.Key_Space)
    assert desk.fired == []


def test_tab_moves_on_from_a_field_and_acts_on_the_stage(desk: Desk, qtbot: QtBot) -> None:
    press(qtbot, desk.line, Qt.Key.Key_Tab)
    assert desk.fired == []
    assert not desk.line.hasFocus()
    press(qtbot, desk.stage, Qt.Key.Key_Tab)
    assert desk.fired == ["Tab"]
    assert desk.stage.hasFocus()


def test_saving_works_while_typing_and_undo_stays_in_the_field(desk: Desk, qtbot: QtBot) -> None:
    desk.line.setFocus()
    qtbot.keyClicks(desk.line, "ab")
    qtbot.keyClick(desk.line, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(desk.line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.fired == ["Ctrl+S"]
    assert desk.line.text() == ""
