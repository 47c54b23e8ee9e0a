"""What a file that was given in the place of another is, as far as its first bytes tell.

A path or bytes in, words for a message or the text itself out. Called where a file turns out to
be of a wrong kind.
"""

from __future__ import annotations

import codecs
from pathlib import Path

_HEAD_BYTES = 4096
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"PK\x03\x04", "a zip archive (.npz, or weights of torch)"),
    (0, b"\x93NUMPY", "a NumPy array (.npy)"),
    (0, b"\x80\x02", "a pickle (weights of torch)"),
    (0, b"\x1aE\xdf\xa3", "a video (Matroska)"),
    (0, b"PAR1", "a Parquet table"),
    (0, b"\x89PNG", "a picture (PNG)"),
    (4, b"ftyp", "a video (MP4)"),
    (8, b'{"', "a safetensors file"),
)
_MAX_SHOWN = 40


def kind_of_file(path: Path) -> str:
    """What a file is: ``a CSV table ("video,label,split")``, ``a video (MP4)``; "" if unknown."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError:
        return ""
    if not head:
        return "empty"
    for at, magic, words in _MAGIC:
        if head[at : at + len(magic)] == magic:
            return words
    return _kind_of_text(head)


def text_at_start(head: bytes) -> str | None:
    """The text that a file begins with; None where it begins with none.

    Args:
        head: its first bytes. A NUL in any of them is no text; read are the first 4096, of which
            the last may be a part of a character.
    """
    if not head or b"\0" in head:
        return None
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head[:_HEAD_BYTES])
    except UnicodeDecodeError:
        return None


def _kind_of_text(head: bytes) -> str:
    text = text_at_start(head) or ""
    first = text.splitlines()[0].strip() if text.strip() else ""
    if not first or not first.isprintable():
        return ""
    shown = first if len(first) <= _MAX_SHOWN else f"{first[:_MAX_SHOWN]}…"
    if first[0] in "{[" and not first.endswith("]"):
        return "JSON"
    return f'{"a CSV table" if "," in first else "text"} ("{shown}")'
