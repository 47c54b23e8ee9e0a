"""The settings dialog: acts at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tpwng_studio.dialogs.settings import SettingsDialog
from tpwng_studio.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.in_file(tmp_path / "settings.ini")


def test_every_control_writes_its_setting_at_once(settings: Settings, qtbot: QtBot) -> None:
    dialog = SettingsDialog(settings)
    qtbot.addWidget(dialog)
    dialog.scheme.setCurrentIndex(dialog.scheme.findData("dark"))
    dialog.device.setCurrentIndex(dialog.device.findData("cpu"))
    dialog.autosave.setValue(33)
    dialog.frame_cache.setValue(1024)
    qtbot.keyClicks(dialog.author, "Ada")
    dialog.author.editingFinished.emit()
    assert (settings.scheme, settings.device, settings.autosave_s) == ("dark", "cpu", 33)
    assert (settings.frame_cache_mb, settings.author) == (1024, "Ada")


def test_it_shows_what_is_set(settings: Settings, qtbot: QtBot) -> None:
    settings.scheme = "light"
    settings.author = "Grace"
    dialog = SettingsDialog(settings)
    qtbot.addWidget(dialog)
    assert dialog.scheme.currentData() == "light"
    assert dialog.author.text() == "Grace"
