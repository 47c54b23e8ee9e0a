"""The help overlay: all keys as they are now, gone at any key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tpwng_studio.actions.actions import effective_keys
from tpwng_studio.dialogs.help import HelpOverlay, rows_of


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    widget.resize(1280, 800)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def test_changed_keys_are_told_and_keyless_actions_left_out() -> None:
    rows = rows_of(effective_keys({"play.toggle": ["F5"], "edit.undo": []}))
    assert ("F5", "Play or pause") in rows["Play"]
    assert not any(text == "Undo" for _, text in rows["Edit"])


def test_the_number_keys_are_one_row() -> None:
    rows = rows_of(effective_keys({}))
    assert sum("Category" in text for _, text in rows["Labels"]) == 1


@pytest.mark.parametrize("width", [1280, 800, 400])
def test_every_row_is_on_the_sheet_at_any_width(window: QWidget, width: int) -> None:
    window.resize(width, 800)
    keys = effective_keys({})
    overlay = HelpOverlay(keys, window)
    overlay.show_over()
    words = {label.text() for label in overlay.findChildren(QLabel)}
    assert {text for rows in rows_of(keys).values() for _, text in rows} <= words
    overlay.close()


def test_it_covers_the_window_also_when_that_grows(window: QWidget) -> None:
    overlay = HelpOverlay(effective_keys({}), window)
    overlay.show_over()
    window.resize(1400, 900)
    assert overlay.geometry() == window.rect()
    overlay.close()


def test_any_key_closes_it_but_a_modifier_alone_does_not(window: QWidget, qtbot: QtBot) -> None:
    overlay = HelpOverlay(effective_keys({}), window)
    overlay.show_over()
    qtbot.keyPress(overlay, Qt.Key.Key_Shift)
    assert overlay.isVisible()
    with qtbot.waitSignal(overlay.destroyed):
        qtbot.keyClick(overlay, Qt.Key.Key_Space)


def test_a_click_closes_it(window: QWidget, qtbot: QtBot) -> None:
    overlay = HelpOverlay(effective_keys({}), window)
    overlay.show_over()
    with qtbot.waitSignal(overlay.destroyed):
        qtbot.mouseClick(overlay, Qt.MouseButton.LeftButton)
