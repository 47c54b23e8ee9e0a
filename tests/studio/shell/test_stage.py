"""The middle of the window and the bar below it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from tpwng_studio.shell.stage import BottomBar, Stage


def test_the_card_gives_way_to_video_and_curves(qtbot: QtBot) -> None:
    player, timeline = QLabel("player"), QLabel("timeline")
    stage = Stage(player, timeline)
    qtbot.addWidget(stage)
    stage.show()
    assert stage.welcome.isVisible()
    assert not player.isVisible()
    stage.show_editor(True)
    assert player.isVisible()
    assert timeline.isVisible()
    assert not stage.welcome.isVisible()


def test_how_the_room_is_shared_comes_back(qtbot: QtBot) -> None:
    first = Stage(QLabel(), QLabel())
    first.resize(600, 600)
    qtbot.addWidget(first)
    first.show_editor(True)
    first.show()
    first._splitter.setSizes([100, 500])
    again = Stage(QLabel(), QLabel())
    again.resize(600, 600)
    qtbot.addWidget(again)
    again.show_editor(True)
    again.show()
    again.restore_state(first.save_state())
    assert again._splitter.sizes() == first._splitter.sizes()


def test_the_bar_is_there_only_while_the_strip_has_news(qtbot: QtBot) -> None:
    strip = QLabel("job")
    strip.hide()
    window = QMainWindow()
    bar = BottomBar(strip)
    window.setStatusBar(bar)
    qtbot.addWidget(window)
    window.show()
    assert not bar.isVisible()
    strip.show()
    assert bar.isVisible()
    assert strip.isVisible()
    strip.hide()
    assert not bar.isVisible()
