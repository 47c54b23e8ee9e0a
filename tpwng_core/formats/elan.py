"""ELAN's ``.eaf`` 3.0: a tier per origin, times in milliseconds (spec/formats.md 4).

The order of elements matters to ELAN's schema. What the format has no place for (length, frame
rate, category, reviewed) stands in properties of the header, which ELAN keeps.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from itertools import count
from pathlib import Path
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element

from tpwng_core.datasets import video_id
from tpwng_core.errors import DatasetError
from tpwng_core.formats.annotation import Annotation, Mark, Origin
from tpwng_core.formats.clock import Clock
from tpwng_core.formats.format import Entries, Format, ImportOptions
from tpwng_core.formats.items import Entry, ExportOptions
from tpwng_core.formats.losses import AUTHORS, ORDER
from tpwng_core.formats.markup import DECLARATION, empty, leaf, nested, read_xml
from tpwng_core.formats.wording import mark_text, media_name, state_and_category

_TIERS: dict[Origin, str] = {
    "human": "human",
    "imported": "imported",
    "pseudo": "pseudo",
    "truth": "gt",
}
_ORIGINS = {tier: origin for origin, tier in _TIERS.items()}
_TIER_NAME = re.compile(r"(.+?)(-\d+)?")
_TYPE = "default-lt"
_SCHEMA = {
    "FORMAT": "3.0",
    "VERSION": "3.0",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:noNamespaceSchemaLocation": "http://www.mpi.nl/tools/elan/EAFv3.0.xsd",
}
_MIME_TYPES = {".mp4": "video/mp4", ".avi": "video/x-msvideo", ".mkv": "video/x-matroska"}


def _lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    (entry,) = entries
    now = datetime.now(UTC).isoformat(timespec="seconds")
    yield DECLARATION
    attributes = {"AUTHOR": "tpwng-studio", "DATE": now, **_SCHEMA}
    yield from nested("ANNOTATION_DOCUMENT", _document(entry), attributes)


def _document(entry: Entry) -> Iterator[str]:
    tiers = _tiers(entry.annotation.marks)
    clock = entry.item.clock
    marks = [mark for tier in tiers.values() for mark in tier]
    edges = [frame for mark in marks for frame in (mark.start, mark.end)]
    slots = {frame: f"ts{number}" for number, frame in enumerate(sorted({*edges}), start=1)}
    yield from nested("HEADER", _header(entry), {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
    times = (
        empty("TIME_SLOT", {"TIME_SLOT_ID": name, "TIME_VALUE": str(clock.milliseconds(frame))})
        for frame, name in slots.items()
    )
    yield from nested("TIME_ORDER", times)
    numbers = count(1)
    for name, tier in tiers.items():
        lines = (line for mark in tier for line in _mark(mark, slots, next(numbers)))
        yield from nested("TIER", lines, {"LINGUISTIC_TYPE_REF": _TYPE, "TIER_ID": name})
    kind = {"GRAPHIC_REFERENCES": "false", "LINGUISTIC_TYPE_ID": _TYPE, "TIME_ALIGNABLE": "true"}
    yield empty("LINGUISTIC_TYPE", kind)


def _tiers(marks: Sequence[Mark]) -> dict[str, list[Mark]]:
    """Marks by tier; those that overlap go to further tiers of their kind."""
    tiers: dict[str, list[Mark]] = {"human": []}
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.end)):
        names = (_TIERS[mark.origin] + (f"-{n}" if n > 1 else "") for n in count(1))
        free = (name for name in names if name not in tiers or _is_free(tiers[name], mark))
        tiers.setdefault(next(free), []).append(mark)
    return tiers


def _is_free(tier: Sequence[Mark], mark: Mark) -> bool:
    return not tier or tier[-1].end <= mark.start


def _header(entry: Entry) -> Iterator[str]:
    item, said = entry.item, entry.annotation
    name = media_name(item)
    url = item.path.resolve().as_uri() if item.path else f"file:///{quote(name)}"
    media = {
        "MEDIA_URL": url,
        "MIME_TYPE": _MIME_TYPES.get(Path(name).suffix.lower(), "video/*"),
        "RELATIVE_MEDIA_URL": f"./{quote(name)}",
    }
    yield empty("MEDIA_DESCRIPTOR", media)
    facts = {
        "video": said.video,
        "num_frames": said.num_frames,
        "fps": said.fps,
        "category": said.category,
        "reviewed": int(said.reviewed),
    }
    for key, value in facts.items():
        if value is not None:
            yield leaf("PROPERTY", str(value), {"NAME": f"tpwng:{key}"})


def _mark(mark: Mark, slots: dict[int, str], number: int) -> Iterator[str]:
    place = {
        "ANNOTATION_ID": f"a{number}",
        "TIME_SLOT_REF1": slots[mark.start],
        "TIME_SLOT_REF2": slots[mark.end],
    }
    value = [leaf("ANNOTATION_VALUE", mark_text(mark))]
    yield from nested("ANNOTATION", nested("ALIGNABLE_ANNOTATION", value, place))


def _read(path: Path, options: ImportOptions) -> list[Annotation]:
    root = read_xml(path)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise DatasetError(f"{path} is no ELAN document but <{root.tag}>", "is it another file?")
    header = root.find("HEADER")
    units = "milliseconds" if header is None else header.get("TIME_UNITS", "milliseconds")
    if units != "milliseconds":
        raise DatasetError(f"{path} counts in {units}", "save it in milliseconds")
    facts = {
        node.get("NAME", "").removeprefix("tpwng:"): node.text or ""
        for node in root.iter("PROPERTY")
    }
    video = facts.get("video") or _video_of_media(root) or video_id(path.stem)
    rate = Fraction(facts["fps"]) if facts.get("fps") else None
    clock = options.clock(video, rate)
    if clock is None:
        raise DatasetError(
            f"{path}: the frame rate of {video} is not known", "give --videos or --fps"
        )
    return [
        Annotation(
            video=video,
            marks=_marks(root, clock, path, options),
            num_frames=int(facts["num_frames"]) if facts.get("num_frames") else None,
            fps=rate,
            category=facts.get("category"),
            reviewed=facts.get("reviewed") == "1",
        )
    ]


def _video_of_media(root: Element) -> str:
    media = root.find("HEADER/MEDIA_DESCRIPTOR")
    return video_id(unquote(media.get("MEDIA_URL", ""))) if media is not None else ""


def _marks(root: Element, clock: Clock, path: Path, options: ImportOptions) -> tuple[Mark, ...]:
    times = {slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE") for slot in root.iter("TIME_SLOT")}
    found: list[Mark] = []
    lost: dict[str, int] = defaultdict(int)
    for tier in root.iter("TIER"):
        name = tier.get("TIER_ID", "")
        lost[name] += len(list(tier.iter("REF_ANNOTATION")))
        for node in tier.iter("ALIGNABLE_ANNOTATION"):
            refs = (node.get("TIME_SLOT_REF1"), node.get("TIME_SLOT_REF2"))
            start, end = (times.get(ref) for ref in refs)
            if start is None or end is None:  # ELAN lets edges float between others
                lost[name] += 1
                continue
            frames = [clock.frame(Fraction(int(time), 1000)) for time in (start, end)]
            state, category = state_and_category(node.findtext("ANNOTATION_VALUE") or "")
            found.append(
                Mark(
                    start=frames[0],
                    end=frames[1],
                    state=state,
                    category=category,
                    origin=_origin(name),
                )
            )
    for name, number in lost.items():
        if number:
            options.tell(
                f"{path.name}: {number} annotations of tier {name} have no times of their own"
            )
    return tuple(sorted(found, key=lambda mark: (mark.start, mark.end)))


def _origin(tier: str) -> Origin:
    found = _TIER_NAME.fullmatch(tier)
    return _ORIGINS.get(found[1], "imported") if found else "imported"


FORMATS = (
    Format(
        name="elan",
        title="ELAN",
        group="Annotation tools",
        extension=".eaf",
        unit="milliseconds",
        per_video=True,
        loses=(AUTHORS, ORDER),
        verified_by="pympi-ling",
        lines=_lines,
        read=_read,
        is_like=lambda path, head: "<ANNOTATION_DOCUMENT" in head,
    ),
)
