"""The table of segments: both ways with the session, edited in place, judged in batches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolTip

from tpwng_studio.state.session import Session
from tpwng_studio.views.segments import SegmentsView
from tpwng_studio.views.segments.model import Column


@pytest.fixture
def view(qtbot, session: Session) -> Iterator[SegmentsView]:
    session.open_video("test_accident_003")  # three pseudo segments at the demo's settings
    made = SegmentsView(session)
    qtbot.addWidget(made)
    made.resize(700, 300)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    QToolTip.hideText()
    made.close()


def click(
    qtbot,
    view: SegmentsView,
    row: int,
    column: Column = Column.START,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    place = view.table.visualRect(view.model.index(row, column)).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, keys, place)


def text(view: SegmentsView, row: int, column: Column) -> str:
    return str(view.model.index(row, column).data())


def type_into(qtbot, view: SegmentsView, row: int, column: Column, words: str) -> None:
    view.table.edit(view.model.index(row, column))
    editor = view.table.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, words)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.table.findChild(QLineEdit) is None)


def choose(qtbot, view: SegmentsView, row: int, column: Column, value: str) -> None:
    view.table.edit(view.model.index(row, column))
    box = view.table.findChild(QComboBox)
    assert box is not None
    qtbot.waitUntil(box.view().isVisible)
    place = box.findData(value)
    box.view().setCurrentIndex(box.model().index(place, 0))
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.table.findChild(QComboBox) is None)


def test_rows_are_the_segments_in_times_and_words(session: Session, view: SegmentsView) -> None:
    assert len(view.model.segments) == len(session.segments) == 3
    assert text(view, 0, Column.START) == "0:02.00"
    assert text(view, 0, Column.FRAMES) == "24–56"
    assert text(view, 0, Column.STATE) == "abnormal"
    assert text(view, 0, Column.SOURCE) == "pseudo"


def test_a_click_selects_and_goes_there(qtbot, session: Session, view: SegmentsView) -> None:
    click(qtbot, view, 1)
    assert session.selected == session.segments[1]
    assert session.playhead == session.segments[1].start
    click(qtbot, view, 1, Column.END)
    assert session.playhead == session.segments[1].end - 1


def test_arrows_in_the_table_select(qtbot, session: Session, view: SegmentsView) -> None:
    click(qtbot, view, 0)
    qtbot.keyClick(view.table, Qt.Key.Key_Down)
    assert session.selected == session.segments[1]


def test_a_selection_from_elsewhere_is_shown(session: Session, view: SegmentsView) -> None:
    session.select(session.segments[2])
    assert view.selected_segments() == [session.segments[2]]
    session.select(None)
    assert view.selected_segments() == []


def test_rows_follow_theta(session: Session, view: SegmentsView) -> None:
    session.set_tuning(theta=1.0)
    session.settle()
    assert len(view.model.segments) == len(session.segments) == 1


def test_a_typed_time_moves_the_edge(qtbot, session: Session, view: SegmentsView) -> None:
    type_into(qtbot, view, 0, Column.START, "0:01.50")
    assert (session.segments[0].start, session.segments[0].source) == (18, "human")
    type_into(qtbot, view, 0, Column.END, "50")
    assert session.segments[0].end == 50
    session.undo()
    session.undo()
    assert session.segments[0].source == "pseudo"


def test_nonsense_is_refused_and_said(qtbot, session: Session, view: SegmentsView) -> None:
    said: list[str] = []
    session.message.connect(lambda level, words: said.append(words))
    type_into(qtbot, view, 0, Column.START, "soon")
    type_into(qtbot, view, 0, Column.START, "60")
    assert session.segments[0].start == 24
    assert "give a frame" in said[0]
    assert "behind the start" in said[1]


def test_state_and_category_are_chosen_in_the_cell(
    qtbot, session: Session, view: SegmentsView
) -> None:
    choose(qtbot, view, 0, Column.STATE, "unknown")
    assert session.labels.segments[0].state == "unknown"
    choose(qtbot, view, 1, Column.CATEGORY, "fire")
    assert session.labels.segments[1].category == "fire"
    assert text(view, 1, Column.CATEGORY) == "fire"


def test_a_state_in_a_cell_is_that_of_its_row_whatever_is_marked(
    qtbot, session: Session, view: SegmentsView
) -> None:
    row = session.segments[0]
    session.set_mark(row.end, row.end + 5)
    choose(qtbot, view, 0, Column.STATE, "unknown")
    (said,) = session.labels.segments
    assert (said.start, said.end, said.state) == (row.start, row.end, "unknown")
    assert session.mark == (row.end, row.end + 5)


def test_several_are_accepted_as_one_step(qtbot, session: Session, view: SegmentsView) -> None:
    click(qtbot, view, 0)
    click(qtbot, view, 2, keys=Qt.KeyboardModifier.ShiftModifier)
    assert view.accept_button.text() == "Accept 3"
    qtbot.mouseClick(view.accept_button, Qt.MouseButton.LeftButton)
    assert [item.source for item in session.segments] == ["human"] * 3
    session.undo()
    assert [item.source for item in session.segments] == ["pseudo"] * 3


def test_the_menu_judges_all_selected_rows(qtbot, session: Session, view: SegmentsView) -> None:
    selection = view.table.selectionModel()
    rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in (0, 2):
        selection.select(view.model.index(row, 0), rows)
    menu = view.make_menu()
    next(action for action in menu.actions() if action.text() == "Normal").trigger()
    assert [item.state for item in session.segments] == ["normal", "abnormal", "normal"]


def test_ctrl_and_a_click_take_one_row_out(qtbot, session: Session, view: SegmentsView) -> None:
    click(qtbot, view, 0)
    click(qtbot, view, 2, keys=Qt.KeyboardModifier.ShiftModifier)
    click(qtbot, view, 2, keys=Qt.KeyboardModifier.ControlModifier)
    assert view.selected_segments() == list(session.segments[:2])
    assert session.selected == session.segments[0]


def test_what_is_chosen_elsewhere_is_all_that_is_chosen(
    qtbot, session: Session, view: SegmentsView
) -> None:
    click(qtbot, view, 0)
    click(qtbot, view, 2, keys=Qt.KeyboardModifier.ShiftModifier)
    session.select(session.segments[1])
    assert view.selected_segments() == [session.segments[1]]
    assert view.accept_button.text() == "Accept"
    qtbot.mouseClick(view.accept_button, Qt.MouseButton.LeftButton)
    assert [item.source for item in session.segments] == ["pseudo", "human", "pseudo"]


def test_rows_chosen_here_stay_chosen_when_they_are_judged(
    qtbot, session: Session, view: SegmentsView
) -> None:
    session.label_segments(session.segments)
    click(qtbot, view, 0)
    click(qtbot, view, 1, keys=Qt.KeyboardModifier.ShiftModifier)
    view.judge_selected("unknown")
    assert [item.state for item in session.segments] == ["unknown", "unknown", "abnormal"]
    assert view.selected_segments() == list(session.segments[:2])


def test_delete_in_the_menu_takes_a_segment_away(
    qtbot, session: Session, view: SegmentsView
) -> None:
    click(qtbot, view, 1)
    next(item for item in view.make_menu().actions() if item.text() == "Delete").trigger()
    states = [item.state for item in session.segments]
    assert states == ["abnormal", "normal", "abnormal"]


def test_letters_do_not_search_the_table(qtbot, session: Session, view: SegmentsView) -> None:
    click(qtbot, view, 0)
    qtbot.keyClicks(view.table, "3")
    assert session.selected == session.segments[0]


def test_what_does_not_fit_gives_way(qtbot, view: SegmentsView) -> None:
    view.resize(260, 300)
    qtbot.wait(5)
    hidden = [column for column in Column if view.table.isColumnHidden(column)]
    assert Column.REVIEWED in hidden
    assert not {Column.NUMBER, Column.START, Column.END, Column.STATE} & set(hidden)
    view.resize(900, 300)
    qtbot.wait(5)
    assert not any(view.table.isColumnHidden(column) for column in Column)


def test_without_segments_it_says_how_to_make_one(session: Session, view: SegmentsView) -> None:
    session.open_video("test_normal_000")
    assert not view.table.isVisible()
    assert "nothing reaches theta" in view.empty.text()
    session.close_project()
    assert view.empty.text() == "No video open."


def test_a_read_only_session_cannot_be_edited(
    monkeypatch: pytest.MonkeyPatch, session: Session, view: SegmentsView
) -> None:
    monkeypatch.setattr(type(session), "is_read_only", property(lambda self: True))
    flags = view.model.flags(view.model.index(0, Column.START))
    assert not flags & Qt.ItemFlag.ItemIsEditable
