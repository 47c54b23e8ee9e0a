"""Small pictures along a video, made beside the window; the newest wish wins.

A video, its index and how many in; (frame, picture) pairs out, more of them as they come. Called
by the timeline's overview. Keyframes are taken where frames between them would take long.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from tpwng_core.errors import TpwngError, VideoError
from tpwng_studio.lane import Lane
from tpwng_studio.playing.decode_work import to_image

if TYPE_CHECKING:
    from tpwng_core.video import VideoIndex, VideoReader
    from tpwng_core.video.numbering import Numbered

Thumbnail = tuple[int, QImage]

_NUM_VIDEOS = 32
_BATCH = 6
# pixels that may be decoded on the way to one frame that is no keyframe; some 30 ms
_MAX_WAY_PIXELS = 12_000_000


class _Wish(NamedTuple):
    path: Path
    digest: str
    num: int
    height_px: int


class Thumbnails(QObject):
    """Pictures for one overview.

    Signals:
        ready: the path of the video as text, and all pictures so far, by frame.

    Args:
        parent: the owner.
    """

    ready = Signal(str, list)
    _made = Signal(object, list, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = Lane(self)
        self._made.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._cache: OrderedDict[_Wish, list[Thumbnail]] = OrderedDict()
        self._wish: _Wish | None = None
        self._is_over = Event()

    def request(self, path: Path, index: VideoIndex, num: int, height_px: int) -> None:
        """Make ``num`` pictures of ``height_px`` device pixels, evenly spaced over the video.

        Fewer come where keyframes are sparse and far. A newer request ends this one.
        """
        wish = _Wish(path, index.digest, num, height_px)
        if wish == self._wish and wish not in self._cache:
            return  # they are being made
        self.cancel()
        self._wish = wish
        if wish in self._cache:
            self._cache.move_to_end(wish)
            self._made.emit(wish, self._cache[wish], True)
            return
        self._is_over = is_over = Event()
        self._lane.start([lambda: self._make(wish, index, is_over)])

    def cancel(self) -> None:
        """Make no more of what was asked for."""
        self._is_over.set()
        self._lane.stop()
        self._wish = None

    def shutdown(self) -> None:
        """Cancel, and wait for the frame in work."""
        self.cancel()
        self._lane.wait()

    def _make(self, wish: _Wish, index: VideoIndex, is_over: Event) -> None:
        """In the thread: make pictures until somebody says that it is over."""
        made: list[Thumbnail] = []
        for thumbnail in _thumbnails(wish, index, is_over):
            made.append(thumbnail)
            if len(made) % _BATCH == 0:
                self._made.emit(wish, list(made), False)
        if not is_over.is_set():
            self._made.emit(wish, made, True)

    def _deliver(self, wish: _Wish, thumbnails: list[Thumbnail], is_complete: bool) -> None:
        if is_complete:
            self._cache[wish] = thumbnails
            while len(self._cache) > _NUM_VIDEOS:
                self._cache.popitem(last=False)
        if wish == self._wish:
            self.ready.emit(str(wish.path), thumbnails)


def _thumbnails(wish: _Wish, index: VideoIndex, is_over: Event) -> Iterator[Thumbnail]:
    from tpwng_core.video import VideoReader
    from tpwng_core.video.picture import Painter

    width_px = round(wish.height_px * index.width * float(index.pixel_aspect) / index.height)
    painter = Painter(max(width_px, 1), wish.height_px, index.rotation)
    try:
        with VideoReader(wish.path, index, cache_bytes=0) as reader:
            for number in chosen_frames(index, wish.num):
                if is_over.is_set():
                    return
                found = _decode(reader, number, is_over)
                if found is not None:
                    yield found.number, to_image(painter.paint(found.frame))
    except TpwngError:
        return  # an overview without pictures; the player says what is wrong with the file


def _decode(reader: VideoReader, number: int, is_over: Event) -> Numbered | None:
    """Frame ``number``; None where it cannot be had, or is not wanted any more."""
    found = None
    try:
        for found in reader.approach(number):  # noqa: B007 - the last one is the frame
            if is_over.is_set():
                return None
    except VideoError:
        return None
    return found


def chosen_frames(index: VideoIndex, num: int) -> list[int]:
    """The middle frames of ``num`` equal parts, or the keyframe before one that is far from it."""
    chosen = []
    for place in range(num):
        middle = min((2 * place + 1) * index.num_frames // (2 * num), index.num_frames - 1)
        keyframe = index.keyframe_before(middle)
        way_pixels = (middle - keyframe) * index.width * index.height
        chosen.append(middle if way_pixels <= _MAX_WAY_PIXELS else keyframe)
    return sorted(set(chosen))
