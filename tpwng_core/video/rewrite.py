"""A video again, with every picture drawn over and its sound kept: overlays and clips.

A file and a drawing function in, an H.264 MP4 out that has exactly the frames asked for at their
own times, evenly spaced or not. Called by exports. Files are whole or absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError

from tpwng_core.errors import OutputError
from tpwng_core.files import atomic_write
from tpwng_core.video.audio import RATE, Block, open_audio
from tpwng_core.video.index import VideoIndex
from tpwng_core.video.picture import Picture
from tpwng_core.video.sampling import sample_frames
from tpwng_core.video.write import even

Draw = Callable[[Picture, int], Picture]
_AUDIO_BLOCK = 1024
# the finest clock an MP4 track holds in 32 bits; finer time bases are rounded to it
_MAX_TICKS_PER_S = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Frames [start, end) of an indexed video."""

    index: VideoIndex
    start: int
    end: int

    @property
    def origin_s(self) -> float:
        """Seconds from the video's first frame to the first of these."""
        return float(self.index.times_s[self.start])

    @property
    def duration_s(self) -> float:
        """Seconds from the first frame's start to the last one's end."""
        times = np.append(self.index.times_s, self.index.duration_s)
        return float(times[self.end] - times[self.start])


def rewrite_video(
    target: Path,
    stretch: Stretch,
    draw: Draw,
    on_frame: Callable[[int], None] = lambda number: None,
) -> int:
    """Write frames of a video again.

    Departs from the source: pictures and sound are compressed anew (H.264, AAC), and an odd
    width or height loses its last column or row.

    Args:
        target: the ``.mp4`` to write.
        stretch: which frames.
        draw: from an upright (H, W, 3) uint8 RGB picture and its frame number to the picture to
            write; all of one size.
        on_frame: called with each frame's number; may raise to cancel.

    Returns:
        Number of frames written.

    Raises:
        VideoError: the video cannot be read.
        OutputError: the file cannot be written.
    """
    with atomic_write(target) as temporary:
        try:
            with av.open(str(temporary), "w", format="mp4") as container:
                return _encode(container, stretch, draw, on_frame)
        except FFmpegError as error:
            reason = error.strerror or str(error)
            raise OutputError(f"cannot write {target}: {reason}", "check disk and sizes") from error


def _encode(container: Any, stretch: Stretch, draw: Draw, on_frame: Callable[[int], None]) -> int:
    numbers = range(stretch.start, stretch.end)
    pictures = (
        (number, even(draw(picture, number)))
        for number, picture in sample_frames(stretch.index.path, stretch.index, numbers)
    )
    first = next(pictures)
    stream = _video_stream(container, stretch.index, first[1])
    sound = _Sound(container, stretch)
    num_frames = 0
    for number, picture in chain([first], pictures):
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.time_base = stream.codec_context.time_base
        frame.pts = _ticks(stretch, number, frame.time_base)
        container.mux(stream.encode(frame))
        sound.write_until(float(stretch.index.times_s[number]) - stretch.origin_s)
        num_frames += 1
        on_frame(number)
    container.mux(stream.encode(None))
    sound.finish()
    return num_frames


def _video_stream(container: Any, index: VideoIndex, picture: Picture) -> Any:
    options = {"crf": "20", "preset": "veryfast"}
    stream = container.add_stream(
        "libx264", rate=index.fps.limit_denominator(1001), options=options
    )
    stream.height, stream.width = picture.shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.codec_context.thread_count = 1
    stream.codec_context.sample_aspect_ratio = index.pixel_aspect
    base = max(index.time_base, Fraction(1, _MAX_TICKS_PER_S))
    stream.codec_context.time_base = base
    stream.time_base = base
    return stream


def _ticks(stretch: Stretch, number: int, base: Fraction) -> int:
    pts = stretch.index.pts
    units = int(pts[number]) - int(pts[stretch.start])
    return round(units * stretch.index.time_base / base)


class _Sound:
    """The sound of a stretch, written as far as the pictures are.

    Args:
        container: being written.
        stretch: whose sound.
    """

    def __init__(self, container: Any, stretch: Stretch) -> None:
        self._container = container
        self._reader = open_audio(stretch.index.path, stretch.index.start_s)
        self._blocks: Iterator[Block] = iter(())
        self._num_left = round(stretch.duration_s * RATE)
        self._num_written = 0
        self._waiting = np.empty((0, 2), dtype=np.int16)
        if self._reader is not None:
            self._blocks = self._reader.blocks(stretch.origin_s)
            self._stream = container.add_stream("aac", rate=RATE, layout="stereo")

    def write_until(self, time_s: float) -> None:
        """Write what is heard before ``time_s`` of the stretch."""
        while self._num_written < time_s * RATE and self._write_block(_AUDIO_BLOCK):
            pass

    def finish(self) -> None:
        """Write the rest and close."""
        if self._reader is None:
            return
        while self._write_block(_AUDIO_BLOCK):
            pass
        self._container.mux(self._stream.encode(None))
        self._reader.close()

    def _write_block(self, size: int) -> bool:
        size = min(size, self._num_left)
        while len(self._waiting) < size:
            block = next(self._blocks, None)
            if block is None:
                break
            self._waiting = np.concatenate([self._waiting, block])
        block, self._waiting = self._waiting[:size], self._waiting[size:]
        if not len(block):
            return False
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(block.reshape(1, -1)), format="s16", layout="stereo"
        )
        frame.sample_rate = RATE
        frame.time_base = Fraction(1, RATE)
        frame.pts = self._num_written
        self._container.mux(self._stream.encode(frame))
        self._num_written += len(block)
        self._num_left -= len(block)
        return True
