"""Open a video file: container and the one stream that is the video.

Path in, an open PyAV container with its main video stream out; whatever FFmpeg objects to comes
out as a ``VideoError`` with a remedy. Called by ``decoder.py`` and, for the sound, ``audio.py``;
nobody else opens a file.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

from tpwng_core.errors import InputError, VideoError
from tpwng_core.file_kinds import text_at_start

_STILL = Disposition.attached_pic | Disposition.timed_thumbnails
_HEAD_BYTES = 1 << 16
_REENCODE = "convert it first: ffmpeg -i IN -c:v libx264 OUT.mp4"


@dataclass(frozen=True, kw_only=True)
class OpenVideo:
    """An open file; ``cover_streams`` are the indices of cover pictures that were passed over."""

    container: InputContainer
    stream: VideoStream
    num_video_streams: int
    cover_streams: tuple[int, ...]


def open_video(path: Path, num_threads: int = 1) -> OpenVideo:
    """Open a file and choose its video stream; the caller closes ``container``.

    The stream is the default one, else the largest picture, never a cover picture.

    Args:
        path: the video.
        num_threads: threads that decode. More than one changes the pixels of damaged frames:
            who takes more goes back to one where damage shows.

    Raises:
        InputError: there is no such file.
        VideoError: the file is no video, or no decoder knows its codec.
    """
    container = open_container(path)
    try:
        return _choose_stream(path, container, num_threads)
    except VideoError:
        container.close()
        raise


def open_container(path: Path) -> InputContainer:
    """Open a file whatever is in it; the caller closes it. Raises as :func:`open_video` does."""
    try:
        # asked once: a file may vanish between two questions
        found = path.stat()
    except OSError as error:
        raise _cannot_open(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"{path} is a folder, not a video", "name the files in it")
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{path} is not a regular file", "record or copy it to a file first")
    if found.st_size == 0:
        raise VideoError(f"{path} is empty", "copy or download it again")
    try:
        # "file:" keeps names with a colon from being read as a protocol
        container: InputContainer = av.open(f"file:{path}", metadata_errors="replace")
    except (FFmpegError, OSError, ValueError) as error:
        raise _cannot_open(path, error) from error
    return container


def _cannot_open(path: Path, error: Exception) -> InputError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return InputError(f"there is no file {path}", "check the path")
    if isinstance(error, PermissionError):
        return VideoError(f"no permission to read {path}", "change its permissions")
    head = _read_head(path)
    if _looks_encrypted(head):
        return VideoError(f"{path} is encrypted", "decrypt it first")
    if text_at_start(head) is not None:
        return VideoError(f"{path} is a text file, not a video", "give a video file")
    return VideoError(
        f"{path} cannot be read as a video: {_reason(error)}",
        "try another player; if that cannot play it either, copy or download it again",
    )


def _read_head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_HEAD_BYTES)
    except OSError:
        return b""


def _looks_encrypted(head: bytes) -> bool:
    return b"encv" in head or b"pssh" in head


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def _choose_stream(path: Path, container: InputContainer, num_threads: int) -> OpenVideo:
    streams = list(container.streams.video)
    covers = [stream for stream in streams if stream.disposition & _STILL]
    moving = [stream for stream in streams if stream not in covers]
    if not moving:
        what = "only a cover picture" if covers else "no video stream"
        raise VideoError(f"{path} has {what}", "give a file with pictures that move")
    decodable = [stream for stream in moving if stream.codec_context is not None]
    if not decodable:
        raise VideoError(f"no decoder here knows the codec of {path}", _REENCODE)
    stream = max(decodable, key=_preference)
    stream.codec_context.thread_type = "FRAME" if num_threads > 1 else "NONE"
    stream.codec_context.thread_count = num_threads
    return OpenVideo(
        container=container,
        stream=stream,
        num_video_streams=len(moving),
        cover_streams=tuple(cover.index for cover in covers),
    )


def _preference(stream: VideoStream) -> tuple[bool, int, int]:
    context = stream.codec_context
    is_default = bool(stream.disposition & Disposition.default)
    return is_default, context.width * context.height, -stream.index
