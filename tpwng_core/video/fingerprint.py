"""What a video file is, by content: tells whether features belong to it and finds copies.

Path in, a short text out. Called by extraction and the duplicate check.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from tpwng_core.errors import InputError, VideoError

_PIECE_BYTES = 1 << 20


def fingerprint(path: Path) -> str:
    """``sha1:<40 hex>-<size>`` of the first and last MiB (spec: provenance of features).

    Raises:
        InputError: there is no such file.
        VideoError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            digest = hashlib.sha1(stream.read(_PIECE_BYTES), usedforsecurity=False)
            stream.seek(max(0, size - _PIECE_BYTES))
            digest.update(stream.read(_PIECE_BYTES))
    except FileNotFoundError as error:
        raise InputError(f"there is no file {path}", "check the path") from error
    except OSError as error:
        raise VideoError(f"cannot read {path}: {error.strerror}", "check the disk") from error
    return f"sha1:{digest.hexdigest()}-{size}"
