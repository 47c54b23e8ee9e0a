"""One place for the newest order from the window to a thread of work; older ones are forgotten.

The window puts, one thread takes; the thread asks between two steps whether it has been
overtaken. Called by ``decode_thread.py`` and ``sound_thread.py``. No Qt.
"""

from __future__ import annotations

from threading import Condition
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Numbered(NamedTuple, Generic[T]):
    """An order and its running number, from 1."""

    number: int
    order: T


class Mailbox(Generic[T]):
    """Holds the newest order only."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._newest: Numbered[T] | None = None
        self._num_put = 0
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """True after :meth:`close`: the thread shall end."""
        return self._is_closed

    def put(self, order: T) -> int:
        """Replace whatever waits; returns the number of the order."""
        with self._changed:
            self._num_put += 1
            self._newest = Numbered(self._num_put, order)
            self._changed.notify_all()
            return self._num_put

    def close(self) -> None:
        """Wake the thread for the last time."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def is_overtaken(self, number: int) -> bool:
        """True where there is an order newer than ``number``, or none is wanted any more."""
        return self._is_closed or self._num_put > number

    def take(self, number: int, *, timeout_s: float | None = None) -> Numbered[T] | None:
        """The newest order when it is newer than ``number``, waiting for one.

        Args:
            number: of the order that was taken last; 0 at first.
            timeout_s: how long to wait; None for ever, 0 only looks.

        Returns:
            None where there is none in time, or the mailbox is closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self.is_overtaken(number), timeout_s)
            if self._is_closed or self._num_put <= number:
                return None
            return self._newest
