"""Event detection: mAP at IoU 0.1 to 0.5 of category curves, as VadCLIP computes it.

Per-frame curves of each category in, mean average precision out (spec/formats.md, "Benchmark
metric protocols"). Called by ``evaluate`` where category curves are given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from tpwng_core.datasets import is_normal_name
from tpwng_core.errors import DatasetError
from tpwng_core.groundtruth import GroundTruth

IOUS = (0.1, 0.2, 0.3, 0.4, 0.5)
_TOP_SHARE = 16  # a video's score is the mean of its best 1/16 of frames
_DEPTH = 0.6  # the threshold lies so far from the maximum towards the minimum of a curve
_VIDEO_WEIGHT = 0.7
_SHORTEST = 2  # frames

Quirks = Literal["none", "vadclip-ucf-crime", "vadclip-xd-violence"]
_Spans = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True, kw_only=True, eq=False)
class CategoryCurves:
    """What a method says of each category over time.

    Attributes:
        values: (num_frames, K) in [0, 1] by video id.
        categories: K ids, in the order of the columns; one may be normal.
        quirks: ``none``, or those of which of VadCLIP's two scripts to take over.
    """

    values: Mapping[str, npt.NDArray[Any]]
    categories: Sequence[str]
    quirks: Quirks = "none"


class Proposal(NamedTuple):
    """A stretch of a video that may be an event: half-open frames and a score."""

    video: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, kw_only=True)
class MeanAveragePrecision:
    """Mean average precision of event detection.

    Attributes:
        by_iou: mean over categories, at each IoU.
        mean: over the IoUs.
        by_category: mean over the IoUs, of each category with ground truth.
        quirks: whose peculiarities are in it.
    """

    by_iou: Mapping[float, float]
    mean: float
    by_category: Mapping[str, float]
    quirks: Quirks

    def to_json(self) -> dict[str, Any]:
        """Plain values; IoUs as text."""
        return {
            "mean": self.mean,
            "by_iou": {f"{iou:.1f}": value for iou, value in self.by_iou.items()},
            "by_category": dict(self.by_category),
            "quirks": self.quirks,
        }


def mean_average_precision(
    curves: CategoryCurves, ground_truth: GroundTruth
) -> MeanAveragePrecision:
    """MAP at IoU 0.1:0.1:0.5 over the categories that have ground truth.

    With VadCLIP's quirks a normal category, which is otherwise left out, takes part: on
    UCF-Crime it always has AP 0 and still divides the mean (its ground truth says "A", its list
    "Normal"), on XD-Violence whole normal videos are its events. And one category without any
    proposal makes the result of every IoU 0.

    Args:
        curves: of all videos, normal ones too: their proposals are false alarms.
        ground_truth: intervals with one category each; only videos with curves count.

    Raises:
        DatasetError: an interval does not tell its category, no category has ground truth, or a
            curve has other than K columns.
    """
    _check(curves, ground_truth)
    table: dict[str, list[float]] = {}
    zeroed = False
    for column, name in enumerate(curves.categories):
        if curves.quirks == "none" and is_normal_name(name):
            continue
        proposals = [
            item
            for video, curve in curves.values.items()
            for item in _propose(video, curve[:, column])
        ]
        spans = _spans(name, curves, ground_truth)
        if spans or curves.quirks != "none":
            ranked = sorted(proposals, key=lambda item: -item.score)
            table[name] = [_average_precision(ranked, spans, iou) for iou in IOUS]
            zeroed |= curves.quirks != "none" and not proposals
    if not table:
        raise DatasetError("no category of the curves has annotated intervals", "check the names")
    means = np.mean(list(table.values()), axis=0) * (not zeroed)
    return MeanAveragePrecision(
        by_iou=dict(zip(IOUS, means.tolist(), strict=True)),
        mean=float(means.mean()),
        by_category={name: float(np.mean(row)) for name, row in table.items()},
        quirks=curves.quirks,
    )


def _propose(video: str, curve: npt.NDArray[Any]) -> list[Proposal]:
    """Runs of a (N,) curve above its threshold, scored as VadCLIP scores them.

    Runs of one threshold never overlap, so VadCLIP's non-maximum suppression removes none of
    them and is left out.
    """
    best = np.sort(curve)[::-1][: max(len(curve) // _TOP_SHARE, 1)]
    video_score = float(best.mean())
    if video_score <= 0:
        return []
    threshold = curve.max() - (curve.max() - curve.min()) * _DEPTH
    above = np.concatenate([[False], curve > threshold, [False]])
    edges = np.flatnonzero(above[1:] != above[:-1]).reshape(-1, 2)
    return [
        Proposal(
            video, int(start), int(end), float(curve[start:end].max()) + _VIDEO_WEIGHT * video_score
        )
        for start, end in edges
        if end - start >= _SHORTEST
    ]


def _spans(category: str, curves: CategoryCurves, ground_truth: GroundTruth) -> _Spans:
    """Ground-truth intervals of a category by video."""
    if is_normal_name(category):
        if curves.quirks != "vadclip-xd-violence":
            return {}
        normal = [video for video in curves.values if not ground_truth.get(video)]
        return {video: [(0, len(curves.values[video]))] for video in normal}
    found: _Spans = {}
    for video in curves.values:
        for item in ground_truth.get(video, ()):
            if item.category.casefold() == category.casefold():
                found.setdefault(video, []).append((item.start, item.end))
    return found


def _average_precision(ranked: Sequence[Proposal], spans: _Spans, iou: float) -> float:
    """Precision at each hit, summed, over the number of intervals; greedy matching."""
    left = {video: list(intervals) for video, intervals in spans.items()}
    num_spans = sum(map(len, spans.values()))
    num_hits, total = 0, 0.0
    for place, proposal in enumerate(ranked, start=1):
        rivals = left.get(proposal.video, [])
        overlaps = [_iou((proposal.start, proposal.end), span) for span in rivals]
        if overlaps and max(overlaps) >= iou:
            del rivals[overlaps.index(max(overlaps))]
            num_hits += 1
            total += num_hits / place
    return total / num_spans if num_spans else 0.0


def _iou(first: tuple[int, int], second: tuple[int, int]) -> float:
    shared = max(0, min(first[1], second[1]) - max(first[0], second[0]))
    union = (first[1] - first[0]) + (second[1] - second[0]) - shared
    return shared / union if union else 0.0


def _check(curves: CategoryCurves, ground_truth: GroundTruth) -> None:
    for video, curve in curves.values.items():
        if curve.ndim != 2 or curve.shape[1] != len(curves.categories) or not len(curve):
            raise DatasetError(
                f"category curves of {video} have shape {curve.shape}",
                f"give one row per frame and {len(curves.categories)} columns",
            )
        for item in ground_truth.get(video, ()):
            if len(item.categories) > 1:
                raise DatasetError(
                    f"an interval of {video} is of {item.category}, which does not tell one event",
                    "use the annotation with a category per interval"
                    " (XD-Violence: annotations_multiclasses.txt)",
                )
