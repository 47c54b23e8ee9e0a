"""The verb export: labels, pseudo-labels or scores of videos in the formats of other tools.

Called by the command line and the worker. No torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tpwng_core.errors import SomeInputsFailed, TpwngError
from tpwng_core.events import Artifact, Event, Message, Progress, Reporter, Started, Ticker
from tpwng_core.formats import (
    FORMATS,
    ExportItem,
    ExportOptions,
    Source,
    UnknownPolicy,
    export,
    format_named,
    losses_of,
)
from tpwng_core.formats.items import Slots
from tpwng_core.run.gathering import NOWHERE, Sources, gather

ALL = "all"


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """What to export.

    Attributes:
        given: see :func:`~tpwng_core.run.gathering.gather`.
        format: name of a format, or "all".
        out: file or folder; a folder with one folder per format for "all".
        beside: where else to look.
        source: None: what people said where they said something, else the pseudo-labels, else
            the ground truth.
        unknown: None: refuse; for "all" leave out, where a format cannot say it.
        slots: None: refuse; for "all" widen the line.
        reviewed_only: leave out videos that nobody reviewed.
        inclusive_end: benchmark files whose ends belong to the segment.
    """

    given: Path
    format: str
    out: Path
    beside: Sources = NOWHERE
    source: Source | None = None
    unknown: UnknownPolicy | None = None
    slots: Slots | None = None
    reviewed_only: bool = False
    inclusive_end: bool = False


def export_files(request: ExportRequest, report: Reporter) -> dict[str, Any]:
    """Write the files.

    Returns:
        Summary: number of videos, the source, files by format, and the folder or file.

    Raises:
        TpwngError: one format was asked for and cannot say what is there.
        SomeInputsFailed: of all formats some cannot; the others are written.
    """
    names = _names(request.format)
    items = gather(request.given, request.beside)
    options = _options(request, items)
    report(Started(verb="export", total=len(names)))
    ticker = Ticker(report, len(names), "format")
    written: dict[str, list[str]] = {}
    failed: dict[str, TpwngError] = {}
    for name in names:
        try:
            written[name] = _export_one(name, items, options, request, report)
        except TpwngError as error:
            if request.format != ALL:
                raise
            failed[name] = error
        ticker.advance()
    if failed:
        table = "\n".join(f"  {name}: {error}" for name, error in failed.items())
        raise SomeInputsFailed(
            f"{len(failed)} of {len(names)} formats cannot say this:\n{table}",
            "the others are written",
        )
    return {
        "videos": len(items),
        "source": options.source,
        "files": written,
        "out": str(request.out),
    }


def _names(asked: str) -> list[str]:
    if asked != ALL:
        return [format_named(asked).name]
    return [item.name for item in FORMATS.values() if item.can_write]


def _options(request: ExportRequest, items: Sequence[ExportItem]) -> ExportOptions:
    return ExportOptions(
        source=request.source or _best_source(items),
        unknown=request.unknown or "error",
        slots=request.slots or ("widen" if request.format == ALL else "refuse"),
        reviewed_only=request.reviewed_only,
        inclusive_end=request.inclusive_end,
    )


def _best_source(items: Sequence[ExportItem]) -> Source:
    if any(item.is_labelled for item in items):
        return "human"
    if any(item.curves is not None for item in items):
        return "pseudo"
    return "truth" if any(item.truth is not None for item in items) else "human"


def _export_one(
    name: str,
    items: Sequence[ExportItem],
    options: ExportOptions,
    request: ExportRequest,
    report: Reporter,
) -> list[str]:
    chosen = format_named(name)
    is_one_of_all = request.format == ALL
    if is_one_of_all and request.unknown is None and "unknown" not in chosen.states:
        options = replace(options, unknown="omit")
    lost = losses_of(items, name, options)
    if lost:
        report(Message(level="info", text=f"{name} does not keep: {'; '.join(lost)}"))
    out = request.out / name if is_one_of_all else request.out
    inner = _without_progress(report) if is_one_of_all else report
    paths = export(items, name, out, options, inner)
    for path in paths:
        report(Artifact(kind=name, path=path))
    return [str(path) for path in paths]


def _without_progress(report: Reporter) -> Reporter:
    """What a format says of its own progress would hide that of all formats."""

    def inner(event: Event) -> None:
        if not isinstance(event, Progress):
            report(event)

    return inner
