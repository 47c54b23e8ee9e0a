"""ActivityNet's JSON: a ground truth in seconds, or detections with a score (spec/formats.md 3).

Called through the registry; what is abnormal is an event, everything else is absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from tpwng_core.datasets import is_normal_name, video_id
from tpwng_core.errors import DatasetError
from tpwng_core.formats.annotation import Annotation, Mark, Origin
from tpwng_core.formats.clock import Clock
from tpwng_core.formats.format import ONLY_ABNORMAL, Entries, Format, ImportOptions
from tpwng_core.formats.items import Entry, ExportOptions, frame_curve
from tpwng_core.formats.jsonfiles import json_lines, looks_like_json, read_json
from tpwng_core.formats.losses import (
    AUTHORS,
    LENGTH,
    NOT_ABNORMAL,
    ORIGIN,
    REVIEWED,
    VIDEO_CATEGORY,
    Loss,
)
from tpwng_core.groundtruth import ANY_CATEGORY

_VERSION = "VERSION 1.3"
_LOSES = (AUTHORS, REVIEWED, NOT_ABNORMAL, VIDEO_CATEGORY, LENGTH)


def _predicted(annotation: Annotation) -> Annotation:
    marks = tuple(replace(mark, origin="pseudo") for mark in annotation.marks)
    return replace(annotation, marks=marks)


PREDICTED = Loss(
    "origin", "that a person said it: detections are read as pseudo-labels", _predicted
)


def _truth_lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    labels = sorted({_label(mark) for entry in entries for mark in _abnormal(entry)})
    taxonomy = [
        {"nodeName": name, "nodeId": number, "parentName": "Root", "parentId": 0}
        for number, name in enumerate(labels, start=1)
    ]
    root = {"nodeName": "Root", "nodeId": 0, "parentName": None, "parentId": None}
    database = {entry.item.video: _video(entry) for entry in entries}
    return json_lines({"version": _VERSION, "taxonomy": [root, *taxonomy], "database": database})


def _video(entry: Entry) -> dict[str, Any]:
    clock = entry.item.clock
    segments = [
        {"segment": _segment(mark, clock), "label": _label(mark)} for mark in _abnormal(entry)
    ]
    length = _seconds(entry.annotation.last_end, clock)
    return {"subset": "testing", "duration": length, "annotations": segments}


def _prediction_lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    results = {
        entry.item.video: [
            {
                "label": _label(mark),
                "segment": _segment(mark, entry.item.clock),
                "score": _score(mark, entry),
            }
            for mark in _abnormal(entry)
        ]
        for entry in entries
    }
    return json_lines({"version": _VERSION, "results": results, "external_data": {}})


def _abnormal(entry: Entry) -> list[Mark]:
    return [mark for mark in entry.annotation.marks if mark.state == "abnormal"]


def _label(mark: Mark) -> str:
    return mark.category or ANY_CATEGORY


def _segment(mark: Mark, clock: Clock) -> list[float]:
    return [_seconds(mark.start, clock), _seconds(mark.end, clock)]


def _seconds(frame: int, clock: Clock) -> float:
    return round(float(clock.seconds(frame)), 6)


def _score(mark: Mark, entry: Entry) -> float:
    """Mean frame score; without scores mean psi of a pseudo-label, and 1 for a person's word."""
    if mark.mean_score is not None:
        return round(mark.mean_score, 6)
    psi = frame_curve(entry.item, "psi") if mark.origin == "pseudo" else None
    return 1.0 if psi is None else round(float(np.mean(psi[mark.start : mark.end])), 6)


def _read_truth(path: Path, options: ImportOptions) -> list[Annotation]:
    videos = _videos(read_json(path), "database", path)
    found = []
    for name, said in videos.items():
        if not isinstance(said, Mapping) or not isinstance(said.get("annotations"), list):
            raise DatasetError(f"{path}: {name} has no list of annotations", "correct the file")
        clock = _clock(name, path, options)
        length = said.get("duration")
        num_frames = clock.frame(float(length)) if isinstance(length, int | float) else None
        marks = _marks(said["annotations"], clock, f"{path}: {name}", "imported")
        found.append(replace(_annotation(name, marks), num_frames=num_frames))
    return found


def _read_predictions(path: Path, options: ImportOptions) -> list[Annotation]:
    videos = _videos(read_json(path), "results", path)
    return [
        _annotation(name, _marks(said, _clock(name, path, options), f"{path}: {name}", "pseudo"))
        for name, said in videos.items()
    ]


def _annotation(name: str, marks: tuple[Mark, ...]) -> Annotation:
    return Annotation(video=video_id(name), name=name, marks=marks)


def _videos(content: Any, key: str, path: Path) -> Mapping[str, Any]:
    videos = content.get(key) if isinstance(content, Mapping) else None
    if not isinstance(videos, Mapping):
        raise DatasetError(f"{path} has no {key!r}", "is it ActivityNet's format?")
    return videos


def _clock(name: str, path: Path, options: ImportOptions) -> Clock:
    clock = options.clock(video_id(name))
    if clock is None:
        raise DatasetError(
            f"{path}: the frame rate of {name} is not known", "give --videos or --fps"
        )
    return clock


def _marks(said: Any, clock: Clock, place: str, origin: Origin) -> tuple[Mark, ...]:
    found = []
    for item in said if isinstance(said, list) else [said]:
        try:
            start, end = (clock.frame(Fraction(float(time))) for time in item["segment"])
            label = str(item["label"])
            category = None if label == ANY_CATEGORY else label
            state = "normal" if is_normal_name(label) else "abnormal"
            found.append(Mark(start=start, end=end, state=state, category=category, origin=origin))  # type: ignore[arg-type]
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise DatasetError(
                f"{place}: {str(item)[:80]!r} is no segment",
                'write {"segment": [s, e], "label": ...}',
            ) from error
    return tuple(found)


FORMATS = (
    Format(
        name="activitynet",
        title="ActivityNet, ground truth",
        group="Benchmarks",
        extension=".json",
        file_name="activitynet.json",
        unit="seconds",
        states=ONLY_ABNORMAL,
        instants=True,
        loses=(ORIGIN, *_LOSES),
        verified_by="json, field by field",
        lines=_truth_lines,
        read=_read_truth,
        is_like=lambda path, head: looks_like_json(head, "database", "version"),
    ),
    Format(
        name="activitynet-predictions",
        title="ActivityNet, detections",
        group="Benchmarks",
        extension=".json",
        file_name="predictions.json",
        unit="seconds",
        states=ONLY_ABNORMAL,
        instants=True,
        loses=(PREDICTED, *_LOSES),
        verified_by="json, field by field",
        lines=_prediction_lines,
        read=_read_predictions,
        is_like=lambda path, head: looks_like_json(head, "results", "version"),
    ),
)
