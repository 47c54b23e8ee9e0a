"""Any frame by number, exactly or not at all.

Path in, pictures out. Called by the studio's player, the verb ``frames`` and whoever looks at
single frames; for many frames in order ``sampling.py`` is faster.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from tpwng_core.errors import VideoError
from tpwng_core.video.index import VideoIndex, index_video
from tpwng_core.video.neighbours import NeighbourCache
from tpwng_core.video.numbering import Numbered, NumberedDecoder
from tpwng_core.video.picture import Painter, Picture

_CACHE_BYTES = 256 << 20


class VideoReader:
    """Exact random access to the frames of one file. Not to be shared between threads.

    The frames decoded on the way to a wanted one stay in a cache, the nearest to it longest, so
    that stepping back within a group of pictures costs a colour conversion only.

    Args:
        path: the video.
        index: its index; made here when None.
        cache_bytes: memory for decoded frames, in bytes; one frame is always kept.
        num_threads: threads that decode. With more than one the pixels of damaged frames would
            depend on the number, so the first sign of damage makes it one for good.

    Raises:
        InputError: there is no such file.
        VideoError: it cannot be indexed.
    """

    def __init__(
        self,
        path: Path,
        index: VideoIndex | None = None,
        *,
        cache_bytes: int = _CACHE_BYTES,
        num_threads: int = 1,
    ) -> None:
        self.path = path
        self.index = index if index is not None else index_video(path)
        self._decoder = NumberedDecoder(path, self.index, num_threads=num_threads)
        self._painter = Painter(self.index.width, self.index.height, self.index.rotation)
        self._cache = NeighbourCache(cache_bytes)
        self._position = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and forget the cached frames."""
        self._cache.clear()
        self._decoder.close()

    def frame(self, number: int) -> Picture:
        """Frame ``number`` as (H, W, 3) uint8 RGB, upright.

        Raises:
            VideoError: there is no such frame, or it cannot be decoded.
        """
        return self._painter.paint(self._decoded(number).frame)

    def is_damaged(self, number: int) -> bool:
        """True where frame ``number`` shows damage, or may be built on a frame that does.

        Raises:
            VideoError: there is no such frame, or it cannot be decoded.
        """
        return self._decoded(number).is_damaged

    def approach(self, number: int, *, focus: int | None = None) -> Iterator[Numbered]:
        """The frames decoded on the way to frame ``number``, which is the last one.

        Cold, the first is the keyframe that decoding starts from. The caller may stop between any
        two frames and ask for another number: nothing decoded is lost.

        Args:
            number: the frame wanted.
            focus: the frame whose neighbours are worth keeping; ``number`` when None.

        Raises:
            VideoError: there is no such frame, or it cannot be decoded.
        """
        if not 0 <= number < self.index.num_frames:
            raise VideoError(
                f"{self.path} has no frame {number}",
                f"it has frames 0 to {self.index.num_frames - 1}",
            )
        self._cache.focus = number if focus is None else focus
        last = -1
        for found in self._reliable_way(number):
            last = found.number
            yield found
        if last != number:
            raise VideoError(
                f"frame {number} of {self.path} cannot be decoded", "the file is damaged there"
            )

    def is_cached(self, number: int) -> bool:
        """True where frame ``number`` costs a colour conversion only."""
        return number in self._cache

    def nearest_cached(self, number: int) -> Numbered | None:
        """The cached frame nearest to ``number``, or None."""
        return self._cache.nearest(number)

    def is_ahead(self, number: int) -> bool:
        """True where decoding on gets to frame ``number`` before a keyframe does."""
        if not self._decoder.can_seek:
            return self._position < number
        return self.index.keyframe_before(number) - 1 <= self._position < number

    def paint(self, found: Numbered) -> Picture:
        """(H, W, 3) uint8 RGB of a frame of this reader, as :meth:`frame` gives it."""
        return self._painter.paint(found.frame)

    def _decoded(self, number: int) -> Numbered:
        return deque(self.approach(number), maxlen=1).pop()

    def _reliable_way(self, number: int) -> Iterator[Numbered]:
        for found in self._way(number):
            if not self._decoder.is_reliable:
                break
            yield found
        if not self._decoder.is_reliable:
            self._decode_with_one_thread()
            yield from self._way(number)

    def _decode_with_one_thread(self) -> None:
        self._decoder.close()
        self._decoder = NumberedDecoder(self.path, self.index)
        self._cache.clear()
        self._position = -1

    def _way(self, number: int) -> Iterator[Numbered]:
        """Frames up to ``number``, or fewer where the file does not give it."""
        if number in self._cache:
            yield self._cache[number]
            return
        if self.is_ahead(number) and (yield from self._decode_to(number)):
            return
        self._decoder.start_at(number)
        has_it = yield from self._decode_to(number)
        if has_it or self._decoder.can_seek or not self.index.timed:
            return
        # the seek went astray: the only way left is from the start
        self._decoder.restart()
        yield from self._decode_to(number)

    def _decode_to(self, number: int) -> Generator[Numbered, None, bool]:
        """Decode on to frame ``number``; the generator's value tells whether it came."""
        for found in self._decoder.frames():
            self._position = found.number
            self._cache.keep(found)
            # a frame beyond shows that this one is missing
            if found.number > number:
                return False
            yield found
            if found.number == number:
                return True
        return False
