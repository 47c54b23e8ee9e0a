"""Segments as a table: a row per segment, a bare row for a video without any.

Ours (spec/formats.md 10), for spreadsheets and scripts. What the columns cannot say of the
videos lies beside it in ``<file>.meta.json``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from tpwng_core.datasets import video_id
from tpwng_core.errors import DatasetError
from tpwng_core.events import Reporter
from tpwng_core.formats.annotation import Annotation, Mark, Origin
from tpwng_core.formats.cells import Cell, Row, csv_lines, read_rows
from tpwng_core.formats.format import Entries, Format, ImportOptions
from tpwng_core.formats.items import Entry, ExportOptions
from tpwng_core.formats.losses import AUTHORS
from tpwng_core.formats.output import write_lines
from tpwng_core.formats.sidecar import VideoFacts, read_sidecar, write_sidecar
from tpwng_core.labels import State

COLUMNS = (
    *("video", "start_frame", "end_frame", "start_s", "end_s", "class", "state"),
    *("provenance", "mean_score", "max_score", "reviewed"),
)


def _lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    yield from csv_lines([COLUMNS])
    for entry in entries:
        yield from csv_lines(_rows(entry))


def _rows(entry: Entry) -> Iterator[list[Cell]]:
    said, reviewed = entry.annotation, int(entry.annotation.reviewed)
    if not said.marks:
        yield [said.video, *[None] * 9, reviewed]
    for mark in said.marks:
        scores = [_rounded(mark.mean_score), _rounded(mark.max_score)]
        words = [mark.category, mark.state, mark.origin]
        times = _times(entry, mark)
        yield [said.video, mark.start, mark.end, *times, *words, *scores, reviewed]


def _times(entry: Entry, mark: Mark) -> list[float | None]:
    if entry.item.fps is None:
        return [None, None]
    clock = entry.item.clock
    return [_rounded(float(clock.seconds(frame))) for frame in (mark.start, mark.end)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _write(entries: Entries, path: Path, options: ExportOptions, report: Reporter) -> list[Path]:
    write_lines(path, _lines(entries, options))
    return [path, write_sidecar(path, entries)]


def _read(path: Path, options: ImportOptions) -> list[Annotation]:
    facts = read_sidecar(path)
    marks: dict[str, list[Mark]] = defaultdict(list)
    reviewed: dict[str, bool] = {}
    for row in read_rows(path, COLUMNS[:3]):
        video = video_id(row.text("video")) if row.text("video") not in facts else row.text("video")
        if not video:
            raise DatasetError(f"{row.place} names no video", "fill in the video")
        reviewed[video] = row.text("reviewed").lower() in ("1", "true", "yes")
        marks[video] += _mark(row)
    return [
        facts.get(video, VideoFacts()).complete(
            Annotation(video=video, marks=tuple(marks[video]), reviewed=reviewed[video])
        )
        for video in marks
    ]


def _mark(row: Row) -> list[Mark]:
    start, end = row.integer("start_frame"), row.integer("end_frame")
    if start is None and end is None:
        return []
    state = row.text("state") or "abnormal"
    origin = row.text("provenance") or "imported"
    if start is None or end is None:
        raise DatasetError(f"{row.place} has one frame of two", "give start_frame and end_frame")
    if state not in get_args(State) or origin not in get_args(Origin):
        raise DatasetError(
            f"{row.place}: {state!r} {origin!r} is no state and provenance",
            f"{', '.join(get_args(State))} and {', '.join(get_args(Origin))} are known",
        )
    try:
        category = row.text("class") or row.text("category") or None
        return [Mark(start=start, end=end, state=state, category=category, origin=origin)]  # type: ignore[arg-type]
    except ValueError as error:
        raise DatasetError(f"{row.place}: {error}", "correct the frames") from error


FORMATS = (
    Format(
        name="segments-csv",
        title="Segments, CSV",
        group="Tables and arrays",
        extension=".csv",
        file_name="segments.csv",
        instants=True,
        loses=(AUTHORS,),
        verified_by="DuckDB",
        write=_write,
        show=_lines,
        read=_read,
        is_like=lambda path, head: head.lstrip().startswith("video,start_frame,end_frame"),
    ),
)
