"""Work off the window's thread: a callable in, its answer by a signal, in Qt's thread pool.

Called by panels that read or write files. A task belongs to its owner: when the owner goes,
nobody hears the answer, and nothing of the window is touched from the other thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from tpwng_core.errors import Cancelled, TpwngError

Progress = Callable[[int, int], None]


class Task(QObject):
    """One piece of work in the pool.

    Signals:
        done: with what the work returned.
        failed: with a line that says what went wrong and what to do.
        cancelled: it stopped because it was asked to.
        progressed: done and total.

    Args:
        work: called once in the pool with a ``progress(done, total)`` that raises ``Cancelled``
            after :meth:`cancel`; touches no widget and no session.
        parent: the owner.
    """

    done = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    progressed = Signal(int, int)

    def __init__(self, work: Callable[[Progress], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._runner: _Runner | None = None

    def start(self, pool: QThreadPool | None = None) -> Task:
        """Queue the work; returns itself."""
        # The runner holds the relay, never this object: the owner may be deleted meanwhile.
        relay = _Relay()
        relay.done.connect(self.done)
        relay.failed.connect(self.failed)
        relay.cancelled.connect(self.cancelled)
        relay.progressed.connect(self.progressed)
        self._runner = _Runner(self._work, relay)
        (pool or QThreadPool.globalInstance()).start(self._runner)
        return self

    def cancel(self) -> None:
        """Ask the work to stop at its next report of progress."""
        if self._runner is not None:
            self._runner.is_cancelled = True


class _Relay(QObject):
    """Carries signals from the pool to the window's thread, where it was made."""

    done = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    progressed = Signal(int, int)


class _Runner(QRunnable):
    def __init__(self, work: Callable[[Progress], Any], relay: _Relay) -> None:
        super().__init__()
        self._work = work
        self._relay = relay
        self.is_cancelled = False

    def run(self) -> None:
        try:
            answer = self._work(self._progress)
        except Cancelled:
            self._relay.cancelled.emit()
        except TpwngError as error:
            self._relay.failed.emit(str(error))
        except (OSError, ValueError) as error:
            self._relay.failed.emit(f"{type(error).__name__}: {error}")
        else:
            self._relay.done.emit(answer)

    def _progress(self, done: int, total: int) -> None:
        if self.is_cancelled:
            raise Cancelled
        self._relay.progressed.emit(done, total)
