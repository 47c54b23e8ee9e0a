"""The middle of the window: the first-run card, or video over curves; messages and jobs below.

In: the parts the window made. Out: one widget whose page follows whether a project is open.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from tpwng_studio.dialogs.welcome import WelcomeCard
from tpwng_studio.widgets.message_bar import MessageBar
from tpwng_studio.widgets.toast import Toast

_SHARES = (520, 480)


class Stage(QWidget):
    """Central widget."""

    def __init__(self, player: QWidget, timeline: QWidget, job_strip: QWidget) -> None:
        super().__init__()
        self.setObjectName("stage")
        self.welcome = WelcomeCard()
        self.messages = MessageBar()
        self.toast = Toast(self)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(player)
        self._splitter.addWidget(timeline)
        self._splitter.setSizes(list(_SHARES))
        self._pages = QStackedWidget()
        self._pages.addWidget(self.welcome)
        self._pages.addWidget(self._splitter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addWidget(self.messages)
        column.addWidget(job_strip)

    def show_editor(self, is_shown: bool) -> None:
        """Show video and curves; else the first-run card."""
        self._pages.setCurrentWidget(self._splitter if is_shown else self.welcome)

    def save_state(self) -> QByteArray:
        """How the room is shared."""
        return self._splitter.saveState()

    def restore_state(self, state: QByteArray) -> None:
        """Share the room as it was; nothing happens without a state."""
        if not state.isEmpty():
            self._splitter.restoreState(state)
