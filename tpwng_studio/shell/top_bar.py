"""The bar below the menus: pages on the left, the command box, and how the work stands.

In: the window's actions, session and device meter. Made by the window.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QToolBar, QToolButton, QWidget

from tpwng_studio.actions.action_set import ActionSet
from tpwng_studio.actions.actions import shown
from tpwng_studio.icons import icon
from tpwng_studio.shell.device_meter import DeviceMeter
from tpwng_studio.state.session import Session
from tpwng_studio.widgets.save_state import SaveState

_PAGES = (
    ("layout.review", "Review"),
    ("layout.tune", "Tune"),
    ("layout.train", "Train"),
    ("layout.live", "Live"),
)


class TopBar(QToolBar):
    """Fixed at the top."""

    def __init__(self, actions: ActionSet, session: Session, meter: DeviceMeter) -> None:
        super().__init__("Top bar")
        self.setObjectName("top_bar")
        self.setMovable(False)
        self.toggleViewAction().setVisible(False)
        self.setIconSize(QSize(18, 18))
        self._actions = actions
        for name in ("file.save", "edit.undo", "edit.redo"):
            self.addAction(actions[name])
        self.addSeparator()
        for name, text in _PAGES:
            self._add_page(name, text)
        self.addWidget(_stretch())
        self.command = QPushButton()
        self.command.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.command.setMinimumWidth(260)
        self.command.clicked.connect(actions["app.palette"].trigger)
        self.addWidget(self.command)
        self.addWidget(_stretch())
        self.save_state = SaveState(session)
        self.device = QLabel()
        self.device.setObjectName("device")
        self.device.setForegroundRole(self.device.palette().ColorRole.PlaceholderText)
        for label in (self.save_state, self.device):
            label.setContentsMargins(8, 0, 8, 0)
            self.addWidget(label)
        self.addAction(actions["app.help"])
        self.addAction(actions["app.settings"])
        meter.measured.connect(self._show_device)
        self.refresh()

    def refresh(self) -> None:
        """Say the palette's key as it is now, in the colours of the theme."""
        keys = shown(self._actions.keys["app.palette"][:1])
        self.command.setText(f"Find a command or a video    {keys}")
        self.command.setIcon(icon("search"))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw in the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "command"):
            self.refresh()
        super().changeEvent(event)

    def _add_page(self, name: str, text: str) -> None:
        action = self._actions[name]
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        action.setIconText(text)
        button.setMinimumWidth(64)
        self.addWidget(button)

    def _show_device(self, text: str, tip: str) -> None:
        self.device.setText(text)
        self.device.setToolTip(tip)


def _stretch() -> QWidget:
    widget = QWidget()
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return widget
