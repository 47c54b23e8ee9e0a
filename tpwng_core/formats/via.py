"""VGG Image Annotator 3: a project as JSON, or its temporal segments as CSV (spec/formats.md 6).

Times in seconds. Marks of single instants or of regions are not segments and are told.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from tpwng_core.datasets import read_text, video_id
from tpwng_core.errors import DatasetError
from tpwng_core.formats.annotation import Annotation, Mark
from tpwng_core.formats.cells import Cell, csv_lines
from tpwng_core.formats.format import Entries, Format, ImportOptions
from tpwng_core.formats.items import Entry, ExportOptions
from tpwng_core.formats.jsonfiles import json_lines, looks_like_json, read_json
from tpwng_core.formats.losses import (
    AUTHORS,
    LENGTH,
    NO_SEGMENTS,
    ORIGIN,
    REVIEWED,
    VIDEO_CATEGORY,
)
from tpwng_core.formats.wording import mark_text, media_name, state_and_category

_ATTRIBUTE = "TEMPORAL-SEGMENTS"
_HEADER = "# CSV_HEADER = "
_COLUMNS = (
    "metadata_id",
    "file_list",
    "temporal_segment_start",
    "temporal_segment_end",
    "metadata",
)
_LOSES = (AUTHORS, ORIGIN, REVIEWED, VIDEO_CATEGORY, LENGTH)
_VIDEO, _LOCAL, _SELECT = 4, 1, 4


def _lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    names = [str(number) for number in range(1, len(entries) + 1)]
    texts = sorted({mark_text(mark) for entry in entries for mark in entry.annotation.marks})
    attribute = {
        "aname": _ATTRIBUTE,
        "anchor_id": "FILE1_Z2_XY0",
        "type": _SELECT,
        "desc": "state of the frames, and their category",
        "options": {text: text for text in texts},
        "default_option_id": "",
    }
    project = {
        "pid": "__VIA_PROJECT_ID__",
        "rev": "__VIA_PROJECT_REV_ID__",
        "rev_timestamp": "__VIA_PROJECT_REV_TIMESTAMP__",
        "pname": "tpwng-studio",
        "data_format_version": "3.1.1",
        "creator": "tpwng-studio",
        "created": 0,
        "vid_list": names,
    }
    config = {"file": {"loc_prefix": {"1": "", "2": "", "3": "", "4": ""}}, "ui": {}}
    files = {name: _file(name, entry) for name, entry in zip(names, entries, strict=True)}
    return json_lines(
        {
            "project": project,
            "config": config,
            "attribute": {"1": attribute},
            "file": files,
            "metadata": dict(_metadata(names, entries)),
            "view": {name: {"fid_list": [name]} for name in names},
        }
    )


def _file(name: str, entry: Entry) -> dict[str, Any]:
    fname = media_name(entry.item)
    return {"fid": name, "fname": fname, "type": _VIDEO, "loc": _LOCAL, "src": fname}


def _metadata(names: Sequence[str], entries: Entries) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, entry in zip(names, entries, strict=True):
        for number, mark in enumerate(entry.annotation.marks, start=1):
            said = {"vid": name, "flg": 0, "z": _times(mark, entry), "xy": []}
            yield f"{name}_{number:08d}", {**said, "av": {"1": mark_text(mark)}}


def _times(mark: Mark, entry: Entry) -> list[float]:
    clock = entry.item.clock
    return [round(float(clock.seconds(frame)), 6) for frame in (mark.start, mark.end)]


def _csv_lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    yield "# Exported by tpwng-studio for the VGG Image Annotator\n"
    yield "# Notes: temporal segments in seconds\n"
    yield f"{_HEADER}{','.join(_COLUMNS)}\n"
    for place, entry in enumerate(entries, start=1):
        files = json.dumps([media_name(entry.item)], ensure_ascii=False)
        for number, mark in enumerate(entry.annotation.marks, start=1):
            said = json.dumps({_ATTRIBUTE: mark_text(mark)}, ensure_ascii=False)
            times = _times(mark, entry)
            row: list[Cell] = [f"{place}_{number:08d}", files, *times, said]
            yield from csv_lines([row], quotes_text=True)


def _read(path: Path, options: ImportOptions) -> list[Annotation]:
    content = read_json(path)
    try:
        videos = {
            view: video_id(content["file"][str(said["fid_list"][0])]["fname"])
            for view, said in content["view"].items()
        }
        named = _options(content["attribute"])
        marks: dict[str, list[Mark]] = {video: [] for video in videos.values()}
        for said in content["metadata"].values():
            video = videos[str(said["vid"])]
            values = [named(key, value) for key, value in said["av"].items()]
            spot = (said["z"], said.get("xy", []))
            marks[video] += _mark(spot, next(iter(values), ""), video, path, options)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise DatasetError(f"{path} is no project of VIA 3: {error}", "save it again") from error
    return [Annotation(video=video, marks=tuple(said)) for video, said in marks.items()]


def _options(attributes: Mapping[str, Any]) -> Any:
    """From an attribute's id and an option's id to the option's text."""

    def text(attribute: str, option: str) -> str:
        return str(attributes.get(attribute, {}).get("options", {}).get(option, option))

    return text


