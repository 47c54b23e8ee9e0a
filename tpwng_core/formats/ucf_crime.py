"""UCF-Crime's temporal annotation: a line per video, two slots of frames (spec/formats.md 1).

Read by ``groundtruth``; written so that what was read comes out byte by byte, names with or
without ``.mp4`` as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from tpwng_core.datasets import is_normal_name, read_text, video_id
from tpwng_core.errors import ConfigError
from tpwng_core.formats.annotation import Annotation, Mark
from tpwng_core.formats.benchmark import (
    CATEGORY_OF_SEGMENT,
    LOSES,
    UNLABELLED,
    frames_written,
    marks_read,
    plain_word,
)
from tpwng_core.formats.format import ONLY_ABNORMAL, Entries, Format, ImportOptions
from tpwng_core.formats.items import ExportOptions
from tpwng_core.groundtruth import ANY_CATEGORY, read_ground_truth

NATIVE_FPS = Fraction(30)
_NUM_SLOTS = 2
_NORMAL = "Normal"
_NONE = ("-1", "-1")


def _lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    for entry in entries:
        said = entry.annotation
        pairs = frames_written(_slotted(said, options), options)
        slots = [*pairs, *[_NONE] * (_NUM_SLOTS - len(pairs))]
        name = plain_word(said.name or said.video, said.video)
        line = [name, _class(said, bool(pairs)), *(word for pair in slots for word in pair)]
        yield "  ".join(line) + "  \n"


def _class(said: Annotation, has_segments: bool) -> str:
    if has_segments:
        return plain_word("|".join(said.categories) or ANY_CATEGORY, said.video)
    if said.categories:
        raise ConfigError(
            f"ucf-crime cannot hold {said.video}: it is {'|'.join(said.categories)} "
            "and has no abnormal segment",
            "label its segments, or choose --reviewed-only",
        )
    return _NORMAL


def _slotted(said: Annotation, options: ExportOptions) -> list[Mark]:
    """The abnormal marks, at most two unless the line may be wider."""
    marks = [mark for mark in said.marks if mark.state == "abnormal"]
    if len(marks) <= _NUM_SLOTS or options.slots == "widen":
        return marks
    if options.slots == "refuse":
        raise ConfigError(
            f"ucf-crime has {_NUM_SLOTS} slots a video, {said.video} has {len(marks)} segments",
            "choose --slots widen (a longer line; readers of fixed columns fail), "
            "--slots merge (the nearest become one), or another format",
        )
    while len(marks) > _NUM_SLOTS:
        marks = _nearest_merged(marks)
    return marks


def _nearest_merged(marks: Sequence[Mark]) -> list[Mark]:
    gaps = [after.start - before.end for before, after in pairwise(marks)]
    place = gaps.index(min(gaps))
    end = max(marks[place].end, marks[place + 1].end)
    merged = replace(marks[place], end=end)
    return [*marks[:place], merged, *marks[place + 2 :]]


def _read(path: Path, options: ImportOptions) -> list[Annotation]:
    truth = read_ground_truth(path, "ucf-crime")
    names = [line.split()[0] for line in read_text(path).splitlines() if line.strip()]
    return [_annotation(name, marks_read(truth[video_id(name)], options)) for name in names]


def _annotation(name: str, marks: tuple[Mark, ...]) -> Annotation:
    # one class a line: all marks have it
    category = marks[0].category if marks else "normal"
    return Annotation(
        video=video_id(name), name=name, marks=marks, fps=NATIVE_FPS, category=category
    )


def _is_like(path: Path, head: str) -> bool:
    words = next((line.split() for line in head.splitlines() if line.strip()), [])
    has_numbers = len(words) >= 6 and len(words) % 2 == 0
    if not has_numbers or not all(word.removeprefix("-").isdecimal() for word in words[2:]):
        return False
    return not words[1].removeprefix("-").isdecimal() and (
        is_normal_name(words[1]) == (words[2] == "-1")
    )


FORMATS = (
    Format(
        name="ucf-crime",
        title="UCF-Crime annotation",
        group="Benchmarks",
        extension=".txt",
        file_name="Temporal_Anomaly_Annotation.txt",
        states=ONLY_ABNORMAL,
        instants=True,
        loses=(*LOSES, CATEGORY_OF_SEGMENT, UNLABELLED),
        verified_by="PEL4VAD's frame labels",
        lines=_lines,
        read=_read,
        is_like=_is_like,
    ),
)
