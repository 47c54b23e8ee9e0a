from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QImage, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton, QToolTip
from pytestqt.qtbot import QtBot

from tests.studio.views.timeline.conftest import Hand
from tpwng_core.querycurves import QueryCurve, QueryCurves
from tpwng_core.video import index_video
from tpwng_studio.playing.thumbnails import Thumbnails
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session
from tpwng_studio.views.timeline import TimelineView
from tpwng_studio.views.timeline.geometry import HIDEABLE, ON_DEMAND, ROWS
from tpwng_studio.views.timeline.menu import timeline_menu


class PaintLog(QObject):
    """How many pixels each paint event asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.areas: list[int] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QPaintEvent):
            rects: Iterable[QRect] = event.region()  # type: ignore[assignment]
            self.areas.append(sum(rect.width() * rect.height() for rect in rects))
        return False


@pytest.fixture
def log(view: TimelineView) -> Iterator[PaintLog]:
    log = PaintLog()
    QApplication.processEvents()
    view.installEventFilter(log)
    yield log
    view.removeEventFilter(log)


def test_a_moved_playhead_repaints_two_columns_and_its_words(
    view: TimelineView, session: Session, log: PaintLog
) -> None:
    session.seek(100)
    QApplication.processEvents()
    assert len(log.areas) == 1
    assert log.areas[0] < 0.25 * view.width() * view.height()


def test_what_a_judgement_means_is_framed_while_it_means_that(
    view: TimelineView, session: Session
) -> None:
    session.set_tuning(theta=0.5)
    item = session.review_queue[0]

    def picture() -> QImage:
        session.seek(item.start)
        session.select(None)
        return view.grab().toImage()

    before = picture()
    session.go_to_review(item)
    framed = picture()
    touched = [
        x
        for x in range(framed.width())
        if any(framed.pixel(x, y) != before.pixel(x, y) for y in range(framed.height()))
    ]
    place = view.scene.viewport
    edges = [view.scene.geometry.left + place.x_of(frame) for frame in (item.start, item.end)]
    assert abs(touched[0] - edges[0]) <= 2
    assert abs(touched[-1] - edges[1]) <= 2
    session.seek(item.end)
    assert session.under_review is None
    session.go_to_review(session.review_queue[-1])
    session.open_video(item.video)
    assert picture() == before


def test_a_moved_theta_leaves_other_curves_alone(
    view: TimelineView, session: Session, log: PaintLog
) -> None:
    session.set_tuning(theta=0.7)
    QApplication.processEvents()
    assert len(log.areas) == 1
    assert log.areas[0] < 0.7 * view.width() * view.height()


def test_what_the_partial_repaints_leave_is_what_a_whole_repaint_draws(
    view: TimelineView, session: Session, hand: Hand
) -> None:
    session.paint(60, 90, "unknown")
    session.select(None)
    for frame in (10, 100, 180, 40):
        session.seek(frame)
        session.set_tuning(theta=0.3 + frame / 400, alpha=frame / 200)
        QTest.mouseMove(view, hand.at(frame + 20, "score"))
        QTest.qWait(20)
    patched = view.screen().grabWindow(view.winId()).toImage()
    view.repaint()
    fresh = view.screen().grabWindow(view.winId()).toImage()
    assert patched.size() == QSize(view.size() * view.devicePixelRatio())
    assert patched == fresh


def test_the_view_follows_another_video_and_shows_it_whole(
    view: TimelineView, session: Session
) -> None:
    view.zoom(8)
    session.open_video("test_fire_001")
    assert view.viewport.num_frames == session.num_frames == 224
    assert view.viewport.is_whole
    assert view.moving.playhead == session.playhead


def test_without_a_video_it_says_what_to_do(view: TimelineView, session: Session) -> None:
    session.close_project()
    assert view.scene.content.num_frames == 0
    button = view.findChild(QToolButton, "timelineRows")
    assert button is not None
    assert not button.isVisible()
    before = view.grab().toImage()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    QTest.mouseMove(view, QPoint(310, 120))
    assert view.grab().toImage() == before


def test_zoom_fit_pan_and_zoom_to_segment(view: TimelineView, session: Session) -> None:
    session.seek(100)
    view.zoom(4)
    assert view.viewport.shows(100)
    assert view.viewport.span == pytest.approx(233 / 4)
    start = view.viewport.start
    view.pan(0.5)
    assert view.viewport.start == pytest.approx(start + 233 / 8)
    session.paint(30, 60, "abnormal")
    view.zoom_to_segment()
    assert view.viewport.start < 30
    assert view.viewport.end > 60
    assert view.viewport.span == pytest.approx(30 * 1.3)
    view.fit()
    assert view.viewport.is_whole


def test_a_playing_video_takes_the_zoomed_picture_along(
    view: TimelineView, session: Session
) -> None:
    session.seek(0)
    view.zoom(8, 0)
    for frame in range(60):
        session.seek(frame)
        assert view.viewport.shows(frame)


def test_rows_can_be_hidden_and_the_ruler_cannot(view: TimelineView) -> None:
    least = view.minimumHeight()
    view.set_row_visible("truth", False)
    view.set_row_visible("ruler", False)
    assert set(view.hidden_rows) == {"truth"}
    assert "truth" not in view.scene.geometry.rows
    assert view.minimumHeight() < least
    for row in HIDEABLE:
        view.set_row_visible(row, False)
    view.grab()
    assert list(view.scene.geometry.rows) == ["ruler"]
    view.set_row_visible("psi", True)
    assert list(view.scene.geometry.rows) == ["ruler", "psi"]


def test_the_menu_says_what_is_shown_and_changes_it(view: TimelineView) -> None:
    place = QPoint(300, 200)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.mapToGlobal(place))
    view.set_row_visible("score", False)
    QApplication.sendEvent(view, event)
    menu = view.findChild(QMenu, "timelineMenu")
    assert menu is not None
    actions = {action.text(): action for action in menu.actions() if action.text()}
    titles = [row.title for row in ROWS if row.id != "ruler" and row.id not in ON_DEMAND]
    assert [text for text in actions if text in titles] == titles
    assert not actions["score"].isChecked()
    actions["score"].trigger()
    actions["psi"].trigger()
    actions["Reach of attention at the playhead"].trigger()
    assert set(view.hidden_rows) == {"psi"}
    assert not view.shows_reach
    view.zoom(5)
    actions["Fit the whole video"].trigger()
    assert view.viewport.is_whole
    menu.close()


def test_the_legend_tells_the_story_of_its_row(view: TimelineView) -> None:
    place = view.scene.geometry.legend("psi").center()
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place)))
    assert "cannot be compared with another video" in QToolTip.text()
    QToolTip.hideText()
    QTest.qWait(1)


def test_colours_follow_the_palette_at_once(view: TimelineView, qapp: QApplication) -> None:
    from tpwng_studio import theme

    def corner() -> int:
        return int(view.grab().toImage().pixelColor(2, 2).lightness())

    assert corner() > 200
    theme.apply(qapp, "dark")
    assert corner() < 60
    theme.apply(qapp, "light")
    assert corner() > 200


def test_pictures_arrive_in_the_overview(
    qtbot: QtBot, session: Session, demo_project: Project
) -> None:
    thumbnails = Thumbnails()
    view = TimelineView(session, thumbnails)
    view.resize(700, 300)
    view.show()
    plain = view.grab().toImage()
    assert session.video is not None
    session.set_index(index_video(session.video.path))
    plot = view.scene.geometry.plot("overview")
    middle = QPoint(plot.center().x(), plot.top() + 5)
    qtbot.waitUntil(lambda: view.grab().toImage().pixel(middle) != plain.pixel(middle))
    with_pictures = view.grab().toImage()
    colours = {with_pictures.pixel(x, middle.y()) for x in range(plot.left(), plot.right(), 9)}
    assert len(colours) > 5
    view.close()
    thumbnails.shutdown()


def test_the_query_has_a_row_while_there_is_a_query(session: Session, view: TimelineView) -> None:
    height = view.minimumHeight()
    assert "query" not in view.scene.geometry.rows
    assert "query" not in [action.text() for action in timeline_menu(view, view).actions()]
    curve = QueryCurve(similarity=np.array([0.1, 0.3], np.float32), edges=np.array([0, 50, 233]))
    found = QueryCurves(videos={"test_fighting_000": curve}, meta={"text": "a giraffe"})
    session.show_query(found)
    assert "query" in view.scene.geometry.rows
    assert view.minimumHeight() > height
    menu = timeline_menu(view, view)
    shown = next(action for action in menu.actions() if action.text() == "query")
    assert shown.isChecked()
    shown.trigger()
    assert "query" not in view.scene.geometry.rows
    session.drop_query()
    assert view.minimumHeight() == height
    session.show_query(found)
    assert "query" not in view.scene.geometry.rows  # hidden by hand, and it stays so
