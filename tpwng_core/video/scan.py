"""Make the PTS index: from packets where the decoder follows them, else by a full decode.

Path in, :class:`VideoIndex` out. Called by ``index_video`` only.

Packets are trusted when each has its own time, none is damaged, and the first frames the decoder
shows are exactly the first times in order. Raw streams (no times), H.264 with B-frames in AVI
(times in the wrong order), joined transport streams (times that jump back) and cut-off files fail
that, and are decoded once from end to end.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
from av.packet import Packet
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


@dataclass(frozen=True, kw_only=True)
class _Timeline:
    """Times of the frames in order, their keyframes, and the first frame itself."""

    pts: NDArray[np.int64]
    keyframe: NDArray[np.bool_]
    method: Method
    first: VideoFrame
    timed: bool = True
    num_leading_lost: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stamp:
    """The times and flags of one packet, and a checksum of what is in it."""

    pts: int | None
    dts: int | None
    is_key: bool
    is_discard: bool
    is_corrupt: bool
    crc: int

    @classmethod
    def of(cls, packet: Packet[VideoStream]) -> _Stamp:
        return cls(
            pts=packet.pts,
            dts=packet.dts,
            is_key=packet.is_keyframe,
            is_discard=packet.is_discard,
            is_corrupt=packet.is_corrupt,
            crc=zlib.crc32(packet),
        )


def scan(path: Path) -> VideoIndex:
    """Index ``path``; see :func:`tpwng_core.video.index_video`."""
    with Decoder(path) as decoder:
        packets = [_Stamp.of(packet) for packet in decoder.packets()]
        is_damaged = bool(decoder.num_read_errors) or any(stamp.is_corrupt for stamp in packets)
        decoder.reopen()
        timeline = None if is_damaged else _by_packets(packets, decoder)
        if timeline is None:
            decoder.reopen()
            timeline = _by_decoding(decoder)
        return _build(path, decoder.video, timeline, packets)


def _by_packets(packets: Sequence[_Stamp], decoder: Decoder) -> _Timeline | None:
    """The timeline of the packets, or None where the decoder does not follow it."""
    kept = [stamp for stamp in packets if not stamp.is_discard]
    key_of = {stamp.pts: stamp.is_key for stamp in kept if stamp.pts is not None}
    has_every_time = len(key_of) == len(kept) > 0
    if not has_every_time or not _runs_forward(packets):
        return None
    pts = np.array(sorted(key_of), dtype=np.int64)
    probed = list(islice(decoder.frames(), _NUM_PROBED))
    num_lost = _follows(probed, pts)
    if num_lost is None:
        return None
    keyframe = np.array([key_of[value] for value in pts.tolist()], dtype=np.bool_)
    return _Timeline(
        pts=pts[num_lost:],
        keyframe=keyframe[num_lost:],
        method="demux",
        first=probed[0],
        num_leading_lost=num_lost,
    )


def _runs_forward(packets: Sequence[_Stamp]) -> bool:
    """False where decoding times jump back: joined streams, whose times repeat."""
    dts = [stamp.dts for stamp in packets if stamp.dts is not None]
    return all(earlier <= later for earlier, later in pairwise(dts))


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


def _build(
    path: Path, video: OpenVideo, timeline: _Timeline, packets: Sequence[_Stamp]
) -> VideoIndex:
    first, stream = timeline.first, video.stream
    nominal = _nominal_fps(stream)
    time_base = Fraction(stream.time_base or 1) if timeline.timed else 1 / (nominal or Fraction(25))
    rotation = rotation_of(first)
    width, height = upright_size(first.width, first.height, rotation)
    crc_of = {stamp.pts: stamp.crc for stamp in packets if not stamp.is_discard}
    return VideoIndex(
        path=path,
        pts=timeline.pts,
        keyframe=timeline.keyframe,
        packet_crc=np.array([crc_of.get(pts, -1) for pts in timeline.pts.tolist()], np.int64),
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
        num_hidden=sum(stamp.is_discard for stamp in packets),
        num_video_streams=video.num_video_streams,
        cover_streams=video.cover_streams,
    )


def _nominal_fps(stream: VideoStream) -> Fraction | None:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and 0 < rate <= _MAX_SANE_FPS:
            return Fraction(rate)
    return None
