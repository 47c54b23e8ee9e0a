"""Python's collector of cycles, kept to the window's thread and off what stays for good.

Left to itself it runs in whichever thread happens to allocate: in a task's it would destroy objects
of the window there, which Qt forbids (one was seen to hold a lock of Qt and wait for Python's while
the window did the opposite), and a full round walks through every object of every loaded module,
which was measured to stop the window for 50 ms. Made and stopped by the main window.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY_MS = 1000


class Garbage(QObject):
    """Collects at Python's own thresholds, between two events of the window's thread.

    Objects that are there when it is made count as permanent until :meth:`stop`. While another one
    works, as where a test opens two windows, it leaves everything to that one.

    Args:
        parent: the owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_in_charge = gc.isenabled()
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.collect_due)
        if self._is_in_charge:
            gc.disable()
            gc.freeze()
            self._timer.start()

    def collect_due(self) -> None:
        """Collect the oldest generation that is due, and with it all younger ones."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Python collects as it did before."""
        self._timer.stop()
        if self._is_in_charge:
            self._is_in_charge = False
            gc.unfreeze()
            gc.enable()
