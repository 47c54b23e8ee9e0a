"""The review report: what was said of which video, as one HTML page with figures, or Markdown.

Written only. The page is whole in itself; it fetches nothing and runs no script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tpwng_core import __version__
from tpwng_core.events import Progress, Reporter
from tpwng_core.files import write_text
from tpwng_core.formats.drawing import curves_of_entry
from tpwng_core.formats.format import Entries, Format
from tpwng_core.formats.items import Entry, ExportOptions
from tpwng_core.formats.wording import mark_text
from tpwng_core.report.curves import VideoCurves

_VIDEO_COLUMNS = ("video", "category", "frames", "segments", "abnormal frames", "reviewed")
_SEGMENT_COLUMNS = ("video", "start", "end", "from s", "to s", "label", "by", "mean score")
_SOURCES = {
    "human": "what people said",
    "effective": "what people said, and where they said nothing the pseudo-labels",
    "pseudo": "the pseudo-labels",
    "truth": "the ground truth",
}


def _video_row(entry: Entry) -> tuple[str, ...]:
    said = entry.annotation
    abnormal = sum(mark.end - mark.start for mark in said.marks if mark.state == "abnormal")
    return (
        said.video,
        said.category or "not said",
        str(said.last_end),
        str(len(said.marks)),
        str(abnormal),
        "yes" if said.reviewed else "no",
    )


def _segment_rows(entry: Entry) -> Iterator[tuple[str, ...]]:
    clock = entry.item.clock
    for mark in entry.annotation.marks:
        times = (f"{float(clock.seconds(frame)):.2f}" for frame in (mark.start, mark.end))
        score = "" if mark.mean_score is None else f"{mark.mean_score:.2f}"
        by = mark.author or mark.origin
        frames = (str(mark.start), str(mark.end))
        yield (entry.item.video, *frames, *times, mark_text(mark), by, score)


def _summary(entries: Entries, options: ExportOptions) -> str:
    reviewed = sum(entry.annotation.reviewed for entry in entries)
    return (
        f"{len(entries)} videos, {reviewed} of them reviewed. The segments are "
        f"{_SOURCES[options.source]}; frames count from 0 and ends are the frame behind the last."
    )


def _markdown_lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    yield f"# Review report\n\n{_summary(entries, options)}\n\n## Videos\n\n"
    yield from _markdown_table(_VIDEO_COLUMNS, map(_video_row, entries))
    yield "\n## Segments\n\n"
    rows = (row for entry in entries for row in _segment_rows(entry))
    yield from _markdown_table(_SEGMENT_COLUMNS, rows)
    yield f"\nWritten by tpwng-studio {__version__}.\n"


def _markdown_table(columns: Sequence[str], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}\n"
    for row in rows:
        yield f"| {' | '.join(map(_markdown_cell, row))} |\n"


def _markdown_cell(text: str) -> str:
    """A cell that shows the text as it is: no markup, no link, no line break."""
    plain = re.sub(r"\s+", " ", text)
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~&@:])", r"\\\1", plain)


def _write_page(
    entries: Entries, path: Path, options: ExportOptions, report: Reporter
) -> list[Path]:
    from tpwng_core.report import html
    from tpwng_core.report.videos import video_blocks

    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        report(Progress(done=done, total=len(entries), unit="figure"))

    rows = [row for entry in entries for row in _segment_rows(entry)]
    sections = [
        html.section(
            "Videos",
            html.table(_VIDEO_COLUMNS, [_video_row(entry) for entry in entries], "All videos."),
        ),
        html.section("Segments", html.table(_SEGMENT_COLUMNS, rows, "All segments.")),
        html.section("Curves", *video_blocks(_drawable(entries), on_figure=count)),
    ]
    notice = _summary(entries, options)
    footer = f"Written by tpwng-studio {__version__}."
    write_text(path, html.page("Review report", notice, sections, footer=footer))
    return [path]


def _drawable(entries: Entries) -> list[VideoCurves]:
    return [curves_of_entry(entry) for entry in entries if entry.annotation.num_frames]


FORMATS = (
    Format(
        name="report-html",
        title="Review report, HTML",
        group="Pictures, films and reports",
        extension=".html",
        file_name="report.html",
        verified_by="Python's HTML parser",
        write=_write_page,
        show=_markdown_lines,
    ),
    Format(
        name="report-md",
        title="Review report, Markdown",
        group="Pictures, films and reports",
        extension=".md",
        file_name="report.md",
        verified_by="its own rows",
        lines=_markdown_lines,
    ),
)
