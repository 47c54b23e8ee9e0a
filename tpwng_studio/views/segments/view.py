"""The table of segments of the open video, the model's and people's together.

Selection goes both ways with the session; cells are edited in place; several rows can be judged
or accepted at once as one step of undo. Placed by the main window.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from tpwng_core.datasets import is_normal_name
from tpwng_core.labels import State
from tpwng_studio.state.segments import Segment
from tpwng_studio.state.session import Session
from tpwng_studio.throttle import Throttle
from tpwng_studio.views.segments.model import Column, SegmentModel
from tpwng_studio.views.segments.table import SegmentTable
from tpwng_studio.widgets.choice_delegate import ChoiceDelegate

_Pick = QItemSelectionModel.SelectionFlag
Place = tuple[int, int] | None  # the same before and after a judgement
_STATES: tuple[State, ...] = ("abnormal", "normal", "unknown")
_SELDOM_MS = 150
_NO_VIDEO = "No video open."
_NO_CURVES = "No segments yet: I and O mark, Enter creates. Scoring adds pseudo-labels."
_EMPTY = "No segments: nothing reaches theta, and nobody marked any. I and O mark, Enter creates."


class SegmentsView(QWidget):
    """Table of segments.

    Args:
        session: what is on screen.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("segments")
        self._session = session
        self._is_showing = False
        self._own: list[Place] = []  # rows that a person selected here
        self._told: Place = None  # the one of them that the session heard of
        self.model = SegmentModel(session, self)
        self.table = SegmentTable(self)
        self.table.setModel(self.model)
        self.table.setAccessibleName("Segments")
        self.empty = QLabel()
        self.empty.setWordWrap(True)
        self.empty.setMargin(8)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setForegroundRole(self.empty.palette().ColorRole.PlaceholderText)
        self._summary = QLabel()
        self._summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.accept_button = QPushButton("Accept")
        self.accept_button.setToolTip(
            "Make the selected segments yours: sliders no longer change them"
        )
        self._place()
        self._add_editors()
        self._connect()
        self._refresh()

    def _place(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 0, 8, 6)
        foot.addWidget(self._summary, 1)
        foot.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        column.addLayout(foot)

    def _add_editors(self) -> None:
        states = ChoiceDelegate(lambda: [(state, state) for state in _STATES], self.table)
        self.table.setItemDelegateForColumn(Column.STATE, states)
        categories = ChoiceDelegate(self._category_choices, self.table)
        self.table.setItemDelegateForColumn(Column.CATEGORY, categories)

    def _connect(self) -> None:
        session = self._session
        self._throttle = Throttle(self._refresh, _SELDOM_MS, self)
        session.derived_changed.connect(self._throttle.ask)
        for signal in (session.video_changed, session.labels_changed, session.curves_changed):
            signal.connect(self._throttle.now)
        session.selection_changed.connect(self._on_session_selected)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        self.table.clicked.connect(self._on_clicked)
        self.table.customContextMenuRequested.connect(self._open_menu)
        # Queued: the rows must not change before the editor is closed.
        self.model.edited.connect(self._on_edited, Qt.ConnectionType.QueuedConnection)
        self.model.refused.connect(self._on_refused)
        self.accept_button.clicked.connect(self.accept_selected)

    def selected_segments(self) -> list[Segment]:
        """The selected rows, in order."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.segments[row] for row in rows]

    def accept_selected(self) -> None:
        """Make the selected segments a person's, as they are."""
        self._session.label_segments(self.selected_segments())

    def judge_selected(self, state: State) -> None:
        """Give all selected segments one state."""
        self._session.label_segments(self.selected_segments(), state=state)

    def categorise_selected(self, category: str | None) -> None:
        """Give all selected segments one category; None takes it from a single one."""
        segments = self.selected_segments()
        if category is not None:
            self._session.label_segments(segments, state="abnormal", category=category)
        elif len(segments) == 1:
            self._session.set_selected_category(None)

    def _refresh(self) -> None:
        with _Flag(self):
            self.model.refresh()
        num = len(self.model.segments)
        self.table.setVisible(num > 0)
        self.empty.setVisible(num == 0)
        self.empty.setText(self._why_empty())
        self._show_selection()

    def _why_empty(self) -> str:
        if self._session.video is None:
            return _NO_VIDEO
        return _NO_CURVES if self._session.derived is None else _EMPTY

    def _on_session_selected(self) -> None:
        """Another segment was chosen elsewhere: several rows chosen here are chosen no more."""
        if not self._is_showing and _place(self._session.selected) != self._told:
            self._own = []
        self._show_selection()

    def _show_selection(self) -> None:
        """Select the session's segment and nothing else, but for what a person selected here."""
        row = self.model.row_of(self._session.selected)
        selection = self.table.selectionModel()
        rows = {index.row() for index in selection.selectedRows()}
        is_own = row in rows and [_place(one) for one in self.selected_segments()] == self._own
        with _Flag(self):
            if row < 0 and rows:
                selection.clearSelection()
            elif row >= 0 and rows != {row} and not is_own:
                self._select_only(row)
        self._say()

    def _select_only(self, row: int) -> None:
        index = self.model.index(row, max(self.table.currentIndex().column(), 0))
        self.table.setCurrentIndex(index)  # where Shift and a click begin
        # That, as selectRow, adds to the rows there are while somebody holds Shift or Ctrl.
        self.table.selectionModel().select(index, _Pick.ClearAndSelect | _Pick.Rows)
        self.table.scrollTo(index)

    def _say(self) -> None:
        num_selected = len(self.table.selectionModel().selectedRows())
        num, num_human = len(self.model.segments), len(self._session.labels.segments)
        plural = "" if num == 1 else "s"
        self._summary.setText(f"{num} segment{plural}, {num_human} by hand")
        self.accept_button.setText(f"Accept {num_selected}" if num_selected > 1 else "Accept")
        self.accept_button.setEnabled(num_selected > 0 and not self._session.is_read_only)

    def _on_selected(self, new: QItemSelection, old: QItemSelection) -> None:
        if self._is_showing:
            return
        chosen, current = self.selected_segments(), self.table.currentIndex()
        self._own = [_place(one) for one in chosen]
        one = chosen[0] if chosen else None  # the current row may be the one just taken out
        if self.table.selectionModel().isRowSelected(current.row(), QModelIndex()):
            one = self.model.segments[current.row()]
        self._told = _place(one)
        with _Flag(self):
            self._session.select(one)
        self._say()

    def _on_clicked(self, index: QModelIndex) -> None:
        segment = self.model.segments[index.row()]
        self._session.seek(segment.end - 1 if index.column() == Column.END else segment.start)

    def _on_edited(self, segment: Segment, column: int, value: Any) -> None:
        session = self._session
        session.select(segment)
        match column:
            case Column.START:
                session.move_edge("start", value)
            case Column.END:
                session.move_edge("end", value)
            case Column.STATE:
                session.set_selected_state(value)
            case Column.CATEGORY:
                session.set_selected_category(value)

    def _on_refused(self, why: str) -> None:
        cell = self.table.visualRect(self.table.currentIndex())
        QToolTip.showText(self.table.viewport().mapToGlobal(cell.bottomLeft()), why, self.table)
        self._session.message.emit("warning", why)

    def _category_choices(self) -> list[tuple[str, str]]:
        known = self._session.categories.items()
        named = [(category, text) for category, text in known if not is_normal_name(category)]
        return [("", "as the video"), *named]

    def _open_menu(self, place: QPoint) -> None:
        menu = self.make_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.table.viewport().mapToGlobal(place))

    def make_menu(self) -> QMenu:
        """What can be done with the selected segments."""
        session, menu = self._session, QMenu(self)
        segments = self.selected_segments()
        writable = bool(segments) and not session.is_read_only
        one = writable and len(segments) == 1
        _add(menu, "Accept as it is", self.accept_selected, writable)
        for state in _STATES:
            _add(menu, state.capitalize(), partial(self.judge_selected, state), writable)
        categories = menu.addMenu("Category")
        categories.setEnabled(writable)
        for category, text in self._category_choices():
            _add(categories, text, partial(self.categorise_selected, category or None), True)
        menu.addSeparator()
        _add(menu, "Split at the playhead", session.split_selected, one)
        _add(menu, "Merge with the next", session.merge_selected, one)
        _add(menu, "Delete", session.delete_selected, one)
        return menu


class _Flag:
    """While it is held the table shows what the session says and answers nothing."""

    def __init__(self, view: SegmentsView) -> None:
        self._view = view

    def __enter__(self) -> None:
        self._before = self._view._is_showing
        self._view._is_showing = True

    def __exit__(self, *problem: object) -> None:
        self._view._is_showing = self._before


def _place(segment: Segment | None) -> Place:
    return None if segment is None else (segment.start, segment.end)


def _add(menu: QMenu, text: str, call: Any, enabled: bool) -> None:
    action = menu.addAction(text)
    action.setEnabled(enabled)
    action.triggered.connect(lambda checked=False: call())
