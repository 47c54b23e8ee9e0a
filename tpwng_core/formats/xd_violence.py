"""XD-Violence's annotation files: pairs of frames, merged or each with its category.

A line per abnormal video, separated by single spaces; the id carries the categories. ``#`` and
``=`` are letters of ids here, and stray ``.mp4`` stays as it was (spec/formats.md 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from tpwng_core.datasets import benchmark_labels, read_text, video_id
from tpwng_core.errors import DatasetError
from tpwng_core.formats.annotation import Annotation, Mark
from tpwng_core.formats.benchmark import LOSES, frames_written, marks_read, plain_word
from tpwng_core.formats.format import ONLY_ABNORMAL, Entries, Format, ImportOptions
from tpwng_core.formats.items import ExportOptions
from tpwng_core.formats.losses import NO_SEGMENTS, Loss
from tpwng_core.groundtruth import ANY_CATEGORY, Interval, read_ground_truth

NATIVE_FPS = Fraction(24)


def _of_name(annotation: Annotation) -> Annotation:
    category = "|".join(benchmark_labels(annotation.video) or ()) or None
    marks = tuple(replace(mark, category=category) for mark in annotation.marks)
    return replace(annotation, category=category, marks=marks)


def _video_of_name(annotation: Annotation) -> Annotation:
    return replace(annotation, category="|".join(benchmark_labels(annotation.video) or ()) or None)


VIDEO_OF_NAME = Loss(
    "category of the video", "the category of the video, but for what its name says", _video_of_name
)
CATEGORY_OF_NAME = Loss("categories", "categories that are not in the name of the video", _of_name)


def _merged_lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    for entry in entries:
        said = entry.annotation
        marks = [mark for mark in said.marks if mark.state == "abnormal"]
        pairs = (word for pair in frames_written(marks, options) for word in pair)
        if marks:
            yield " ".join([plain_word(said.name or said.video, said.video), *pairs]) + "\n"


def _multiclass_lines(entries: Entries, options: ExportOptions) -> Iterator[str]:
    for entry in entries:
        said = entry.annotation
        marks = [mark for mark in said.marks if mark.state == "abnormal"]
        words = [plain_word(said.name or said.video, said.video)]
        for mark, pair in zip(marks, frames_written(marks, options), strict=True):
            words += [plain_word(mark.category or ANY_CATEGORY, said.video), *pair]
        if marks:
            yield " ".join(words) + "\n"


def _read_merged(path: Path, options: ImportOptions) -> list[Annotation]:
    truth = read_ground_truth(path, "xd-violence")
    return [
        _annotation(name, marks_read(truth[video_id(name)], options))
        for name in (words[0] for _, words in _words(path))
    ]


def _annotation(name: str, marks: tuple[Mark, ...]) -> Annotation:
    return Annotation(
        video=video_id(name),
        name=name,
        marks=marks,
        fps=NATIVE_FPS,
        category="|".join(benchmark_labels(name) or ()) or None,
    )


def _read_multiclass(path: Path, options: ImportOptions) -> list[Annotation]:
    return [
        _annotation(words[0], marks_read(_intervals(words, f"{path} line {number}"), options))
        for number, words in _words(path)
    ]


def _intervals(words: list[str], place: str) -> list[Interval]:
    numbers = [word for position, word in enumerate(words[1:]) if position % 3]
    if len(words) < 4 or len(words) % 3 != 1 or not all(map(str.isdecimal, numbers)):
        raise DatasetError(f"{place} is not id, then category start end ...", "correct the line")
    triples = zip(words[1::3], words[2::3], words[3::3], strict=True)
    try:
        return [
            Interval(start=int(start), end=int(end), category=category)
            for category, start, end in triples
        ]
    except ValueError as error:
        raise DatasetError(f"{place}: {error}", "give start and end as frame numbers") from error


def _words(path: Path) -> list[tuple[int, list[str]]]:
    lines = enumerate(read_text(path).splitlines(), start=1)
    return [(number, line.split()) for number, line in lines if line.strip()]


def _first_words(head: str) -> list[str]:
    return next((line.split() for line in head.splitlines() if line.strip()), [])


def _is_merged(path: Path, head: str) -> bool:
    words = _first_words(head)
    has_pairs = len(words) >= 3 and len(words) % 2 == 1
    return has_pairs and all(word.isdecimal() for word in words[1:])


def _is_multiclass(path: Path, head: str) -> bool:
    words = _first_words(head)
    if len(words) < 4 or len(words) % 3 != 1:
        return False
    are_numbers = [word.isdecimal() for word in words[1:]]
    return are_numbers == [False, True, True] * (len(words) // 3)


FORMATS = (
    Format(
        name="xd-violence",
        title="XD-Violence annotation, merged",
        group="Benchmarks",
        extension=".txt",
        file_name="annotations.txt",
        states=ONLY_ABNORMAL,
        instants=True,
        loses=(*LOSES, CATEGORY_OF_NAME, NO_SEGMENTS),
        verified_by="PEL4VAD's frame labels",
        lines=_merged_lines,
        read=_read_merged,
        is_like=_is_merged,
    ),
    Format(
        name="xd-violence-multiclass",
        title="XD-Violence annotation, a category per segment",
        group="Benchmarks",
        extension=".txt",
        file_name="annotations_multiclasses.txt",
        states=ONLY_ABNORMAL,
        instants=True,
        loses=(*LOSES, VIDEO_OF_NAME, NO_SEGMENTS),
        verified_by="the reader of ground truth",
        lines=_multiclass_lines,
        read=_read_multiclass,
        is_like=_is_multiclass,
    ),
)
