"""Ctrl+Z takes back what was done last, in whichever video, and says and shows what that was."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tpwng_core.labels import LabelSegment
from tpwng_core.review import ReviewItem
from tpwng_studio.shell.main_window import MainWindow
from tpwng_studio.views.review.queue import ReviewModel
from tpwng_studio.views.timeline.scene import theta_y

_NONE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE
) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)


def opened(window: MainWindow) -> str:
    assert window.session.video is not None
    return window.session.video.id


def highlighted(window: MainWindow) -> ReviewItem | None:
    """The place whose row is lit, as a person sees it."""
    shown = window.panels.review.list
    rows = shown.selectionModel().selectedRows()
    model = shown.model()
    assert isinstance(model, ReviewModel)
    return model.items[rows[0].row()] if rows else None


def judge_until_another_video_opens(window: MainWindow, qtbot: QtBot) -> ReviewItem:
    """Say "normal" to one place after the other; the last one judged in the first video."""
    session, first = window.session, "test_accident_003"
    session.open_video(first)
    qtbot.waitUntil(lambda: len({item.video for item in session.review_queue}) > 1)
    press(qtbot, window, Qt.Key.Key_Tab)
    judged = []
    while opened(window) == first:
        judged.append(session.review_item)
        press(qtbot, window, Qt.Key.Key_N)
    assert judged[-1] is not None
    return judged[-1]


def test_a_judgement_is_undone_when_the_queue_has_gone_on_to_another_video(
    demo: MainWindow, qtbot: QtBot
) -> None:
    session = demo.session
    judged = judge_until_another_video_opens(demo, qtbot)
    elsewhere = opened(demo)

    press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    assert opened(demo) == judged.video
    assert judged.start <= session.playhead < judged.end
    assert session.labels.segment_at(judged.start) is None
    assert demo.stage.toast.text() == f"Undone in {judged.video}: Review: normal"
    assert session.review_item == judged
    assert highlighted(demo) == judged

    press(qtbot, demo, Qt.Key.Key_Z, _CTRL | _SHIFT)
    assert opened(demo) == judged.video
    assert said_at(demo, judged.start).state == "normal"
    assert demo.stage.toast.text() == "Redone: Review: normal"

    session.open_video(elsewhere)
    press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    press(qtbot, demo, Qt.Key.Key_A)
    session.open_video(judged.video)
    assert said_at(demo, judged.start).state == "abnormal"


def test_what_was_undone_is_told_off_the_curves_and_labels(demo: MainWindow, qtbot: QtBot) -> None:
    demo.session.set_mark(10, 20)
    press(qtbot, demo, Qt.Key.Key_N)
    press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    stage, canvas = demo.stage, demo.player.canvas
    assert stage.toast.isVisible()
    seen = QRect(canvas.mapTo(stage, QPoint(0, 0)), canvas.size())
    assert seen.contains(stage.toast.geometry())
    stage.resize(stage.width(), stage.height() - 60)
    seen = QRect(canvas.mapTo(stage, QPoint(0, 0)), canvas.size())
    assert seen.contains(stage.toast.geometry())


def said_at(window: MainWindow, frame: int) -> LabelSegment:
    segment = window.session.labels.segment_at(frame)
    assert segment is not None
    return segment


def test_edits_of_several_videos_are_taken_back_in_the_order_they_were_made(
    demo: MainWindow, qtbot: QtBot
) -> None:
    session = demo.session
    for video, frame in (("test_fire_001", 40), ("test_accident_003", 70), ("test_fire_001", 90)):
        session.open_video(video)
        session.set_mark(frame, frame + 9)
        press(qtbot, demo, Qt.Key.Key_N)
    session.open_video("test_fighting_000")
    seen = []
    for _ in range(3):
        press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
        seen.append((opened(demo), session.playhead))
    assert seen == [("test_fire_001", 90), ("test_accident_003", 70), ("test_fire_001", 40)]
    assert not demo.actions_by_id["edit.undo"].isEnabled()
    assert not session.all_labels
    press(qtbot, demo, Qt.Key.Key_Y, _CTRL)
    assert demo.stage.toast.text() == "Redone: Mark normal"
    press(qtbot, demo, Qt.Key.Key_Y, _CTRL)
    assert demo.stage.toast.text() == "Redone in test_accident_003: Mark normal"
    assert (opened(demo), session.playhead) == ("test_accident_003", 70)


def test_the_menu_names_what_the_next_undo_takes_back(demo: MainWindow, qtbot: QtBot) -> None:
    session, undo = demo.session, demo.actions_by_id["edit.undo"]
    session.set_mark(40, 49)
    press(qtbot, demo, Qt.Key.Key_N)
    press(qtbot, demo, Qt.Key.Key_U)
    assert undo.text() == "Undo Mark unknown"
    press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    assert undo.text() == "Undo Mark normal"
    assert demo.actions_by_id["edit.redo"].text() == "Redo Mark unknown"
    session.open_video("test_accident_003")
    assert undo.text() == "Undo Mark normal in test_fire_001"


def test_the_lit_row_is_what_a_judges_and_without_one_it_judges_no_place(
    demo: MainWindow, qtbot: QtBot
) -> None:
    session = demo.session
    session.open_video("test_accident_003")
    press(qtbot, demo, Qt.Key.Key_Tab)
    item = session.review_item
    assert item is not None
    assert highlighted(demo) == item
    press(qtbot, demo, Qt.Key.Key_Home)
    assert highlighted(demo) is None
    session.seek(item.start)
    assert highlighted(demo) == item
    session.set_mark(0, 5)
    assert highlighted(demo) is None
    press(qtbot, demo, Qt.Key.Key_Escape)
    session.seek(item.start)
    assert highlighted(demo) == item
    press(qtbot, demo, Qt.Key.Key_A)
    assert [(s.start, s.end) for s in session.labels.segments] == [(item.start, item.end)]
    press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    assert highlighted(demo) == item


def test_the_lit_row_stays_with_its_place_when_theta_moves(demo: MainWindow, qtbot: QtBot) -> None:
    session = demo.session
    session.open_video("test_accident_003")
    press(qtbot, demo, Qt.Key.Key_Tab)
    with qtbot.waitSignal(session.review_changed):
        session.set_tuning(theta=session.tuning.theta + 0.01)
    assert highlighted(demo) == session.under_review
    for _ in range(3):
        press(qtbot, demo, Qt.Key.Key_Tab)
        assert highlighted(demo) == session.under_review == session.review_item


def drag_theta(window: MainWindow, *stops_px: int) -> None:
    """Take hold of the line theta and let it go at the last of some distances."""
    timeline = window.timeline
    start = QPoint(timeline.width() // 2, round(theta_y(timeline.scene)))
    QTest.mousePress(timeline, Qt.MouseButton.LeftButton, pos=start)
    for stop in stops_px:
        QTest.mouseMove(timeline, start + QPoint(0, stop))
    QTest.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=start + QPoint(0, stops_px[-1]))


def test_a_drag_of_theta_is_one_step_that_takes_no_label_with_it(
    demo: MainWindow, qtbot: QtBot
) -> None:
    session = demo.session
    session.set_mark(40, 49)
    press(qtbot, demo, Qt.Key.Key_N)
    drag_theta(demo, 5, 9, 14)
    middle = session.tuning.theta
    drag_theta(demo, 5, 9, 12)
    last = session.tuning.theta
    assert 0.55 > middle > last
    assert demo.actions_by_id["edit.undo"].text() == "Undo Set theta"
    press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    assert session.tuning.theta == middle
    assert demo.stage.toast.text() == f"Undone: theta back to {middle:g}"
    press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    assert session.tuning.theta == 0.55
    assert said_at(demo, 40).state == "normal"
    press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    assert not session.labels.segments
    for _ in range(3):
        press(qtbot, demo, Qt.Key.Key_Y, _CTRL)
    assert session.tuning.theta == last
    assert demo.stage.toast.text() == f"Redone: theta {last:g} again"


def test_a_drag_that_escape_cancels_is_no_step_and_leaves_what_can_be_redone(
    demo: MainWindow, qtbot: QtBot
) -> None:
    session, timeline = demo.session, demo.timeline
    session.set_mark(40, 49)
    press(qtbot, demo, Qt.Key.Key_N)
    press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    start = QPoint(timeline.width() // 2, round(theta_y(timeline.scene)))
    QTest.mousePress(timeline, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(timeline, start + QPoint(0, 15))
    assert session.tuning.theta != 0.55
    press(qtbot, demo, Qt.Key.Key_Escape)
    assert session.tuning.theta == 0.55
    assert not demo.actions_by_id["edit.undo"].isEnabled()
    press(qtbot, demo, Qt.Key.Key_Y, _CTRL)
    assert said_at(demo, 40).state == "normal"


def test_keys_and_boxes_of_the_panel_are_steps_of_their_own(demo: MainWindow, qtbot: QtBot) -> None:
    session = demo.session
    demo.choose_layout("tune")
    group = demo.panels.parameters.instant
    qtbot.waitUntil(group.isVisible)
    for widget, key, times in (
        (group.theta.slider, Qt.Key.Key_Left, 3),
        (group.counts["min_duration"], Qt.Key.Key_Up, 2),
        (group.counts["merge_gap"], Qt.Key.Key_Up, 1),
        (group.alpha.slider, Qt.Key.Key_Right, 1),
    ):
        widget.setFocus()
        for _ in range(times):
            press(qtbot, demo, key)
    demo.timeline.setFocus()
    said = []
    for _ in range(4):
        press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
        said.append(demo.stage.toast.text().removeprefix("Undone: "))
    assert said == [
        "alpha back to 0.2",
        "merge gap back to 0",
        "min duration back to 0",
        "theta back to 0.55",
    ]
    assert not session.undo_text
    assert group.theta.value == 0.55
