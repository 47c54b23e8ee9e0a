"""One row per frame as CSV, for scripts and spreadsheets (spec/formats.md 10).

The header stands alone: comment lines in front of it stop many readers, so what belongs to the
video lies beside the table in ``<file>.meta.json``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import numpy as np

from tpwng_core.datasets import video_id
from tpwng_core.errors import DatasetError
from tpwng_core.events import Reporter
from tpwng_core.formats.annotation import Annotation
from tpwng_core.formats.cells import Cell, Row, csv_lines, read_rows
from tpwng_core.formats.format import Entries, Format, ImportOptions
from tpwng_core.formats.frametable import (
    COLUMNS,
    FLOAT_COLUMNS,
    LOSES,
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
        yield from csv_lines(_rows(entry))


def _rows(entry: Entry) -> Iterator[tuple[Cell, ...]]:
    columns = frame_columns(entry)
    num_frames = entry.annotation.num_frames or 0
    for start in range(0, num_frames, _CHUNK_FRAMES):
        size = min(_CHUNK_FRAMES, num_frames - start)
        chunk = [_cells(name, column, start, size) for name, column in columns.items()]
        yield from zip(*chunk, strict=True)


def _cells(name: str, column: Column, start: int, size: int) -> list[Cell]:
    if column is None:
        return [None] * size
    values = column[start : start + size]
    if name in FLOAT_COLUMNS:
        # the shortest text that is this very float32
        return [None if np.isnan(value) else float(str(value)) for value in values]
    found: list[Cell] = values.tolist()
    return found


def _write(entries: Entries, path: Path, options: ExportOptions, report: Reporter) -> list[Path]:
    write_lines(path, _lines(entries, options))
    return [path, write_sidecar(path, entries)]


def _read(path: Path, options: ImportOptions) -> list[Annotation]:
    facts = read_sidecar(path)
    rows = read_rows(path, ("video", "frame"))
    return [
        _annotation(list(group), video, facts.get(video))
        for video, group in groupby(rows, key=lambda row: _video(row, facts))
    ]


def _video(row: Row, known: dict[str, VideoFacts]) -> str:
    name = row.text("video")
    return name if name in known else video_id(name)


def _annotation(rows: list[Row], video: str, facts: VideoFacts | None) -> Annotation:
    if facts is None:
        times = [row.number("pts_s") for row in (rows[0], rows[-1])]
        known = [time for time in times if time is not None]
        facts = VideoFacts(fps=average_rate(known, len(rows)))
    return annotation_of_frames(
        video,
        np.array([_label(row, frame, video) for frame, row in enumerate(rows)], dtype=np.int64),
        [row.text("provenance") for row in rows],
        [row.text("class") for row in rows],
        facts,
    )


def _label(row: Row, frame: int, video: str) -> int:
    if row.integer("frame") != frame:
        raise DatasetError(
            f"{row.place} is not frame {frame} of {video}", "give every frame once, in order"
        )
    said = (row.integer(name) for name in ("label", "human_label"))
    return next((value for value in said if value is not None), UNSET)


FORMATS = (
    Format(
        name="frames-csv",
        title="Frames, CSV",
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
