from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.studio.views.timeline.conftest import Hand
from tpwng_studio.state.session import Session
from tpwng_studio.views.timeline import TimelineView

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("row", ["ruler", "s_normal", "psi", "score", "truth", "overview"])
def test_a_click_seeks(hand: Hand, session: Session, row: str) -> None:
    hand.click(hand.at(120.5, row) + QPoint(0, 12 if row == "psi" else 0))
    assert session.playhead == 120


def test_a_drag_scrubs_and_stops_at_the_ends(hand: Hand, session: Session) -> None:
    seen: list[int] = []
    session.playhead_changed.connect(seen.append)
    hand.drag(hand.at(10.5, "ruler"), hand.at(50.5, "ruler"), hand.at(90.5, "ruler"))
    assert seen == [10, 50, 90]
    hand.drag(hand.at(100.5, "ruler"), hand.at(500, "ruler"))
    assert session.playhead == session.num_frames - 1


def test_dragging_theta_tunes_live(hand: Hand, session: Session) -> None:
    seen: list[float] = []
    session.tuning_changed.connect(lambda: seen.append(session.tuning.theta))
    before = session.playhead
    hand.drag(hand.value(100, 0.55), hand.value(100, 0.7), hand.value(100, 0.8))
    assert session.tuning.theta == pytest.approx(0.8, abs=0.015)
    assert len(seen) == 2
    assert session.playhead == before


def test_dragging_theta_sets_hundredths_as_slider_and_box_do(hand: Hand, session: Session) -> None:
    seen: list[float] = []
    session.tuning_changed.connect(lambda: seen.append(session.tuning.theta))
    hand.drag(hand.value(100, 0.55), *(hand.value(100, 0.55 + n / 150) for n in range(1, 40)))
    assert len(seen) > 10
    assert seen == [round(theta, 2) for theta in seen]


def test_theta_stays_within_its_bounds_and_escape_takes_it_back(
    hand: Hand, session: Session, view: TimelineView
) -> None:
    hand.drag(hand.value(100, 0.55), hand.value(100, 5.0))
    assert session.tuning.theta == 1.0
    session.settle()
    hand.press(hand.value(100, 1.0), hand.value(100, 0.3))
    assert session.tuning.theta == pytest.approx(0.3, abs=0.02)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert session.tuning.theta == 1.0


def test_a_mere_click_on_theta_leaves_it_and_a_double_click_resets_it(
    hand: Hand, session: Session, view: TimelineView
) -> None:
    session.set_tuning(theta=0.4)
    session.settle()
    hand.click(hand.value(100, 0.4))
    assert session.tuning.theta == 0.4
    QTest.mouseDClick(
        view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hand.value(100, 0.4)
    )
    assert session.tuning.theta == 0.55


def test_shift_and_drag_mark_a_range_in_either_direction(hand: Hand, session: Session) -> None:
    playhead = session.playhead
    hand.drag(hand.at(150, "score"), hand.at(100, "score"), keys=SHIFT)
    assert session.mark == (100, 150)
    assert session.playhead == playhead
    session.create_segment()
    assert [(one.start, one.end, one.state) for one in session.labels.segments] == [
        (100, 150, "abnormal")
    ]


def test_escape_marks_nothing(hand: Hand, session: Session, view: TimelineView) -> None:
    hand.press(hand.at(150, "score"), hand.at(100, "score"), keys=SHIFT)
    assert view.moving.mark == (100, 150)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.moving.mark == session.mark == (None, None)


def test_the_wheel_pans_and_with_ctrl_zooms_at_the_mouse(hand: Hand, view: TimelineView) -> None:
    place = hand.at(80.5, "score")
    inside = place.x() - view.scene.geometry.left
    for _ in range(5):
        hand.wheel(place, 1, CTRL)
        assert view.viewport.frame_at(inside) == 80
    assert view.viewport.span == pytest.approx(233 / 1.25**5)
    start = view.viewport.start
    hand.wheel(place, -1)
    assert view.viewport.start == pytest.approx(start + 0.1 * view.viewport.span)
    for _ in range(9):
        hand.wheel(place, -1, CTRL)
    assert view.viewport.is_whole