def _mark(
    spot: tuple[Any, Any], text: str, video: str, path: Path, options: ImportOptions
) -> list[Mark]:
    times, region = spot
    if not isinstance(times, list) or len(times) != 2 or region:
        options.tell(f"{path.name}: a mark of {video} is no stretch of time, left out")
        return []
    clock = options.clock(video)
    if clock is None:
        hint = "give --videos or --fps"
        raise DatasetError(f"{path}: the frame rate of {video} is not known", hint)
    start, end = (clock.frame(Fraction(float(time))) for time in times)
    state, category = state_and_category(text)
    return [Mark(start=start, end=end, state=state, category=category)]


def _read_csv(path: Path, options: ImportOptions) -> list[Annotation]:
    text = read_text(path).replace("\r\n", "\n")
    lines = text.split("\n")
    heads = [line.removeprefix(_HEADER) for line in lines if line.startswith(_HEADER)]
    if not heads:
        raise DatasetError(f"{path} has no line {_HEADER!r}", "is it a CSV of VIA 3?")
    header = heads[0].strip().split(",")
    marks: dict[str, list[Mark]] = defaultdict(list)
    body = csv.reader(line for line in lines if line and not line.startswith("#"))
    for cells in body:
        try:
            row = dict(zip(header, cells, strict=True))
            video = video_id(json.loads(row["file_list"])[0])
            values = [str(value) for value in json.loads(row["metadata"]).values()]
            spot = (_csv_times(row), json.loads(row.get("spatial_coordinates", "[]")))
            marks[video] += _mark(spot, next(iter(values), ""), video, path, options)
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise DatasetError(
                f"{path}: {','.join(cells)[:80]!r} is no segment", "save it again"
            ) from error
    return [Annotation(video=video, marks=tuple(said)) for video, said in marks.items()]


def _csv_times(row: Mapping[str, str]) -> Any:
    """Both layouts VIA has had: two columns, or a list in one."""
    if "temporal_coordinates" in row:
        return json.loads(row["temporal_coordinates"])
    return [float(row["temporal_segment_start"]), float(row["temporal_segment_end"])]


FORMATS = (
    Format(
        name="via",
        title="VIA 3, project",
        group="Annotation tools",
        extension=".json",
        file_name="via.json",
        unit="seconds",
        instants=True,
        loses=_LOSES,
        verified_by="json, field by field",
        lines=_lines,
        read=_read,
        is_like=lambda path, head: looks_like_json(head, "project", "config", "attribute"),
    ),
    Format(
        name="via-csv",
        title="VIA 3, CSV",
        group="Annotation tools",
        extension=".csv",
        file_name="via.csv",
        unit="seconds",
        instants=True,
        loses=(*_LOSES, NO_SEGMENTS),
        verified_by="csv and json",
        lines=_csv_lines,
        read=_read_csv,
        is_like=lambda path, head: _HEADER in head,
    ),
)
