"""The library panel on the demo: open, filter, follow, and what the menu does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tpwng_studio.state.session import Session
from tpwng_studio.views.library import LibraryView
from tpwng_studio.views.library.model import Column


@pytest.fixture
def view(session: Session, qtbot: QtBot) -> Iterator[LibraryView]:
    made = LibraryView(session)
    made.resize(400, 500)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()


def names(view: LibraryView) -> list[str]:
    model = view.table.model()
    return [str(model.index(row, Column.VIDEO).data()) for row in range(model.rowCount())]


def place_of(view: LibraryView, name: str) -> QPoint:
    index = view.table.model().index(names(view).index(name), Column.VIDEO)
    return view.table.visualRect(index).center()


def test_it_lists_all_videos_and_marks_the_open_one(view: LibraryView, session: Session) -> None:
    assert names(view) == [item.id for item in session.videos]
    assert names(view)[view.table.currentIndex().row()] == "test_fighting_000"
    assert view.footer.text() == "0/8 reviewed"


def test_the_footer_is_whole_in_a_narrow_panel(view: LibraryView, qtbot: QtBot) -> None:
    view.footer.setText("120/300 reviewed  ·  12 unreadable")
    view.resize(140, 500)
    needed = view.footer.fontMetrics().horizontalAdvance(view.footer.text())
    assert view.footer.width() < needed
    qtbot.waitUntil(lambda: view.footer.height() >= 2 * view.footer.fontMetrics().height())
    assert view.footer.geometry().bottom() <= view.height()


def test_a_click_opens_a_video(view: LibraryView, session: Session, qtbot: QtBot) -> None:
    place = place_of(view, "test_fire_001")
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert session.video is not None
    assert session.video.id == "test_fire_001"


def test_running_along_the_list_opens_where_one_rests(
    view: LibraryView, session: Session, qtbot: QtBot
) -> None:
    opened: list[str] = []
    session.video_changed.connect(lambda: opened.append(session.video.id if session.video else ""))
    view.table.setFocus()
    for _ in range(3):
        qtbot.keyClick(view.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: bool(opened))
    assert opened == [names(view)[5]]


def test_typing_narrows_the_list_and_enter_opens_the_first(
    view: LibraryView, session: Session, qtbot: QtBot
) -> None:
    view.focus_filter()
    qtbot.keyClicks(view.filter, "normal test")
    assert names(view) == ["test_normal_000", "test_normal_001"]
    qtbot.keyClick(view.filter, Qt.Key.Key_Return)
    assert session.video is not None
    assert session.video.id == "test_normal_000"


def test_a_filter_that_fits_nothing_says_so(view: LibraryView, qtbot: QtBot) -> None:
    qtbot.keyClicks(view.filter, "zebra")
    assert view.empty.isVisible()
    assert "zebra" in view.empty.text()


def test_the_next_video_is_the_next_on_screen(view: LibraryView, session: Session) -> None:
    view.filter.setText("normal")
    view.table.sortByColumn(Column.VIDEO, Qt.SortOrder.DescendingOrder)
    opened: list[str] = []
    session.video_changed.connect(lambda: opened.append(session.video.id if session.video else ""))
    for step in (1, 1, 1, -1):
        view.step(step)
    assert opened == ["test_normal_001", "test_normal_000", "test_normal_001"]


def test_reviewing_shows_in_row_and_footer(
    view: LibraryView, session: Session, qtbot: QtBot
) -> None:
    session.toggle_reviewed()
    qtbot.waitUntil(lambda: view.footer.text() == "1/8 reviewed")
    row = names(view).index("test_fighting_000")
    tip = view.table.model().index(row, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "reviewed" in str(tip).splitlines()


def test_the_menu_gives_a_category_and_can_be_undone(
    view: LibraryView, session: Session, qtbot: QtBot
) -> None:
    item = next(item for item in session.videos if item.id == "test_fire_001")
    menu = view.menu_for(item)
    categories = next(m for m in menu.findChildren(QMenu) if m.title() == "Category")
    next(a for a in categories.actions() if a.text() == "normal").trigger()
    assert session.video is not None
    assert (session.video.id, session.labels.category) == ("test_fire_001", "normal")
    session.undo()
    assert session.labels.category is None
    with qtbot.waitSignal(menu.destroyed):
        menu.deleteLater()


def test_without_a_project_it_tells_what_to_do(view: LibraryView, session: Session) -> None:
    session.close_project()
    assert view.empty.isVisible()
    assert "Drop a folder" in view.empty.text()


@pytest.mark.parametrize(("width", "has_column"), [(240, False), (600, True)])
def test_the_category_has_a_column_where_there_is_room(
    view: LibraryView, qtbot: QtBot, width: int, has_column: bool
) -> None:
    view.resize(width, 500)
    qtbot.waitUntil(lambda: view.table.isColumnHidden(Column.CATEGORY) != has_column)


@pytest.mark.parametrize(("width", "is_shown"), [(250, False), (420, True)])
def test_progress_has_a_column_only_beside_whole_names_and_categories(
    view: LibraryView, session: Session, qtbot: QtBot, width: int, is_shown: bool
) -> None:
    view.resize(width, 500)
    session.accept_pseudo_labels()
    qtbot.waitUntil(lambda: view.footer.text() == "1/8 reviewed")
    table = view.table
    assert table.isColumnHidden(Column.PROGRESS) != is_shown
    room = table.columnWidth(Column.VIDEO) + table.columnWidth(Column.CATEGORY)
    assert room >= table.fontMetrics().horizontalAdvance("test_explosion_002  explosion?")


def test_the_menu_takes_a_video_out_and_another_stays_open(
    view: LibraryView, session: Session, qtbot: QtBot
) -> None:
    item = next(item for item in session.videos if item.id == "test_fire_001")
    menu = view.menu_for(item)
    next(a for a in menu.actions() if a.text() == "Take out of the project").trigger()
    assert "test_fire_001" not in names(view)
    assert session.video is not None
    assert session.video.id == "test_fighting_000"
    assert names(view)[view.table.currentIndex().row()] == "test_fighting_000"
    assert view.footer.text() == "0/7 reviewed"
    with qtbot.waitSignal(menu.destroyed):
        menu.deleteLater()


def test_the_menu_takes_nothing_out_of_a_project_that_is_read_only(
    view: LibraryView, session: Session, qtbot: QtBot
) -> None:
    assert session.project is not None
    session.project.is_read_only = True
    menu = view.menu_for(session.videos[0])
    action = next(a for a in menu.actions() if a.text() == "Take out of the project")
    assert not action.isEnabled()
    session.project.is_read_only = False
    with qtbot.waitSignal(menu.destroyed):
        menu.deleteLater()


def test_the_neighbour_on_screen_comes_after_a_video_that_goes(
    view: LibraryView, session: Session
) -> None:
    view.table.sortByColumn(Column.VIDEO, Qt.SortOrder.DescendingOrder)
    first, second, *_, before, last = names(view)
    for video, wanted in ((first, second), (last, before)):
        session.open_video(video)
        view.take_out()
        assert session.video is not None
        assert session.video.id == wanted


def test_the_row_one_runs_by_is_the_one_that_goes(
    view: LibraryView, session: Session, qtbot: QtBot
) -> None:
    meant = names(view)[view.table.currentIndex().row() + 1]
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_Down)
    view.take_out()
    assert meant not in names(view)
    assert "test_fighting_000" in names(view)
