"""Any frame by number, exactly or not at all.

Path in, RGB pictures out. Called by the studio's player, the verb ``frames`` and whoever looks at
single frames; for many frames in order ``sampling.py`` is faster.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from tpwng_core.errors import VideoError
from tpwng_core.video.index import VideoIndex, index_video
from tpwng_core.video.numbering import Numbered, NumberedDecoder
from tpwng_core.video.picture import Painter, Picture

_CACHE_BYTES = 256 << 20


class VideoReader:
    """Exact random access to the frames of one file. Not to be shared between threads.

    The frames decoded on the way to a wanted one stay in a small cache, so that stepping back
    within a group of pictures costs a colour conversion only.

    Args:
        path: the video.
        index: its index; made here when None.
        cache_bytes: memory for decoded frames, in bytes; one frame is always kept.

    Raises:
        InputError: there is no such file.
        VideoError: it cannot be indexed.
    """

    def __init__(
        self, path: Path, index: VideoIndex | None = None, *, cache_bytes: int = _CACHE_BYTES
    ) -> None:
        self.path = path
        self.index = index if index is not None else index_video(path)
        self._decoder = NumberedDecoder(path, self.index)
        self._painter = Painter(self.index.width, self.index.height, self.index.rotation)
        self._keyframes = np.flatnonzero(self.index.keyframe)
        self._cache: OrderedDict[int, Numbered] = OrderedDict()
        self._capacity = max(1, cache_bytes // (3 * self.index.width * self.index.height))
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

    def _decoded(self, number: int) -> Numbered:
        if not 0 <= number < self.index.num_frames:
            raise VideoError(
                f"{self.path} has no frame {number}",
                f"it has frames 0 to {self.index.num_frames - 1}",
            )
        if number not in self._cache and not self._find(number):
            raise VideoError(
                f"frame {number} of {self.path} cannot be decoded", "the file is damaged there"
            )
        self._cache.move_to_end(number)
        return self._cache[number]

    def _find(self, number: int) -> bool:
        """Decode frame ``number`` into the cache; False where the file does not give it."""
        if self._is_ahead(number) and self._decode_to(number):
            return True
        self._decoder.start_at(number)
        if self._decode_to(number):
            return True
        if self._decoder.can_seek or not self.index.timed:
            return False
        # the seek went astray: the only way left is from the start
        self._decoder.restart()
        return self._decode_to(number)

    def _is_ahead(self, number: int) -> bool:
        """True where decoding on gets to frame ``number`` before a keyframe does."""
        if not self._decoder.can_seek:
            return self._position < number
        before = int(np.searchsorted(self._keyframes, number, side="right")) - 1
        nearest = int(self._keyframes[before]) if before >= 0 else 0
        return nearest - 1 <= self._position < number

    def _decode_to(self, number: int) -> bool:
        for found in self._decoder.frames():
            self._keep(found)
            if found.number >= number:
                break
        return number in self._cache

    def _keep(self, found: Numbered) -> None:
        self._position = found.number
        self._cache[found.number] = found
        self._cache.move_to_end(found.number)
        while len(self._cache) > self._capacity:
            self._cache.popitem(last=False)
