"""A passing word over the lower edge of its parent: what was done, gone after a few seconds.

In: a text. It takes no room and no clicks. Used by the window for messages of level "info".
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from tpwng_studio import theme

_SHOWN_MS = 5000
_GAP_PX = 14


class Toast(QLabel):
    """Floats over ``parent``."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(False)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Show a text for a while."""
        self._dress()
        self.setText(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def hideEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Whoever hides it, nothing goes on."""
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay in the middle of the lower edge, in the colours of now."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._dress()
        return False

    def _dress(self) -> None:
        values = theme.current()
        self.setStyleSheet(
            f"background: {values.raised.name()}; color: {values.text.name()};"
            f"border: 1px solid {values.border.name()}; border-radius: 6px; padding: 6px 12px;"
        )

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.resize(
                min(self.sizeHint().width(), parent.width() - 2 * _GAP_PX), self.sizeHint().height()
            )
            left = (parent.width() - self.width()) // 2
            self.move(left, parent.height() - self.height() - _GAP_PX)
