"""Decoded frames around the one that is looked at, within a budget of memory.

Frames in, the same frames out; the farthest from the focus go first, so that a long group of
pictures is kept where a person steps, not where decoding had to start. Called by ``reader.py``.
"""

from __future__ import annotations

from bisect import bisect_left, insort

from av.video.frame import VideoFrame

from tpwng_core.video.numbering import Numbered


class NeighbourCache:
    """Frames by number; the nearest ones to ``focus`` stay.

    Args:
        num_bytes: memory for the frames as the decoder gives them; one frame is always kept.

    Attributes:
        focus: number of the frame that is looked at.
    """

    def __init__(self, num_bytes: int) -> None:
        self.focus = 0
        self._budget = num_bytes
        self._num_bytes = 0
        self._frames: dict[int, Numbered] = {}
        self._numbers: list[int] = []

    def __contains__(self, number: int) -> bool:
        return number in self._frames

    def __getitem__(self, number: int) -> Numbered:
        return self._frames[number]

    def __len__(self) -> int:
        return len(self._frames)

    def keep(self, found: Numbered) -> None:
        """Add a frame, and let go of the farthest ones where there are too many."""
        if found.number in self._frames:
            self._drop(found.number)
        self._frames[found.number] = found
        insort(self._numbers, found.number)
        self._num_bytes += _size(found.frame)
        while self._num_bytes > self._budget and len(self._numbers) > 1:
            first, last = self._numbers[0], self._numbers[-1]
            self._drop(first if self.focus - first >= last - self.focus else last)

    def nearest(self, number: int) -> Numbered | None:
        """The kept frame nearest to ``number``; None where there is none."""
        place = bisect_left(self._numbers, number)
        around = self._numbers[max(place - 1, 0) : place + 1]
        if not around:
            return None
        return self._frames[min(around, key=lambda kept: abs(kept - number))]

    def clear(self) -> None:
        """Let go of everything."""
        self._frames.clear()
        self._numbers.clear()
        self._num_bytes = 0

    def _drop(self, number: int) -> None:
        self._num_bytes -= _size(self._frames.pop(number).frame)
        del self._numbers[bisect_left(self._numbers, number)]


def _size(frame: VideoFrame) -> int:
    return sum(plane.buffer_size for plane in frame.planes)