def test_a_click_on_a_strip_selects_what_lies_there(hand: Hand, session: Session) -> None:
    session.paint(20, 60, "normal")
    session.select(None)
    hand.click(hand.at(40, "human"))
    assert session.selected is not None
    assert (session.selected.start, session.selected.end) == (20, 60)
    hand.click(hand.at(90, "human"))
    assert session.selected is None
    pseudo = next(one for one in session.segments if one.source == "pseudo")
    middle = (pseudo.start + pseudo.end) / 2
    for row in ("pseudo", "label"):
        session.select(None)
        hand.click(hand.at(middle, row))
        assert session.selected == pseudo
    hand.click(hand.at(middle, "human"))
    assert session.selected is None


def test_an_edge_is_previewed_and_moved_when_let_go(
    hand: Hand, session: Session, view: TimelineView
) -> None:
    session.paint(50, 100, "abnormal")
    session.select(session.segments[0])
    hand.press(hand.at(100, "score"), hand.at(110, "score"), hand.at(130, "score"))
    assert view.moving.selected == (50, 130)
    assert session.labels.segments[0].end == 100
    assert session.playhead == 129
    QTest.mouseRelease(
        view,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        hand.at(130, "score"),
    )
    assert (session.labels.segments[0].start, session.labels.segments[0].end) == (50, 130)
    hand.drag(hand.at(50, "label"), hand.at(30, "label"))
    assert session.labels.segments[0].start == 30


def test_an_edge_never_passes_the_other_and_escape_leaves_it(
    hand: Hand, session: Session, view: TimelineView
) -> None:
    session.paint(50, 100, "abnormal")
    session.select(session.segments[0])
    session.seek(7)
    hand.press(hand.at(50, "score"), hand.at(200, "score"))
    assert view.moving.selected == (99, 100)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.moving.selected == (50, 100)
    assert session.labels.segments[0].start == 50
    assert session.playhead == 7


def test_the_frame_in_the_overview_drags_the_visible_range(
    hand: Hand, session: Session, view: TimelineView
) -> None:
    view.zoom(4, 30)
    before, playhead = view.viewport, session.playhead
    plot = view.scene.geometry.plot("overview")
    start = plot.topLeft() + QPoint(round(30 / 233 * plot.width()), 20)
    hand.drag(start, start + QPoint(round(50 / 233 * plot.width()), 0))
    assert view.viewport.start == pytest.approx(before.start + 50, abs=0.5)
    assert view.viewport.span == pytest.approx(before.span)
    assert session.playhead == playhead


def test_dragging_the_overview_of_a_whole_video_scrubs(hand: Hand, session: Session) -> None:
    hand.drag(hand.at(30.5, "overview"), hand.at(60.5, "overview"))
    assert session.playhead == 60


def test_the_middle_button_holds_the_rows(hand: Hand, view: TimelineView) -> None:
    view.zoom(4, 100)
    before = view.viewport
    place, key = hand.at(100, "psi"), Qt.KeyboardModifier.NoModifier
    QTest.mousePress(view, Qt.MouseButton.MiddleButton, key, place)
    QTest.mouseMove(view, place - QPoint(40, 0))
    QTest.mouseRelease(view, Qt.MouseButton.MiddleButton, key, place - QPoint(40, 0))
    moved = view.viewport.start - before.start
    assert moved == pytest.approx(40 / before.px_per_frame)


def test_scrubbing_beyond_the_edge_takes_the_picture_along(
    hand: Hand, session: Session, view: TimelineView
) -> None:
    view.zoom(4, 30)
    end = view.viewport.end
    plot = view.scene.geometry.plot("ruler")
    hand.drag(plot.center(), plot.center() + QPoint(plot.width() // 2 + 40, 0))
    assert view.viewport.end > end
    assert session.playhead > end


def test_margins_take_no_clicks(hand: Hand, session: Session, view: TimelineView) -> None:
    session.seek(44)
    for x in (4, view.width() - 4):
        hand.click(QPoint(x, view.scene.geometry.plot("score").center().y()))
    assert session.playhead == 44
