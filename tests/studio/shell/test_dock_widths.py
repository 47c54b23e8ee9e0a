"""Widths of docks outlive a window that was small for a while."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from tpwng_studio.settings import Settings
from tpwng_studio.shell.layouts import LAYOUTS, Layouts

WIDE, SMALL = 1400, 640


class Centre(QWidget):
    """Needs room of its own, so that docks are squeezed in a small window."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(320, 200)


def make(settings: Settings, qtbot: QtBot, width: int = WIDE) -> tuple[QMainWindow, Layouts]:
    window = QMainWindow()
    window.setCentralWidget(Centre())
    window.resize(width, 800)
    layouts = Layouts(window, lambda name: layouts.docks[name].setWidget(QWidget()), settings)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    layouts.show()
    return window, layouts


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.in_file(tmp_path / "settings.ini")


@pytest.fixture
def made(settings: Settings, qtbot: QtBot) -> Iterator[tuple[QMainWindow, Layouts]]:
    window, layouts = make(settings, qtbot)
    drag(window, layouts, 400)
    settle(qtbot, layouts)
    assert width_of(layouts) == 400
    yield window, layouts
    window.close()


def width_of(layouts: Layouts) -> int:
    return layouts.docks["segments"].width()


def drag(window: QMainWindow, layouts: Layouts, width: int) -> None:
    """As a person does it with the bar beside the dock."""
    window.resizeDocks([layouts.docks["segments"]], [width], Qt.Orientation.Horizontal)
    layout = window.layout()
    assert layout is not None
    layout.activate()


def settle(qtbot: QtBot, layouts: Layouts) -> None:
    qtbot.waitUntil(lambda: not layouts._widths._timer.isActive())


def squeeze(qtbot: QtBot, window: QMainWindow, layouts: Layouts) -> None:
    for width in range(WIDE, SMALL - 1, -190):  # as a corner is dragged
        window.resize(width, 800)
    settle(qtbot, layouts)
    assert width_of(layouts) < 300


def test_a_small_window_does_not_overwrite_the_width(
    qtbot: QtBot, made: tuple[QMainWindow, Layouts], settings: Settings
) -> None:
    window, layouts = made
    squeeze(qtbot, window, layouts)
    layouts.remember()
    other, again = make(settings, qtbot)
    qtbot.waitUntil(lambda: width_of(again) == 400)
    other.close()


def test_a_start_in_a_small_window_remembers_on(
    qtbot: QtBot, made: tuple[QMainWindow, Layouts], settings: Settings
) -> None:
    _, layouts = made
    layouts.remember()
    small, squeezed = make(settings, qtbot, SMALL)
    settle(qtbot, squeezed)
    assert width_of(squeezed) < 400
    squeezed.remember()
    small.close()
    other, again = make(settings, qtbot)
    qtbot.waitUntil(lambda: width_of(again) == 400)
    other.close()


def test_another_tab_in_front_has_the_same_width(
    qtbot: QtBot, made: tuple[QMainWindow, Layouts], settings: Settings
) -> None:
    window, layouts = made
    squeeze(qtbot, window, layouts)
    layouts.bring_up("parameters")
    settle(qtbot, layouts)
    window.resize(WIDE, 800)
    qtbot.waitUntil(lambda: layouts.docks["parameters"].width() == 400)


def test_the_width_comes_back_with_the_room(
    qtbot: QtBot, made: tuple[QMainWindow, Layouts]
) -> None:
    window, layouts = made
    squeeze(qtbot, window, layouts)
    window.resize(WIDE, 800)
    qtbot.waitUntil(lambda: width_of(layouts) == 400)


def test_a_smaller_window_has_the_widths_of_a_fresh_one(qtbot: QtBot, tmp_path: Path) -> None:
    fresh, docks = make(Settings.in_file(tmp_path / "fresh.ini"), qtbot, 1280)
    settle(qtbot, docks)
    expected = {name: docks.docks[name].width() for name in ("library", "segments")}
    fresh.close()
    window, layouts = make(Settings.in_file(tmp_path / "large.ini"), qtbot, 1900)
    settle(qtbot, layouts)
    for width in (1600, 1280):
        window.resize(width, 800)
        settle(qtbot, layouts)
    assert {name: layouts.docks[name].width() for name in expected} == expected
    window.resize(1900, 800)
    settle(qtbot, layouts)
    assert width_of(layouts) == round(1900 * LAYOUTS["review"].right_share)
    window.close()


def test_a_larger_window_has_no_wider_docks(
    qtbot: QtBot, made: tuple[QMainWindow, Layouts]
) -> None:
    window, layouts = made
    for width in (WIDE + 500, WIDE):
        window.resize(width, 800)
        settle(qtbot, layouts)
        assert width_of(layouts) == 400


def test_what_is_dragged_in_a_small_window_stays_there(
    qtbot: QtBot, made: tuple[QMainWindow, Layouts]
) -> None:
    window, layouts = made
    window.resize(1000, 800)
    settle(qtbot, layouts)
    drag(window, layouts, 230)
    for width in (1200, 1000):
        window.resize(width, 800)
        settle(qtbot, layouts)
        assert width_of(layouts) == 230


def test_what_a_person_drags_narrower_is_narrow(
    qtbot: QtBot, made: tuple[QMainWindow, Layouts], settings: Settings
) -> None:
    window, layouts = made
    drag(window, layouts, 250)
    window.resize(WIDE - 10, 800)
    settle(qtbot, layouts)
    window.resize(WIDE, 800)
    settle(qtbot, layouts)
    assert width_of(layouts) == 250
    layouts.remember()
    other, again = make(settings, qtbot)
    settle(qtbot, again)
    assert width_of(again) == 250
    other.close()


def test_a_damaged_memory_is_none(
    qtbot: QtBot, made: tuple[QMainWindow, Layouts], settings: Settings
) -> None:
    _, layouts = made
    layouts.remember()
    for text in (b"{", b"[]", b'{"docks": {"segments": "x"}, "window": 1}', b'{"docks": 3}'):
        settings.set_state("layout/review/widths", QByteArray(text))
        other, again = make(settings, qtbot)
        assert width_of(again) > 0
        other.close()
