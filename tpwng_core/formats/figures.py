"""One figure per video in the manner of the paper's Fig. 3, as SVG or PNG; written only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tpwng_core.events import Reporter
from tpwng_core.formats.drawing import curves_of_entry
from tpwng_core.formats.format import Entries, Format
from tpwng_core.formats.items import ExportOptions


def _write(entries: Entries, path: Path, options: ExportOptions, report: Reporter) -> list[Path]:
    from tpwng_core.report import canvas
    from tpwng_core.report.video_figure import video_figure

    canvas.save(video_figure(curves_of_entry(entries[0])), path)
    return [path]


def _show(entries: Entries, options: ExportOptions) -> Iterator[str]:
    from tpwng_core.report.curves import describe

    yield from (f"{describe(curves_of_entry(entry))}\n" for entry in entries)


FORMATS = tuple(
    Format(
        name=f"figure-{kind}",
        title=f"Figure of a video, {kind.upper()}",
        group="Pictures, films and reports",
        extension=f".{kind}",
        per_video=True,
        has_curves=True,
        verified_by=reader,
        write=_write,
        show=_show,
    )
    for kind, reader in (("svg", "an XML parser"), ("png", "Pillow"))
)
