"""Sees whether widgets were painted: what "on the screen" means in the window's benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class Painted(QObject):
    """Knows which of some widgets, or of what lies in them, were painted since it was asked."""

    def __init__(self, app: QObject, widgets: Sequence[QWidget]) -> None:
        super().__init__(app)
        self._widgets = widgets
        self._seen: set[int] = set()
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at every event; take none."""
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            for place, widget in enumerate(self._widgets):
                if widget is watched or widget.isAncestorOf(watched):
                    self._seen.add(place)
        return False

    def forget(self) -> None:
        """Begin anew."""
        self._seen.clear()

    @property
    def all(self) -> bool:
        """Whether all were."""
        return len(self._seen) == len(self._widgets)
