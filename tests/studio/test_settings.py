"""Settings: kept, typed, and proof against a damaged file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from tpwng_studio.settings import Settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def test_what_is_set_is_there_the_next_time(path: Path) -> None:
    first = Settings.in_file(path)
    first.scheme = "dark"
    first.autosave_s = 45
    first.keys = {"play.toggle": ("F5", "K")}
    first.set_state("window", QByteArray(b"\x00geometry"))
    first.sync()
    again = Settings.in_file(path)
    assert (again.scheme, again.autosave_s) == ("dark", 45)
    assert again.keys == {"play.toggle": ("F5", "K")}
    assert again.state("window") == QByteArray(b"\x00geometry")


def test_a_damaged_file_gives_the_defaults(path: Path) -> None:
    path.write_text("[General]\nscheme=pink\nautosave_s=soon\nkeys={]\nrecent={]\n")
    settings = Settings.in_file(path)
    assert (settings.scheme, settings.autosave_s) == ("system", 2)
    assert settings.keys == {}
    assert settings.recent == []


def test_numbers_are_held_within_their_range(path: Path) -> None:
    settings = Settings.in_file(path)
    settings.frame_cache_mb = 1
    assert settings.frame_cache_mb == 64


def test_only_a_new_value_is_announced(path: Path, qtbot: QtBot) -> None:
    settings = Settings.in_file(path)
    with qtbot.waitSignal(settings.changed) as blocker:
        settings.scheme = "dark"
    assert blocker.args == ["scheme"]
    with qtbot.assertNotEmitted(settings.changed):
        settings.scheme = "dark"


def test_recent_projects_are_newest_first_without_the_lost(path: Path, tmp_path: Path) -> None:
    settings = Settings.in_file(path)
    for name in ("a", "b", "c", "a"):
        (tmp_path / name).mkdir(exist_ok=True)
        settings.add_recent(tmp_path / name)
    (tmp_path / "b").rmdir()
    assert [item.name for item in settings.recent] == ["a", "c"]
