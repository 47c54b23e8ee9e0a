"""BORIS's aggregated events: a row per segment, times in seconds (spec/formats.md 5).

``.csv`` or, by the name of the file, ``.tsv``. Behaviours are the states; categories are BORIS's
behavioural categories.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from tpwng_core.datasets import video_id
from tpwng_core.errors import DatasetError
from tpwng_core.events import Reporter
from tpwng_core.formats.annotation import Annotation, Mark
from tpwng_core.formats.cells import Cell, Row, csv_lines, read_rows
from tpwng_core.formats.format import Entries, Format, ImportOptions
from tpwng_core.formats.items import Entry, ExportOptions
from tpwng_core.formats.losses import (
    AUTHORS,
    LENGTH,
    NO_SEGMENTS,
    ORIGIN,
    REVIEWED,
    VIDEO_CATEGORY,
)
from tpwng_core.formats.output import write_lines
from tpwng_core.formats.wording import media_name, state_and_category
from tpwng_core.labels import VALUES

_COLUMNS = (
    *("Observation id", "Observation date", "Description", "Observation duration"),
    *("Observation type", "Source", "Time offset (s)", "Coding duration", "Media duration (s)"),
    *("FPS (frame/s)", "Subject", "Observation duration by subject by observation", "Behavior"),
    *("Behavioral category", "Behavior type", "Start (s)", "Stop (s)", "Duration (s)"),
    *("Media file name", "Image index start", "Image index stop", "Image file path start"),
    *("Image file path stop", "Comment start", "Comment stop"),
)


def _lines(entries: Entries, options: ExportOptions, delimiter: str = ",") -> Iterator[str]:
    now = datetime.now().isoformat(sep=" ", timespec="seconds")
    yield from csv_lines([_COLUMNS], delimiter)
    for entry in entries:
        rows = ([row.get(name) for name in _COLUMNS] for row in _rows(entry, now))
        yield from csv_lines(rows, delimiter)


def _rows(entry: Entry, now: str) -> Iterator[dict[str, Cell]]:
    clock, said = entry.item.clock, entry.annotation
    length_s = round(float(clock.seconds(said.last_end)), 6)
    shared: dict[str, Cell] = {
        "Observation id": said.video,
        "Observation date": now,
        "Observation duration": length_s,
        "Observation type": "Media file(s)",
        "Source": f"player #1:{media_name(entry.item)}",
        "Time offset (s)": 0.0,
        "Coding duration": length_s,
        "Media duration (s)": length_s,
        "FPS (frame/s)": float(clock.fps),
        "Subject": "No focal subject",
        "Observation duration by subject by observation": length_s,
        "Behavior type": "STATE",
        "Media file name": media_name(entry.item),
    }
    for mark in said.marks:
        start, stop = (round(float(clock.seconds(frame)), 6) for frame in (mark.start, mark.end))
        yield {
            **shared,
            "Behavior": mark.state,
            "Behavioral category": mark.category,
            "Start (s)": start,
            "Stop (s)": stop,
            "Duration (s)": round(stop - start, 6),
            "Image index start": mark.start,
            "Image index stop": mark.end,
        }


def _write(entries: Entries, path: Path, options: ExportOptions, report: Reporter) -> list[Path]:
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    write_lines(path, _lines(entries, options, delimiter))
    return [path]


def _read(path: Path, options: ImportOptions) -> list[Annotation]:
    marks: dict[str, list[Mark]] = defaultdict(list)
    rates: dict[str, Fraction | None] = {}
    num_points = 0
    for row in read_rows(path, ("observation id", "behavior", "start (s)", "stop (s)")):
        video = _video(row, options)
        rates[video] = _rate(row)
        if row.text("behavior type").upper() == "POINT":
            num_points += 1
        else:
            marks[video].append(_mark(row, video, rates[video], options))
    if num_points:
        options.tell(f"{path.name}: {num_points} point events left out, they have no duration")
    return [
        Annotation(video=video, marks=tuple(marks[video]), fps=rate)
        for video, rate in rates.items()
    ]


def _video(row: Row, options: ImportOptions) -> str:
    """The observation where it is a video we know, else what the media file is called."""
    name = row.text("observation id")
    media = video_id(row.text("media file name"))
    return name if name in options.clocks or not media else media


def _rate(row: Row) -> Fraction | None:
    rate = row.number("fps (frame/s)") or row.number("fps")
    return Fraction(rate).limit_denominator(1001) if rate else None


def _mark(row: Row, video: str, rate: Fraction | None, options: ImportOptions) -> Mark:
    clock = options.clock(video, rate)
    times = row.number("start (s)"), row.number("stop (s)")
    if clock is None:
        raise DatasetError(
            f"{row.place}: the frame rate of {video} is not known", "give --videos or --fps"
        )
    if times[0] is None or times[1] is None:
        raise DatasetError(f"{row.place} has no start or stop", "export aggregated events")
    behavior = row.text("behavior")
    state, category = state_and_category(behavior)
    if behavior in VALUES:
        category = row.text("behavioral category") or None
    start, end = (clock.frame(Fraction(time)) for time in times if time is not None)
    return Mark(start=start, end=end, state=state, category=category)


FORMATS = (
    Format(
        name="boris",
        title="BORIS, aggregated events",
        group="Annotation tools",
        extension=".csv",
        file_name="boris.csv",
        unit="seconds",
        loses=(AUTHORS, ORIGIN, REVIEWED, VIDEO_CATEGORY, LENGTH, NO_SEGMENTS),
        verified_by="DuckDB",
        write=_write,
        show=_lines,
        read=_read,
        is_like=lambda path, head: "Behavior type" in head and "Start (s)" in head,
    ),
)
