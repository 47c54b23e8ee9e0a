"""Make the PTS index: from packets where the decoder follows them, else by a full decode.

Path in, :class:`VideoIndex` out. Called by ``index_video`` only.

Packets are trusted when each has its own time, none is damaged, and the first frames the decoder
shows are exactly the first times in order. Raw streams (no times), H.264 with B-frames in AVI
(times in the wrong order), joined transport streams (times that jump back) and cut-off files fail
that, and are decoded once from end to end.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tpwng_core.errors import VideoError
from tpwng_core.video.container import OpenVideo
from tpwng_core.video.decoder import Decoder
from tpwng_core.video.index import Method, VideoIndex, average_fps, is_variable
from tpwng_core.video.picture import rotation_of, upright_size

_NUM_PROBED = 32
_MAX_SANE_FPS = 1000
_NO_TIME = -(2**63)


@dataclass(frozen=True, kw_only=True)
class _Timeline:
    """Times of the frames in order, their keyframes, and the first frame itself."""

    pts: NDArray[np.int64]
    keyframe: NDArray[np.bool_]
    method: Method
    first: VideoFrame
    timed: bool = True
    num_leading_lost: int = 0


@dataclass(frozen=True, kw_only=True)
class _Packets:
    """All packets of the stream in the file's order, a column each (a day has 2.6 million).

    ``pts`` and ``dts`` are ``_NO_TIME`` where there is none; ``crc`` is a checksum of the content.
    """

    pts: NDArray[np.int64]
    dts: NDArray[np.int64]
    crc: NDArray[np.int64]
    is_key: NDArray[np.bool_]
    is_hidden: NDArray[np.bool_]
    is_corrupt: NDArray[np.bool_]


def scan(path: Path, check: Callable[[], None] | None = None) -> VideoIndex:
    """Index ``path``; see :func:`tpwng_core.video.index_video`."""
    with Decoder(path, check=check) as decoder:
        packets = _read_packets(decoder)
        is_damaged = bool(decoder.num_read_errors) or bool(packets.is_corrupt.any())
        decoder.reopen()
        timeline = None if is_damaged else _by_packets(packets, decoder)
        if timeline is None:
            decoder.reopen()
            timeline = _by_decoding(decoder)
        return _build(path, decoder.video, timeline, packets)


def _read_packets(decoder: Decoder) -> _Packets:
    times, flags = array("q"), array("b")
    for packet in decoder.packets():
        pts = _NO_TIME if packet.pts is None else packet.pts
        dts = _NO_TIME if packet.dts is None else packet.dts
        times.extend((pts, dts, zlib.crc32(packet)))
        flags.extend((packet.is_keyframe, packet.is_discard, packet.is_corrupt))
    columns = np.array(times, dtype=np.int64).reshape(-1, 3).T
    marks = np.array(flags, dtype=np.bool_).reshape(-1, 3).T
    return _Packets(
        pts=columns[0], dts=columns[1], crc=columns[2],
        is_key=marks[0], is_hidden=marks[1], is_corrupt=marks[2],
    )  # fmt: skip


def _by_packets(packets: _Packets, decoder: Decoder) -> _Timeline | None:
    """The timeline of the packets, or None where the decoder does not follow it."""
    shown = ~packets.is_hidden
    pts, order = np.unique(packets.pts[shown], return_index=True)
    has_every_time = len(pts) == shown.sum() > 0 and pts[0] != _NO_TIME
    # decoding times that jump back belong to joined streams, whose times repeat
    dts = packets.dts[packets.dts != _NO_TIME]
    if not has_every_time or np.any(np.diff(dts) < 0):
        return None
    probed = list(islice(decoder.frames(), _NUM_PROBED))
    num_lost = _follows(probed, pts)
    if num_lost is None:
        return None
    return _Timeline(
        pts=pts[num_lost:],
        keyframe=packets.is_key[shown][order][num_lost:],
        method="demux",
        first=probed[0],
        num_leading_lost=num_lost,
    )


def _follows(probed: Sequence[VideoFrame], pts: NDArray[np.int64]) -> int | None:
    """How many packets precede the first frame shown; None where the frames are not ``pts``."""
    shown = [frame.pts for frame in probed]
    if not shown or shown[0] is None:
        return None
    start = int(np.searchsorted(pts, shown[0]))
    expected = pts[start : start + _NUM_PROBED].tolist()
    return start if shown == expected else None


def _by_decoding(decoder: Decoder) -> _Timeline:
    """The timeline of what the decoder shows, from end to end."""
    first = None
    times, is_key = [], []
    for frame in decoder.frames():
        first = first or frame
        times.append(frame.pts)
        is_key.append(bool(frame.key_frame))
    if first is None:
        raise VideoError(
            f"no frame of {decoder.path} can be decoded",
            "it is cut off, damaged or encrypted; copy or download it again",
        )
    known = [pts for pts in times if pts is not None]
    timed = len(known) == len(times) and all(one < two for one, two in pairwise(known))
    return _Timeline(
        pts=np.array(known if timed else range(len(times)), dtype=np.int64),
        keyframe=np.array(is_key, dtype=np.bool_),
        method="decode",
        first=first,
        timed=timed,
    )


def _build(path: Path, video: OpenVideo, timeline: _Timeline, packets: _Packets) -> VideoIndex:
    first, stream = timeline.first, video.stream
    nominal = _nominal_fps(stream)
    time_base = Fraction(stream.time_base or 1) if timeline.timed else 1 / (nominal or Fraction(25))
    rotation = rotation_of(first)
    width, height = upright_size(first.width, first.height, rotation)
    return VideoIndex(
        path=path,
        pts=timeline.pts,
        keyframe=timeline.keyframe,
        packet_crc=_crc_at(timeline.pts, packets),
        time_base=time_base,
        fps=average_fps(timeline.pts, time_base, nominal),
        width=width,
        height=height,
        rotation=rotation,
        pixel_aspect=Fraction(stream.sample_aspect_ratio or 1),
        codec=stream.codec_context.codec.canonical_name,
        pixel_format=first.format.name,
        stream=stream.index,
        container_frames=stream.frames if stream.frames > 0 else None,
        method=timeline.method,
        timed=timeline.timed,
        vfr=is_variable(timeline.pts),
        num_leading_lost=timeline.num_leading_lost,
        num_hidden=int(packets.is_hidden.sum()),
        num_video_streams=video.num_video_streams,
        cover_streams=video.cover_streams,
    )


def _crc_at(pts: NDArray[np.int64], packets: _Packets) -> NDArray[np.int64]:
    """Checksum of the packet at each time; -1 where no packet has that time."""
    known, order = np.unique(packets.pts[~packets.is_hidden], return_index=True)
    if not len(known):
        return np.full(len(pts), -1, dtype=np.int64)
    place = np.searchsorted(known, pts).clip(max=len(known) - 1)
    crc = packets.crc[~packets.is_hidden][order][place]
    return np.where(known[place] == pts, crc, -1)


def _nominal_fps(stream: VideoStream) -> Fraction | None:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and 0 < rate <= _MAX_SANE_FPS:
            return Fraction(rate)
    return None
