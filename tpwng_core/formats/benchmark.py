"""What the annotation files of the two benchmarks share: words, frame numbers, and what is lost.

Called by ``ucf_crime.py`` and ``xd_violence.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tpwng_core.errors import ConfigError
from tpwng_core.formats.annotation import Annotation, Mark, marks_of_truth
from tpwng_core.formats.format import ImportOptions
from tpwng_core.formats.items import ExportOptions
from tpwng_core.formats.losses import AUTHORS, LENGTH, NOT_ABNORMAL, ORIGIN, REVIEWED, Loss
from tpwng_core.groundtruth import Interval


def _with_all_categories(annotation: Annotation) -> Annotation:
    category = "|".join(annotation.categories) or None
    marks = tuple(replace(mark, category=category) for mark in annotation.marks)
    return replace(annotation, marks=marks)


def _category_by_segments(annotation: Annotation) -> Annotation:
    ids = annotation.categories
    category = "|".join(ids) or (None if annotation.marks else "normal")
    return replace(annotation, category=category)


CATEGORY_OF_SEGMENT = Loss(
    "categories by segment", "which of a video's categories each segment has", _with_all_categories
)
UNLABELLED = Loss(
    "not labelled yet",
    "that a video without segments is not labelled yet: it is read as normal",
    _category_by_segments,
)
LOSES = (AUTHORS, ORIGIN, REVIEWED, NOT_ABNORMAL, LENGTH)


def plain_word(text: str, video: str) -> str:
    """A name or class for a line that is split at spaces.

    Raises:
        ConfigError: it is empty or has a space in it.
    """
    if not text or text.split() != [text]:
        raise ConfigError(
            f"{text!r} of {video} has a space, and lines are split at spaces",
            "rename it, or choose another format",
        )
    return text


def frames_written(marks: Sequence[Mark], options: ExportOptions) -> list[tuple[str, str]]:
    """Start and end of each mark as the file has them."""
    last = int(options.inclusive_end)
    return [(str(mark.start), str(mark.end - last)) for mark in marks]


def marks_read(intervals: Sequence[Interval], options: ImportOptions) -> tuple[Mark, ...]:
    """Intervals of a file as marks of another tool, in the order of the file."""
    last = int(options.inclusive_end)
    marks = marks_of_truth(intervals)
    return tuple(replace(mark, end=mark.end + last, origin="imported") for mark in marks)
