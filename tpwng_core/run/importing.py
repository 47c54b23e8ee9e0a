"""The verb import: what another tool's file says, as labels.

Called by the command line and the worker. No torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tpwng_core.errors import InputError
from tpwng_core.events import Artifact, Message, Reporter, Started
from tpwng_core.formats import ImportOptions, format_named, import_, sniff
from tpwng_core.formats.annotation import Overlaps
from tpwng_core.labels import label_path, write_labels
from tpwng_core.run.gathering import NOWHERE, Sources, clocks_of

AUTO = "auto"


@dataclass(frozen=True, kw_only=True)
class ImportRequest:
    """What to import.

    Attributes:
        file: of another tool.
        format: name of its format, or "auto" to find out.
        out: LABELS folder.
        beside: where lengths and times of the videos are found.
        overlaps: what to do with segments that overlap.
        with_pseudo: take pseudo-labels in the file as labels.
        inclusive_end: benchmark files whose ends belong to the segment.
        replace: labels that are there already may be replaced; they stay as ``.bak``.
    """

    file: Path
    out: Path
    format: str = AUTO
    beside: Sources = NOWHERE
    overlaps: Overlaps = "error"
    with_pseudo: bool = False
    inclusive_end: bool = False
    replace: bool = False


def import_file(request: ImportRequest, report: Reporter) -> dict[str, Any]:
    """Write the labels of every video in the file.

    Returns:
        Summary: the format, numbers of videos and segments, and the folder.

    Raises:
        InputError: the file is wrong, of no known format, or there are labels already.
        OutputError: the labels cannot be written.
    """
    report(Started(verb="import"))
    name = _format(request)
    options = ImportOptions(
        clocks=clocks_of(request.beside),
        fps=request.beside.fps,
        overlaps=request.overlaps,
        with_pseudo=request.with_pseudo,
        inclusive_end=request.inclusive_end,
        tell=lambda text: report(Message(level="warning", text=text)),
    )
    found = import_(request.file, name, options)
    paths = [label_path(request.out, labels.video) for labels in found]
    there = [path for path in paths if path.exists()]
    if there and not request.replace:
        raise InputError(
            f"{there[0]} and {len(there) - 1} others are there already",
            "--replace replaces them and keeps each as .bak",
        )
    for path, labels in zip(paths, found, strict=True):
        write_labels(path, labels)
        report(Artifact(kind="labels", path=path))
    return {
        "format": name,
        "videos": len(found),
        "segments": sum(len(labels.segments) for labels in found),
        "out": str(request.out),
    }


def _format(request: ImportRequest) -> str:
    if request.format != AUTO:
        return format_named(request.format).name
    name = sniff(request.file)
    if name is None:
        raise InputError(f"{request.file} looks like no format we know", "name it: --format NAME")
    return name
