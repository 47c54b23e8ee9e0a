"""Packets and frames of one file from wherever it stands, whatever the damage.

Path in, PyAV packets and frames out, in the file's and the decoder's order. A packet that the
decoder refuses is counted and passed over. Called by ``index.py``, ``numbering.py``, ``health.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tpwng_core.video.container import OpenVideo, open_video

_MAX_READ_ERRORS = 16


class Decoder:
    """One open file.

    Args:
        path: the video.
        num_threads: threads that decode, see :func:`tpwng_core.video.container.open_video`.
        check: called for every packet; what it raises ends the reading.

    Attributes:
        path: the file.
        num_threads: threads that decode.
        num_read_errors: failures of the container to give the next packet.
        num_decode_errors: packets the decoder refused.
        num_corrupt_packets: packets the container says are incomplete.
        num_corrupt_frames: frames of which the decoder says that it had to guess parts.

    Raises:
        InputError: there is no such file.
        VideoError: it is no video.
    """

    def __init__(
        self, path: Path, *, num_threads: int = 1, check: Callable[[], None] | None = None
    ) -> None:
        self.path = path
        self.num_threads = num_threads
        self.num_read_errors = 0
        self.num_decode_errors = 0
        self.num_corrupt_packets = 0
        self.num_corrupt_frames = 0
        self._check = check
        self._video = open_video(path, num_threads)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def video(self) -> OpenVideo:
        """The container and stream that are open now."""
        return self._video

    @property
    def num_errors(self) -> int:
        """Signs of damage of every kind so far."""
        of_packets = self.num_read_errors + self.num_decode_errors + self.num_corrupt_packets
        return of_packets + self.num_corrupt_frames

    def close(self) -> None:
        """Close the file."""
        self._video.container.close()

    def reopen(self) -> None:
        """Stand at the very start again, with a fresh decoder.

        Raises:
            InputError: the file is gone; it stays open as it was.
            VideoError: the file has become something else; likewise.
        """
        fresh = open_video(self.path, self.num_threads)
        self.close()
        self._video = fresh

    def seek(self, pts: int) -> bool:
        """Ask the container for the keyframe at or before ``pts``; where it lands is not sure.

        Returns:
            False where the container cannot seek.
        """
        try:
            self._video.container.seek(pts, stream=self._video.stream)
        except (FFmpegError, OSError):
            return False
        return True

    def packets(self) -> Iterator[Packet[VideoStream]]:
        """Packets of the stream from here to the end, empty ones left out.

        A read error is no end: reading goes on until it fails several times in a row.
        """
        failures = 0
        while failures < _MAX_READ_ERRORS:
            try:
                for packet in self._video.container.demux(self._video.stream):
                    failures = 0
                    if self._check is not None:
                        self._check()
                    # an empty packet would tell the decoder that the stream ends
                    if packet.size:
                        yield packet
                return
            except IndexError:
                # at the end PyAV stumbles over streams that came up while it read
                return
            except (FFmpegError, OSError):
                failures += 1
                self.num_read_errors += 1

    def decode(self, packet: Packet[VideoStream] | None) -> list[VideoFrame]:
        """Frames that come out when ``packet`` goes in; None asks for those still inside."""
        self.num_corrupt_packets += packet is not None and packet.is_corrupt
        try:
            frames = self._video.stream.codec_context.decode(packet)
        except EOFError:
            return []
        except (FFmpegError, OSError):
            self.num_decode_errors += packet is not None
            return []
        self.num_corrupt_frames += sum(frame.is_corrupt for frame in frames)
        return frames

    def frames(self) -> Iterator[VideoFrame]:
        """Frames from here to the end, in the decoder's output order."""
        for packet in self.packets():
            yield from self.decode(packet)
        yield from self.decode(None)
