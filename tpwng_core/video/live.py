"""A camera, a network stream or a file that still grows, as snippets while they come in.

An address in; the centre picture of every snippet out, by the same rule as from a whole file, so
that a file watched while it is written gives what it gives later. A thread of its own reads and
decodes; memory is bounded by the frames of half a snippet and a short queue. A lost stream is
opened again, and silence is told, so that whoever waits can be stopped. Called by ``run.watch``.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tpwng_core.address import SourceKind, source_kind
from tpwng_core.errors import VideoError
from tpwng_core.video.live_open import open_source, stream_of
from tpwng_core.video.picture import Painter, Picture, rotation_of, upright_size

_POLL_S = 0.2
_SILENCE_S = 0.5  # told this often
_QUEUED = 4
_LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True, kw_only=True, eq=False)
class LiveSnippet:
    """One snippet of a live source.

    Attributes:
        connection: 0, and one more after each reconnection; frames count from 0 in each.
        start: first frame.
        num_frames: frames of the snippet; fewer than the stride only at the end of a file.
        time_s: seconds from the connection's first frame to the snippet's first.
        arrived_s: on ``time.monotonic``'s clock, when its last frame had come and was decoded.
        picture: (H, W, 3) uint8 RGB, the snippet's centre frame.
    """

    connection: int
    start: int
    num_frames: int
    time_s: float
    arrived_s: float
    picture: Picture


@dataclass(frozen=True, kw_only=True)
class Lost:
    """The stream broke off; it is opened again after ``pause_s`` seconds."""

    reason: str
    pause_s: float


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Nothing came for ``silent_s`` seconds: it is being opened, or its data is late."""

    silent_s: float


@dataclass(frozen=True, kw_only=True)
class _End:
    error: Exception | None = None


class LiveSource:
    """Reads one source in a thread; use it in a ``with`` block.

    Args:
        source: ``camera:0`` (or a device's name), an address with ``://``, or a file.
        stride: frames per snippet.
        patience_s: seconds without data after which a stream is lost and a file has ended.

    Attributes:
        kind: a file ends; a camera or an address never does.
        num_dropped: snippets of a camera or stream left out because nobody took them in time.

    Raises:
        InputError: there is no such file.
    """

    def __init__(self, source: str, *, stride: int, patience_s: float = 10.0) -> None:
        self.source = source
        self.kind: SourceKind = source_kind(source)
        self.num_dropped = 0
        self._stride = stride
        self._patience_s = patience_s
        self._queue: queue.Queue[LiveSnippet | Lost | _End] = queue.Queue(_QUEUED)
        self._was_open = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live source", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        # a read that waits for data ends by itself, at the latest after patience_s
        self._thread.join(_POLL_S)

    def __iter__(self) -> Iterator[LiveSnippet | Lost | Waiting]:
        """Snippets in order, with a :class:`Lost` wherever the stream broke off.

        While nothing comes there is a :class:`Waiting` twice a second.

        Raises:
            VideoError: the source cannot be opened in the first place.
        """
        heard_s = time.monotonic()
        while True:
            try:
                item = self._queue.get(timeout=_SILENCE_S)
            except queue.Empty:
                yield Waiting(silent_s=time.monotonic() - heard_s)
                continue
            heard_s = time.monotonic()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item

    def _run(self) -> None:
        try:
            self._read_all()
        except Exception as error:  # noqa: BLE001 - handed to the thread that iterates
            self._put(_End(error=error))
        else:
            self._put(_End())

    def _read_all(self) -> None:
        connection, failures = 0, 0
        while not self._stop.is_set():
            reason = "the stream ended"
            try:
                for snippet in self._connect(connection):
                    failures = 0
                    self._offer(snippet)
                    if self._stop.is_set():
                        return
            except VideoError as error:
                if not self._was_open:
                    raise
                reason = error.message
            if self.kind == "file":
                return
            pause_s = min(2.0**failures, _LONGEST_PAUSE_S)
            self._put(Lost(reason=reason, pause_s=pause_s))
            connection, failures = connection + 1, failures + 1
            self._stop.wait(pause_s)

    def _offer(self, snippet: LiveSnippet) -> None:
        """Queue a snippet; what is live does not wait, a file does."""
        if self.kind == "file":
            self._put(snippet)
            return
        try:
            self._queue.put_nowait(snippet)
        except queue.Full:
            self.num_dropped += 1

    def _put(self, item: LiveSnippet | Lost | _End) -> None:
        while not self._stop.is_set():
            try:
                return self._queue.put(item, timeout=_POLL_S)
            except queue.Full:
                continue
        return None

    def _connect(self, connection: int) -> Iterator[LiveSnippet]:
        with open_source(self.source, self.kind, self._patience_s) as container:
            stream = stream_of(container, self.source)
            self._was_open = True
            cutter = _Cutter(connection, self._stride, float(stream.time_base or 0))
            for frame in _frames(container, stream):
                if self._stop.is_set():
                    return
                snippet = cutter.add(frame)
                if snippet is not None:
                    yield snippet
            last = cutter.finish()
            if last is not None:
                yield last


class _Cutter:
    """Frames of one connection in, snippets out; holds the first half of a snippet only."""

    def __init__(self, connection: int, stride: int, unit_s: float) -> None:
        self._connection = connection
        self._stride = stride
        self._unit_s = unit_s
        self._held: list[VideoFrame] = []
        self._start = self._count = 0
        self._first_s: float | None = None
        self._start_s = 0.0
        self._painter: Painter | None = None

    def add(self, frame: VideoFrame) -> LiveSnippet | None:
        """Take the next frame; the snippet that it completes."""
        if self._count == 0:
            self._start_s = self._time_of(frame)
        if self._count <= self._stride // 2:
            self._held.append(frame)
        self._count += 1
        return self._cut() if self._count == self._stride else None

    def finish(self) -> LiveSnippet | None:
        """The last, shorter snippet of a source that ended."""
        return self._cut() if self._count else None

    def _cut(self) -> LiveSnippet:
        snippet = LiveSnippet(
            connection=self._connection,
            start=self._start,
            num_frames=self._count,
            time_s=self._start_s,
            arrived_s=time.monotonic(),
            picture=self._paint(self._held[self._count // 2]),
        )
        self._start += self._count
        self._count = 0
        self._held.clear()
        return snippet

    def _paint(self, frame: VideoFrame) -> Picture:
        if self._painter is None:
            rotation = rotation_of(frame)
            width, height = upright_size(frame.width, frame.height, rotation)
            self._painter = Painter(width, height, rotation)
        return self._painter.paint(frame)

    def _time_of(self, frame: VideoFrame) -> float:
        # not frame.time: the last frames of a stream come without a time base
        if frame.pts is None:
            return self._start_s
        time_s = frame.pts * self._unit_s
        self._first_s = time_s if self._first_s is None else self._first_s
        return time_s - self._first_s


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Frames to the end of the data; a packet that the decoder refuses is passed over."""
    try:
        for packet in container.demux(stream):
            if packet.size:
                yield from _decoded(stream, packet)
    except (FFmpegError, OSError):
        pass  # no data for patience_s: what the decoder still holds comes out
    yield from _decoded(stream, None)


def _decoded(stream: VideoStream, packet: Any) -> list[VideoFrame]:
    try:
        return stream.codec_context.decode(packet)
    except (FFmpegError, OSError):
        return []
