"""Work beside the window, one piece after the other in one thread, dropped when it is outdated.

Callables in, their answers out as signals in the window's thread. Used by ``scanner``, ``surveyor``
and ``thumbnails``. A plain Python thread: a QRunnable of Python is destroyed by the pool's thread,
which was seen to crash PySide6 6.11 when rounds follow one another quickly.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal


class Lane(QObject):
    """Works off rounds of tasks; a new round ends the one before.

    Signals:
        answered: what a task returned.
        finished: the round is done.

    Args:
        parent: the owner, which calls :meth:`wait` before it goes.
    """

    answered = Signal(object)
    finished = Signal()
    _told = Signal(int, object)
    _ended = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._round = 0
        self._threads: list[threading.Thread] = []
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def start(self, tasks: Sequence[Callable[[], object]]) -> None:
        """Begin a round."""
        self.stop()
        work = threading.Thread(target=self._work, args=(self._round, tasks), name="lane")
        self._threads = [*filter(threading.Thread.is_alive, self._threads), work]
        work.start()

    def stop(self) -> None:
        """End the round after the task it is at, whose answer is not heard."""
        self._round += 1

    def wait(self) -> None:
        """End the round and wait for its thread."""
        self.stop()
        for thread in self._threads:
            thread.join()
        self._threads = []

    def _work(self, number: int, tasks: Sequence[Callable[[], object]]) -> None:
        """Runs in the thread."""
        for task in tasks:
            if number != self._round:
                return
            self._told.emit(number, task())
        self._ended.emit(number)

    def _on_told(self, number: int, answer: object) -> None:
        if number == self._round:
            self.answered.emit(answer)

    def _on_ended(self, number: int) -> None:
        if number == self._round:
            self.finished.emit()
