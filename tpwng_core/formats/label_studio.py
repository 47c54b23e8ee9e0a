"""Label Studio's video timeline: people's segments as annotations, pseudo-labels as predictions.

Frames count from 1 and ends are inclusive (spec/formats.md 8). The labelling configuration with
the true frame rate, without which Label Studio shows frames off by some, lies beside the tasks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import numpy as np

from tpwng_core import __version__
from tpwng_core.datasets import video_id
from tpwng_core.errors import DatasetError
from tpwng_core.events import Reporter
from tpwng_core.formats.annotation import Annotation, Mark, Origin
from tpwng_core.formats.format import Entries, Format, ImportOptions
from tpwng_core.formats.items import Entry, ExportOptions
from tpwng_core.formats.jsonfiles import json_lines, looks_like_json, read_json
from tpwng_core.formats.losses import AUTHORS, ORDER
from tpwng_core.formats.markup import empty, nested
from tpwng_core.formats.output import write_lines
from tpwng_core.formats.wording import mark_text, media_name, state_and_category

_FROM, _TO = "timelineLabels", "video"
_TYPE = "timelinelabels"


def _lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    return json_lines([_task(entry) for entry in entries])


def _task(entry: Entry) -> dict[str, Any]:
    said, rate = entry.annotation, entry.item.clock.fps
    data = {
        "video": media_name(entry.item),
        "fps": float(rate),
        "id": said.video,
        "frame_rate": str(rate),
        "num_frames": said.num_frames,
        "category": said.category,
        "reviewed": said.reviewed,
    }
    people = [mark for mark in said.marks if mark.origin != "pseudo"]
    inferred = [mark for mark in said.marks if mark.origin == "pseudo"]
    task: dict[str, Any] = {"data": data, "annotations": [], "predictions": []}
    if people or not inferred:
        task["annotations"] = [{"result": _results(people, "a")}]
    if inferred:
        scores = [mark.mean_score for mark in inferred if mark.mean_score is not None]
        score = round(float(np.mean(scores)), 6) if scores else None
        version = f"tpwng-studio {__version__}"
        results = _results(inferred, "p")
        task["predictions"] = [{"model_version": version, "score": score, "result": results}]
    return task


def _results(marks: list[Mark], prefix: str) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{prefix}{number}",
            "type": _TYPE,
            "from_name": _FROM,
            "to_name": _TO,
            "origin": "prediction" if mark.origin == "pseudo" else "manual",
            "meta": {"origin": mark.origin},
            "value": {
                "ranges": [{"start": mark.start + 1, "end": mark.end}],
                _TYPE: [mark_text(mark)],
            },
        }
        for number, mark in enumerate(marks, start=1)
    ]


def _config_lines(entries: Entries) -> Iterator[str]:
    marks = (mark for entry in entries for mark in entry.annotation.marks)
    texts = dict.fromkeys(["abnormal", "normal", "unknown", *(mark_text(mark) for mark in marks)])
    labels = (empty("Label", {"value": text}) for text in texts)
    parts = [
        *nested("TimelineLabels", labels, {"name": _FROM, "toName": _TO}),
        empty("Video", {"name": _TO, "value": "$video", "framerate": "$fps"}),
    ]
    return nested("View", parts)


def _write(entries: Entries, path: Path, options: ExportOptions, report: Reporter) -> list[Path]:
    config = path.with_name(f"{path.stem}.config.xml")
    write_lines(config, _config_lines(entries))
    write_lines(path, _lines(entries, options))
    return [path, config]


def _read(path: Path, options: ImportOptions) -> list[Annotation]:
    tasks = read_json(path)
    if not isinstance(tasks, list):
        raise DatasetError(f"{path} is no list of tasks", "export JSON from Label Studio")
    return [_annotation(task, f"{path} task {number}") for number, task in enumerate(tasks, 1)]


def _annotation(task: Any, place: str) -> Annotation:
    try:
        data = task["data"]
        marks = [
            mark
            for part in ("annotations", "predictions")
            for said in task.get(part, [])
            for result in said["result"]
            for mark in _marks(result, predicted=part == "predictions")
        ]
        rate = data.get("frame_rate") or data.get("fps")
        return Annotation(
            video=str(data.get("id") or video_id(str(data["video"]))),
            marks=tuple(sorted(marks, key=lambda mark: (mark.start, mark.end))),
            num_frames=data.get("num_frames"),
            fps=Fraction(rate).limit_denominator(1001) if rate else None,
            category=data.get("category"),
            reviewed=bool(data.get("reviewed", False)),
        )
    except (KeyError, TypeError, AttributeError, ValueError, ZeroDivisionError) as error:
        raise DatasetError(
            f"{place} is no task with a video: {error}", "export it again"
        ) from error


def _marks(result: Mapping[str, Any], *, predicted: bool) -> Iterator[Mark]:
    """The stretches of one result; results of other tags are none."""
    if result.get("type") != _TYPE:
        return
    origin = (result.get("meta") or {}).get("origin")
    fallback = "pseudo" if predicted else "imported"
    for place in result["value"]["ranges"]:
        for text in result["value"][_TYPE]:
            state, category = state_and_category(text)
            yield Mark(
                start=int(place["start"]) - 1,
                end=int(place["end"]),
                state=state,
                category=category,
                origin=origin if origin in get_args(Origin) else fallback,  # type: ignore[arg-type]
            )


FORMATS = (
    Format(
        name="label-studio",
        title="Label Studio, video timeline",
        group="Annotation tools",
        extension=".json",
        file_name="label_studio.json",
        base=1,
        end="inclusive",
        loses=(AUTHORS, ORDER),
        verified_by="label-studio-sdk",
        write=_write,
        show=_lines,
        read=_read,
        is_like=lambda path, head: looks_like_json(head, "data", "annotations"),
    ),
)
