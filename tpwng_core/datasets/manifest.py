"""The manifest: ``video,label[,split]`` rows, or a benchmark's list in its place, as records.

Rows come from here (CSV), from ``lists.py`` (benchmark lists, class folders); all of them go
through the same checks. Every complaint names the file, the line and the remedy.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from hashlib import sha1
from pathlib import Path, PurePosixPath

from tpwng_core.config import did_you_mean
from tpwng_core.datasets.lists import Row, read_class_folder, read_feature_list, read_path_list
from tpwng_core.datasets.names import is_normal_name, parse_label, video_id
from tpwng_core.datasets.records import Split, VideoRecord
from tpwng_core.datasets.text import header_of, read_table, read_text
from tpwng_core.errors import DatasetError
from tpwng_core.files import write_text

_COLUMNS = ("video", "label", "split")
_SPLITS: dict[str, Split | None] = {"": None, "train": "train", "val": "val", "test": "test"}


def read_manifest(path: Path, categories: Sequence[str] | None = None) -> list[VideoRecord]:
    """Videos of a manifest, of a benchmark's list file, or of a folder with one folder a class.

    What the file is, is told from its first line: a header with ``video`` (manifest), the
    header ``path,label`` (published feature lists; ten crops of a video become one record), or
    no header (UCF-Crime's ``Anomaly_*.txt`` and other lists of paths). ``.gz`` is undone.

    Args:
        path: the file or folder.
        categories: ids that may occur; labels are written as here. None allows any, written
            as where the file first names them.

    Returns:
        One record per video, in the order of the file. Two files of one stem get ids with a
        hash of the path relative to the folder that holds all listed files.

    Raises:
        DatasetError: the file is missing, empty, not a manifest, or wrong in a line.
    """
    if path.is_dir():
        return _records(read_class_folder(path), path, categories)
    text = read_text(path)
    header = header_of(text)
    if header == ["path", "label"]:
        rows = read_feature_list(text, path)
    elif {*_COLUMNS[:2]} & {*header}:
        rows = _read_rows(text, path)
    else:
        rows = read_path_list(text, path)
    return _records(rows, path, categories)


def write_manifest(path: Path, records: Sequence[VideoRecord]) -> None:
    """Write records as ``video,label,split``; an unlabelled video has an empty label.

    A record's path is written (relative to the manifest where it lies below it) if its stem is
    the id, else the id alone.

    Raises:
        OutputError: the file cannot be written.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for item in records:
        label = "|".join(item.labels) or ("normal" if item.labelled else "")
        writer.writerow((_cell(item, path.parent), label, item.split or ""))
    write_text(path, buffer.getvalue())


def _cell(item: VideoRecord, folder: Path) -> str:
    if item.path is None or video_id(item.path.name) != item.video:
        return item.video
    if item.path.is_relative_to(folder):
        return item.path.relative_to(folder).as_posix()
    return str(item.path)


def _read_rows(text: str, path: Path) -> list[Row]:
    table = read_table(text, path, _COLUMNS[:2])
    for name in table.header:
        near = did_you_mean(name, _COLUMNS)
        if name not in _COLUMNS and near.startswith("did you mean"):
            raise DatasetError(f"{path}: there is no column {name!r}", near)
    return [
        Row(line=line, name=row["video"], label=row["label"], split=row.get("split", ""))
        for line, row in table.rows
    ]


def _records(rows: list[Row], path: Path, categories: Sequence[str] | None) -> list[VideoRecord]:
    if not rows:
        raise DatasetError(f"{path} lists no video", "add a line per video below the header")
    folder = path if path.is_dir() else path.parent
    known = {name.casefold(): name for name in categories or () if not is_normal_name(name)}
    ids = _video_ids(rows, path)
    records: dict[str, VideoRecord] = {}
    for row, video in zip(rows, ids, strict=True):
        place = f"{path} line {row.line}"
        record = VideoRecord(
            video=video,
            path=_file(row, folder),
            labels=_labels(row, known, closed=categories is not None, place=place),
            split=_split(row, place),
            labelled=bool(row.label),
        )
        if records.setdefault(video, record) != record:
            raise DatasetError(f"{place} labels {video} otherwise than before", "keep one label")
    return list(records.values())


def _labels(row: Row, known: dict[str, str], *, closed: bool, place: str) -> tuple[str, ...]:
    """Canonical category ids of a row; an open ``known`` learns the spelling of new ones."""
    if not row.label:
        return ()
    try:
        parsed = parse_label(row.label)
    except ValueError as error:
        hint = "write normal, or category ids joined by |"
        raise DatasetError(f"{place}: {error}", hint) from error
    for name in parsed:
        if closed and name.casefold() not in known:
            hint = did_you_mean(name, [*known.values(), "normal"])
            raise DatasetError(f"{place}: there is no category {name!r}", hint)
        known.setdefault(name.casefold(), name)
    return tuple(dict.fromkeys(known[name.casefold()] for name in parsed))


def _split(row: Row, place: str) -> Split | None:
    if row.split.lower() not in _SPLITS:
        hint = did_you_mean(row.split.lower(), ["train", "val", "test"])
        raise DatasetError(f"{place}: there is no split {row.split!r}", hint)
    return _SPLITS[row.split.lower()]


def _file(row: Row, folder: Path) -> Path | None:
    """The listed file, relative names below the manifest's folder; None for a bare id."""
    if row.crops or row.name == video_id(row.name):
        return None
    beside = folder / row.name.replace("\\", "/")
    here = Path(row.name)
    return here if here.exists() and not beside.exists() else beside


def _video_ids(rows: list[Row], path: Path) -> list[str]:
    """Id of each row; files that share a stem are told apart as spec/files.md says."""
    lines: dict[str, int] = {}
    names_by_id: dict[str, set[str]] = {}
    for row in rows:
        if not row.name:
            raise DatasetError(f"{path} line {row.line} names no video", "fill in the video")
        names = names_by_id.setdefault(video_id(row.name), set())
        bare = video_id(row.name) in {row.name, *names}
        if not row.crops and (row.name in names or (names and bare)):
            first = lines[video_id(row.name)]
            message = f"{path} line {row.line} lists {row.name} again, after line {first}"
            raise DatasetError(message, "list a video once; join its categories by |")
        names.add(row.name)
        lines.setdefault(video_id(row.name), row.line)
    shared = {video for video, names in names_by_id.items() if len(names) > 1}
    if not shared:
        return [video_id(row.name) for row in rows]
    files = [PurePosixPath(row.name.replace("\\", "/")) for row in rows]
    root = os.path.commonpath([str(file.parent) for file in files])
    return [
        _told_apart(row, root) if video_id(row.name) in shared else video_id(row.name)
        for row in rows
    ]


def _told_apart(row: Row, root: str) -> str:
    relative = os.path.relpath(row.name.replace("\\", "/"), root or ".")
    return f"{video_id(row.name)}-{sha1(relative.encode()).hexdigest()[:8]}"
