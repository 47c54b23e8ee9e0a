"""Cells of CSV files: what spreadsheets must not run, and names with anything in them.

A text cell that begins with = + - @, a tab or a carriage return would be run as a formula; it
gets an apostrophe in front. So does one that begins with apostrophes and then such a sign, so
that taking one apostrophe off always gives the text again. Numbers are left alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tpwng_core.datasets import header_of, read_text
from tpwng_core.errors import DatasetError

Cell = str | int | float | None
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guarded(text: str) -> str:
    """A text cell that no spreadsheet runs."""
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell of :func:`guarded`."""
    return cell[1:] if _GUARDED.match(cell) else cell


def csv_lines(
    rows: Iterable[Sequence[Cell]], delimiter: str = ",", *, quotes_text: bool = False
) -> Iterator[str]:
    """Rows as lines of CSV; text is guarded, None is empty, floats are shortest.

    Args:
        rows: of cells.
        delimiter: between cells.
        quotes_text: quote every text, not only where it must be.
    """
    for row in rows:
        cells = [guarded(cell) if isinstance(cell, str) else cell for cell in row]
        yield csv_block([cells], delimiter, quotes_text=quotes_text or _has_return(cells))


def csv_block(
    rows: Iterable[Sequence[Cell]], delimiter: str = ",", *, quotes_text: bool = False
) -> str:
    """Rows whose texts are guarded already, in one text.

    Args:
        rows: of cells.
        delimiter: between cells.
        quotes_text: quote every text; needed where one has a carriage return, which Python's
            writer does not quote by itself.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(
        stream,
        delimiter=delimiter,
        lineterminator="\n",
        quoting=csv.QUOTE_NONNUMERIC if quotes_text else csv.QUOTE_MINIMAL,
    )
    writer.writerows(rows)
    return stream.getvalue()


def _has_return(cells: Iterable[Cell]) -> bool:
    return any(isinstance(cell, str) and "\r" in cell for cell in cells)


class Row:
    """A row of a CSV file, read by column.

    Args:
        cells: by column name in lower case.
        place: for messages.
    """

    def __init__(self, cells: dict[str, str], place: str) -> None:
        self._cells = cells
        self.place = place

    def text(self, column: str) -> str:
        """The text of a column, "" where there is no such column."""
        return unguarded(self._cells.get(column, ""))

    def number(self, column: str) -> float | None:
        """The number in a column; None where empty.

        Raises:
            DatasetError: it is no number.
        """
        cell = self._cells.get(column, "").strip()
        try:
            return float(cell) if cell else None
        except ValueError as error:
            raise DatasetError(f"{self.place}: {cell!r} in {column} is no number") from error

    def integer(self, column: str) -> int | None:
        """The whole number in a column; None where empty.

        Raises:
            DatasetError: it is none.
        """
        value = self.number(column)
        if value is not None and not value.is_integer():
            raise DatasetError(f"{self.place}: {value} in {column} is no whole number")
        return None if value is None else int(value)


def read_rows(path: Path, required: Sequence[str]) -> Iterator[Row]:
    """Rows of a CSV file by column; as :func:`read_cells`.

    Raises:
        DatasetError: missing, a column missing, a row longer or shorter than the header.
    """
    header, lines = read_cells(path, required)
    for number, cells in lines:
        yield Row(dict(zip(header, cells, strict=True)), f"{path} line {number}")


def read_cells(
    path: Path, required: Sequence[str]
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Header and rows of a CSV file; the separator may be the ``;`` or tab of a spreadsheet.

    Args:
        path: the file.
        required: columns the header must have, in lower case.

    Returns:
        Column names in lower case, and line number and cells of each row that is not blank.

    Raises:
        DatasetError: missing, or a column missing; while iterating, a row longer or shorter than
            the header.
    """
    text = read_text(path).lstrip()
    header = header_of(text)
    missing = [name for name in required if name not in header]
    if missing:
        hint = f"its first line needs {', '.join(required)}"
        raise DatasetError(f"{path} has no column {missing[0]!r}", hint)
    first = text.splitlines()[0]
    mark = next((mark for mark in ",;\t" if mark in first), ",")
    return header, _cells(path, text, mark, len(header))


def _cells(path: Path, text: str, mark: str, width: int) -> Iterator[tuple[int, list[str]]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        next(lines)
        for cells in lines:
            if len(cells) == width:
                yield lines.line_num, cells
            elif cells:
                raise DatasetError(
                    f"{path} line {lines.line_num} has {len(cells)} fields, the header {width}",
                    "quote names that contain the separator",
                )
    except csv.Error as error:
        raise DatasetError(f"{path} line {lines.line_num}: {error}", "is it CSV?") from error
