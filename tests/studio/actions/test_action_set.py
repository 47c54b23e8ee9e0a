"""QActions of the table: handlers, keys, availability, menus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenuBar, QWidget
from pytestqt.qtbot import QtBot

from tpwng_studio.actions.action_set import ActionSet
from tpwng_studio.actions.actions import ACTIONS, BY_ID, GROUPS


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(lambda: widget.isActiveWindow() and widget.hasFocus())
    return widget


def handlers(called: list[str]) -> dict[str, Callable[[], object]]:
    return {name: partial(called.append, name) for name in BY_ID}


def test_an_action_without_a_handler_is_refused(window: QWidget) -> None:
    incomplete = handlers([])
    del incomplete["play.toggle"]
    with pytest.raises(ValueError, match=r"play\.toggle"):
        ActionSet(window, incomplete, {}, lambda *_: None)


def test_each_action_calls_its_own_handler(window: QWidget) -> None:
    called: list[str] = []
    actions = ActionSet(window, handlers(called), {}, lambda *_: None)
    for action in ACTIONS:
        actions[action.id].trigger()
    assert called == [action.id for action in ACTIONS]


@pytest.mark.parametrize(
    ("key", "modifier", "name"),
    [
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "review.next"),
        (Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier, "review.previous"),
        (Qt.Key.Key_Question, Qt.KeyboardModifier.NoModifier, "app.help"),
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.NoModifier, "view.zoom_in"),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "segment.create"),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, "play.toggle"),
        (Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier, "video.accept"),
    ],
)
def test_awkward_keys_reach_their_action(
    window: QWidget, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier, name: str
) -> None:
    called: list[str] = []
    actions = ActionSet(window, handlers(called), {}, lambda *_: None)
    qtbot.keyClick(window, key, modifier)
    assert called == [name]
    assert actions[name].isEnabled()


def test_changed_keys_act_at_once_and_are_told_in_the_tip(window: QWidget, qtbot: QtBot) -> None:
    called: list[str] = []
    actions = ActionSet(window, handlers(called), {}, lambda *_: None)
    actions.set_keys({"play.toggle": ["F7"]})
    qtbot.keyClick(window, Qt.Key.Key_F7)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert called == ["play.toggle"]
    assert "F7" in actions["play.toggle"].toolTip()


def test_what_is_not_there_cannot_be_acted_on(window: QWidget) -> None:
    actions = ActionSet(window, handlers([]), {}, lambda *_: None)
    actions.set_available({"project", "video"})
    assert actions["file.open"].isEnabled()
    assert actions["play.toggle"].isEnabled()
    assert not actions["edit.undo"].isEnabled()
    assert not actions["segment.split"].isEnabled()


def test_categories_lend_their_names_to_the_number_keys(window: QWidget) -> None:
    actions = ActionSet(window, handlers([]), {}, lambda *_: None)
    actions.set_category_names(["Fighting", "Fire"])
    assert actions["category.2"].text() == "Category: Fire"
    assert not actions["category.3"].isVisible()


def test_every_action_is_in_one_menu(window: QWidget, qtbot: QtBot) -> None:
    actions = ActionSet(window, handlers([]), {}, lambda *_: None)
    bar = QMenuBar()
    qtbot.addWidget(bar)
    menus = actions.fill(bar)
    listed = [
        item.objectName() for menu in menus.values() for item in menu.actions() if item.text()
    ]
    assert tuple(menus) == GROUPS
    assert sorted(listed) == sorted(BY_ID)
