"""The middle of the window, and the strip at its lower edge.

In: the parts the window made. Out: a widget that shows the first-run card, or video over curves
with messages below; and a bar as wide as the window that is there only while a job has news.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QStatusBar, QVBoxLayout, QWidget

from tpwng_studio.dialogs.welcome import WelcomeCard
from tpwng_studio.widgets.message_bar import MessageBar
from tpwng_studio.widgets.toast import Toast

_SHARES = (520, 480)


class Stage(QWidget):
    """Central widget.

    Args:
        player: upper half.
        timeline: lower half.
        picture: part of ``player`` over which passing words float, off the curves and strips.
    """

    def __init__(self, player: QWidget, timeline: QWidget, picture: QWidget | None = None) -> None:
        super().__init__()
        self.setObjectName("stage")
        self.welcome = WelcomeCard()
        self.messages = MessageBar()
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
        self.toast = Toast(self, picture)

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


class BottomBar(QStatusBar):
    """Holds the strip of jobs, and hides with it."""

    def __init__(self, strip: QWidget) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        is_shown = not strip.isHidden()
        self.addWidget(strip, 1)
        strip.setVisible(is_shown)
        self.setVisible(is_shown)
        strip.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the strip."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.setVisible(event.type() == QEvent.Type.ShowToParent)
        return False
