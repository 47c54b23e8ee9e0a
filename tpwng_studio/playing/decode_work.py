"""What the decode thread does between two orders: open, show, look ahead.

Orders (newest only) from a mailbox in; pictures, indices and failures out through callbacks, all
in that thread. Called by ``decode_thread.py``.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from tpwng_core.errors import Cancelled, TpwngError, VideoError
from tpwng_studio.playing.mailbox import Mailbox

if TYPE_CHECKING:
    from tpwng_core.video import VideoIndex, VideoReader
    from tpwng_core.video.numbering import Numbered

Fault = Literal["", "damaged", "missing"]

_NUM_AHEAD, _NUM_BEHIND = 48, 24
_PATIENCE_S = 0.03  # an exact picture that is due sooner needs no forerunner
_REFRESH_S = 0.08  # while orders overtake each other, a picture at least this often
_MAX_INDEXED_FRAMES = 4_000_000  # of all videos whose index is kept; some 70 MB

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A picture on its way to the screen.

    Attributes:
        image: the picture, upright, its pixels as coded; null where there is none to show.
        frame: which frame the picture is.
        wanted: the frame that was asked for.
        is_approximate: the picture is a nearby frame; the wanted one follows, or is missing.
        fault: "damaged" where the picture shows damage or may be built on it, "missing" where
            the wanted frame cannot be decoded and this is the nearest one that could.
        note: what is wrong, for a person.
    """

    image: QImage
    frame: int
    wanted: int
    is_approximate: bool = False
    fault: Fault = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the window wants now; ``video`` counts the videos opened."""

    video: int = 0
    path: Path | None = None
    frame: int | None = None


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """Where results go; the first argument is the number of the video they belong to."""

    show: Callable[[int, Shown], None]
    say: Callable[[int, object], None]


class DecodeWork:
    """The inside of the thread; nothing here is touched by another one.

    Args:
        mailbox: what is wanted.
        outlet: where results go: ``show`` pictures, ``say`` an index or a failure's text.
        cache_bytes: memory for decoded frames, in bytes.
        num_threads: threads of the decoder itself.
    """

    def __init__(
        self, mailbox: Mailbox[Order], outlet: Outlet, *, cache_bytes: int, num_threads: int
    ) -> None:
        self._mailbox = mailbox
        self._outlet = outlet
        self._cache_bytes = cache_bytes
        self._num_threads = num_threads
        self._indices: OrderedDict[tuple[Path, int, int], VideoIndex] = OrderedDict()
        self._reader: VideoReader | None = None
        self._number = 0
        self._order = Order()
        self._spare_work: Iterator[None] = iter(())
        self._last: Shown | None = None
        self._last_s = 0.0
        self._seconds_per_frame = 0.005

    def run(self) -> None:
        """Work until the mailbox is closed; waits where nothing is wanted."""
        has_spare_work = False
        while not self._mailbox.is_closed:
            taken = self._mailbox.take(self._number, timeout_s=0 if has_spare_work else None)
            try:
                if taken is not None:
                    self._number = taken.number
                    has_spare_work = self._obey(taken.order)
                else:
                    has_spare_work = next(self._spare_work, self) is not self
            except Cancelled:
                has_spare_work = False
            except Exception as error:  # noqa: BLE001 - the outermost loop of this thread
                _log.exception("decoding %s", self._order.path)
                has_spare_work = False
                self._outlet.say(self._order.video, f"{self._order.path}: {error!r}")
        self._close()

    def _obey(self, order: Order) -> bool:
        """Do what is wanted; True where there is something to look ahead for."""
        before, self._order = self._order, order
        self._spare_work = iter(())
        if order.video != before.video:
            before = Order(video=order.video)
            self._close()
            if order.path is not None:
                self._open(order.path)
        if self._reader is None or order.frame is None:
            return False
        if self._show(self._reader, order.frame):
            step = order.frame - (order.frame if before.frame is None else before.frame)
            self._spare_work = self._look_around(self._reader, order.frame, step)
            return True
        return False

    def _open(self, path: Path) -> None:
        from tpwng_core.video import VideoReader

        try:
            index = self._index(path)
            self._reader = VideoReader(
                path, index, cache_bytes=self._cache_bytes, num_threads=self._num_threads
            )
        except TpwngError as error:
            self._outlet.say(self._order.video, str(error))
        else:
            self._outlet.say(self._order.video, index)

    def _index(self, path: Path) -> VideoIndex:
        """The index of a file, kept for the next time it is opened unchanged."""
        from tpwng_core.video import index_video

        try:
            stat = path.stat()
        except OSError:
            return index_video(path)
        key = path, stat.st_size, stat.st_mtime_ns
        if key not in self._indices:
            self._indices[key] = index_video(path, check=self._stop_where_overtaken())
        self._indices.move_to_end(key)
        while len(self._indices) > 1 and self._num_indexed() > _MAX_INDEXED_FRAMES:
            self._indices.popitem(last=False)
        return self._indices[key]

    def _num_indexed(self) -> int:
        return sum(index.num_frames for index in self._indices.values())

    def _stop_where_overtaken(self) -> Callable[[], None]:
        """A check that raises ``Cancelled`` once the window wants another video, or no more."""
        seen = self._number

        def check() -> None:
            nonlocal seen
            if not self._mailbox.is_overtaken(seen):
                return
            newer = self._mailbox.take(seen, timeout_s=0)
            if newer is None or newer.order.video != self._order.video:
                raise Cancelled
            seen = newer.number

        return check

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader, self._last = None, None

    def _show(self, reader: VideoReader, frame: int) -> bool:
        """Show a frame, a nearby one first where it takes long; False where overtaken."""
        has_forerunner = self._show_cached(reader, frame)
        before_s = time.perf_counter()
        try:
            for found in reader.approach(frame):
                if found.number == frame:
                    self._send(reader, found, frame)
                    return True
                before_s = self._measure(before_s)
                if not has_forerunner and self._takes_long(frame - found.number):
                    self._send(reader, found, frame)
                    has_forerunner = True
                if self._mailbox.is_overtaken(self._number):
                    self._send_sometimes(reader, found, frame)
                    return False
        except VideoError as error:
            self._send_missing(reader, frame, str(error))
            return False
        except TpwngError as error:
            self._outlet.say(self._order.video, str(error))
        return False

    def _show_cached(self, reader: VideoReader, frame: int) -> bool:
        """Show the cached frame next to ``frame`` where it is nearer than what decoding starts
        from, and decoding takes long."""
        if reader.is_cached(frame) or reader.is_ahead(frame):
            return reader.is_cached(frame)
        way = frame - reader.index.keyframe_before(frame)
        nearest = reader.nearest_cached(frame)
        if nearest is None or abs(nearest.number - frame) >= way or not self._takes_long(way):
            return False
        self._send(reader, nearest, frame)
        return True

    def _takes_long(self, num_frames: int) -> bool:
        return num_frames * self._seconds_per_frame > _PATIENCE_S

    def _measure(self, before_s: float) -> float:
        now_s = time.perf_counter()
        self._seconds_per_frame += 0.1 * (now_s - before_s - self._seconds_per_frame)
        return now_s

    def _send_sometimes(self, reader: VideoReader, found: Numbered, wanted: int) -> None:
        if time.perf_counter() - self._last_s > _REFRESH_S:
            self._send(reader, found, wanted)

    def _send(self, reader: VideoReader, found: Numbered, wanted: int) -> None:
        if self._last is not None and self._last.frame == found.number and not self._last.note:
            shown = replace(self._last, wanted=wanted, is_approximate=wanted != found.number)
        else:
            shown = Shown(
                image=to_image(reader.paint(found)),
                frame=found.number,
                wanted=wanted,
                is_approximate=wanted != found.number,
                fault="damaged" if found.is_damaged else "",
            )
        self._leave(shown)

    def _send_missing(self, reader: VideoReader, wanted: int, note: str) -> None:
        nearest = reader.nearest_cached(wanted)
        image = QImage() if nearest is None else to_image(reader.paint(nearest))
        number = wanted if nearest is None else nearest.number
        shown = Shown(image=image, frame=number, wanted=wanted, is_approximate=True)
        self._leave(replace(shown, fault="missing", note=note))

    def _leave(self, shown: Shown) -> None:
        self._last, self._last_s = shown, time.perf_counter()
        self._outlet.show(self._order.video, shown)

    def _look_around(self, reader: VideoReader, frame: int, step: int) -> Iterator[None]:
        """Decode what is likely to be wanted next, a frame at a time."""
        if step < 0:
            around = range(frame - 1, max(frame - _NUM_BEHIND, 0) - 1, -1)
        else:
            around = range(frame + 1, min(frame + _NUM_AHEAD, reader.index.num_frames))
        for number in around:
            if reader.is_cached(number):
                continue
            try:
                for _ in reader.approach(number, focus=frame):
                    yield
            except TpwngError:
                return  # told when this frame itself is asked for
            if not reader.is_cached(number):
                return  # the memory is full of nearer ones


def to_image(picture: NDArray[np.uint8]) -> QImage:
    """A picture as screens take it, which owns its pixels.

    Args:
        picture: (H, W, 3) uint8 RGB.
    """
    rows = np.ascontiguousarray(picture)  # those of some widths are padded
    height, width, _ = rows.shape
    view = QImage(rows.data, width, height, rows.strides[0], QImage.Format.Format_RGB888)
    return view.convertToFormat(QImage.Format.Format_RGB32)
