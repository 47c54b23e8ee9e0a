"""How wide docks are: a small window makes them narrower with itself, a larger one gives back.

The window and its docks in; widths to remember out. A dock has the width that a person, or the
layout, gave it in a window of some width; in a smaller one it has the same share, so that what is
in the middle keeps its own. Used by ``layouts``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow


class _Chosen(NamedTuple):
    """Width of a dock, in a window of some width; pixels."""

    width: int
    window: int

    def within(self, window: int) -> int:
        """What it is in another window: the same share of a smaller one, no more in a larger."""
        return self.width if window >= self.window else round(self.width * window / self.window)


class DockWidths(QObject):
    """Watches the width of one window's docks.

    Args:
        window: whose docks.
        docks: by name.
    """

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        super().__init__(window)
        self._window = window
        self._docks = docks
        self._chosen: dict[str, _Chosen] = {}
        self._at = 0  # width of the window when docks settled in it; 0: they did not yet
        self._settled: dict[str, int] = {}  # widths then
        self._seen: dict[str, int] = {}  # and the last ones in that window
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._settle)
        for watched in (window, *docks.values()):
            watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Tell what a person does to docks from what the window does.

        Docks follow the window before anybody hears that it has another size.
        """
        if event.type() == QEvent.Type.Resize:
            if watched is self._window:
                self._learn()
                self._at = 0
                self._timer.start()
            elif self._window.width() == self._at:
                self._seen = self._widths()
        return False

    def begin(self) -> None:
        """Other docks stand there: their widths are those of now."""
        self._chosen, self._at = {}, 0
        self._timer.start()

    def saved(self) -> QByteArray:
        """The widths to remember, of the docks on screen."""
        self._learn()
        return QByteArray(json.dumps({"docks": self._chosen}).encode())

    def restore(self, saved: QByteArray) -> None:
        """Give docks the widths that were remembered, or their share in a smaller window.

        Damaged memory is none.
        """
        try:
            content = json.loads(bytes(saved.data()) or b"{}")
            chosen = {
                str(name): _Chosen(int(width), max(int(window), 1))
                for name, (width, window) in content["docks"].items()
            }
        except (ValueError, KeyError, TypeError, AttributeError):
            self.begin()
            return
        self._chosen = {name: one for name, one in chosen.items() if name in self._docks}
        self._at = 0
        self._fit()
        self._timer.start()

    def _learn(self) -> None:
        """Docks that are no longer as they settled were dragged by a person."""
        if self._at:
            for name in self._seen.keys() & self._settled.keys():
                if self._seen[name] != self._settled[name]:
                    self._chosen[name] = _Chosen(self._seen[name], self._at)
            self._settled = self._seen

    def _settle(self) -> None:
        self._fit()
        self._at = self._window.width()
        self._seen = self._settled = self._widths()
        for name, width in self._seen.items():
            self._chosen.setdefault(name, _Chosen(width, self._at))

    def _fit(self) -> None:
        """Docks as wide as they are in a window of this width, as far as they can be."""
        window, now = self._window, self._widths()
        known = now.keys() & self._chosen.keys()
        wanted = {name: self._chosen[name].within(window.width()) for name in known}
        names = [name for name, width in wanted.items() if width != now[name]]
        if names:
            is_animated = window.isAnimated()
            window.setAnimated(False)  # at once: widths on their way would pass for a person's
            docks = [self._docks[name] for name in names]
            window.resizeDocks(docks, [wanted[name] for name in names], Qt.Orientation.Horizontal)
            if (layout := window.layout()) is not None:
                layout.activate()
            window.setAnimated(is_animated)

    def _widths(self) -> dict[str, int]:
        """Of docks that one sees in their place, and of those that are tabs behind them."""
        names = {dock: name for name, dock in self._docks.items()}
        found: dict[str, int] = {}
        for dock in names:
            if not dock.isFloating() and not dock.visibleRegion().isEmpty():
                for one in (dock, *self._window.tabifiedDockWidgets(dock)):
                    found[names[one]] = dock.width()
        return found
