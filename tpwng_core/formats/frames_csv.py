"""One row per frame as CSV, for scripts and spreadsheets (spec/formats.md 10).

The header stands alone: comment lines in front of it stop many readers, so what belongs to the
video lies beside the table in ``<file>.meta.json``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tpwng_core.datasets import video_id
from tpwng_core.errors import DatasetError
from tpwng_core.events import Reporter
from tpwng_core.formats.annotation import Annotation
from tpwng_core.formats.cells import (
    Cell,
    csv_block,
    csv_lines,
    guarded,
    read_cells,
    unguarded,
)
from tpwng_core.formats.format import Entries, Format, ImportOptions
from tpwng_core.formats.frametable import (
    COLUMNS,
    FLOAT_COLUMNS,
    LOSES,
    TEXT_COLUMNS,
    Column,
    annotation_of_frames,
    average_rate,
    frame_columns,
)
from tpwng_core.formats.items import Entry, ExportOptions
from tpwng_core.formats.output import write_lines
from tpwng_core.formats.sidecar import VideoFacts, read_sidecar, write_sidecar
from tpwng_core.labels import UNSET

_CHUNK_FRAMES = 4096


def _lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    yield from csv_lines([COLUMNS])
    for entry in entries:
        yield from _blocks(entry)


def _blocks(entry: Entry) -> Iterator[str]:
    columns = frame_columns(entry)
    num_frames = entry.annotation.num_frames or 0
    texts = [entry.item.video, *(mark.category or "" for mark in entry.annotation.marks)]
    has_return = any("\r" in text for text in texts)
    for start in range(0, num_frames, _CHUNK_FRAMES):
        size = min(_CHUNK_FRAMES, num_frames - start)
        chunk = [_cells(name, column, start, size) for name, column in columns.items()]
        yield csv_block(zip(*chunk, strict=True), quotes_text=has_return)


def _cells(name: str, column: Column, start: int, size: int) -> list[Cell]:
    if column is None:
        return [None] * size
    values = column[start : start + size]
    if name in TEXT_COLUMNS:
        known: dict[str, Cell] = {text: guarded(text) for text in set(values)}
        return [known[text] for text in values]
    if name in FLOAT_COLUMNS:
        return _shortest(values)
    found: list[Cell] = values.tolist()
    return found


def _shortest(values: NDArray[np.float32]) -> list[Cell]:
    """Each float32 as the shortest number that is it; a snippet's frames share one."""
    unique, places = np.unique(values, return_inverse=True)
    texts = [None if np.isnan(value) else float(str(value)) for value in unique]
    found: list[Cell] = np.array(texts, dtype=object)[places].tolist()
    return found


def _write(entries: Entries, path: Path, options: ExportOptions, report: Reporter) -> list[Path]:
    write_lines(path, _lines(entries, options))
    return [path, write_sidecar(path, entries)]


@dataclass
class _Frames:
    """The rows of one video, as far as they were read."""

    label: list[int] = field(default_factory=list)
    provenance: list[str] = field(default_factory=list)
    category: list[str] = field(default_factory=list)
    ends_s: list[float] = field(default_factory=list)


class _Reader:
    """Collects rows by video; strings are shared, so that a day of video stays in memory.

    Args:
        path: for messages.
        header: column names.
    """

    def __init__(self, path: Path, header: list[str]) -> None:
        self._path = path
        self._place = {name: place for place, name in enumerate(header)}
        self._texts: dict[str, str] = {}
        self.videos: dict[str, _Frames] = {}

    def add(self, number: int, cells: list[str]) -> None:
        """Take a row in.

        Raises:
            DatasetError: a frame is missing, or a number is none.
        """
        frames = self.videos.setdefault(self._text(cells, "video"), _Frames())
        try:
            if int(cells[self._place["frame"]]) != len(frames.label):
                raise DatasetError(
                    f"{self._path} line {number} is not frame {len(frames.label)} of its video",
                    "give every frame once, in order",
                )
            said = self._text(cells, "label") or self._text(cells, "human_label")
            frames.label.append(int(said) if said else UNSET)
            time = self._text(cells, "pts_s")
            if time:  # the first and the last are kept
                frames.ends_s = [*frames.ends_s[:1], float(time)]
        except ValueError as error:
            raise DatasetError(f"{self._path} line {number}: {error}", "write numbers") from error
        frames.provenance.append(self._text(cells, "provenance"))
        frames.category.append(self._text(cells, "class"))

    def _text(self, cells: list[str], name: str) -> str:
        place = self._place.get(name)
        cell = "" if place is None else cells[place]
        if name == "pts_s":
            return cell
        return self._texts.setdefault(cell, unguarded(cell))


def _read(path: Path, options: ImportOptions) -> list[Annotation]:
    known = read_sidecar(path)
    header, lines = read_cells(path, ("video", "frame"))
    reader = _Reader(path, header)
    for number, cells in lines:
        reader.add(number, cells)
    return [_annotation(name, frames, known) for name, frames in reader.videos.items()]


def _annotation(name: str, frames: _Frames, known: dict[str, VideoFacts]) -> Annotation:
    rate = average_rate(frames.ends_s, len(frames.label))
    return annotation_of_frames(
        name if name in known else video_id(name),
        np.array(frames.label, dtype=np.int64),
        frames.provenance,
        frames.category,
        known.get(name, VideoFacts(fps=rate)),
    )


FORMATS = (
    Format(
        name="frames-csv",
        title="Frames, CSV",
        group="Tables and arrays",
        extension=".csv",
        file_name="frames.csv",
        has_curves=True,
        overlaps=False,
        loses=LOSES,
        verified_by="DuckDB",
        write=_write,
        show=_lines,
        read=_read,
        is_like=lambda path, head: head.lstrip().startswith("video,frame,pts_s"),
    ),
)
