"""A passing word over the lower edge of a widget: what was done, gone after a few seconds.

In: a text. It floats where nothing changes that a person looks at just then: an undo is told beside
the labels that it takes back, not on them. It takes no room and no clicks. Used by the window for
messages of level "info".
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from tpwng_studio import theme

_SHOWN_MS = 5000
_GAP_PX = 14


class Toast(QLabel):
    """Floats over ``parent``.

    Args:
        parent: holds it.
        over: part of ``parent`` whose lower edge it keeps to while that is seen; None for all.
    """

    def __init__(self, parent: QWidget, over: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = over if over is not None else parent
        self.setObjectName("toast")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(False)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        for watched in {parent, self._over}:
            watched.installEventFilter(self)
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
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.isVisible():
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
        if parent is None:
            return
        wanted = self.sizeHint()
        self.resize(min(wanted.width(), parent.width() - 2 * _GAP_PX), wanted.height())
        over = self._over if self._over.isVisible() else parent
        left_top = over.mapTo(parent, QPoint(0, 0))
        left = left_top.x() + (over.width() - self.width()) // 2
        top = left_top.y() + over.height() - self.height() - _GAP_PX
        self.move(min(max(left, 0), parent.width() - self.width()), max(top, 0))
