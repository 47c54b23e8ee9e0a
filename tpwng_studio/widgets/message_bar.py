"""What went wrong, in one line that stays until it is read: above the status bar, never modal.

In: level and text of ``session.message``. "info" is passing and belongs to the status bar; warnings
and errors are shown here, the newest on top, how many are beneath it in words.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from tpwng_studio import theme
from tpwng_studio.icons import icon

_ICON_PX = 18
_STRIPE_PX = 4
_MAX_KEPT = 50


@dataclass(frozen=True, kw_only=True)
class _Message:
    level: str
    text: str
    about: str


class MessageBar(QFrame):
    """One line with a sign, the text and a button that takes it away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messages")
        self._kept: list[_Message] = []
        self._sign = QLabel()
        self.text = QLabel(wordWrap=True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.close_button = QToolButton(autoRaise=True)
        self.close_button.setToolTip("Take this away")
        self.close_button.setAccessibleName("Take this message away")
        self.close_button.clicked.connect(self.take_away)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 6, 4)
        layout.addWidget(self._sign)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.close_button)
        self._draw()

    def show_message(self, level: str, text: str, about: str = "") -> None:
        """Show a warning or an error; one that is shown already comes to the top.

        Args:
            level: "warning" or "error".
            text: what to read.
            about: id of the video it is about, and goes with; "" for all others.
        """
        message = _Message(level=level, text=text, about=about)
        if message in self._kept:
            self._kept.remove(message)
        self._kept = [*self._kept[-_MAX_KEPT + 1 :], message]
        self._draw()

    def keep_about(self, video: str) -> None:
        """What is about other videos than this one is of no use any more."""
        kept = [message for message in self._kept if message.about in ("", video)]
        if kept != self._kept:
            self._kept = kept
            self._draw()

    def take_away(self) -> None:
        """The message on top was read; the one beneath comes up."""
        self._kept = self._kept[:-1]
        self._draw()

    def clear(self) -> None:
        """Everything was read, or belongs to a project that is gone."""
        self._kept = []
        self._draw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw in the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange and self._kept:
            self._draw()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """A raised ground and a stripe in the colour of the level."""
        if self._kept:
            painter = QPainter(self)
            painter.fillRect(self.rect(), theme.current().raised)
            painter.fillRect(0, 0, _STRIPE_PX, self.height(), self._colour())

    def _draw(self) -> None:
        self.setVisible(bool(self._kept))
        if not self._kept:
            return
        message = self._kept[-1]
        more = f"   (+{len(self._kept) - 1} more)" if len(self._kept) > 1 else ""
        sign = icon("warning", self._colour())
        self._sign.setPixmap(sign.pixmap(QSize(_ICON_PX, _ICON_PX), self.devicePixelRatioF()))
        self._sign.setAccessibleName(message.level)
        self.text.setText(message.text + more)
        self.close_button.setIcon(icon("close"))
        self.update()

    def _colour(self) -> QColor:
        values = theme.current()
        return values.abnormal_text if self._kept[-1].level == "error" else values.warning
