"""Text of a list or annotation file, however it was saved: plain or gzipped, with BOM or without.

Lines and tables out, each with its line number for complaints. Called by the manifest and
ground-truth readers.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tpwng_core.errors import DatasetError

_MAX_HEADER = 10_000  # characters: a line of minified JSON is no header
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


@dataclass(frozen=True, kw_only=True)
class Table:
    """A CSV file with a header.

    Attributes:
        header: column names in lower case.
        rows: (line number, cells by column name) of each row that is not blank; cells are
            stripped.
    """

    header: list[str]
    rows: list[tuple[int, dict[str, str]]]


def header_of(text: str) -> list[str]:
    """Words of the first line that is not blank, in lower case, split as a table's header."""
    first = text.strip().splitlines()[0][:_MAX_HEADER]
    return [name.strip().lower() for name in next(csv.reader([first], delimiter=_mark(first)))]


def read_table(text: str, path: Path, required: Sequence[str]) -> Table:
    """Parse CSV text; the separator may be the ``;`` or tab that a spreadsheet wrote.

    Args:
        text: content, with a header in the first line that is not blank.
        path: for messages.
        required: columns that the header must have.

    Raises:
        DatasetError: a column is missing or twice there, or a row is longer or shorter.
    """
    body = text.lstrip("\r\n")
    skipped = text[: len(text) - len(body)].count("\n")
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=_mark(body.splitlines()[0]))
    header = header_of(body)
    for name in required:
        if header.count(name) != 1:
            raise DatasetError(
                f"{path} line {skipped + 1} needs one column {name!r}, it has {', '.join(header)}",
                f"the header begins with {','.join(required)}",
            )
    next(reader)
    rows = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                number = skipped + reader.line_num
                rows.append((number, _by_column(cells, header, f"{path} line {number}")))
    except csv.Error as error:
        raise DatasetError(f"{path} line {skipped + reader.line_num}: {error}") from error
    return Table(header=header, rows=rows)


def _by_column(cells: list[str], header: list[str], place: str) -> dict[str, str]:
    if len(cells) != len(header):
        raise DatasetError(
            f"{place} has {len(cells)} fields, the header {len(header)}",
            "quote names that contain the separator",
        )
    return dict(zip(header, (cell.strip() for cell in cells), strict=True))


def _mark(header: str) -> str:
    return next((mark for mark in ",;\t" if mark in header), ",")


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
