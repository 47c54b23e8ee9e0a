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
    curves: Mapping[str, npt.NDArray[Any]],
    categories: Sequence[str],
    ground_truth: GroundTruth,
    *,
    quirks: Quirks = "none",
) -> MeanAveragePrecision:
    """MAP at IoU 0.1:0.1:0.5 over the categories that have ground truth.

    With VadCLIP's quirks a normal category, which is otherwise left out, takes part: on
    UCF-Crime it always has AP 0 and still divides the mean (its ground truth says "A", its list
    "Normal"), on XD-Violence whole normal videos are its events. And one category without any
    proposal makes the result of an IoU 0.

    Args:
        curves: (num_frames, K) values in [0, 1] by video id.
        categories: K ids, in the order of the columns; one may be normal.
        ground_truth: intervals with one category each.
        quirks: ``none``, or whose to take over.

    Raises:
        DatasetError: an interval does not tell its category, no category has ground truth, or a
            curve has other than K columns.
    """
    _check(curves, categories, ground_truth)
    table: dict[str, list[float]] = {}
    without_proposals = False
    for column, name in enumerate(categories):
        if quirks == "none" and is_normal_name(name):
            continue
        proposals = [item for video in curves for item in _propose(video, curves[video][:, column])]
        without_proposals |= not proposals
        spans = _spans(name, curves, ground_truth, quirks)
        if spans or quirks != "none":
            ranked = sorted(proposals, key=lambda item: -item.score)
            table[name] = [_average_precision(ranked, spans, iou) for iou in IOUS]
    if not table:
        raise DatasetError("no category of the curves has annotated intervals", "check the names")
    zeroed = quirks != "none" and without_proposals
    values = np.zeros((1, len(IOUS))) if zeroed else np.array(list(table.values()))
    means = values.mean(axis=0).tolist()
    return MeanAveragePrecision(
        by_iou=dict(zip(IOUS, means, strict=True)),
        mean=float(np.mean(means)),
        by_category={name: float(np.mean(row)) for name, row in table.items()},
        quirks=quirks,
    )


def _propose(video: str, curve: npt.NDArray[Any]) -> list[Proposal]:
    """Runs of a (N,) curve above its threshold, longest-scoring as VadCLIP scores them.

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


def _spans(
    category: str,
    curves: Mapping[str, npt.NDArray[Any]],
    ground_truth: GroundTruth,
    quirks: Quirks,
) -> _Spans:
    """Ground-truth intervals of a category by video."""
    if is_normal_name(category):
        if quirks != "vadclip-xd-violence":
            return {}
        normal = [video for video in curves if not ground_truth.get(video)]
        return {video: [(0, len(curves[video]))] for video in normal}
    found: _Spans = {}
    for video in curves:
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


def _check(
    curves: Mapping[str, npt.NDArray[Any]], categories: Sequence[str], ground_truth: GroundTruth
) -> None:
    for video, curve in curves.items():
        if curve.ndim != 2 or curve.shape[1] != len(categories) or not len(curve):
            raise DatasetError(
                f"category curves of {video} have shape {curve.shape}",
                f"give one row per frame and {len(categories)} columns",
            )
        for item in ground_truth.get(video, ()):
            if len(item.categories) > 1:
                raise DatasetError(
                    f"an interval of {video} is of {item.category}, which does not tell one event",
                    "use the annotation with a category per interval"
                    " (XD-Violence: annotations_multiclasses.txt)",
                )
