"""The thread that decodes sound a second ahead of what is heard.

A file and a place in it in; samples out, asked for by number, so that whoever plays them can leave
out what came too late. Called by ``audio.py``. No Qt.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import TpwngError
from tpwng_studio.playing.mailbox import Mailbox

if TYPE_CHECKING:
    from tpwng_core.video.audio import AudioReader

RATE = 48_000
NUM_CHANNELS = 2
_NUM_READY = RATE

Block = NDArray[np.int16]


@dataclass(frozen=True, kw_only=True)
class _Order:
    """``path``: the file that is open; ``start_s``: decode from there, None for silence."""

    video: int = 0
    path: Path | None = None
    origin_s: float = 0.0
    start_s: float | None = None


class SoundThread:
    """Decodes from the place asked for last.

    Args:
        say: told, in the thread, the number of a video and whether it has sound.
    """

    def __init__(self, say: Callable[[int, bool], None]) -> None:
        self._say = say
        self._mailbox: Mailbox[_Order] = Mailbox()
        self._order = _Order()
        self._number = 0
        self._ready = Condition()
        self._blocks: deque[Block] = deque()
        self._num_waiting = 0
        self._blocks_of = 0
        self._reader: AudioReader | None = None
        self._thread = Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()

    def open(self, path: Path | None, origin_s: float = 0.0) -> int:
        """Look whether a file has sound; returns the number that ``say`` will be told."""
        self._put(_Order(video=self._order.video + 1, path=path, origin_s=origin_s))
        return self._order.video

    def start(self, start_s: float) -> None:
        """Decode from ``start_s`` on; what was decoded before is forgotten."""
        order = self._order
        self._put(
            _Order(video=order.video, path=order.path, origin_s=order.origin_s, start_s=start_s)
        )

    def stop(self) -> None:
        """Decode no further and forget what was decoded."""
        order = self._order
        self._put(_Order(video=order.video, path=order.path, origin_s=order.origin_s))

    def take(self, num_samples: int) -> Block:
        """At most ``num_samples`` samples, (N, 2) int16, in order; fewer where not ready."""
        taken: list[Block] = []
        with self._ready:
            if self._blocks_of != self._number:
                num_samples = 0
            while num_samples and self._blocks:
                block = self._blocks.popleft()
                if len(block) > num_samples:
                    self._blocks.appendleft(block[num_samples:])
                taken.append(block[:num_samples])
                num_samples -= len(taken[-1])
                self._num_waiting -= len(taken[-1])
            self._ready.notify_all()
        return np.concatenate(taken or [np.zeros((0, NUM_CHANNELS), np.int16)])

    def shutdown(self) -> None:
        """End the thread; called again, does nothing."""
        self._mailbox.close()
        with self._ready:
            self._ready.notify_all()
        self._thread.join()

    def _put(self, order: _Order) -> None:
        self._order = order
        self._number = self._mailbox.put(order)
        with self._ready:
            self._ready.notify_all()

    def _run(self) -> None:
        number, video = 0, 0
        while (taken := self._mailbox.take(number)) is not None:
            number, order = taken
            if order.video != video:
                video = order.video
                self._open(order)
            self._clear(number)
            if order.start_s is not None and self._reader is not None:
                self._decode(self._reader, number, order.start_s)
        self._close()

    def _open(self, order: _Order) -> None:
        from tpwng_core.video.audio import open_audio

        self._close()
        if order.path is None:
            return
        try:
            self._reader = open_audio(order.path, order.origin_s)
        except TpwngError:
            self._reader = None  # the pictures' reader tells what is wrong with the file
        self._say(order.video, self._reader is not None)

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = None

    def _clear(self, number: int) -> None:
        with self._ready:
            self._blocks.clear()
            self._num_waiting, self._blocks_of = 0, number

    def _decode(self, reader: AudioReader, number: int, start_s: float) -> None:
        for block in reader.blocks(start_s):
            with self._ready:
                self._ready.wait_for(
                    lambda: self._num_waiting < _NUM_READY or self._mailbox.is_overtaken(number)
                )
                if self._mailbox.is_overtaken(number):
                    return
                self._blocks.append(block)
                self._num_waiting += len(block)
