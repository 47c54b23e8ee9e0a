"""The one thread that decodes for the screen, for the window's whole life.

Orders from the window go in by a mailbox, pictures come out with their frame number by an outbox;
both hold the newest only, so nothing ever queues up. Called by ``playback.py``; the work itself
is in ``decode_work.py``.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from threading import Lock, Thread

from PySide6.QtCore import QObject, Qt, Signal

from tpwng_studio.playing.decode_work import DecodeWork, Order, Outlet, Shown
from tpwng_studio.playing.mailbox import Mailbox

CACHE_BYTES = 384 << 20


class DecodeThread(QObject):
    """Decodes what was asked for last.

    Signals, all delivered in the window's thread and only for the video that is open:
        picture: a :class:`Shown`.
        indexed: the ``VideoIndex`` of the video that was opened.
        failed: why the video cannot be opened or read on.

    Args:
        cache_bytes: memory for decoded frames, in bytes.
        parent: the owner.
    """

    picture = Signal(object)
    indexed = Signal(object)
    failed = Signal(str)
    _arrived = Signal()
    _said = Signal(int, object)

    def __init__(self, *, cache_bytes: int = CACHE_BYTES, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox: Mailbox[Order] = Mailbox()
        self._order = Order()
        self._outbox: tuple[int, Shown] | None = None
        self._outbox_lock = Lock()
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._said.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        work = DecodeWork(
            self._mailbox,
            Outlet(show=self._leave, say=self._said.emit),
            cache_bytes=cache_bytes,
            num_threads=default_num_threads(),
        )
        # a daemon, so that a window that dies without shutdown() leaves no process behind
        self._thread = Thread(target=work.run, name="decoder", daemon=True)
        self._thread.start()

    def open(self, path: Path, frame: int | None = None) -> None:
        """Index and open a video, then show ``frame`` of it where one is given."""
        self._put(Order(video=self._order.video + 1, path=path, frame=frame))

    def close_video(self) -> None:
        """Forget the video."""
        self._put(Order(video=self._order.video + 1))

    def request(self, frame: int) -> None:
        """Show a frame of the video that is open; overtakes what was asked for before."""
        self._put(replace(self._order, frame=frame))

    def shutdown(self) -> None:
        """Stop between two frames and end the thread; called again, does nothing."""
        self._mailbox.close()
        self._thread.join()

    def _put(self, order: Order) -> None:
        self._order = order
        self._mailbox.put(order)

    def _leave(self, video: int, shown: Shown) -> None:
        """In the thread: leave a picture; only the first of several rings the bell."""
        with self._outbox_lock:
            is_first = self._outbox is None
            self._outbox = video, shown
        if is_first:
            self._arrived.emit()

    def _deliver(self) -> None:
        with self._outbox_lock:
            waiting, self._outbox = self._outbox, None
        if waiting is not None and waiting[0] == self._order.video:
            self.picture.emit(waiting[1])

    def _hear(self, video: int, said: object) -> None:
        if video != self._order.video:
            return
        if isinstance(said, str):
            self.failed.emit(said)
        else:
            self.indexed.emit(said)


def default_num_threads() -> int:
    """Half the processors, at most 4: the other half computes features meanwhile."""
    return max(1, min(4, (os.cpu_count() or 1) // 2))
