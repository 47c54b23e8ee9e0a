"""Text of a list or annotation file, however it was saved: plain or gzipped, with BOM or without.

Called by the manifest and ground-truth readers.
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from tpwng_core.errors import DatasetError

_GZIP_MAGIC = b"\x1f\x8b"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_text(path: Path) -> str:
    """Content of a UTF-8 text file; a byte-order mark is dropped, gzip is undone.

    Raises:
        DatasetError: the file is missing, empty, not UTF-8 text, or a damaged gzip.
    """
    text = _decode(_read_bytes(path), path)
    if not text.strip():
        raise DatasetError(f"{path} is empty", "is this the right file?")
    return text


def _read_bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror}", "check the path") from error
    if not data.startswith(_GZIP_MAGIC):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"{path} is a damaged gzip file", "download it again") from error


def _decode(data: bytes, path: Path) -> str:
    hint = "save it as UTF-8 text"
    if data.startswith(_UTF16_MARKS):
        raise DatasetError(f"{path} is saved as UTF-16", hint)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DatasetError(f"{path} line {line} is not UTF-8 text", hint) from error
    if "\0" in text:
        raise DatasetError(f"{path} is not a text file", "is this the right file?")
    return text
