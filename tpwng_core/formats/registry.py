"""All formats by name, found in the files of this folder, and what is done with them.

A file that defines ``FORMATS`` is a format and needs to be named nowhere else. Called by the
verbs export and import, by evaluate, and by the studio's wizard.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from tpwng_core.config import did_you_mean
from tpwng_core.datasets import read_text
from tpwng_core.errors import ConfigError, DatasetError, InputError, TpwngError
from tpwng_core.events import Reporter, silent
from tpwng_core.formats.annotation import (
    Annotation,
    Mark,
    labels_of_annotation,
    truth_of_annotation,
)
from tpwng_core.formats.format import Format, ImportOptions
from tpwng_core.formats.items import Entry, ExportItem, ExportOptions, annotation_of
from tpwng_core.formats.losses import lost_of, remains_of
from tpwng_core.formats.output import target_path, write_lines
from tpwng_core.groundtruth import GroundTruth
from tpwng_core.labels import VideoLabels

FORMATS: dict[str, Format] = {}
"""Every format by its name; filled when the package is imported."""

_HEAD_CHARACTERS = 1 << 16
_DEFAULTS = ExportOptions()
_READ_DEFAULTS = ImportOptions()


def discover(folders: Iterable[str], package: str) -> dict[str, Format]:
    """Formats defined by the modules of a package, in the order of their names.

    Args:
        folders: of the package.
        package: its dotted name.
    """
    found: dict[str, Format] = {}
    for module in pkgutil.iter_modules(folders):
        if module.name != "registry":
            content = importlib.import_module(f"{package}.{module.name}")
            found |= {item.name: item for item in getattr(content, "FORMATS", ())}
    return dict(sorted(found.items()))


def format_named(name: str) -> Format:
    """A format by its name.

    Raises:
        ConfigError: there is none.
    """
    if name not in FORMATS:
        raise ConfigError(f"there is no format {name!r}", did_you_mean(name, FORMATS))
    return FORMATS[name]


def _entries(
    items: Iterable[ExportItem], chosen: Format, options: ExportOptions
) -> tuple[Entry, ...]:
    """The videos of an export as their format will write them.

    Raises:
        ConfigError: something would be lost that nobody agreed to lose; says the choices.
    """
    entries = []
    for item in items:
        if options.source == "human" and not (item.is_labelled or chosen.has_curves):
            continue
        said = annotation_of(item, options.source)
        if options.reviewed_only and not said.reviewed:
            continue
        settled = _settled(said, chosen, options)
        entries.append(Entry(item=item, annotation=settled, source=options.source))
    if not entries:
        raise ConfigError(
            f"{chosen.name} finds no labelled video"
            + (" that was reviewed" if options.reviewed_only else ""),
            "label or review some, or choose another --source",
        )
    return tuple(entries)


def export(
    items: ExportItem | Sequence[ExportItem],
    name: str,
    out: Path,
    options: ExportOptions = _DEFAULTS,
    report: Reporter = silent,
) -> list[Path]:
    """Write videos in a format; every file is whole or not there.

    Args:
        items: the videos.
        name: of the format.
        out: a file; or a folder, where it is one, has no suffix, or gets several files.
        options: choices.
        report: hears of progress; may cancel.

    Returns:
        The files written.

    Raises:
        ConfigError: the format cannot say what is there; names the choices.
        OutputError: a file cannot be written.
    """
    chosen = format_named(name)
    if not chosen.can_write:
        raise ConfigError(f"{chosen.name} can only be read", "choose another format")
    videos = [items] if isinstance(items, ExportItem) else list(items)
    entries = _entries(videos, chosen, options)
    batches = [(entry,) for entry in entries] if chosen.per_video else [entries]
    written = []
    for batch in batches:
        path = target_path(chosen, batch, out, alone=len(batches) == 1)
        if chosen.lines is not None:
            write_lines(path, chosen.lines(batch, options))
            written.append(path)
        else:
            assert chosen.write is not None
            written += chosen.write(batch, path, options, report)
    return written


def preview(
    items: Sequence[ExportItem],
    name: str,
    options: ExportOptions = _DEFAULTS,
    num_lines: int = 12,
) -> str:
    """The first lines of what an export would write.

    Raises:
        ConfigError: as :func:`export`.
    """
    chosen = format_named(name)
    entries = _entries(items, chosen, options)
    show = chosen.lines or chosen.show
    if show is None:
        return f"{len(entries)} files {chosen.extension}"
    batch = entries[:1] if chosen.per_video else entries
    text = "".join(islice(show(batch, options), num_lines))
    return "\n".join(text.splitlines()[:num_lines])


def losses_of(
    items: Sequence[ExportItem], name: str, options: ExportOptions = _DEFAULTS
) -> list[str]:
    """What this very export would lose, in words.

    Raises:
        ConfigError: as :func:`export`.
    """
    losses = format_named(name).loses
    said = (annotation_of(item, options.source) for item in items)
    suffered = {loss.text for annotation in said for loss in lost_of(annotation, losses)}
    return [loss.text for loss in losses if loss.text in suffered]


def expected(
    items: Sequence[ExportItem], name: str, options: ExportOptions = _DEFAULTS
) -> list[Annotation]:
    """What reading this very export back gives: what it says, less the declared losses.

    Raises:
        ConfigError: as :func:`export`.
    """
    chosen = format_named(name)
    entries = _entries(items, chosen, options)
    left = (remains_of(entry.annotation, chosen.loses) for entry in entries)
    return [annotation for annotation in left if annotation is not None]


def sniff(path: Path) -> str | None:
    """Name of the format that a file looks like, by its content; None where it looks like none."""
    try:
        head = read_text(path)[:_HEAD_CHARACTERS]
    except DatasetError:
        head = ""  # not text: a format may still know the file by its bytes
    likely = (
        item.name
        for item in FORMATS.values()
        if item.is_like is not None and item.is_like(path, head)
    )
    return next(likely, None)


def read_annotations(
    path: Path, name: str, options: ImportOptions = _READ_DEFAULTS
) -> list[Annotation]:
    """What a file says, video by video in its order: overlaps, pseudo-labels and all.

    Raises:
        InputError: the file is missing or wrong; names the line and the remedy.
    """
    chosen = format_named(name)
    if chosen.read is None:
        raise ConfigError(f"{chosen.name} can only be written", "choose another format")
    try:
        return [_timed(item, options) for item in chosen.read(path, options)]
    except TpwngError:
        raise
    except ValueError as error:
        raise DatasetError(f"{path}: {error}", f"is it of format {chosen.name}?") from error


def import_(path: Path, name: str, options: ImportOptions = _READ_DEFAULTS) -> list[VideoLabels]:
    """What a file says as labels, one per video.

    Raises:
        InputError: as :func:`read_annotations`; a frame rate is missing; segments overlap.
    """
    found = []
    for item in read_annotations(path, name, options):
        kept = tuple(mark for mark in item.marks if options.with_pseudo or _is_said(mark))
        if len(kept) < len(item.marks):
            text = f"{item.video}: {len(item.marks) - len(kept)} pseudo-labels left out"
            options.tell(text)
        said = replace(item, marks=kept)
        found.append(labels_of_annotation(said, overlaps=options.overlaps, tell=options.tell))
    videos = [labels.video for labels in found]
    twice = {video for video in videos if videos.count(video) > 1}
    if twice:
        raise InputError(f"{path} names {min(twice)} twice", "give each video another name")
    return found


def _settled(said: Annotation, chosen: Format, options: ExportOptions) -> Annotation:
    """The annotation as it will be written: unknown decided, overlaps refused."""
    if said.has_overlaps and not chosen.overlaps:
        raise ConfigError(
            f"{chosen.name} cannot hold the segments of {said.video} that overlap",
            "choose a format of segments, e.g. segments-csv",
        )
    if not chosen.instants and any(mark.start == mark.end for mark in said.marks):
        raise ConfigError(
            f"{chosen.name} cannot hold the segments of {said.video} that have no frame",
            "choose a format of segments, e.g. segments-csv",
        )
    unknown = [mark for mark in said.marks if mark.state == "unknown"]
    if not unknown or (options.unknown == "error" and "unknown" in chosen.states):
        return said
    if options.unknown == "error":
        raise ConfigError(
            f"{chosen.name} cannot say unknown, as {said.video} does {_times(len(unknown))}",
            "choose --unknown omit or --unknown normal, or decide them",
        )
    return replace(said, marks=tuple(_decided(said.marks, options)))


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _decided(marks: Iterable[Mark], options: ExportOptions) -> Iterator[Mark]:
    for mark in marks:
        if mark.state != "unknown":
            yield mark
        elif options.unknown == "normal":
            yield replace(mark, state="normal")


def _is_said(mark: Mark) -> bool:
    return mark.origin != "pseudo"


def _timed(item: Annotation, options: ImportOptions) -> Annotation:
    """With length and frame rate of the video, where the file does not have them."""
    own = options.clocks.get(item.video)
    if own is not None:
        return replace(item, num_frames=own.num_frames or item.num_frames, fps=own.fps)
    return replace(item, fps=options.fps or item.fps)


def read_truth(path: Path, name: str, options: ImportOptions = _READ_DEFAULTS) -> GroundTruth:
    """A file as ground truth: its abnormal segments, overlaps kept, pseudo-labels left out.

    Raises:
        InputError: as :func:`read_annotations`.
    """
    found = read_annotations(path, name, options)
    said = (replace(item, marks=tuple(filter(_is_said, item.marks))) for item in found)
    return {item.video: truth_of_annotation(item) for item in said}
