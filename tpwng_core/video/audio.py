"""The sound of a video as blocks of samples that follow its pictures' time.

Path and the time of the first picture in; 16-bit stereo blocks out, of which sample n belongs to
``start_s + n / RATE`` whatever gaps, late starts and damage the file has. Called by the studio's
playback.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray

from tpwng_core.video.container import open_container

RATE = 48_000
NUM_CHANNELS = 2

Block = NDArray[np.int16]

_TOLERANCE = RATE // 100
_BACK_OFF_S = (0.1, 2.0, 10.0)


class AudioReader:
    """The sound of one file. Not to be shared between threads; made by :func:`open_audio`.

    Args:
        container: the open file, closed with this.
        stream: its sound.
        origin_s: time in the container that is 0 for the caller.
    """

    def __init__(self, container: InputContainer, stream: AudioStream, origin_s: float) -> None:
        self._container = container
        self._stream = stream
        self._origin_s = origin_s

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def blocks(self, start_s: float) -> Iterator[Block]:
        """The sound from ``start_s`` to its end; one call at a time.

        Where the file has none yet, or a gap, or samples that cannot be decoded, there is
        silence; where two pieces overlap, the first is heard.

        Args:
            start_s: seconds from the first picture, 0 or more.

        Yields:
            (N, 2) int16 samples at 48,000 Hz; together they are without a gap.
        """
        num_given = 0
        for frame in _resampled(self._frames_from(start_s)):
            block = _samples(frame)
            ahead = self._place(frame, start_s, num_given) - num_given
            # rounded times jitter; only where the sound starts is every sample counted
            if num_given and abs(ahead) <= _TOLERANCE:
                ahead = 0
            if ahead > 0:
                yield from _silence(ahead)
            block = block[max(-ahead, 0) :]
            num_given += max(ahead, 0) + len(block)
            if len(block):
                yield block

    def _place(self, frame: AudioFrame, start_s: float, expected: int) -> int:
        """Number of the frame's first sample, counted from ``start_s``."""
        if frame.time is None:
            return expected
        return round((frame.time - self._origin_s - start_s) * RATE)

    def _frames_from(self, start_s: float) -> Iterator[AudioFrame]:
        """Decoded frames from at or before ``start_s`` where the file has sound there.

        Containers land late (transport streams most), and a codec's first frame after a jump
        lacks the one before it: so jumps aim early, and earlier where they were late.
        """
        wanted_s = start_s + self._origin_s
        for back_s in _BACK_OFF_S:
            if not self._seek(wanted_s - back_s):
                break
            frames = self._frames()
            first = next(frames, None)
            if first is None or first.time is None or first.time <= wanted_s:
                return frames if first is None else chain([first], frames)
        self._seek(0.0)
        return self._frames()

    def _seek(self, time_s: float) -> bool:
        time_base = self._stream.time_base
        if time_base is None:
            return False
        try:
            self._container.seek(round(time_s / time_base), stream=self._stream)
        except (FFmpegError, OSError):
            return False
        return True

    def _frames(self) -> Iterator[AudioFrame]:
        """Frames from here; what cannot be decoded is passed over and becomes silence."""
        try:
            for packet in self._container.demux(self._stream):
                try:
                    yield from packet.decode()
                except FFmpegError:
                    continue
        except (FFmpegError, OSError, IndexError):
            return


def open_audio(path: Path, origin_s: float) -> AudioReader | None:
    """Open the sound of a video; None where it has none that a decoder here knows.

    Args:
        path: the video.
        origin_s: time in the container of its first picture (``VideoIndex.start_s``).

    Raises:
        InputError: there is no such file.
        VideoError: it cannot be opened.
    """
    container = open_container(path)
    streams = [one for one in container.streams.audio if one.codec_context is not None]
    if not streams:
        container.close()
        return None
    return AudioReader(container, streams[0], origin_s)


def _resampled(frames: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
    resampler = AudioResampler(format="s16", layout="stereo", rate=RATE)
    for frame in frames:
        try:
            yield from resampler.resample(frame)
        except (FFmpegError, ValueError):
            # the sound changed its rate or channels on the way
            resampler = AudioResampler(format="s16", layout="stereo", rate=RATE)
            yield from resampler.resample(frame)
    yield from resampler.resample(None)


def _samples(frame: AudioFrame) -> Block:
    return np.asarray(frame.to_ndarray(), dtype=np.int16).reshape(-1, NUM_CHANNELS)


def _silence(num_samples: int) -> Iterator[Block]:
    """Silence in blocks of at most a second."""
    for start in range(0, num_samples, RATE):
        yield np.zeros((min(RATE, num_samples - start), NUM_CHANNELS), dtype=np.int16)
