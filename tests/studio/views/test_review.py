"""The review queue: shown, gone to, judged by key and button, until nothing is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest
from PySide6.QtCore import Qt

from tpwng_core.review import Reason
from tpwng_studio.state.session import Session
from tpwng_studio.views.review import ReviewView
from tpwng_studio.views.review.queue import REASONS


@pytest.fixture
def view(qtbot, session: Session) -> Iterator[ReviewView]:
    session.open_video("test_accident_003")
    made = ReviewView(session)
    qtbot.addWidget(made)
    made.resize(260, 400)
    with qtbot.waitExposed(made):
        made.show()
    with qtbot.waitSignal(session.review_changed):
        pass
    yield made
    made.close()


def click(qtbot, view: ReviewView, row: int) -> None:
    place = view.list.visualRect(view.model.index(row)).center()
    qtbot.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_the_queue_is_listed_with_reasons_in_words(session: Session, view: ReviewView) -> None:
    queue = session.review_queue
    assert len(queue) >= 3
    assert view.model.items == tuple(queue)
    assert view.count.text() == f"{len(queue)} places left"
    assert [view.model.index(row).data() for row in range(len(queue))] == [
        REASONS[item.reason] for item in queue
    ]
    assert set(REASONS) == set(get_args(Reason))
    told = view.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert queue[0].video in told


def test_a_click_goes_there(qtbot, session: Session, view: ReviewView) -> None:
    item = session.review_queue[1]
    click(qtbot, view, 1)
    assert session.review_item == item
    assert session.playhead == item.start


@pytest.mark.parametrize(
    ("key", "state"),
    [(Qt.Key.Key_A, "abnormal"), (Qt.Key.Key_N, "normal"), (Qt.Key.Key_U, "unknown")],
)
def test_a_key_judges_and_goes_on(
    qtbot, session: Session, view: ReviewView, key: Qt.Key, state: str
) -> None:
    before = list(session.review_queue)
    click(qtbot, view, 0)
    qtbot.keyClick(view.list, key)
    segment = session.labels.segment_at(before[0].start)
    assert segment is not None
    assert segment.state == state
    assert before[0] not in session.review_queue
    assert session.review_item in session.review_queue
    session.undo()
    assert before[0] in session.review_queue


def test_return_agrees_with_what_holds(qtbot, session: Session, view: ReviewView) -> None:
    click(qtbot, view, 0)
    item = session.review_item
    assert item is not None
    held = session.effective.as_array()[item.start : item.end].tolist()
    qtbot.keyClick(view.list, Qt.Key.Key_Return)
    assert session.labels.as_array()[item.start : item.end].tolist() == held


def test_arrows_and_tab_in_the_list_go_through_the_places(
    qtbot, session: Session, view: ReviewView
) -> None:
    click(qtbot, view, 0)
    qtbot.keyClick(view.list, Qt.Key.Key_Down)
    assert session.review_item == session.review_queue[1]
    qtbot.keyClick(view.list, Qt.Key.Key_Tab)
    assert session.review_item == session.review_queue[2]
    qtbot.keyClick(view.list, Qt.Key.Key_Backtab)
    assert session.review_item == session.review_queue[1]


def test_the_focus_alone_goes_nowhere(qtbot, session: Session, view: ReviewView) -> None:
    before = session.playhead
    view.skip_button.setFocus()
    view.list.setFocus(Qt.FocusReason.TabFocusReason)
    assert (session.review_item, session.playhead) == (None, before)
    qtbot.mouseClick(view.buttons["normal"], Qt.MouseButton.LeftButton)
    assert session.labels.segments == ()  # nobody had seen it yet: first it is shown
    assert session.review_item == session.review_queue[0]


def test_buttons_do_the_same(qtbot, session: Session, view: ReviewView) -> None:
    click(qtbot, view, 0)
    item = session.review_item
    assert item is not None
    qtbot.mouseClick(view.buttons["normal"], Qt.MouseButton.LeftButton)
    assert session.labels.segment_at(item.start) is not None
    first = session.review_item
    qtbot.mouseClick(view.skip_button, Qt.MouseButton.LeftButton)
    assert session.review_item != first


def test_the_list_follows_tab(qtbot, session: Session, view: ReviewView) -> None:
    session.next_review(1)
    session.next_review(1)
    assert view.current == session.review_item == session.review_queue[1]


def test_when_nothing_is_left_it_says_so(qtbot, session: Session, view: ReviewView) -> None:
    for video in list(session.videos):
        session.open_video(video.id)
        session.accept_pseudo_labels()
    qtbot.waitUntil(lambda: not view.model.items)
    assert view.note.isVisible()
    assert "Nothing left to review" in view.note.text()
    assert not view.buttons["abnormal"].isEnabled()


def test_an_empty_project_says_what_to_do_first(session: Session, view: ReviewView) -> None:
    session.close_project()
    assert "Score the videos first" in view.note.text()
