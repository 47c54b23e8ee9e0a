"""Where keys go: to the video after anything that opened one, to a list while one walks in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QApplication
from pytestqt.qtbot import QtBot

from tpwng_studio import theme
from tpwng_studio.project.project import Project
from tpwng_studio.shell.main_window import MainWindow
from tpwng_studio.views.library.model import Column

LEFT = Qt.MouseButton.LeftButton


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, key)


def click_row(qtbot: QtBot, window: MainWindow, row: int) -> None:
    table = window.panels.library.table
    place = table.visualRect(table.model().index(row, Column.VIDEO)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=place)


def test_after_a_project_was_opened_keys_move_the_playhead(
    window: MainWindow, demo_project: Project, qtbot: QtBot
) -> None:
    window.projects.open(demo_project.folder)
    session = window.session
    qtbot.waitUntil(lambda: session.num_frames > 0)
    press(qtbot, window, Qt.Key.Key_End)
    assert session.playhead == session.num_frames - 1
    press(qtbot, window, Qt.Key.Key_Home)
    assert session.playhead == 0
    assert window.timeline.hasFocus()


def test_reading_the_project_again_leaves_the_focus_where_it_is(
    demo: MainWindow, tmp_path: Path
) -> None:
    demo.find_video()
    demo.session.reload_project()
    assert demo.panels.library.filter.hasFocus()


def test_after_a_click_on_a_video_keys_mean_the_video(demo: MainWindow, qtbot: QtBot) -> None:
    session, table = demo.session, demo.panels.library.table
    click_row(qtbot, demo, 2)
    assert session.video is not None
    assert session.video.id == table.model().index(2, Column.VIDEO).data()
    press(qtbot, demo, Qt.Key.Key_End)
    assert session.playhead == session.num_frames - 1
    session.set_mark(3, 9)
    press(qtbot, demo, Qt.Key.Key_Return)
    assert [(s.start, s.end) for s in session.labels.segments] == [(3, 9)]


def test_arrows_walk_in_the_list_until_enter_leaves_it(demo: MainWindow, qtbot: QtBot) -> None:
    session, table = demo.session, demo.panels.library.table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    before = session.video
    row = table.currentIndex().row()
    press(qtbot, demo, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: session.video != before)
    assert table.hasFocus()
    press(qtbot, demo, Qt.Key.Key_Home)
    assert (table.currentIndex().row(), row > 1) == (0, True)
    press(qtbot, demo, Qt.Key.Key_Return)
    assert session.video is not None
    assert session.video.id == table.model().index(0, Column.VIDEO).data()
    assert demo.timeline.hasFocus()


def test_enter_in_the_filter_opens_the_first_and_goes_to_it(demo: MainWindow, qtbot: QtBot) -> None:
    demo.find_video()
    qtbot.keyClicks(demo.panels.library.filter, "normal")
    press(qtbot, demo, Qt.Key.Key_Return)
    assert demo.session.video is not None
    assert "normal" in demo.session.video.id
    assert demo.timeline.hasFocus()


def test_a_click_on_the_picture_takes_the_focus_from_a_list(demo: MainWindow, qtbot: QtBot) -> None:
    demo.panels.library.table.setFocus()
    qtbot.mouseClick(demo.player.canvas, LEFT)
    assert not demo.panels.library.table.hasFocus()
    press(qtbot, demo, Qt.Key.Key_End)
    assert demo.session.playhead == demo.session.num_frames - 1


@pytest.fixture(params=["light", "dark"])
def dressed(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[theme.Theme]:
    before = theme.current()
    yield theme.apply(qapp, request.param)
    theme.apply(qapp, "dark" if before.is_dark else "light")


def edge(view: QAbstractItemView) -> QColor:
    picture = view.grab().toImage()
    return picture.pixelColor(1, picture.height() // 2)


def test_a_list_with_the_focus_has_a_ring(
    demo: MainWindow, qtbot: QtBot, dressed: theme.Theme
) -> None:
    review = demo.panels.review.list
    qtbot.waitUntil(review.isVisible)  # once there is something to review
    for view in (demo.panels.library.table, review):
        demo.timeline.setFocus()
        assert edge(view) == dressed.background
        view.setFocus()
        assert edge(view) == dressed.accent
