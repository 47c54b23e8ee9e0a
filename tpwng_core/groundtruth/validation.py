"""Where annotations, lengths and published frame labels disagree, video by video.

The answer to a traceback about array lengths: every disagreement is a record that names the
video and the numbers. Called by ``tpwng-core ground-truth validate`` and by ``evaluation``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from tpwng_core.datasets import benchmark_labels, video_id
from tpwng_core.groundtruth.intervals import (
    Convention,
    GroundTruth,
    Interval,
    frame_labels,
    overhanging,
)

Problem = Literal[
    "not-annotated",
    "length-unknown",
    "length",
    "annotation-beyond-end",
    "empty-interval",
    "overlap",
    "frames-differ",
]


@dataclass(frozen=True, kw_only=True)
class Mismatch:
    """A video about which two sources disagree.

    Attributes:
        video: id.
        problem: kind of disagreement.
        detail: the numbers, in a sentence.
    """

    video: str
    problem: Problem
    detail: str

    def to_json(self) -> dict[str, str]:
        """The three fields."""
        return asdict(self)


def validate(
    ground_truth: GroundTruth,
    num_frames: Mapping[str, int] | None = None,
    convention: Convention = "half-open",
) -> list[Mismatch]:
    """List what is odd in a ground truth, by itself and against the lengths of the videos.

    By itself: intervals without a frame, and overlaps within a category. Against lengths:
    intervals that end behind their video, annotated videos of unknown length, and videos that
    are not annotated (XD-Violence's normal ids, which end in ``_label_A``, need not be).

    Args:
        ground_truth: intervals by video id.
        num_frames: lengths by video; folders and suffixes in the names are ignored. None to
            look at the intervals only.
        convention: whether an interval's end frame belongs to it.
    """
    found = []
    for video, intervals in ground_truth.items():
        found += _empty(video, intervals, convention) + _overlaps(video, intervals)
    if num_frames is None:
        return found
    lengths = {video_id(name): count for name, count in num_frames.items()}
    for video, intervals in ground_truth.items():
        if video in lengths:
            found += beyond_end(video, intervals, lengths[video], convention)
        else:
            detail = "annotated, but its length is not listed"
            found.append(Mismatch(video=video, problem="length-unknown", detail=detail))
    for video in lengths:
        if video not in ground_truth and benchmark_labels(video) != ():
            detail = "its length is listed, but it is not annotated"
            found.append(Mismatch(video=video, problem="not-annotated", detail=detail))
    return found


def beyond_end(
    video: str, intervals: Iterable[Interval], num_frames: int, convention: Convention
) -> list[Mismatch]:
    """One mismatch for each interval that ends behind the last frame of its video."""
    return [
        Mismatch(
            video=video,
            problem="annotation-beyond-end",
            detail=f"interval {item.start}-{item.end} is cut at {num_frames} frames",
        )
        for item in overhanging(intervals, num_frames, convention)
    ]


def compare_frames(
    ground_truth: GroundTruth,
    reference: Mapping[str, npt.NDArray[Any]],
    convention: Convention = "half-open",
) -> list[Mismatch]:
    """Compare with published frame labels, each video painted to the published length.

    Args:
        ground_truth: intervals by video id; XD-Violence's normal videos may be absent.
        reference: (num_frames,) 0/1 by video id.
        convention: whether an interval's end frame belongs to it.
    """
    found = []
    for name, published in reference.items():
        video = video_id(name)
        intervals = ground_truth.get(video, () if benchmark_labels(video) == () else None)
        if intervals is None:
            detail = "published, but not annotated"
            found.append(Mismatch(video=video, problem="not-annotated", detail=detail))
            continue
        ours = frame_labels(intervals, len(published), convention)
        count = int(np.count_nonzero(ours != (published != 0)))
        if count:
            detail = f"{count} of {len(published)} frames differ"
            found.append(Mismatch(video=video, problem="frames-differ", detail=detail))
    known = {video_id(name) for name in reference}
    found += [
        Mismatch(video=video, problem="length-unknown", detail="annotated, but not published")
        for video in ground_truth
        if video not in known
    ]
    return found


def _empty(video: str, intervals: Sequence[Interval], convention: Convention) -> list[Mismatch]:
    if convention == "inclusive":
        return []
    return [
        Mismatch(
            video=video,
            problem="empty-interval",
            detail=f"interval {item.start}-{item.end} holds no frame",
        )
        for item in intervals
        if item.start == item.end
    ]


def _overlaps(video: str, intervals: Sequence[Interval]) -> list[Mismatch]:
    ordered = sorted(intervals, key=lambda item: (item.category, item.start))
    return [
        Mismatch(
            video=video,
            problem="overlap",
            detail=f"{first.category} {first.start}-{first.end} and {second.start}-{second.end}",
        )
        for first, second in pairwise(ordered)
        if first.category == second.category and second.start < first.end
    ]
