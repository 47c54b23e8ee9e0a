"""The review queue: places a person should look at, over the whole project, most doubtful first.

Reads the queue from the session; going to an item opens its video there; A, N or U judges it and
goes on to the next. Tab and Shift+Tab come from the action table. Placed by the main window.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tpwng_core.labels import State
from tpwng_core.review import ReviewItem
from tpwng_studio.state.session import Session
from tpwng_studio.views.review.queue import JUDGING_KEYS, ReviewList, ReviewModel
from tpwng_studio.widgets.state_icon import state_icon

_Flag = QItemSelectionModel.SelectionFlag
_NOTHING_LEFT = (
    "Nothing left to review.\n\nEvery doubtful place was judged or lies in a reviewed video."
)
_NO_CURVES = "Nothing to review yet.\n\nScore the videos first: doubtful places appear here."


class ReviewView(QWidget):
    """The queue, and three buttons that judge and go on.

    Args:
        session: what is on screen.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review")
        self._session = session
        self._is_showing = False
        self.count = QLabel()
        self.count.setAccessibleName("Remaining places to review")
        self.model = ReviewModel(session, self)
        self.list = ReviewList(self)
        self.list.setModel(self.model)
        self.list.setAccessibleName("Review queue")
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setMargin(12)
        self.note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.buttons = {state: self._button(key, state) for key, state in JUDGING_KEYS.items()}
        self.agree_button = QPushButton("As it is")
        self.agree_button.setToolTip("The label that holds now is right; go on (Return)")
        self.skip_button = QPushButton("Skip")
        self.skip_button.setToolTip("Go to the next place and leave this one as it is (Tab)")
        self._place()
        self._connect()
        self._refresh()

    def _button(self, key: int, state: State) -> QPushButton:
        button = QPushButton(state.capitalize())
        button.setToolTip(f"This place is {state}; go on to the next ({chr(key)})")
        button.clicked.connect(partial(self.judge, state))
        return button

    def _place(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(8, 6, 8, 0)
        head.addWidget(self.count, 1)
        head.addWidget(self.skip_button)
        foot = QGridLayout()
        foot.setContentsMargins(8, 0, 8, 6)
        foot.setSpacing(4)
        for place, button in enumerate((*self.buttons.values(), self.agree_button)):
            foot.addWidget(button, place // 2, place % 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.note, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        session = self._session
        for signal in (session.project_changed, session.review_changed):
            signal.connect(self._refresh)
        session.under_review_changed.connect(self._show_current)
        self.list.clicked.connect(self._go_to)
        # Not the cursor: a list that gets the focus puts it on its first row, which nobody chose.
        self.list.selectionModel().selectionChanged.connect(self._on_selected)
        self.list.judged.connect(self.judge)
        self.list.agreed.connect(self.judge)
        self.agree_button.clicked.connect(lambda: self.judge(None))
        self.skip_button.clicked.connect(lambda: session.next_review(1))

    @property
    def current(self) -> ReviewItem | None:
        """The highlighted item: the one that a judgement means."""
        rows = self.list.selectionModel().selectedRows()
        return self.model.items[rows[0].row()] if rows else None

    def judge(self, state: State | None = None) -> None:
        """Say what the current place is, and go on to the next; None agrees with what holds.

        Without a current place it is shown first, and judged when a person has seen it; what is
        marked needs no place.
        """
        session = self._session
        if self.current is None and None in session.mark:
            self._show_place()
        elif state is None:
            session.confirm()
        else:
            session.say(state)

    def _show_place(self) -> None:
        """Go back to the place that was left, or to the next one."""
        item = self._session.review_item
        if item is not None and item in self.model.items:
            self._session.go_to_review(item)
        else:
            self._session.next_review(1)

    def _refresh(self) -> None:
        with QSignalBlocker(self.list):
            self.model.refresh()
        num = len(self.model.items)
        self.count.setText(f"{num} place{'' if num == 1 else 's'} left" if num else "")
        self.list.setVisible(num > 0)
        self.note.setVisible(num == 0)
        has_curves = any(video.has_pseudo for video in self._session.videos)
        self.note.setText(_NOTHING_LEFT if has_curves else _NO_CURVES)
        writable = num > 0 and not self._session.is_read_only
        for button in (*self.buttons.values(), self.agree_button):
            button.setEnabled(writable)
        self.skip_button.setEnabled(num > 0)
        for state, button in self.buttons.items():
            button.setIcon(state_icon(state))
        self._show_current()

    def _show_current(self) -> None:
        self._is_showing = True
        self._mark_current()
        self._is_showing = False

    def _mark_current(self) -> None:
        """Highlight what a judgement means; a place that was left is where Tab goes on from."""
        chosen = self.list.selectionModel()
        row = self.model.row_of(self._session.review_item)
        index = self.model.index(row) if row >= 0 else QModelIndex()
        if self._session.under_review is not None and row >= 0:
            chosen.setCurrentIndex(index, _Flag.ClearAndSelect)
            self.list.scrollTo(index)
        else:
            chosen.clearSelection()
            chosen.setCurrentIndex(index, _Flag.NoUpdate)

    def _on_selected(self) -> None:
        for index in self.list.selectionModel().selectedRows():
            self._go_to(index)

    def _go_to(self, index: QModelIndex) -> None:
        item = self.model.items[index.row()] if index.isValid() else None
        session = self._session
        if item is not None and not self._is_showing and item != session.under_review:
            session.go_to_review(item)
