"""At slider rate, what people only read need not follow at once: a few times a second will do.

A callable in; it is called at once, then at most once an interval, and once more at the end, so
that what is shown last is what holds. Used by tables and long texts.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Throttle(QObject):
    """Holds a callable back.

    Args:
        call: what is to be done.
        interval_ms: shortest time between two calls.
        parent: the owner.
    """

    def __init__(self, call: Callable[[], object], interval_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._call = call
        self._is_due = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._on_timeout)

    def ask(self, *_: object) -> None:
        """Do it now, or as soon as the interval is over; arguments of signals are ignored."""
        if self._timer.isActive():
            self._is_due = True
        else:
            self._timer.start()
            self._call()

    def now(self, *_: object) -> None:
        """Do it now in any case."""
        self._is_due = False
        self._call()

    def _on_timeout(self) -> None:
        if self._is_due:
            self._is_due = False
            self._timer.start()
            self._call()
