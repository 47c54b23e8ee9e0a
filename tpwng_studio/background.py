"""Work off the window's thread: a callable in, its answer by a signal, in a thread of its own.

Called by panels that read or write files. A task belongs to its owner: when the owner goes,
nobody hears the answer, and nothing of the window is touched from the other thread. Plain Python
threads: Qt's pool destroys a Python QRunnable in its own thread, which was seen to crash.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from tpwng_core.errors import Cancelled, TpwngError

Progress = Callable[[int, int], None]

_UNFORESEEN = "something went wrong that nobody foresaw (the log says what)"


class Task(QObject):
    """One piece of work beside the window.

    Signals:
        done: with what the work returned.
        failed: with a line that says what went wrong and what to do.
        cancelled: it stopped because it was asked to.
        progressed: done and total.

    Args:
        work: called once with a ``progress(done, total)`` that raises ``Cancelled`` after
            :meth:`cancel`; touches no widget and no session.
        parent: the owner.
    """

    done = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    progressed = Signal(int, int)

    def __init__(self, work: Callable[[Progress], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._relay: _Relay | None = None

    def start(self) -> Task:
        """Begin; returns itself."""
        # The thread holds the relay, never this object: the owner may be deleted meanwhile.
        relay = _Relay()
        relay.done.connect(self.done, Qt.ConnectionType.QueuedConnection)
        relay.failed.connect(self.failed, Qt.ConnectionType.QueuedConnection)
        relay.cancelled.connect(self.cancelled, Qt.ConnectionType.QueuedConnection)
        relay.progressed.connect(self.progressed, Qt.ConnectionType.QueuedConnection)
        self._relay = relay
        relay.works_in = threading.Thread(target=relay.run, args=(self._work,), name="task")
        relay.works_in.start()
        return self

    def cancel(self) -> None:
        """Ask the work to stop at its next report of progress."""
        if self._relay is not None:
            self._relay.is_cancelled = True


class _Relay(QObject):
    """Carries signals from the thread to the window's, where it was made and is let go."""

    done = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    progressed = Signal(int, int)
    _ended = Signal()

    _alive: set[_Relay] = set()  # noqa: RUF012 - of all tasks

    def __init__(self) -> None:
        super().__init__()
        self.is_cancelled = False
        self.works_in: threading.Thread | None = None
        self._alive.add(self)
        self._ended.connect(self._let_go, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[Progress], Any]) -> None:
        """Runs in the thread."""
        is_told = False
        try:
            answer = work(self._progress)
            self.done.emit(answer)
            is_told = True
        except Cancelled:
            self.cancelled.emit()
            is_told = True
        except (TpwngError, OSError, ValueError) as error:
            known = isinstance(error, TpwngError)
            self.failed.emit(str(error) if known else f"{type(error).__name__}: {error}")
            is_told = True
        finally:  # an error nobody foresaw is told too, and goes on to the log
            if not is_told:
                self.failed.emit(_UNFORESEEN)
            self._ended.emit()

    def _progress(self, done: int, total: int) -> None:
        if self.is_cancelled:
            raise Cancelled
        self.progressed.emit(done, total)

    def _let_go(self) -> None:
        # Until the thread is gone it holds the relay too, and of a task that was dropped it would
        # be the last: it would destroy an object of the window's thread, which was seen to crash.
        if self.works_in is not None:
            self.works_in.join()
        self._alive.discard(self)
