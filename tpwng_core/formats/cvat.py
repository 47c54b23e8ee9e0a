"""CVAT for video 1.1: each segment is a track with a box as large as the picture.

CVAT has no type for time alone, so a track's first box starts the segment and a box with
``outside="1"`` ends it, which is our half-open end (spec/formats.md 7).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args
from xml.etree.ElementTree import Element

from tpwng_core.errors import ConfigError, DatasetError
from tpwng_core.formats.annotation import Annotation, Mark, Origin
from tpwng_core.formats.format import Entries, Format, ImportOptions
from tpwng_core.formats.items import Entry, ExportOptions
from tpwng_core.formats.losses import AUTHORS, LENGTH, REVIEWED, VIDEO_CATEGORY
from tpwng_core.formats.markup import DECLARATION, leaf, nested, read_xml
from tpwng_core.formats.wording import media_name, state_and_category
from tpwng_core.labels import State

_COLORS: dict[State, str] = {"abnormal": "#D55E00", "normal": "#0072B2", "unknown": "#7F7F7F"}
_SOURCES: dict[Origin, str] = {
    "human": "manual",
    "imported": "file",
    "pseudo": "auto",
    "truth": "file",
}
_ORIGINS: dict[str, Origin] = {"manual": "imported", "file": "imported", "auto": "pseudo"}


def _lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    (entry,) = entries
    item = entry.item
    if not (item.width and item.height and item.num_frames):
        raise ConfigError(
            f"cvat needs the picture size and length of {item.video}", "give --videos or --features"
        )
    tracks = (
        line
        for number, mark in enumerate(entry.annotation.marks)
        for line in _track(number, mark, entry)
    )
    yield DECLARATION
    yield from nested("annotations", _document(entry, tracks))


def _document(entry: Entry, tracks: Iterator[str]) -> Iterator[str]:
    item = entry.item
    yield leaf("version", "1.1")
    facts = {
        "id": "1",
        "name": item.video,
        "size": str(item.num_frames),
        "mode": "interpolation",
        "overlap": "0",
        "start_frame": "0",
        "stop_frame": str((item.num_frames or 1) - 1),
        "frame_filter": "",
    }
    size = [leaf("width", str(item.width)), leaf("height", str(item.height))]
    task = [
        *(leaf(name, value) for name, value in facts.items()),
        *nested("labels", (line for state in _COLORS for line in _label(state))),
        *nested("original_size", size),
        leaf("source", media_name(item)),
    ]
    yield from nested("meta", nested("task", task))
    yield from tracks


def _label(state: State) -> Iterator[str]:
    attributes = (line for name in ("category", "origin") for line in _attribute(name))
    lines = [leaf("name", state), leaf("color", _COLORS[state]), leaf("type", "any")]
    yield from nested("label", [*lines, *nested("attributes", attributes)])


def _attribute(name: str) -> Iterator[str]:
    values = {"name": name, "mutable": "False", "input_type": "text"}
    lines = [leaf(key, value) for key, value in values.items()]
    yield from nested("attribute", [*lines, leaf("default_value"), leaf("values")])


def _track(number: int, mark: Mark, entry: Entry) -> Iterator[str]:
    attributes = {"id": str(number), "label": mark.state, "source": _SOURCES[mark.origin]}
    boxes = list(_box(mark.start, mark, entry, outside=False))
    # behind the last frame there is none to end at
    if mark.end < (entry.item.num_frames or 0):
        boxes += _box(mark.end, mark, entry, outside=True)
    yield from nested("track", boxes, attributes)


def _box(frame: int, mark: Mark, entry: Entry, *, outside: bool) -> Iterator[str]:
    attributes = {
        "frame": str(frame),
        "keyframe": "1",
        "outside": str(int(outside)),
        "occluded": "0",
        "xtl": "0.00",
        "ytl": "0.00",
        "xbr": f"{entry.item.width}.00",
        "ybr": f"{entry.item.height}.00",
        "z_order": "0",
    }
    said = {"category": mark.category or "", "origin": mark.origin}
    lines = [leaf("attribute", text, {"name": name}) for name, text in said.items()]
    yield from nested("box", lines, attributes)


def _read(path: Path, options: ImportOptions) -> list[Annotation]:
    root = read_xml(path)
    version = root.findtext("version")
    if root.tag != "annotations" or (root.find("track") is None and root.find("meta") is None):
        raise DatasetError(f"{path} is no CVAT annotation", "export it as CVAT for video 1.1")
    if version not in (None, "1.1"):
        raise DatasetError(f"{path} is of CVAT {version}", "export it as CVAT for video 1.1")
    meta = root.find("meta/*")
    facts = {node.tag: node.text or "" for node in meta} if meta is not None else {}
    if facts.get("frame_filter", "").strip():
        raise DatasetError(f"{path} skips frames ({facts['frame_filter']})", "export every frame")
    size = facts.get("size", "")
    num_frames = int(size) if size.isdecimal() else None
    marks = [mark for track in root.iter("track") for mark in _marks(track, num_frames, path)]
    video = facts.get("name") or path.stem
    return [Annotation(video=video, marks=tuple(marks), num_frames=num_frames)]


def _marks(track: Element, num_frames: int | None, path: Path) -> Iterator[Mark]:
    """The stretches in which the track is not outside."""
    start: Element | None = None
    boxes = [box for box in track if box.get("frame") is not None]
    for box in sorted(boxes, key=_frame):
        if box.get("outside") == "1" and start is not None:
            yield _mark(track, start, _frame(box))
            start = None
        elif box.get("outside") != "1" and start is None:
            start = box
    if start is not None:
        if num_frames is None:
            raise DatasetError(
                f"{path}: track {track.get('id')} has no end, and the length is not known",
                "export the task with its meta",
            )
        yield _mark(track, start, num_frames)


def _frame(box: Element) -> int:
    return int(box.get("frame", ""))


def _mark(track: Element, box: Element, end: int) -> Mark:
    said: Mapping[str, str] = {
        node.get("name", ""): node.text or "" for node in box.iter("attribute")
    }
    state, category = state_and_category(track.get("label", ""))
    origin = said.get("origin", "")
    known = get_args(Origin)
    return Mark(
        start=_frame(box),
        end=end,
        state=state,
        category=said.get("category") or category,
        origin=origin if origin in known else _ORIGINS.get(track.get("source", ""), "imported"),  # type: ignore[arg-type]
    )


FORMATS = (
    Format(
        name="cvat",
        title="CVAT for video 1.1",
        group="Annotation tools",
        extension=".xml",
        per_video=True,
        loses=(AUTHORS, REVIEWED, VIDEO_CATEGORY, LENGTH),
        verified_by="Datumaro",
        lines=_lines,
        read=_read,
        is_like=lambda path, head: "<annotations>" in head and "<version>1.1<" in head,
    ),
)
