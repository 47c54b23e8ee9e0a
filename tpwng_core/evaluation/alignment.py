"""Scores and ground truth side by side: which videos are evaluated, over which frames.

Nothing is cut or filled in silence: each video whose scores, annotation and length disagree
becomes a :class:`Mismatch` of the report. Called by ``evaluate``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tpwng_core.datasets import benchmark_labels, video_id
from tpwng_core.errors import DatasetError
from tpwng_core.groundtruth import (
    Convention,
    GroundTruth,
    Interval,
    Mismatch,
    Protocol,
    beyond_end,
    frame_labels,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class AlignedVideo:
    """One video as it is evaluated.

    Attributes:
        video: id.
        score: (N,) scores.
        label: (N,) int8, 1 = abnormal.
        categories: of its intervals; () for a normal video.
    """

    video: str
    score: npt.NDArray[Any]
    label: npt.NDArray[np.int8]
    categories: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """What is evaluated, and what had to be left out, cut or filled."""

    videos: tuple[AlignedVideo, ...]
    mismatches: tuple[Mismatch, ...]
    missing: tuple[str, ...]


def align(
    scores: Mapping[str, npt.NDArray[Any]],
    ground_truth: GroundTruth,
    *,
    protocol: Protocol,
    num_frames: Mapping[str, int] | None = None,
    convention: Convention = "half-open",
) -> Alignment:
    """Pair each video's scores with its frame labels.

    A video's length is its score array, unless ``num_frames`` knows it; then the scores are cut
    or filled with their last value. XD-Violence lists abnormal videos only: there an id that
    ends in ``_label_A`` and is not listed is normal.

    Raises:
        DatasetError: no scored video is annotated, a video is scored twice, or scores are not
            one number per frame.
    """
    lengths = {video_id(name): count for name, count in (num_frames or {}).items()}
    videos, mismatches = [], []
    for video, values in _by_id(scores).items():
        intervals = _intervals(video, ground_truth, protocol)
        if intervals is None:
            detail = "scored, but the ground truth does not list it"
            mismatches.append(Mismatch(video=video, problem="not-annotated", detail=detail))
            continue
        score = _checked(video, np.asarray(values))
        wanted = lengths.get(video, len(score))
        mismatches += _disagreements(video, len(score), wanted, intervals, convention)
        videos.append(
            AlignedVideo(
                video=video,
                score=_fit(score, wanted),
                label=frame_labels(intervals, wanted, convention),
                categories=tuple(dict.fromkeys(c for item in intervals for c in item.categories)),
            )
        )
    if not videos:
        raise DatasetError(*_nothing_in_common(scores, ground_truth))
    found = {item.video for item in videos}
    missing = tuple(video for video in ground_truth if video not in found)
    return Alignment(videos=tuple(videos), mismatches=tuple(mismatches), missing=missing)


def _by_id(scores: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    found = {video_id(name): values for name, values in scores.items()}
    if len(found) < len(scores):
        raise DatasetError(
            f"{len(scores)} score arrays are of {len(found)} videos", "keep one a video"
        )
    return found


def _intervals(
    video: str, ground_truth: GroundTruth, protocol: Protocol
) -> tuple[Interval, ...] | None:
    if video not in ground_truth and protocol == "xd-violence" and benchmark_labels(video) == ():
        return ()
    return ground_truth.get(video)


def _checked(video: str, score: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if score.ndim != 1 or not len(score) or score.dtype.kind not in "fiub":
        raise DatasetError(
            f"scores of {video} have shape {score.shape} and type {score.dtype}",
            "give one number per frame",
        )
    if not np.isfinite(score).all():
        raise DatasetError(f"scores of {video} are not all numbers", "score the video again")
    return score


def _disagreements(
    video: str, have: int, wanted: int, intervals: tuple[Interval, ...], convention: Convention
) -> list[Mismatch]:
    found = []
    if have != wanted:
        done = "the rest is left out" if have > wanted else "the last score fills up"
        detail = f"{have} scores for {wanted} frames; {done}"
        found.append(Mismatch(video=video, problem="length", detail=detail))
    found += beyond_end(video, intervals, wanted, convention)
    return found


def _fit(score: npt.NDArray[Any], num_frames: int) -> npt.NDArray[Any]:
    if len(score) >= num_frames:
        return score[:num_frames]
    return np.pad(score, (0, num_frames - len(score)), mode="edge")


def _nothing_in_common(
    scores: Mapping[str, npt.NDArray[Any]], ground_truth: GroundTruth
) -> tuple[str, str]:
    have = next(iter(scores), "none")
    listed = next(iter(ground_truth), "none")
    return (
        f"none of the {len(scores)} scored videos is among the {len(ground_truth)} annotated ones",
        f"names must agree: scores have e.g. {have!r}, the ground truth {listed!r}",
    )
