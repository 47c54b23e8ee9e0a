"""What every frame of a video is and when: the PTS index, the one truth about frame numbers.

A file in, a :class:`VideoIndex` out. It is made from the packets alone, without decoding, where
the decoder is seen to follow them, else by one full decode. Called by extraction, the reader,
the sampler and the studio's timeline; importing this module does not open FFmpeg.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Method = Literal["demux", "decode"]

_LONGEST = 2**62


@dataclass(frozen=True, kw_only=True, eq=False)
class VideoIndex:
    """The frames of one video in the order they are shown.

    Attributes:
        path: the file.
        pts: (num_frames,) int64 presentation times in ``time_base`` units, strictly increasing.
        keyframe: (num_frames,) bool, True where decoding can start.
        packet_crc: (num_frames,) int64 CRC-32 of the packet each frame came in, -1 where it is not
            known: how a seek proves where it landed.
        time_base: seconds per unit of ``pts``.
        fps: average frame rate; the nominal one where it fits, or where there is one frame.
        width: upright width in pixels. Pixels that are not square stay so.
        height: upright height in pixels.
        rotation: degrees counter-clockwise applied to the coded picture: 0, 90, 180 or 270.
        pixel_aspect: width of a pixel over its height; reported, not applied.
        codec: FFmpeg's name of the codec.
        pixel_format: FFmpeg's name of the coded pixel format.
        stream: number of the stream in the container.
        container_frames: the container's own count, often wrong; None where it has none.
        method: "demux" from packets alone, "decode" by a full decode.
        timed: False where the file has no usable times and ``pts`` are made from ``fps``.
        vfr: True where frames are not evenly spaced.
        num_leading_lost: packets before the first frame that no decoder can show.
        num_hidden: packets that the container says not to show (edit lists).
        num_video_streams: video streams to choose from.
        cover_streams: numbers of the streams that are cover pictures, passed over.
    """

    path: Path
    pts: NDArray[np.int64]
    keyframe: NDArray[np.bool_]
    packet_crc: NDArray[np.int64]
    time_base: Fraction
    fps: Fraction
    width: int
    height: int
    rotation: int
    pixel_aspect: Fraction
    codec: str
    pixel_format: str
    stream: int
    container_frames: int | None
    method: Method
    timed: bool
    vfr: bool
    num_leading_lost: int
    num_hidden: int
    num_video_streams: int
    cover_streams: tuple[int, ...]

    @property
    def num_frames(self) -> int:
        """Number of frames."""
        return len(self.pts)

    @property
    def start_s(self) -> float:
        """Time of the first frame in the container, in seconds."""
        return float(int(self.pts[0]) * self.time_base)

    @property
    def duration_s(self) -> float:
        """Seconds from the first frame to the end of the last, which lasts 1 / fps."""
        return float(self.times_s[-1]) + float(1 / self.fps)

    @property
    def times_s(self) -> NDArray[np.float64]:
        """(num_frames,) seconds from the first frame."""
        times: NDArray[np.float64] = (self.pts - self.pts[0]) * float(self.time_base)
        return times

    @property
    def digest(self) -> str:
        """16 hexadecimal digits of the SHA-1 of ``pts`` and ``time_base``."""
        content = self.pts.astype("<i8").tobytes() + str(self.time_base).encode()
        return hashlib.sha1(content, usedforsecurity=False).hexdigest()[:16]

    def frame_at(self, time_s: float) -> int:
        """Number of the frame on screen ``time_s`` seconds after the first, kept in range."""
        # half a unit of slack, so that a frame's own time finds that frame
        elapsed = math.floor(time_s / float(self.time_base) + 0.5)
        # as an integer: a float would have all times converted first, 20 ms for a day of video
        limit = np.int64(min(max(elapsed, -1), _LONGEST) + int(self.pts[0]))
        after = int(np.searchsorted(self.pts, limit, side="right"))
        return min(max(after - 1, 0), self.num_frames - 1)

    def time_of(self, number: int) -> float:
        """Seconds from the first frame to frame ``number``, which is in the video."""
        return float(int(self.pts[number] - self.pts[0]) * self.time_base)

    def keyframe_before(self, number: int) -> int:
        """The last keyframe at or before frame ``number``; 0 where there is none."""
        place = int(np.searchsorted(self.keyframes, number, side="right")) - 1
        return int(self.keyframes[place]) if place >= 0 else 0

    @cached_property
    def keyframes(self) -> NDArray[np.int64]:
        """Numbers of the keyframes, ascending."""
        return np.flatnonzero(self.keyframe)


def index_video(path: Path, *, check: Callable[[], None] | None = None) -> VideoIndex:
    """Index a video file.

    Args:
        path: the video.
        check: called for every packet; what it raises ends the work (``Cancelled``).

    Raises:
        InputError: there is no such file.
        VideoError: it is no video, or no frame of it can be decoded.
    """
    from tpwng_core.video.scan import scan

    return scan(path, check)


def average_fps(pts: NDArray[np.int64], time_base: Fraction, nominal: Fraction | None) -> Fraction:
    """Frames per second of strictly increasing ``pts``.

    The average is (N - 1) frames over the span; where ``nominal`` explains the span within one
    unit of time (or one frame gives no span), it is the nominal rate.
    """
    span = int(pts[-1]) - int(pts[0])
    if span == 0:
        return nominal or Fraction(25)
    if nominal and abs((len(pts) - 1) / nominal / time_base - span) <= 1:
        return nominal
    return Fraction(len(pts) - 1) / (span * time_base)


def is_variable(pts: NDArray[np.int64]) -> bool:
    """True where some gap between frames differs from the mean beyond rounding."""
    if len(pts) < 3:
        return False
    deviation, tolerance = gap_deviation(pts)
    return bool(deviation.max() > tolerance)


def gap_deviation(pts: NDArray[np.int64]) -> tuple[NDArray[np.float64], float]:
    """How far each gap is from the mean gap, and what is rounding, in units of ``pts``.

    Args:
        pts: (N,) times, N at least 2.

    Returns:
        (N - 1,) absolute deviations, and the tolerance: 1.5 units or a twentieth of the mean.
    """
    gaps = np.diff(pts)
    mean = float(gaps.mean())
    return np.abs(gaps - mean), max(1.5, mean / 20)
