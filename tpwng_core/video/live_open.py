"""How FFmpeg opens a live source: a camera, a stream, or a file that grows.

An address of ``tpwng_core.address`` in, an open container out. Called by ``live``.
"""

from __future__ import annotations

import sys
from typing import Any

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from tpwng_core.address import CAMERA, SourceKind, without_password
from tpwng_core.errors import VideoError

_CAMERA_FORMATS = {"linux": "v4l2", "darwin": "avfoundation", "win32": "dshow"}


def open_source(source: str, kind: SourceKind, patience_s: float) -> InputContainer:
    """Open a source; a file is followed while it grows.

    Args:
        source: as a person gave it.
        kind: what it means.
        patience_s: seconds without data after which opening or reading fails.

    Raises:
        VideoError: it cannot be opened; a password in the address is not told.
    """
    name, options, file_format = source, {}, None
    if kind == "file":
        name, options = f"file:{source}", {"follow": "1"}
    elif kind == "camera":
        name, file_format = _camera(source.removeprefix(CAMERA))
    elif source.startswith("rtsp"):
        options = {"rtsp_transport": "tcp"}
    extra: dict[str, Any] = {"format": file_format} if file_format else {}
    try:
        container: InputContainer = av.open(
            name, options=options, timeout=patience_s, metadata_errors="replace", **extra
        )
    except (FFmpegError, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        remedy = (
            "a file can be watched while it grows as .ts, .mkv or fragmented .mp4"
            if kind == "file"
            else "play it in another program to see whether the address is right"
        )
        shown = without_password(source)
        raise VideoError(f"{shown} cannot be opened: {reason}", remedy) from error
    return container


def _camera(name: str) -> tuple[str, str]:
    """FFmpeg's name and input format of a camera on this system."""
    file_format = _CAMERA_FORMATS.get(sys.platform)
    if file_format is None:
        raise VideoError(f"cameras are not known on {sys.platform}", "stream it to an address")
    if file_format == "v4l2" and name.isdigit():
        return f"/dev/video{name}", file_format
    return (f"video={name}" if file_format == "dshow" else name), file_format


def stream_of(container: InputContainer, source: str) -> VideoStream:
    """Its first video stream, decoded in one thread: more would hold frames back.

    Raises:
        VideoError: there is none.
    """
    if not container.streams.video:
        shown = without_password(source)
        raise VideoError(f"{shown} has no video stream", "give a source with pictures")
    stream = container.streams.video[0]
    stream.codec_context.thread_type = "NONE"
    stream.codec_context.thread_count = 1
    return stream
