"""How wide docks are when there is room: a small window squeezes them, a larger one gives back.

The window and its docks in; widths to remember out. A dock that a person drags narrower is narrow;
one that only the window made narrow keeps the width it had. Used by ``layouts``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow


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
        self._kept: dict[str, int] = {}  # each at its widest since a person last chose
        self._kept_at = 0  # width of the window then
        self._settled: dict[str, int] | None = None  # after the last resize of the window
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._settle)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Before the window takes another size: what a person chose until now."""
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self._look()
            self._settled = None  # what changes now, the window did
            self._timer.start()
        return False

    def begin(self) -> None:
        """Other docks stand there: their widths are those of now."""
        self._kept, self._kept_at, self._settled = {}, 0, None
        self._timer.start()

    def saved(self) -> QByteArray:
        """The widths to remember, of the docks on screen."""
        self._look()
        content = {"window": self._kept_at, "docks": self._kept}
        return QByteArray(json.dumps(content).encode())

    def restore(self, saved: QByteArray) -> None:
        """Give docks the widths that were remembered, where the window has room for them.

        A smaller window leaves them as they are and remembers on. Damaged memory is none.
        """
        try:
            content = json.loads(bytes(saved.data()) or b"{}")
            widths = {str(name): int(width) for name, width in content["docks"].items()}
            window_px = int(content["window"])
        except (ValueError, KeyError, TypeError, AttributeError):
            self.begin()
            return
        self._kept = {name: width for name, width in widths.items() if name in self._docks}
        self._kept_at, self._settled = window_px, None
        self._give_back()
        self._timer.start()

    def _look(self) -> None:
        """Learn what a person did since the window was resized last."""
        now = self._widths()
        if not now:  # the window is hidden: nothing is known
            return
        if self._settled is not None:
            for name in now.keys() & self._settled.keys():
                if now[name] != self._settled[name]:  # dragged: by a person, not by the window
                    self._kept[name] = now[name]
            self._settled = now
        self._kept = {name: max(width, self._kept.get(name, 0)) for name, width in now.items()}
        if not self._is_squeezed(now):
            self._kept_at = self._window.width()

    def _settle(self) -> None:
        self._give_back()
        self._settled = self._widths()

    def _give_back(self) -> None:
        """Widen what was squeezed, once the window is as wide as it was."""
        now = self._widths()
        if self._window.width() >= self._kept_at and self._is_squeezed(now):
            names = [name for name in now if now[name] < self._kept.get(name, 0)]
            docks = [self._docks[name] for name in names]
            widths = [self._kept[name] for name in names]
            self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)

    def _is_squeezed(self, now: Mapping[str, int]) -> bool:
        return any(width < self._kept.get(name, 0) for name, width in now.items())

    def _widths(self) -> dict[str, int]:
        """Of docks that one sees in their place, and of those that are tabs behind them."""
        names = {dock: name for name, dock in self._docks.items()}
        found: dict[str, int] = {}
        for dock in names:
            if not dock.isFloating() and not dock.visibleRegion().isEmpty():
                for one in (dock, *self._window.tabifiedDockWidgets(dock)):
                    found[names[one]] = dock.width()
        return found
