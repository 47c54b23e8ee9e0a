"""Confidence intervals: the test set resampled by whole videos.

Frames of a video depend on each other, so videos are drawn with replacement, not frames. Called
by ``evaluate`` where ``num_bootstrap`` is not zero, and for what a round of corrections gained.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tpwng_core.evaluation.table import FrameTable

# More distinct scores than this are put into so many bins, fine at the top, where precision
# changes fast, and coarse at the bottom: bin = root of the rank. So a resample costs the same
# however many frames there are, at a bias far below the width of the intervals (tested).
_MAX_BINS = 4096
# A difference of two models needs fewer: what the bins do to one, they do to the other.
_PAIRED_BINS = 1024
_VIDEOS_AT_ONCE = 256
_RESAMPLES_AT_ONCE = 128
_METRICS = ("auc", "ap", "ap_trapezoid", "auc_abnormal")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class BootstrapResult:
    """Percentile intervals of each metric.

    Attributes:
        num_resamples: drawn.
        seed: of the draw.
        level: nominal coverage.
        intervals: (low, high) by metric; None where no resample defines it.
        num_defined: resamples that define the metric (had both classes).
    """

    num_resamples: int
    seed: int
    level: float
    intervals: dict[str, tuple[float, float] | None] = field(default_factory=dict)
    num_defined: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "num_resamples": self.num_resamples,
            "seed": self.seed,
            "level": self.level,
            "num_defined": self.num_defined,
            **{name: span and list(span) for name, span in self.intervals.items()},
        }


def bootstrap(
    table: FrameTable, *, num_resamples: int, seed: int = 0, level: float = 0.95
) -> BootstrapResult:
    """Percentile bootstrap of AUC, AP, trapezoid AP and AUC over abnormal videos.

    Args:
        table: the evaluated frames.
        num_resamples: times the videos are drawn.
        seed: of the draw.
        level: nominal coverage of the intervals, in (0, 1).
    """
    values: dict[str, list[Floats]] = {name: [] for name in _METRICS}
    bins = _bins(table, _MAX_BINS)
    drawn = _draw(table.num_videos, num_resamples, seed)
    for first in range(0, num_resamples, _RESAMPLES_AT_ONCE):
        weights = drawn[first : first + _RESAMPLES_AT_ONCE]
        for name, part in _metrics(table, bins, weights).items():
            values[name].append(part)
    whole = {name: np.concatenate([np.empty(0), *parts]) for name, parts in values.items()}
    return _result(whole, seed, level)


def paired_bootstrap(
    before: FrameTable,
    after: FrameTable,
    *,
    num_resamples: int,
    seed: int = 0,
    level: float = 0.95,
) -> BootstrapResult:
    """Percentile bootstrap of what AUC and AP gained: after minus before on the same resample.

    Resamples that hold a single class count for neither metric.

    Args:
        before: the evaluated frames as one model scores them.
        after: the same frames, video for video, as the other does.
        num_resamples: times the videos are drawn.
        seed: of the draw.
        level: nominal coverage of the intervals, in (0, 1).
    """
    weights = _draw(before.num_videos, num_resamples, seed)
    old, new = (_frame_areas(table, weights) for table in (before, after))
    gained = new - old
    gained[:, ~np.isfinite(gained[0])] = np.nan
    return _result({"auc": gained[0], "ap": gained[1]}, seed, level)


def _frame_areas(table: FrameTable, weights: npt.NDArray[np.int64]) -> Floats:
    """(2, B) AUC and AP for (B, V) numbers of times each video was drawn."""
    bins = _bins(table, _PAIRED_BINS)
    positive = _histograms(table, bins, weights, table.positive)
    negative = _histograms(table, bins, weights, table.negative)
    areas = np.empty((2, len(weights)))
    # Rows by the block, which stays in the processor's cache: half the time.
    for first in range(0, len(weights), _RESAMPLES_AT_ONCE):
        rows = slice(first, first + _RESAMPLES_AT_ONCE)
        found = positive[rows], negative[rows]
        areas[0, rows] = _auc(*found)
        areas[1, rows] = _step_area(found[0], _precision(*found))
    return areas


def _draw(num_videos: int, num_resamples: int, seed: int) -> npt.NDArray[np.int64]:
    """(B, V) numbers of times each video is drawn."""
    shares = np.full(num_videos, 1.0 / num_videos)
    return np.random.default_rng(seed).multinomial(num_videos, shares, size=num_resamples)


def _result(values: dict[str, Floats], seed: int, level: float) -> BootstrapResult:
    """Intervals of the (B,) values of each metric; NaN where a resample does not define it."""
    defined = {name: part[np.isfinite(part)] for name, part in values.items()}
    return BootstrapResult(
        num_resamples=len(next(iter(values.values()))),
        seed=seed,
        level=level,
        intervals={name: _interval(part, level) for name, part in defined.items()},
        num_defined={name: len(part) for name, part in defined.items()},
    )


def _bins(table: FrameTable, most: int) -> npt.NDArray[np.integer[Any]]:
    """Bin of each row, best scores first: its level, or the root of its rank if too many."""
    if len(table.threshold) <= most:
        return table.level
    size = table.positive + table.negative
    frames = np.bincount(table.level, weights=size, minlength=len(table.threshold))
    before = np.cumsum(frames) - frames
    bin_of_level = (most * np.sqrt(before / frames.sum())).astype(np.int64)
    return np.asarray(bin_of_level[table.level])


def _metrics(
    table: FrameTable, bins: npt.NDArray[np.integer[Any]], weights: npt.NDArray[np.int64]
) -> dict[str, Floats]:
    """(B,) values of each metric for (B, V) numbers of times each video was drawn."""
    abnormal_only = weights * table.has_event
    positive = _histograms(table, bins, weights, table.positive)
    negative = _histograms(table, bins, weights, table.negative)
    negative_abnormal = _histograms(table, bins, abnormal_only, table.negative)
    precision = _precision(positive, negative)
    return {
        "auc": _auc(positive, negative),
        "ap": _step_area(positive, precision),
        "ap_trapezoid": _trapezoid_area(positive, precision),
        "auc_abnormal": _auc(positive, negative_abnormal),
    }


def _histograms(
    table: FrameTable,
    bins: npt.NDArray[np.integer[Any]],
    weights: npt.NDArray[np.int64],
    frames: npt.NDArray[np.integer[Any]],
) -> Floats:
    """(B, bins) numbers of frames of each resample, best scores first."""
    num_bins = int(bins.max()) + 1
    total = np.zeros((len(weights), num_bins))
    for first in range(0, table.num_videos, _VIDEOS_AT_ONCE):
        count = min(_VIDEOS_AT_ONCE, table.num_videos - first)
        place = table.video - first
        rows = np.flatnonzero((place >= 0) & (place < count) & (frames > 0))
        cell = place[rows] * num_bins + bins[rows]
        histogram = np.bincount(cell, weights=frames[rows], minlength=count * num_bins)
        # float32 holds these counts exactly: a cell stays far below 2 ** 24 frames.
        part = weights[:, first : first + count].astype(np.float32)
        total += part @ histogram.reshape(count, num_bins).astype(np.float32)
    return total


def _auc(positive: Floats, negative: Floats) -> Floats:
    below = negative.sum(1, keepdims=True) - np.cumsum(negative, axis=1) + negative / 2
    return _divide(_dot(positive, below), positive.sum(1) * negative.sum(1))


def _precision(positive: Floats, negative: Floats) -> Floats:
    """(B, bins) precision if frames from each bin on count as abnormal."""
    found = np.cumsum(positive, axis=1)
    alarms = found + np.cumsum(negative, axis=1)
    # Where no frame has come yet nothing is gained either, so any precision will do: 1.
    return np.divide(found, alarms, out=np.ones_like(found), where=alarms > 0)


def _step_area(positive: Floats, precision: Floats) -> Floats:
    return _divide(_dot(positive, precision), positive.sum(1))


def _trapezoid_area(positive: Floats, precision: Floats) -> Floats:
    before = np.concatenate([np.ones((len(precision), 1)), precision[:, :-1]], axis=1)
    return _divide(_dot(positive, precision + before), 2 * positive.sum(1))


def _dot(left: Floats, right: Floats) -> Floats:
    """(B,) inner products of the rows."""
    return np.asarray(np.einsum("ij,ij->i", left, right))


def _divide(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def _interval(values: Floats, level: float) -> tuple[float, float] | None:
    if not len(values):
        return None
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
