"""Three arrangements of the docks, each as it was left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QPushButton, QTabBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tpwng_studio.settings import Settings
from tpwng_studio.shell.layouts import LAYOUTS, Layouts, focus_next

Made = tuple[QMainWindow, Layouts]


def make(settings: Settings) -> Made:
    window = QMainWindow()
    window.setCentralWidget(QWidget())
    window.resize(1280, 800)
    layouts = Layouts(window, lambda name: fill(layouts, name), settings)
    return window, layouts


def fill(layouts: Layouts, name: str) -> None:
    if layouts.docks[name].widget() is None:
        layouts.docks[name].setWidget(QWidget())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.in_file(tmp_path / "settings.ini")


@pytest.fixture
def made(settings: Settings, qtbot: QtBot) -> Iterator[Made]:
    window, layouts = make(settings)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield window, layouts
    layouts.hide()
    window.close()


def in_layout(name: str) -> set[str]:
    layout = LAYOUTS[name]
    return {panel for place in (*layout.left, *layout.right) for panel in place}


def shown(layouts: Layouts) -> set[str]:
    return {name for name, dock in layouts.docks.items() if not dock.isHidden()}


def test_without_a_project_there_is_no_dock(made: Made) -> None:
    assert shown(made[1]) == set()


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_shows_its_panels_and_no_other(made: Made, name: str) -> None:
    _, layouts = made
    layouts.show()
    layouts.choose(name)
    assert shown(layouts) == in_layout(name)


def filled(layouts: Layouts) -> set[str]:
    return {name for name, dock in layouts.docks.items() if dock.widget() is not None}


def test_a_panel_is_made_when_it_is_seen_first(made: Made, qtbot: QtBot) -> None:
    window, layouts = made
    assert filled(layouts) == set()
    layouts.show()
    fronts = {"library", "review", "segments", "texts"}
    assert filled(layouts) == fronts
    qtbot.wait(50)
    assert filled(layouts) == fronts
    bar = next(bar for bar in window.findChildren(QTabBar) if bar.tabText(1) == "Parameters")
    bar.setCurrentIndex(1)
    qtbot.waitUntil(lambda: filled(layouts) == fronts | {"parameters"})
    layouts.bring_up("live")
    assert filled(layouts) == fronts | {"parameters", "live"}


def test_panels_of_a_layout_that_comes_back_are_made(
    made: Made, settings: Settings, qtbot: QtBot
) -> None:
    _, layouts = made
    layouts.choose("tune")
    layouts.show()
    layouts.bring_up("retrain")
    layouts.hide()
    window, again = make(settings)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    again.show()
    qtbot.waitUntil(lambda: filled(again) == {"library", "retrain", "texts"})


def tabs(window: QMainWindow) -> list[list[str]]:
    """Names on every bar of tabs one sees."""
    bars = [bar for bar in window.findChildren(QTabBar) if bar.isVisible()]
    return [[bar.tabText(n) for n in range(bar.count())] for bar in bars]


def test_panels_in_one_place_are_tabs_that_one_sees(made: Made, qtbot: QtBot) -> None:
    window, layouts = made
    layouts.show()
    qtbot.waitUntil(lambda: ["Segments", "Parameters", "Retrain"] in tabs(window))
    assert not layouts.docks["segments"].visibleRegion().isEmpty()
    assert layouts.docks["parameters"].visibleRegion().isEmpty()


def test_a_panel_says_its_name_once(made: Made, qtbot: QtBot) -> None:
    _, layouts = made
    layouts.show()
    segments, texts = layouts.docks["segments"], layouts.docks["texts"]
    qtbot.waitUntil(lambda: segments.titleBarWidget() is not None)
    assert texts.titleBarWidget() is None
    segments.setFloating(True)
    qtbot.waitUntil(lambda: segments.titleBarWidget() is None)


def test_the_sides_have_their_share_of_the_window(made: Made, qtbot: QtBot) -> None:
    window, layouts = made
    layouts.show()
    qtbot.wait(20)
    share = layouts.docks["segments"].width() / window.width()
    assert share == pytest.approx(LAYOUTS["review"].right_share, abs=0.02)


def test_a_layout_comes_back_as_it_was_left(made: Made, qtbot: QtBot) -> None:
    _, layouts = made
    layouts.show()
    layouts.docks["texts"].hide()
    layouts.choose("tune")
    layouts.choose("review")
    assert "texts" not in shown(layouts)
    layouts.reset()
    assert shown(layouts) == in_layout("review")


def test_the_next_window_has_the_layout_of_the_last(
    made: Made, settings: Settings, qtbot: QtBot
) -> None:
    _, layouts = made
    layouts.show()
    layouts.choose("tune")
    layouts.docks["texts"].hide()
    layouts.hide()
    window, again = make(settings)
    qtbot.addWidget(window)
    again.show()
    assert again.name == "tune"
    assert shown(again) == in_layout("tune") - {"texts"}


def test_the_focus_walks_from_panel_to_panel(qtbot: QtBot) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    first, second = QWidget(), QPushButton("plain")
    inside = QLineEdit(first)
    column.addWidget(first)
    column.addWidget(second)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    second.setFocus()
    focus_next([first, second], 1)
    assert inside.hasFocus()
    focus_next([first, second], 1)
    assert second.hasFocus()
    focus_next([first, second], -1)
    assert inside.hasFocus()
