"""The address of a live source: what it means and how it may be shown.

A text such as ``camera:0``, ``rtsp://HOST/PATH`` or a path in, words out. Opens nothing and loads
no decoder, so that a window can say at every letter what an address would mean. Called by
``video.live`` and ``video.live_open``, which opens it, and by whoever writes an address down.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from tpwng_core.errors import InputError

SourceKind = Literal["camera", "url", "file"]

CAMERA = "camera:"
"""What the address of a camera of this computer begins with."""


def without_password(source: str) -> str:
    """An address as it may stand in a log: ``rtsp://user:***@host/path``."""
    name, mark, place = source.partition("://")
    if not mark:
        return source
    login, at, _ = place.partition("/")[0].rpartition("@")
    if not at or ":" not in login:
        return source
    return f"{name}://{login.partition(':')[0]}:***@{place[len(login) + 1 :]}"


def source_kind(source: str) -> SourceKind:
    """What an address of a source means.

    Raises:
        InputError: it means a file that is not there.
    """
    if source.startswith(CAMERA):
        return "camera"
    if "://" in source:
        return "url"
    if not Path(source).is_file():
        raise InputError(
            f"there is no file {source}",
            "a camera is camera:0, a stream is an address such as rtsp://HOST/PATH",
        )
    return "file"
