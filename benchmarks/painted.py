"""Sees whether widgets were painted: what "on the screen" means in the window's benchmarks."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class Painted(QObject):
    """Knows which of some widgets, or of what lies in them, were painted since it was asked.

    Args:
        app: whose events it sees.
        names: object names of widgets, which need not be there yet.
    """

    def __init__(self, app: QObject, *names: str) -> None:
        super().__init__(app)
        self._names = frozenset(names)
        self._seen: set[str] = set()
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at every event; take none."""
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self._seen |= self._names.intersection(_names_around(watched))
        return False

    def forget(self) -> None:
        """Begin anew."""
        self._seen.clear()

    @property
    def all(self) -> bool:
        """Whether all were."""
        return self._seen == self._names


def _names_around(widget: QWidget | None) -> Iterator[str]:
    """Names of a widget and of those it lies in."""
    while widget is not None:
        yield widget.objectName()
        widget = widget.parentWidget()
