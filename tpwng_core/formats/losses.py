"""What formats cannot hold, each as a sentence and as what remains of an annotation.

One definition serves three: the studio and the command line say before an export what it will
lose, the README's table lists it, and the round-trip tests expect exactly what remains.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tpwng_core.formats.annotation import Annotation, Mark


@dataclass(frozen=True)
class Loss:
    """One thing a format does not keep.

    Attributes:
        word: what, in a table.
        text: what, in a sentence that begins with "it does not keep".
        remains: what reading back gives of an annotation; None where the video is not written.
    """

    word: str
    text: str
    remains: Callable[[Annotation], Annotation | None]


def remains_of(annotation: Annotation, losses: tuple[Loss, ...]) -> Annotation | None:
    """What is left of an annotation after all losses, in their order."""
    found: Annotation | None = annotation
    for loss in losses:
        found = loss.remains(found) if found is not None else None
    return found


def lost_of(annotation: Annotation, losses: tuple[Loss, ...]) -> list[Loss]:
    """The losses that an annotation suffers: those that change what the ones before left."""
    suffered = []
    left: Annotation | None = annotation
    for loss in losses:
        if left is not None and (after := loss.remains(left)) != left:
            suffered.append(loss)
            left = after
    return suffered


def _each_mark(change: Callable[[Mark], Mark]) -> Callable[[Annotation], Annotation]:
    def remains(annotation: Annotation) -> Annotation:
        return replace(annotation, marks=tuple(map(change, annotation.marks)))

    return remains


def _only_abnormal(annotation: Annotation) -> Annotation:
    marks = tuple(mark for mark in annotation.marks if mark.state == "abnormal")
    return replace(annotation, marks=marks)


def _in_order(annotation: Annotation) -> Annotation:
    ordered = sorted(annotation.marks, key=lambda mark: (mark.start, mark.end))
    return replace(annotation, marks=tuple(ordered))


def _joined(annotation: Annotation) -> Annotation:
    """Touching marks that say the same as one."""
    joined: list[Mark] = []
    for mark in annotation.marks:
        before = joined[-1] if joined else None
        touches = before is not None and before.end == mark.start
        if before and touches and replace(before, start=mark.start, end=mark.end) == mark:
            joined[-1] = replace(before, end=mark.end)
        else:
            joined.append(mark)
    return replace(annotation, marks=tuple(joined))


AUTHORS = Loss(
    "authors",
    "who labelled a segment, and when",
    _each_mark(lambda mark: replace(mark, author="", time="")),
)
ORIGIN = Loss(
    "origin",
    "whether a person or another tool made a segment",
    _each_mark(lambda mark: replace(mark, origin="imported")),
)
REVIEWED = Loss(
    "reviewed", "that a video was reviewed", lambda annotation: replace(annotation, reviewed=False)
)
VIDEO_CATEGORY = Loss(
    "category of the video",
    "the category of the video as a whole",
    lambda annotation: replace(annotation, category=None),
)
LENGTH = Loss(
    "length and rate",
    "length and frame rate of the video (an import takes them from --videos)",
    lambda annotation: replace(annotation, num_frames=None, fps=None),
)
NOT_ABNORMAL = Loss(
    "normal and unknown",
    "segments that are normal or unknown: such frames look like unset ones",
    _only_abnormal,
)
NO_SEGMENTS = Loss(
    "videos without segments",
    "videos without segments",
    lambda annotation: annotation if annotation.marks else None,
)
SPLITS = Loss("splits", "where touching segments that say the same were split", _joined)
ORDER = Loss("order", "the order in which a file lists the segments", _in_order)
