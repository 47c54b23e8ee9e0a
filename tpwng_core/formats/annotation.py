"""What an annotation file says of one video: the record between labels and every format.

Readers make it, writers take it; it keeps what labels cannot hold: overlaps, the order of the
file, ends behind the video, pseudo-labels and ground truth. Called by every format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from tpwng_core.errors import InputError
from tpwng_core.groundtruth import ANY_CATEGORY, Interval
from tpwng_core.labels import LabelSegment, State, VideoLabels

Origin = Literal["human", "imported", "pseudo", "truth"]
Overlaps = Literal["error", "split"]
Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One segment of a file.

    Attributes:
        start: first frame.
        end: the frame behind the last one; equal to ``start`` where a file marks an instant.
        state: what the frames are.
        category: category id of an abnormal mark, several joined by ``|``; None where not said.
        origin: a person here, another tool, the pseudo-labels, or a ground truth.
        author: who; may be empty.
        time: when, ISO 8601 in UTC; may be empty.
        mean_score: of its frames; None where not known. Written by some formats, read by none.
        max_score: as ``mean_score``.
    """

    start: int
    end: int
    state: State = "abnormal"
    category: str | None = None
    origin: Origin = "imported"
    author: str = ""
    time: str = ""
    mean_score: float | None = field(default=None, compare=False)
    max_score: float | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"{self.start}-{self.end} runs backwards or below frame 0")


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """What is said of one video.

    Attributes:
        video: id.
        marks: in the order of the file; they may overlap.
        num_frames: length of the video; None where the file does not say it.
        fps: frames per second; None where the file does not say it.
        category: of the whole video, ``normal`` or ids joined by ``|``; None where not said.
        reviewed: a person looked through all of it.
        name: as the file writes it (``v.mp4``); the id where empty.
    """

    video: str
    marks: tuple[Mark, ...] = ()
    num_frames: int | None = None
    fps: Fraction | None = None
    category: str | None = None
    reviewed: bool = False
    name: str = field(default="", compare=False)

    @property
    def has_overlaps(self) -> bool:
        """Whether two marks share a frame."""
        ordered = sorted(self.marks, key=lambda mark: (mark.start, mark.end))
        return any(after.start < before.end for before, after in pairwise(ordered))

    @property
    def categories(self) -> tuple[str, ...]:
        """Categories of the video and of its abnormal marks, each once."""
        said = [self.category, *(mark.category for mark in self.marks if mark.state == "abnormal")]
        ids = (part for text in said if text for part in text.split("|"))
        return tuple(dict.fromkeys(part for part in ids if part.casefold() != "normal"))

    @property
    def last_end(self) -> int:
        """The length, or where that is not known the end of the last mark."""
        return self.num_frames or max((mark.end for mark in self.marks), default=0)


def annotation_of_labels(labels: VideoLabels) -> Annotation:
    """Labels as the record that formats write."""
    marks = tuple(
        Mark(
            start=item.start,
            end=item.end,
            state=item.state,
            category=item.category,
            origin=item.provenance,
            author=item.author,
            time=item.time,
        )
        for item in labels.segments
    )
    return Annotation(
        video=labels.video,
        marks=marks,
        num_frames=labels.num_frames,
        fps=labels.fps,
        category=labels.category,
        reviewed=labels.reviewed,
    )


def labels_of_annotation(
    annotation: Annotation, *, overlaps: Overlaps = "error", tell: Tell = lambda text: None
) -> VideoLabels:
    """What a file says as labels.

    Marks are sorted; those without a frame are left out and those behind the end cut, both told.

    Args:
        annotation: with ``fps``.
        overlaps: "error" refuses marks that overlap; "split" cuts them where they do, the
            shared piece taking the categories of all, joined by ``|``.
        tell: hears what was changed.

    Raises:
        InputError: no frame rate; marks overlap.
    """
    if annotation.fps is None:
        hint = "give --videos or --fps"
        raise InputError(f"the frame rate of {annotation.video} is not known", hint)
    marks = sorted(annotation.marks, key=lambda mark: (mark.start, mark.end))
    if annotation.has_overlaps:
        if overlaps == "error":
            raise InputError(
                f"segments of {annotation.video} overlap, and a frame has one label",
                "choose --overlaps split, or keep the file as ground truth",
            )
        tell(f"{annotation.video}: segments that overlap were split")
        marks = split_overlaps(marks)
    num_frames = annotation.last_end
    kept = [mark for mark in marks if mark.start < min(mark.end, num_frames)]
    if len(kept) < len(marks):
        tell(f"{annotation.video}: {len(marks) - len(kept)} segments without a frame left out")
    if any(mark.end > num_frames for mark in marks):
        tell(f"{annotation.video}: cut at its last frame, {num_frames - 1}")
        kept = [replace(mark, end=min(mark.end, num_frames)) for mark in kept]
    return VideoLabels(
        video=annotation.video,
        num_frames=num_frames,
        fps=annotation.fps,
        category=annotation.category,
        reviewed=annotation.reviewed,
        segments=tuple(map(_segment, kept)),
    )


def split_overlaps(marks: Iterable[Mark]) -> list[Mark]:
    """Marks cut where they overlap; a shared piece has the categories of all.

    Where states differ the piece is abnormal if one of them is, else unknown.
    """
    marks = [mark for mark in marks if mark.start < mark.end]
    cuts = sorted({edge for mark in marks for edge in (mark.start, mark.end)})
    pieces = []
    for start, end in pairwise(cuts):
        over = [mark for mark in marks if mark.start < end and start < mark.end]
        if over:
            pieces.append(replace(_shared(over), start=start, end=end))
    return pieces


def truth_of_annotation(annotation: Annotation) -> tuple[Interval, ...]:
    """The abnormal marks as ground truth, in the order of the file, overlaps kept."""
    return tuple(
        Interval(start=mark.start, end=mark.end, category=mark.category or ANY_CATEGORY)
        for mark in annotation.marks
        if mark.state == "abnormal"
    )


def marks_of_truth(intervals: Sequence[Interval]) -> tuple[Mark, ...]:
    """Ground truth as marks."""
    return tuple(
        Mark(
            start=item.start,
            end=item.end,
            category=None if item.category == ANY_CATEGORY else item.category,
            origin="truth",
        )
        for item in intervals
    )


def _shared(over: Sequence[Mark]) -> Mark:
    states = {mark.state for mark in over}
    state = next(iter(states)) if len(states) == 1 else "unknown"
    abnormal = [mark for mark in over if mark.state == "abnormal"]
    ids = [part for mark in abnormal for part in (mark.category or "").split("|") if part]
    if not abnormal:
        return replace(over[0], state=state)
    return replace(abnormal[0], category="|".join(dict.fromkeys(ids)) or None)


def _segment(mark: Mark) -> LabelSegment:
    return LabelSegment(
        start=mark.start,
        end=mark.end,
        state=mark.state,
        category=mark.category,
        provenance="human" if mark.origin == "human" else "imported",
        author=mark.author,
        time=mark.time,
    )
