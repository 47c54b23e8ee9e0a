"""What an export is given: everything known of a video, and which part of it is asked for.

Filled by ``gather.py`` from folders and by the studio from its session; turned into the
annotation that a format writes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import ArtifactError, ConfigError
from tpwng_core.formats.annotation import Annotation, Mark, annotation_of_labels, marks_of_truth
from tpwng_core.formats.clock import Clock
from tpwng_core.groundtruth import Interval
from tpwng_core.labels import ABNORMAL, UNSET, Runs, VideoLabels
from tpwng_core.pseudocurves import PseudoCurves
from tpwng_core.scores import Scores, snippets_to_frames

_T = TypeVar("_T")
Source = Literal["human", "effective", "pseudo", "truth"]
UnknownPolicy = Literal["error", "omit", "normal"]
Slots = Literal["refuse", "widen", "merge"]


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """Choices of an export.

    Attributes:
        source: what people said; that over the pseudo-labels; the pseudo-labels alone; or the
            ground truth.
        unknown: unknown segments are written where the format knows them and else refused
            ("error"), left out, or written as normal.
        reviewed_only: leave out videos that nobody reviewed.
        slots: what UCF-Crime's two slots do with more segments: refuse, widen the line, or merge
            the nearest.
        inclusive_end: benchmark files whose ends belong to the segment.
    """

    source: Source = "human"
    unknown: UnknownPolicy = "error"
    reviewed_only: bool = False
    slots: Slots = "refuse"
    inclusive_end: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class ExportItem:
    """Everything known of one video; None where a part is not known.

    Attributes:
        video: id.
        num_frames: length.
        fps: frames per second.
        labels: what people said.
        annotation: what an annotation file says, where there are no labels.
        scores: of its frames.
        curves: similarities, psi and pseudo-labels per snippet.
        pseudo: pseudo-labels of all frames; of ``curves`` where None.
        truth: ground truth; () where it is known to be normal.
        pts: (num_frames,) int64 time stamps.
        time_base: seconds per unit of ``pts``.
        width: of the picture, in pixels.
        height: of the picture, in pixels.
        path: of the video.
    """

    video: str
    num_frames: int | None = None
    fps: Fraction | None = None
    labels: VideoLabels | None = None
    annotation: Annotation | None = None
    scores: Scores | None = None
    curves: PseudoCurves | None = None
    pseudo: Runs | None = None
    truth: tuple[Interval, ...] | None = None
    pts: NDArray[np.int64] | None = None
    time_base: Fraction = Fraction(1)
    width: int | None = None
    height: int | None = None
    path: Path | None = None

    @property
    def is_labelled(self) -> bool:
        """Whether anybody said something of it, if only that nothing happens."""
        return self.labels is not None or self.annotation is not None

    @property
    def clock(self) -> Clock:
        """Its frames' times.

        Raises:
            ConfigError: the frame rate is not known.
        """
        if self.fps is None:
            raise ConfigError(
                f"the frame rate of {self.video} is not known", "give --videos or --fps"
            )
        return Clock(
            fps=self.fps, num_frames=self.num_frames, pts=self.pts, time_base=self.time_base
        )

    @property
    def pseudo_runs(self) -> Runs | None:
        """Pseudo-labels of all frames in run lengths."""
        if self.pseudo is not None or self.curves is None or not self.num_frames:
            return self.pseudo
        return pseudo_runs(self.curves, self.num_frames)


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """One video of an export: what is known of it, and what is to be written."""

    item: ExportItem
    annotation: Annotation
    source: Source


def pseudo_runs(curves: PseudoCurves, num_frames: int) -> Runs:
    """The pseudo-labels of snippets, spread over the frames of a video."""
    edges = np.append(curves.snippet_start, num_frames).clip(0, num_frames)
    edges[0] = 0
    pieces = zip(edges[:-1], edges[1:], curves.pseudo_label, strict=True)
    kept = ((int(a), int(b), int(state)) for a, b, state in pieces if a < b)
    return Runs.painted(kept, num_frames)


def frame_curve(item: ExportItem, name: str) -> NDArray[np.float32] | None:
    """A curve of the snippets (``psi``, ``s_normal``, ``s_abnormal``), spread over the frames."""
    if item.curves is None or not item.num_frames:
        return None
    curve: NDArray[np.float32] = getattr(item.curves, name)
    return snippets_to_frames(curve, item.curves.snippet_start, item.num_frames)


def annotation_of(item: ExportItem, source: Source) -> Annotation:
    """What a source says of a video, with the scores of its marks.

    Raises:
        ConfigError: the item has nothing of that source.
    """
    base = _base(item)
    if source == "truth":
        marks = marks_of_truth(_required(item.truth, item, source))
        base = replace(base, category=_category_of_truth(item))
    elif source == "human":
        marks = base.marks
    else:
        inferred = _required(item.pseudo_runs, item, source)
        base = base if source == "effective" else replace(base, marks=(), category=None)
        base = replace(base, category=base.category or _category_of_curves(item))
        marks = _with_pseudo(base, inferred)
    return replace(base, marks=tuple(_scored(mark, item) for mark in marks))


def _base(item: ExportItem) -> Annotation:
    """What people said; a category that a manifest gave counts as said."""
    labels = item.labels
    blank = item.annotation or Annotation(video=item.video)
    found = annotation_of_labels(labels) if labels else blank
    num_frames = found.num_frames if item.num_frames is None else item.num_frames
    if labels and labels.num_frames != num_frames:
        raise ArtifactError(
            f"labels of {item.video} are of {labels.num_frames} frames, it has {num_frames}",
            "are they of another version of the video?",
        )
    given = item.curves is not None and not item.curves.meta.get("assumed", True)
    return replace(
        found,
        num_frames=num_frames,
        fps=item.fps or found.fps,
        category=found.category or (_category_of_curves(item) if given else None),
    )


def _category_of_truth(item: ExportItem) -> str:
    said = (part for interval in item.truth or () for part in interval.categories)
    return "|".join(dict.fromkeys(said)) or "normal"


def _category_of_curves(item: ExportItem) -> str | None:
    ids = item.curves.meta.get("category") if item.curves else None
    return None if ids is None else "|".join(ids) or "normal"


def _with_pseudo(said: Annotation, inferred: Runs) -> tuple[Mark, ...]:
    """Marks of people and, where they said nothing, the abnormal pseudo-labels."""
    num_frames = inferred.num_frames
    over = Runs.painted(((mark.start, mark.end, 0) for mark in said.marks), num_frames)
    unset = over.segments(UNSET)
    category = None if said.category in (None, "normal") else said.category
    pieces = [
        Mark(start=max(a, c), end=min(b, d), category=category, origin="pseudo")
        for a, b in inferred.segments(ABNORMAL)
        for c, d in unset
        if max(a, c) < min(b, d)
    ]
    return tuple(sorted([*said.marks, *pieces], key=lambda mark: mark.start))


def _scored(mark: Mark, item: ExportItem) -> Mark:
    scores = item.scores.score[mark.start : mark.end] if item.scores else np.empty(0)
    if not len(scores):
        return mark
    return replace(mark, mean_score=float(scores.mean()), max_score=float(scores.max()))


def _required(value: _T | None, item: ExportItem, source: Source) -> _T:
    if value is None:
        words = {"truth": "ground truth", "pseudo": "pseudo-labels", "effective": "pseudo-labels"}
        raise ConfigError(f"{item.video} has no {words[source]}", "choose another --source")
    return value
