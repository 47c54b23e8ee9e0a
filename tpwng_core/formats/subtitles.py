"""WebVTT and SRT: any player shows the labels as subtitles (spec/formats.md 9).

A cue says ``abnormal (Abuse) 0.91``, and ``[pseudo]`` where no person said it. A WebVTT file keeps
what belongs to the video in a NOTE; SRT has no comments, and its video is that of its name.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from tpwng_core.datasets import read_text, video_id
from tpwng_core.errors import DatasetError
from tpwng_core.formats.annotation import Annotation, Mark, Origin
from tpwng_core.formats.clock import Clock
from tpwng_core.formats.format import Entries, Format, ImportOptions
from tpwng_core.formats.items import Entry, ExportOptions
from tpwng_core.formats.losses import AUTHORS, LENGTH, ORDER, REVIEWED, VIDEO_CATEGORY
from tpwng_core.formats.wording import mark_text, state_and_category

_NOTE = "NOTE tpwng "
_TIME = r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_CUE = re.compile(r"(.*?)(?: \d\.\d\d)?(?: \[(imported|pseudo|truth)\])?", re.DOTALL)
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_UNESCAPED = {escaped: text for text, escaped in _ESCAPES.items()}


def _vtt_lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    (entry,) = entries
    said = entry.annotation
    facts = {
        "video": said.video,
        "num_frames": said.num_frames,
        "fps": str(said.fps),
        "category": said.category,
        "reviewed": said.reviewed,
    }
    # a note may not hold the arrow of a cue
    note = json.dumps(facts, ensure_ascii=False).replace(">", "\\u003e")
    yield f"WEBVTT\n\n{_NOTE}{note}\n"
    for mark in _in_order(said.marks):
        start, end = _stamps(mark, entry, ".")
        yield f"\n{start} --> {end}\n{html.escape(_cue(mark), quote=False)}\n"


def _srt_lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    (entry,) = entries
    for number, mark in enumerate(_in_order(entry.annotation.marks), start=1):
        start, end = _stamps(mark, entry, ",")
        yield f"{number}\n{start} --> {end}\n{_cue(mark)}\n\n"


def _in_order(marks: Sequence[Mark]) -> list[Mark]:
    return sorted(marks, key=lambda mark: (mark.start, mark.end))


def _stamps(mark: Mark, entry: Entry, point: str) -> tuple[str, str]:
    clock = entry.item.clock
    return _stamp(clock.milliseconds(mark.start), point), _stamp(
        clock.milliseconds(mark.end), point
    )


def _stamp(milliseconds: int, point: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds % 60:02d}{point}{rest:03d}"


def _cue(mark: Mark) -> str:
    text = re.sub(r"[\\\n\r]", lambda found: _ESCAPES[found[0]], mark_text(mark))
    score = "" if mark.mean_score is None else f" {mark.mean_score:.2f}"
    origin = "" if mark.origin == "human" else f" [{mark.origin}]"
    return f"{text}{score}{origin}"


def _read_vtt(path: Path, options: ImportOptions) -> list[Annotation]:
    text = read_text(path)
    if not text.startswith("WEBVTT"):
        raise DatasetError(f"{path} does not begin with WEBVTT", "is it WebVTT?")
    blocks = _blocks(text)
    notes = (block[0] for block in blocks if block[0].startswith(_NOTE))
    facts = _facts(next(notes, ""), path)
    video = facts.get("video") or video_id(path.stem)
    rate = Fraction(facts["fps"]) if facts.get("fps", "None") != "None" else None
    clock = _clock(video, rate, path, options)
    return [
        Annotation(
            video=video,
            marks=tuple(_marks(blocks, clock, path, is_html=True)),
            num_frames=facts.get("num_frames"),
            fps=rate,
            category=facts.get("category"),
            reviewed=bool(facts.get("reviewed", False)),
        )
    ]


def _read_srt(path: Path, options: ImportOptions) -> list[Annotation]:
    video = path.name[: -len(path.suffix)] if path.suffix.lower() == ".srt" else path.name
    clock = _clock(video, None, path, options)
    # a video without segments has an empty file
    blocks = _blocks(read_text(path)) if path.stat().st_size else []
    return [Annotation(video=video, marks=tuple(_marks(blocks, clock, path, is_html=False)))]


def _blocks(text: str) -> list[list[str]]:
    """Lines between blank lines."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return [block.split("\n") for block in re.split(r"\n[ \t]*\n+", plain.strip("\n")) if block]


def _facts(note: str, path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(note.removeprefix(_NOTE)) if note else {}
    except json.JSONDecodeError as error:
        raise DatasetError(f"{path}: its NOTE is damaged", "remove the line") from error
    return content


def _clock(video: str, rate: Fraction | None, path: Path, options: ImportOptions) -> Clock:
    clock = options.clock(video, rate)
    if clock is None:
        raise DatasetError(
            f"{path}: the frame rate of {video} is not known", "give --videos or --fps"
        )
    return clock


def _marks(blocks: list[list[str]], clock: Clock, path: Path, *, is_html: bool) -> Iterator[Mark]:
    for block in blocks:
        place = next((row for row, line in enumerate(block[:2]) if "-->" in line), None)
        if place is None:
            continue  # a header, note, style or region
        found = _TIMES.fullmatch(block[place])
        if found is None:
            raise DatasetError(f"{path}: {block[place]!r} is no time", "export it again")
        start, end = (clock.frame(_seconds(found.groups()[part : part + 4])) for part in (0, 4))
        text = "\n".join(block[place + 1 :])
        state, category, origin = _said(html.unescape(text) if is_html else text)
        yield Mark(start=start, end=end, state=state, category=category, origin=origin)


def _seconds(parts: Sequence[str | None]) -> Fraction:
    hours, minutes, seconds, rest = (part or "0" for part in parts)
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + Fraction(int(rest.ljust(3, "0")), 1000)


def _said(text: str) -> tuple[Any, str | None, Origin]:
    found = _CUE.fullmatch(text)
    assert found is not None
    plain = re.sub(r"\\[\\nr]", lambda escaped: _UNESCAPED[escaped[0]], found[1])
    is_ours = re.match(r"(abnormal|normal|unknown)\b", plain) is not None
    origin: Origin = found[2] or ("human" if is_ours else "imported")  # type: ignore[assignment]
    return *state_and_category(plain), origin


FORMATS = (
    Format(
        name="webvtt",
        title="WebVTT subtitles",
        group="Subtitles",
        extension=".vtt",
        unit="milliseconds",
        per_video=True,
        loses=(AUTHORS, ORDER),
        verified_by="webvtt-py",
        lines=_vtt_lines,
        read=_read_vtt,
        is_like=lambda path, head: head.startswith("WEBVTT"),
    ),
    Format(
        name="srt",
        title="SRT subtitles",
        group="Subtitles",
        extension=".srt",
        unit="milliseconds",
        per_video=True,
        loses=(AUTHORS, ORDER, REVIEWED, VIDEO_CATEGORY, LENGTH),
        verified_by="srt",
        lines=_srt_lines,
        read=_read_srt,
        is_like=lambda path, head: path.suffix.lower() == ".srt" and (not head or "-->" in head),
    ),
)
