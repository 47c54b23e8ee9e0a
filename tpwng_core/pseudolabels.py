"""Eq. 5-6: from two similarity curves of one video to its pseudo-labels and segments.

In come similarities of one video with "normal" and with its own labels, one-dimensional and
without padding; out come psi (high = abnormal), 0/1 per snippet, and segments. NumPy only and
fast enough for a slider. ``nn/targets.py`` does the same on padded batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tpwng_core.config import require

Floats = NDArray[np.float32]
Fusion = Literal["max", "raw-mean"]

UNIT_FLAT_BELOW = 1e-4
"""Range at or below which a curve whose own scale is 1 (psi, a fused curve) is flat."""


@dataclass(frozen=True, kw_only=True)
class PseudoLabelConfig:
    """Settings of Eq. 5-6.

    Attributes:
        alpha: guidance weight in [0, 1]; 0 leaves the normal text out ("w/o NG").
        theta: threshold in (0, 1] on psi; 0.55 for UCF-Crime, 0.35 for XD-Violence.
        several_labels: how curves of several labels become one: "max" after normalising each,
            or "raw-mean", the mean before normalising (spec A16).
        smoothing: snippets of the centred moving mean over psi before it meets theta; 1 leaves
            psi as it is. Like the next two it is used when videos are labelled, never in training.
        min_duration: abnormal segments of fewer snippets are dropped.
        merge_gap: gaps of at most this many snippets between segments are closed first.
    """

    alpha: float = 0.2
    theta: float = 0.55
    several_labels: Fusion = "max"
    smoothing: int = 1
    min_duration: int = 0
    merge_gap: int = 0

    def __post_init__(self) -> None:
        require(0 <= self.alpha <= 1, f"alpha must be in [0, 1], not {self.alpha}")
        require(0 < self.theta <= 1, f"theta must be above 0 and at most 1, not {self.theta}")
        require(
            self.several_labels in ("max", "raw-mean"),
            f"several_labels must be 'max' or 'raw-mean', not {self.several_labels!r}",
        )
        require(self.smoothing >= 1, f"smoothing must be 1 or more, not {self.smoothing}")
        require(self.min_duration >= 0, "min_duration must not be negative")
        require(self.merge_gap >= 0, "merge_gap must not be negative")


class PseudoLabels(NamedTuple):
    """What Eq. 5-6 say of one video taken to be abnormal.

    Attributes:
        s_abnormal: (T,) fused, normalised similarity with the video's labels, in [0, 1].
        psi: (T,) abnormality in [0, 1], high = abnormal.
        pseudo_label: (T,) int8, 1 abnormal.
        usable: False where a curve is flat, so that the video says nothing and must not train.
    """

    s_abnormal: Floats
    psi: Floats
    pseudo_label: NDArray[np.int8]
    usable: bool


def minmax(curve: ArrayLike, flat_below: float) -> Floats:
    """A curve moved and scaled to [0, 1]; the tilde of Eq. 5, 6 and 12.

    Departs from the paper: a curve that spans ``flat_below`` or less becomes zeros, because
    what it would be scaled up to is rounding noise (spec A21).

    Args:
        curve: (T,) finite values.
        flat_below: largest range that counts as flat; ``similarity.flat_below(scale)`` for
            similarities.

    Returns:
        (T,) float32 with minimum 0 and maximum 1, or zeros where flat or empty.
    """
    values = np.asarray(curve, dtype=np.float32)
    if values.size == 0:
        return values.copy()
    low = values.min()
    span = values.max() - low
    if span <= flat_below:
        return np.zeros_like(values)
    return np.asarray((values - low) / span, dtype=np.float32)


def fuse_labels(
    similarity: NDArray[np.floating],
    labels: Sequence[int],
    flat_below: float,
    how: Fusion = "max",
) -> Floats:
    """One normalised curve for a video with one or several labels.

    Departs from the paper: it knows one label per video; several are fused by the maximum of
    the normalised curves, or on request by the mean of the raw ones (spec A16).

    Args:
        similarity: (T, K), normal last.
        labels: indices of the video's categories, at least one.
        flat_below: as in :func:`minmax`.
        how: "max" or "raw-mean".

    Returns:
        (T,) float32 in [0, 1].
    """
    chosen = np.asarray(similarity[:, list(labels)], dtype=np.float32)
    if how == "raw-mean":
        return minmax(chosen.mean(axis=1), flat_below)
    normalised = [minmax(curve, flat_below) for curve in chosen.T]
    return np.asarray(np.max(normalised, axis=0), dtype=np.float32)


def psi(
    s_normal: ArrayLike, s_abnormal_norm: NDArray[np.floating], alpha: float, flat_below: float
) -> Floats:
    """The abnormality curve of Eq. 5.

    Departs from the paper: the printed psi is high for *normal* snippets while Eq. 6 calls high
    values abnormal; this is minmax(1 - printed psi), high = abnormal (spec A1).

    Args:
        s_normal: (T,) similarity with the (enhanced) normal text.
        s_abnormal_norm: (T,) output of :func:`fuse_labels`.
        alpha: guidance weight in [0, 1].
        flat_below: as in :func:`minmax`, for ``s_normal``.

    Returns:
        (T,) float32 in [0, 1]; zeros where flat; 1 for a video of a single snippet, which is a
        positive bag with one instance.
    """
    if len(s_abnormal_norm) == 1:
        return np.ones(1, dtype=np.float32)
    guide = minmax(s_normal, flat_below)
    turned = alpha * (1 - guide) + (1 - alpha) * np.asarray(s_abnormal_norm, dtype=np.float32)
    return minmax(turned, UNIT_FLAT_BELOW)


def threshold(curve: ArrayLike, theta: float) -> NDArray[np.int8]:
    """Eq. 6: 1 where psi >= theta. For a flat psi (zeros) and theta > 0 nothing is abnormal."""
    return (np.asarray(curve) >= theta).astype(np.int8)


def infer(
    s_normal: ArrayLike,
    similarity: NDArray[np.floating],
    labels: Sequence[int],
    config: PseudoLabelConfig,
    flat_below: float,
) -> PseudoLabels:
    """Pseudo-labels of one video under Eq. 5-6 with their edge rules (spec B.4).

    A single snippet is abnormal. Where the fused curve or psi is flat over several snippets,
    the video is not usable, never all abnormal.

    Args:
        s_normal: (T,) similarity with the enhanced normal text.
        similarity: (T, K) similarity with every category.
        labels: indices of the video's categories, at least one.
        config: alpha, theta and the fusion of several labels.
        flat_below: as in :func:`minmax`, for similarities.
    """
    s_abnormal = fuse_labels(similarity, labels, flat_below, config.several_labels)
    curve = psi(s_normal, s_abnormal, config.alpha, flat_below)
    usable = len(curve) == 1 or not (_is_flat(s_abnormal) or _is_flat(curve))
    return PseudoLabels(s_abnormal, curve, threshold(curve, config.theta), usable)


def segments(mask: ArrayLike) -> list[tuple[int, int]]:
    """Runs of a 0/1 array as half-open intervals [start, end), in order.

    Args:
        mask: (N,) of snippets or frames.
    """
    starts, ends = mask_runs(mask)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def clean(mask: ArrayLike, min_duration: int, merge_gap: int) -> NDArray[np.int8]:
    """Close short gaps, then drop short runs.

    Args:
        mask: (N,) of snippets or frames.
        min_duration: runs of fewer elements are dropped.
        merge_gap: gaps of at most this many elements between two runs are closed.

    Returns:
        (N,) int8.
    """
    starts, ends = clean_runs(*mask_runs(mask), min_duration, merge_gap)
    steps = np.zeros(np.size(mask) + 1, dtype=np.int8)
    steps[starts] = 1
    steps[ends] = -1
    return np.cumsum(steps[:-1], dtype=np.int8)


def mask_runs(mask: ArrayLike) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Starts and ends (N,) of the runs of ones in a 0/1 array, half-open and in order."""
    inside = np.asarray(mask, dtype=bool)
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts_inside, ends_inside = inside[:1].sum(), inside[-1:].sum()
    edges = np.concatenate([np.zeros(starts_inside, np.intp), edges, [inside.size] * ends_inside])
    edges = edges.astype(np.intp)
    return edges[::2], edges[1::2]


def clean_runs(
    starts: NDArray[np.intp], ends: NDArray[np.intp], min_duration: int, merge_gap: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """:func:`clean` on the runs of :func:`mask_runs`, for many runs a second (sliders)."""
    parted = starts[1:] - ends[:-1] > merge_gap
    starts = starts[np.append(True, parted)[: len(starts)]]
    ends = ends[np.append(parted, True)[: len(ends)]]
    kept = ends - starts >= min_duration
    return starts[kept], ends[kept]


def _is_flat(curve: Floats) -> bool:
    return curve.size == 0 or bool(np.ptp(curve) <= UNIT_FLAT_BELOW)
