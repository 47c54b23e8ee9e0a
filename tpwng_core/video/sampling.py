"""Chosen frames of a video in one pass: what extraction reads.

Path, index and ascending frame numbers in; (number, RGB picture) out, one for every number asked
for. A frame that cannot be decoded is replaced by the nearest earlier one that could, and counted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import ArrayLike, NDArray

from tpwng_core.errors import VideoError
from tpwng_core.video.index import VideoIndex
from tpwng_core.video.numbering import Numbered, NumberedDecoder
from tpwng_core.video.picture import Painter, Picture


@dataclass(kw_only=True)
class DecodeReport:
    """How a pass over a video went; complete when the pass is.

    Attributes:
        num_sampled: frames given out, concealed ones included.
        concealed: numbers of frames that could not be decoded; another stands in their place.
        damaged: numbers of frames given out that show damage, or may be built on frames that do.
        num_unknown: decoded frames that are not in the index; they were passed over.
    """

    num_sampled: int = 0
    concealed: list[int] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    num_unknown: int = 0

    @property
    def num_concealed(self) -> int:
        """Number of frames that another frame stands in for."""
        return len(self.concealed)

    @property
    def is_clean(self) -> bool:
        """True where every frame given out is the frame asked for, undamaged."""
        return not (self.concealed or self.damaged or self.num_unknown)

    def to_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {**asdict(self), "num_concealed": self.num_concealed}


class FrameSampler:
    """One pass over chosen frames; iterate it once.

    Attributes:
        report: how it went; complete after the last frame.
    """

    def __init__(self, path: Path, index: VideoIndex, indices: NDArray[np.int64]) -> None:
        self.report = DecodeReport()
        self._path = path
        self._index = index
        self._wanted = indices.tolist()
        self._painter = Painter(index.width, index.height, index.rotation)

    def __len__(self) -> int:
        return len(self._wanted)

    def __iter__(self) -> Iterator[tuple[int, Picture]]:
        decoder = NumberedDecoder(self._path, self._index)
        try:
            for number, found in self._match(self._pass(decoder)):
                self.report.num_sampled += 1
                if found.number != number:
                    self.report.concealed.append(number)
                elif found.is_damaged:
                    self.report.damaged.append(number)
                yield number, self._painter.paint(found.frame)
        finally:
            self.report.num_unknown = decoder.num_unknown
            decoder.close()

    def _pass(self, decoder: NumberedDecoder) -> Iterator[Numbered]:
        if self._index.method != "demux":
            return decoder.frames()
        wanted_pts = set(self._index.pts[self._wanted].tolist())

        def is_unneeded(packet: Packet[VideoStream]) -> bool:
            return packet.pts not in wanted_pts

        return decoder.without(is_unneeded)

    def _match(self, frames: Iterator[Numbered]) -> Iterator[tuple[int, Numbered]]:
        """Each wanted number with the frame that is it, or stands in for it."""
        waiting = deque(self._wanted)
        last: Numbered | None = None
        for found in frames:
            if last is not None and found.number <= last.number:
                continue
            while waiting and waiting[0] < found.number:
                yield waiting.popleft(), last or found
            last = found
            while waiting and waiting[0] == found.number:
                yield waiting.popleft(), last
            if not waiting:
                return
        if waiting and last is None:
            raise VideoError(
                f"no frame of {self._path} can be decoded", "copy or download it again"
            )
        for number in waiting:
            assert last is not None
            yield number, last


def sample_frames(path: Path, index: VideoIndex, indices: ArrayLike) -> FrameSampler:
    """Chosen frames in one pass; the fastest way to many frames of one video.

    Frames that are not wanted and that no other frame is built from are not decoded.

    Args:
        path: the video.
        index: its index.
        indices: ascending frame numbers.

    Returns:
        An iterable of (number, (H, W, 3) uint8 RGB), with ``report`` for afterwards.

    Raises:
        VideoError: a number is outside the video, or they do not ascend. While iterating: the
            file is gone, or nothing in it can be decoded.
    """
    wanted = np.asarray(indices, dtype=np.int64)
    if wanted.size and (wanted.min() < 0 or wanted.max() >= index.num_frames):
        raise VideoError(
            f"frames {wanted.min()} to {wanted.max()} are not all in {path}",
            f"it has frames 0 to {index.num_frames - 1}",
        )
    if np.any(np.diff(wanted) < 0):
        raise VideoError(f"frame numbers for {path} do not ascend", "sort them")
    return FrameSampler(path, index, wanted)
