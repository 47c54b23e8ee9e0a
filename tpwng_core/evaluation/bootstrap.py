"""Confidence intervals: the test set resampled by whole videos.

Frames of a video depend on each other, so videos are drawn with replacement, not frames. Called
by ``evaluate`` where ``num_bootstrap`` is not zero.
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
    rng = np.random.default_rng(seed)
    shares = np.full(table.num_videos, 1.0 / table.num_videos)
    values: dict[str, list[Floats]] = {name: [] for name in _METRICS}
    bins = _bins(table)
    for first in range(0, num_resamples, _RESAMPLES_AT_ONCE):
        count = min(_RESAMPLES_AT_ONCE, num_resamples - first)
        weights = rng.multinomial(table.num_videos, shares, size=count)
        for name, part in _metrics(table, bins, weights).items():
            values[name].append(part)
    defined = {name: _finite(parts) for name, parts in values.items()}
    return BootstrapResult(
        num_resamples=num_resamples,
        seed=seed,
        level=level,
        intervals={name: _interval(part, level) for name, part in defined.items()},
        num_defined={name: len(part) for name, part in defined.items()},
    )


def _bins(table: FrameTable) -> npt.NDArray[np.integer[Any]]:
    """Bin of each row, best scores first: its level, or the root of its rank if too many."""
    if len(table.threshold) <= _MAX_BINS:
        return table.level
    size = table.positive + table.negative
    frames = np.bincount(table.level, weights=size, minlength=len(table.threshold))
    before = np.cumsum(frames) - frames
    bin_of_level = (_MAX_BINS * np.sqrt(before / frames.sum())).astype(np.int64)
    return np.asarray(bin_of_level[table.level])


def _metrics(
    table: FrameTable, bins: npt.NDArray[np.integer[Any]], weights: npt.NDArray[np.int64]
) -> dict[str, Floats]:
    """(B,) values of each metric for (B, V) numbers of times each video was drawn."""
    abnormal_only = weights * table.has_event
    positive = _histograms(table, bins, weights, table.positive)
    negative = _histograms(table, bins, weights, table.negative)
    negative_abnormal = _histograms(table, bins, abnormal_only, table.negative)
    step, trapezoid = _precision_areas(positive, negative)
    return {
        "auc": _auc(positive, negative),
        "ap": step,
        "ap_trapezoid": trapezoid,
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
    return _divide((positive * below).sum(1), positive.sum(1) * negative.sum(1))


def _precision_areas(positive: Floats, negative: Floats) -> tuple[Floats, Floats]:
    """Step-wise and trapezoid areas under the precision-recall curves."""
    found = np.cumsum(positive, axis=1)
    alarms = found + np.cumsum(negative, axis=1)
    # Where no frame has come yet nothing is gained either, so any precision will do: 1.
    precision = np.where(alarms > 0, found / np.maximum(alarms, 1.0), 1.0)
    before = np.concatenate([np.ones((len(found), 1)), precision[:, :-1]], axis=1)
    step = _divide((positive * precision).sum(1), found[:, -1])
    return step, _divide((positive * (precision + before)).sum(1), 2 * found[:, -1])


def _divide(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def _finite(parts: list[Floats]) -> Floats:
    values = np.concatenate(parts) if parts else np.empty(0)
    return values[np.isfinite(values)]


def _interval(values: Floats, level: float) -> tuple[float, float] | None:
    if not len(values):
        return None
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
