"""The key editor: a key has one owner, and only what differs is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from tpwng_studio.actions.actions import BY_ID, conflicts, effective_keys
from tpwng_studio.dialogs.keys import KeysDialog
from tpwng_studio.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.in_file(tmp_path / "settings.ini")


@pytest.fixture
def dialog(settings: Settings, qtbot: QtBot) -> KeysDialog:
    made = KeysDialog(settings)
    qtbot.addWidget(made)
    return made


def give(dialog: KeysDialog, name: str, key: str) -> None:
    dialog.choose_action(name)
    dialog.field.setKeySequence(QKeySequence(key))
    dialog.add.click()


def test_a_free_key_is_added(dialog: KeysDialog, settings: Settings) -> None:
    give(dialog, "play.toggle", "F5")
    assert settings.keys == {"play.toggle": (*BY_ID["play.toggle"].keys, "F5")}


def test_return_in_the_filter_resets_nothing(
    qtbot: QtBot, dialog: KeysDialog, settings: Settings
) -> None:
    give(dialog, "play.toggle", "F5")
    before = settings.keys
    dialog.show()
    dialog.filter.setFocus()
    qtbot.keyClicks(dialog.filter, "save")
    qtbot.keyClick(dialog.filter, Qt.Key.Key_Return)
    assert settings.keys == before
    assert dialog.isVisible()


def test_a_taken_key_warns_and_moves(dialog: KeysDialog, settings: Settings) -> None:
    dialog.choose_action("play.toggle")
    dialog.field.setKeySequence(QKeySequence("Ctrl+S"))
    assert "Save now" in dialog.warning.text()
    assert dialog.add.text() == "Take it"
    dialog.add.click()
    assert settings.keys["file.save"] == ()
    assert "Ctrl+S" in settings.keys["play.toggle"]
    assert conflicts(effective_keys(settings.keys)) == {}


def test_an_action_can_go_without_a_key_and_get_it_back(
    dialog: KeysDialog, settings: Settings
) -> None:
    dialog.choose_action("view.fit")
    dialog.clear.click()
    assert settings.keys == {"view.fit": ()}
    dialog.reset.click()
    assert settings.keys == {}


def test_a_key_given_away_does_not_come_back_twice(dialog: KeysDialog, settings: Settings) -> None:
    give(dialog, "play.toggle", "Ctrl+S")
    dialog.choose_action("file.save")
    dialog.reset.click()
    assert conflicts(effective_keys(settings.keys)) == {}
    assert settings.keys["file.save"] == ()


def test_the_filter_finds_by_word_and_by_key(dialog: KeysDialog) -> None:
    dialog.filter.setText("ctrl+e")
    visible = [item.text(0) for item in dialog._items.values() if not item.isHidden()]
    assert visible == ["Export"]
