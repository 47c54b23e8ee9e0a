"""Decoded frames with their numbers: which frame of the index each one is, and seeking by number.

Path and index in, (number, PyAV frame) out. Called by ``reader.py`` and ``sampling.py``. A frame
is known by its time; in files without usable times it is known by its place from the start.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from tpwng_core.video.decoder import Decoder
from tpwng_core.video.index import VideoIndex

_BACK_OFF = (0, 1, 2, 4, 8)

# decoders that take "skip what nothing depends on" packet by packet; dav1d takes it once for all
_SKIPS_BY_PACKET = frozenset({"h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4"})

# H.264 holds back at most 16 frames, so damage met now may show that much later
_MAX_HELD_BACK = 16


class Numbered(NamedTuple):
    """A decoded frame, its number, and whether it shows damage or may be built on it."""

    number: int
    frame: VideoFrame
    is_damaged: bool


class NumberedDecoder:
    """Decodes a file and says of each frame which one it is.

    Args:
        path: the video.
        index: its index, by :func:`tpwng_core.video.index_video`.
        num_threads: threads that decode, see :func:`tpwng_core.video.container.open_video`.

    Attributes:
        can_seek: False where the file has no usable times, or where a seek was found to give
            frames other times than reading from the start does (program streams do).
        num_unknown: decoded frames whose time is not in the index; they are passed over.
    """

    def __init__(self, path: Path, index: VideoIndex, *, num_threads: int = 1) -> None:
        self.can_seek = index.timed
        self.num_unknown = 0
        self._index = index
        self._decoder = Decoder(path, num_threads=num_threads)
        self._keyframes = index.keyframes
        self._frames = self._number(self._decoder.frames())

    @property
    def is_reliable(self) -> bool:
        """False where several threads decode and damage has shown: pixels depend on the threads."""
        return self._decoder.num_threads == 1 or not self._decoder.num_errors

    def close(self) -> None:
        """Close the file."""
        self._decoder.close()

    def frames(self) -> Iterator[Numbered]:
        """Numbered frames from where the decoder stands to the end."""
        return self._frames

    def restart(self) -> None:
        """Stand at the first frame again."""
        self._decoder.reopen()
        self._frames = self._number(self._decoder.frames())

    def start_at(self, number: int) -> None:
        """Stand at a keyframe at or before frame ``number``, proven by what comes from there.

        Containers land late or early (transport streams most), so a landing counts only when
        the first packet and the first frame are a keyframe of the index, not later than
        ``number``; else the search backs off 1, 2, 4, 8 keyframes, then starts from the beginning.
        """
        nearest = int(self._keyframes.searchsorted(number, side="right")) - 1
        for back in _BACK_OFF if self.can_seek else ():
            if nearest - back < 0 or self._keyframes[nearest - back] == 0:
                break
            if self._land(int(self._keyframes[nearest - back]), number):
                return
        self.restart()

    def without(self, is_unneeded: Callable[[Packet[VideoStream]], bool]) -> Iterator[Numbered]:
        """Like :meth:`frames`, but frames nothing depends on and nobody needs are not decoded.

        Args:
            is_unneeded: says of a packet that its frame is not wanted.
        """
        context = self._decoder.video.stream.codec_context
        skips_all = bool(context.codec.intra_only)
        skips_some = context.codec.name in _SKIPS_BY_PACKET

        def decoded() -> Iterator[VideoFrame]:
            for packet in self._decoder.packets():
                # once damage shows, every frame has to be seen: a gap is damage too
                unneeded = is_unneeded(packet) and not self._decoder.num_errors
                if unneeded and skips_all:
                    continue
                if skips_some:
                    context.skip_frame = "NONREF" if unneeded else "DEFAULT"
                yield from self._decoder.decode(packet)
            yield from self._decoder.decode(None)

        return self._number(decoded(), has_gaps=True)

    def _land(self, keyframe: int, number: int) -> bool:
        if not self._decoder.seek(int(self._index.pts[keyframe])):
            return False
        packets = self._decoder.packets()
        landing = next((packet for packet in packets if packet.is_keyframe), None)
        if landing is None or landing.pts is None or not self._is_known(landing):
            return False
        start = landing.pts
        landed = self._number_of(start)
        if landed is None or landed > number or not self._index.keyframe[landed]:
            return False
        frames = self._decode_while_known(chain([landing], packets))
        # leading pictures of an open GOP lack their references: not exact
        shown = (frame for frame in frames if frame.pts is not None and frame.pts >= start)
        first = next(shown, None)
        if first is None or first.pts != start or not _is_clean_start(first):
            return False
        self._frames = self._number(chain([first], shown))
        return True

    def _number_of(self, pts: int | None) -> int | None:
        if pts is None:
            return None
        number = int(self._index.pts.searchsorted(pts))
        is_there = number < self._index.num_frames and self._index.pts[number] == pts
        return number if is_there else None

    def _is_known(self, packet: Packet[VideoStream]) -> bool:
        """True where the packet is the one that had this time when reading from the start."""
        number = self._number_of(packet.pts)
        return number is not None and self._index.packet_crc[number] == zlib.crc32(packet)

    def _decode_while_known(self, packets: Iterator[Packet[VideoStream]]) -> Iterator[VideoFrame]:
        for packet in packets:
            if self._number_of(packet.pts) is not None and not self._is_known(packet):
                self.can_seek = False
                return
            yield from self._decoder.decode(packet)
        yield from self._decoder.decode(None)

    def _number(
        self, frames: Iterator[VideoFrame], *, has_gaps: bool = False
    ) -> Iterator[Numbered]:
        """Number frames; ``has_gaps`` where frames are left out on purpose."""
        soundness = _Soundness(self._decoder, has_gaps=has_gaps)
        for place, frame in enumerate(frames):
            number = self._number_of(frame.pts if self._index.timed else place)
            if number is None:
                self.num_unknown += 1
            else:
                yield Numbered(number, frame, soundness.is_damaged(frame, number))


class _Soundness:
    """Tells which frames may build on damage: all from its first sign to a keyframe well after it.

    Decoders flag the broken frame itself, not those predicted from it.
    """

    def __init__(self, decoder: Decoder, *, has_gaps: bool) -> None:
        self._decoder = decoder
        self._has_gaps = has_gaps
        self._num_errors = decoder.num_errors
        self._margin = 0 if decoder.video.stream.codec_context.codec.intra_only else _MAX_HELD_BACK
        self._damaged_at: int | None = None
        self._last: int | None = None

    def is_damaged(self, frame: VideoFrame, number: int) -> bool:
        """Judge the next frame of the decoder's output, which is frame ``number``."""
        is_gap = self._last is not None and number != self._last + 1
        matters = not self._has_gaps or bool(self._decoder.num_errors)
        if self._decoder.num_errors > self._num_errors or (is_gap and matters):
            self._damaged_at = number
        elif frame.key_frame and number > (self._damaged_at or 0) + self._margin:
            self._damaged_at = None
        self._num_errors, self._last = self._decoder.num_errors, number
        return self._damaged_at is not None


def _is_clean_start(frame: VideoFrame) -> bool:
    is_intra = bool(frame.key_frame) or frame.pict_type == PictureType.I
    return is_intra and not frame.is_corrupt
