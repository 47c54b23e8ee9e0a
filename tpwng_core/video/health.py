"""What is odd about a video file, before hours are spent on it.

Path in, plain values and sentences out. Called by ``inspect``, by extraction's summary and the
studio's library.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.video.fingerprint import fingerprint
from tpwng_core.video.index import Method, VideoIndex, gap_deviation, index_video
from tpwng_core.video.numbering import NumberedDecoder
from tpwng_core.video.picture import Painter, Picture

_LONG_FREEZE_S = 5.0


@dataclass(frozen=True, kw_only=True)
class DecodedHealth:
    """What only decoding every frame shows.

    Attributes:
        num_missing: frames of the index that cannot be decoded.
        num_damaged: frames that show damage, or may be built on frames that do.
        corrupt_spans: half-open frame ranges [start, end) that are missing or damaged.
        num_repeated: frames identical to the one before.
        longest_freeze_frames: longest run of such frames.
    """

    num_missing: int
    num_damaged: int
    corrupt_spans: tuple[tuple[int, int], ...]
    num_repeated: int
    longest_freeze_frames: int


@dataclass(frozen=True, kw_only=True)
class VideoHealth:
    """A video in plain values.

    Attributes:
        num_frames: frames by the index; ``container_frames`` is what the file claims, or None.
        num_lacking: frames the file claims that are not there: it is cut off or damaged.
        num_hidden: frames the file says not to show (edit lists).
        num_leading_lost: packets before the first keyframe: the file starts in the middle.
        fps: "num/den".
        uneven_share: share of gaps between frames that differ from the mean by over a twentieth.
        longest_gap_s: longest time from one frame to the next.
        start_s: time of the first frame in the container.
        pixel_aspect: "num/den" of a pixel; frames are not resampled to it.
        timed: False where the file has no usable times: a jump back decodes from the start.
        cover_streams: stream numbers of cover pictures, passed over.
        fingerprint: equal for files of the same content.
        decoded: None where the frames were not decoded.
        warnings: sentences for a person; empty for a plain file.
    """

    path: str
    num_frames: int
    container_frames: int | None
    num_lacking: int
    num_hidden: int
    num_leading_lost: int
    fps: str
    duration_s: float
    start_s: float
    vfr: bool
    uneven_share: float
    longest_gap_s: float
    width: int
    height: int
    rotation: int
    pixel_aspect: str
    codec: str
    pixel_format: str
    method: Method
    timed: bool
    stream: int
    num_video_streams: int
    cover_streams: tuple[int, ...]
    fingerprint: str
    pts_digest: str
    decoded: DecodedHealth | None
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return asdict(self)


def health(path: Path, *, decode: bool = False, index: VideoIndex | None = None) -> VideoHealth:
    """Examine a video file.

    Args:
        path: the video.
        decode: decode every frame to find damage and repeated frames; takes as long as that.
        index: its index; made here when None.

    Raises:
        InputError: there is no such file.
        VideoError: it is no video, is encrypted, or no frame of it can be decoded.
    """
    index = index if index is not None else index_video(path)
    decoded = _decode_all(path, index) if decode else None
    uneven_share, longest_gap_s = _unevenness(index)
    claimed = index.container_frames or 0
    present = index.num_frames + index.num_hidden + index.num_leading_lost
    num_lacking = max(0, claimed - present)
    return VideoHealth(
        path=str(path),
        num_frames=index.num_frames,
        container_frames=index.container_frames,
        num_lacking=num_lacking,
        num_hidden=index.num_hidden,
        num_leading_lost=index.num_leading_lost,
        fps=f"{index.fps.numerator}/{index.fps.denominator}",
        duration_s=index.duration_s,
        start_s=index.start_s,
        vfr=index.vfr,
        uneven_share=uneven_share,
        longest_gap_s=longest_gap_s,
        width=index.width,
        height=index.height,
        rotation=index.rotation,
        pixel_aspect=f"{index.pixel_aspect.numerator}/{index.pixel_aspect.denominator}",
        codec=index.codec,
        pixel_format=index.pixel_format,
        method=index.method,
        timed=index.timed,
        stream=index.stream,
        num_video_streams=index.num_video_streams,
        cover_streams=index.cover_streams,
        fingerprint=fingerprint(path),
        pts_digest=index.digest,
        decoded=decoded,
        warnings=tuple(_warnings(index, num_lacking, decoded)),
    )


def _unevenness(index: VideoIndex) -> tuple[float, float]:
    if index.num_frames < 2:
        return 0.0, 0.0
    deviation, tolerance = gap_deviation(index.pts)
    longest = int(np.diff(index.pts).max())
    return float(np.mean(deviation > tolerance)), float(longest * index.time_base)


def _decode_all(path: Path, index: VideoIndex) -> DecodedHealth:
    is_good = np.zeros(index.num_frames, dtype=np.bool_)
    is_seen = np.zeros(index.num_frames, dtype=np.bool_)
    is_repeat = np.zeros(index.num_frames, dtype=np.bool_)
    before: Picture | None = None
    painter = Painter(index.width, index.height, index.rotation)
    decoder = NumberedDecoder(path, index)
    try:
        for number, frame, is_damaged in decoder.frames():
            is_seen[number] = True
            is_good[number] = not is_damaged
            picture = painter.paint(frame)
            is_repeat[number] = before is not None and np.array_equal(picture, before)
            before = picture
    finally:
        decoder.close()
    return DecodedHealth(
        num_missing=int((~is_seen).sum()),
        num_damaged=int((is_seen & ~is_good).sum()),
        corrupt_spans=tuple(_runs(~is_good)),
        num_repeated=int(is_repeat.sum()),
        longest_freeze_frames=max((end - start for start, end in _runs(is_repeat)), default=0),
    )


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _warnings(index: VideoIndex, num_lacking: int, decoded: DecodedHealth | None) -> Iterator[str]:
    if num_lacking:
        yield f"cut off or damaged: {num_lacking} of {index.container_frames} frames are not there"
    if index.num_leading_lost:
        yield f"starts in the middle: {index.num_leading_lost} packets before the first keyframe"
    if not index.timed:
        yield "no usable times: frames are counted, and a jump back decodes from the start"
    if index.vfr:
        yield "frames are not evenly spaced: a frame's time is not its number over fps"
    if index.pixel_aspect != 1:
        yield f"pixels are not square ({index.pixel_aspect}); frames are used as coded"
    if index.num_video_streams > 1:
        yield f"{index.num_video_streams} video streams; stream {index.stream} is used"
    if decoded and decoded.num_missing:
        yield f"{decoded.num_missing} frames cannot be decoded"
    if decoded and decoded.num_damaged:
        yield f"{decoded.num_damaged} frames are damaged"
    if decoded and decoded.longest_freeze_frames > _LONG_FREEZE_S * index.fps:
        yield f"the picture stands still for {decoded.longest_freeze_frames} frames"
