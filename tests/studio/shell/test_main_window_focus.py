"""Where keys go: to the video after anything that opened one, to a list while one walks in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication
from pytestqt.qtbot import QtBot

from tpwng_studio import theme
from tpwng_studio.jobs.job import Job
from tpwng_studio.project.project import Project
from tpwng_studio.shell.layouts import TITLES
from tpwng_studio.shell.main_window import MainWindow
from tpwng_studio.views.jobs import JobsView
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


def test_what_a_round_switches_off_sends_keys_to_the_video(
    demo: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = demo.session
    session.paint(0, 20, "normal")
    category = session.video.category if session.video is not None else None
    demo.teach()
    form = demo.panels.retrain.form
    begun: list[object] = []
    monkeypatch.setattr(demo.retraining, "start", begun.append)
    for focused in (form.start, form.weight, form.scratch):
        form.show_state("", "", is_running=False)
        focused.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(focused.hasFocus)
        weight = form.weight.value()
        qtbot.mouseClick(form.start, LEFT)
        form.show_state("", "", is_running=True)
        assert demo.timeline.hasFocus()
        session.seek(0)
        press(qtbot, demo, Qt.Key.Key_End)
        assert session.playhead == session.num_frames - 1
        assert form.weight.value() == weight
        assert session.video is not None
        assert session.video.category == category
    assert len(begun) == 3


def test_what_is_hidden_sends_keys_to_the_video(demo: MainWindow, qtbot: QtBot) -> None:
    demo.teach()
    outcome = demo.panels.retrain.outcome
    outcome.show()
    outcome.back.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(outcome.back.hasFocus)
    outcome.hide()
    assert demo.timeline.hasFocus()


def test_a_click_on_a_button_of_a_panel_takes_no_keys_from_the_video(
    demo: MainWindow, qtbot: QtBot
) -> None:
    session, review = demo.session, demo.panels.review
    qtbot.waitUntil(review.buttons["abnormal"].isEnabled)
    session.next_review(1)
    qtbot.waitUntil(lambda: session.num_frames > 0)
    demo.timeline.setFocus()
    qtbot.mouseClick(review.buttons["abnormal"], LEFT)
    assert demo.timeline.hasFocus()
    qtbot.waitUntil(lambda: session.index is not None and not demo.playback.is_playing)
    num, playing = session.num_unsaved, demo.playback.is_playing
    press(qtbot, demo, Qt.Key.Key_Space)
    assert demo.playback.is_playing != playing
    assert session.num_unsaved == num


def test_a_click_on_the_strip_of_jobs_takes_no_keys_from_the_video(
    demo: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    strip = demo.findChild(JobsView)
    assert strip is not None
    job = demo.jobs.submit("inspect", {"file": tmp_path / "none"}, "Look")
    qtbot.waitUntil(strip.again.isVisible)
    asked: list[Job] = []
    monkeypatch.setattr(demo.jobs, "again", asked.append)
    qtbot.mouseClick(strip.again, LEFT)
    assert demo.timeline.hasFocus()
    qtbot.waitUntil(lambda: not demo.playback.is_playing)
    press(qtbot, demo, Qt.Key.Key_Space)
    assert demo.playback.is_playing
    assert asked == [job]


def test_buttons_below_the_video_take_the_focus_by_tab_only(demo: MainWindow) -> None:
    for part in (demo.player, demo.timeline, demo.statusBar(), demo.stage.messages):
        buttons = part.findChildren(QAbstractButton)
        assert buttons
        for button in buttons:
            assert button.focusPolicy() in (Qt.FocusPolicy.TabFocus, Qt.FocusPolicy.NoFocus)


@pytest.mark.parametrize("name", TITLES)
def test_buttons_of_panels_take_the_focus_by_tab_only(demo: MainWindow, name: str) -> None:
    demo.layouts.bring_up(name)
    for button in demo.layouts.docks[name].widget().findChildren(QAbstractButton):
        assert button.focusPolicy() in (Qt.FocusPolicy.TabFocus, Qt.FocusPolicy.NoFocus)


def test_a_held_modifier_piles_up_no_segments(demo: MainWindow, qtbot: QtBot) -> None:
    session = demo.session
    session.open_video("test_accident_003")  # three segments
    demo.layouts.bring_up("segments")
    view = demo.panels.segments
    qtbot.waitUntil(lambda: len(view.model.segments) == 3 and view.table.isVisible())
    demo.timeline.setFocus()
    shift, ctrl = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    for held in (shift, ctrl):
        session.select(session.segments[0])
        qtbot.keyPress(demo.timeline, Qt.Key.Key_A, held)  # Qt keeps what the last event held
        assert QApplication.keyboardModifiers() == held
        session.select_next(1)
        assert view.selected_segments() == [session.segments[1]]
        session.select_next(1)
        assert view.selected_segments() == [session.segments[2]]
        qtbot.keyRelease(demo.timeline, Qt.Key.Key_A)


def test_shift_and_tab_walk_back_one_segment_at_a_time(demo: MainWindow, qtbot: QtBot) -> None:
    session = demo.session
    demo.layouts.bring_up("segments")
    view = demo.panels.segments
    demo.timeline.setFocus()
    for _ in range(6):
        qtbot.keyClick(demo.timeline, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        row = view.model.row_of(session.selected)
        assert [view.model.segments[row]] == view.selected_segments()


def test_what_was_typed_counts_before_a_button_acts(demo: MainWindow, qtbot: QtBot) -> None:
    demo.layouts.bring_up("parameters")
    instant = demo.panels.parameters.instant
    box = instant.theta.box
    qtbot.waitUntil(box.isVisible)
    box.setFocus(Qt.FocusReason.TabFocusReason)
    box.selectAll()
    qtbot.keyClicks(box, "0.31")
    assert demo.session.tuning.theta != 0.31
    qtbot.mouseClick(instant.copy_button, LEFT)
    assert demo.session.tuning.theta == 0.31
    assert "0.31" in QApplication.clipboard().text()


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
