"""Metrics of a ranking: ROC and precision-recall from frame counts at each distinct score.

Scores and 0/1 labels in, exact areas and curves out; frames of equal score are one step. All of
it works on counts, so that repeated snippet scores cost one step, not sixteen. Called by the
other files of this package and, as plain functions, by anyone with two arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """Points of a curve, in order of falling threshold.

    Attributes:
        x: (N,) false positive rate (ROC) or recall (PR), ascending.
        y: (N,) true positive rate (ROC) or precision (PR).
        threshold: (N,) a frame counts as abnormal from this score on; the first point, at
            which no frame does, has the highest score once more.
    """

    x: Floats
    y: Floats
    threshold: Floats

    def thinned(self, max_points: int = 200) -> Curve:
        """At most ``max_points`` points, evenly spread along the curve, both ends kept."""
        if len(self.x) <= max_points:
            return self
        path = np.cumsum(np.hypot(np.diff(self.x, prepend=0.0), np.diff(self.y, prepend=0.0)))
        wanted = np.linspace(path[0], path[-1], max_points)
        keep = np.searchsorted(path, wanted).clip(0, len(path) - 1)
        keep[0], keep[-1] = 0, len(path) - 1
        keep = np.unique(keep)
        return Curve(x=self.x[keep], y=self.y[keep], threshold=self.threshold[keep])

    def to_json(self) -> dict[str, list[float]]:
        """The three columns as lists."""
        return {name: getattr(self, name).tolist() for name in ("x", "y", "threshold")}


class Ranking:
    """Numbers of abnormal and normal frames at each distinct score, highest score first.

    Args:
        threshold: (U,) distinct scores, descending.
        positive: (U,) abnormal frames of each score; may be weighted.
        negative: (U,) normal frames of each score; no score is without frames.
    """

    def __init__(
        self, threshold: npt.NDArray[Any], positive: npt.NDArray[Any], negative: npt.NDArray[Any]
    ) -> None:
        self.threshold: Floats = threshold.astype(np.float64)
        self.positive: Floats = positive.astype(np.float64)
        self.negative: Floats = negative.astype(np.float64)
        self.true_positives: Floats = np.cumsum(self.positive)
        self.false_positives: Floats = np.cumsum(self.negative)

    @property
    def num_positive(self) -> float:
        """Number of abnormal frames."""
        return float(self.true_positives[-1]) if len(self.threshold) else 0.0

    @property
    def num_negative(self) -> float:
        """Number of normal frames."""
        return float(self.false_positives[-1]) if len(self.threshold) else 0.0

    @property
    def auc(self) -> float | None:
        """Area under the ROC curve; None without both classes.

        The chance that an abnormal frame scores higher than a normal one, ties counting half
        (Mann-Whitney).
        """
        pairs = self.num_positive * self.num_negative
        if pairs == 0:
            return None
        above = self.num_negative - self.false_positives + self.negative / 2
        return float(self.positive @ above / pairs)

    @property
    def average_precision(self) -> float | None:
        """Step-wise area under the PR curve: precision averaged over abnormal frames.

        None without abnormal frames. Equals scikit-learn's ``average_precision_score``.
        """
        if self.num_positive == 0:
            return None
        return float(self.positive @ self.precision / self.num_positive)

    @property
    def ap_trapezoid(self) -> float | None:
        """Trapezoid area under the PR curve, as RTFM and its heirs compute "AP".

        None without abnormal frames. Equals scikit-learn's ``auc(recall, precision)``.
        """
        if self.num_positive == 0:
            return None
        before = np.concatenate([[1.0], self.precision[:-1]])
        return float(self.positive @ (self.precision + before) / (2 * self.num_positive))

    @property
    def precision(self) -> Floats:
        """(U,) precision if frames from each threshold on count as abnormal."""
        return self.true_positives / (self.true_positives + self.false_positives)

    def roc_curve(self) -> Curve:
        """False and true positive rates; empty without both classes."""
        if self.auc is None:
            return _no_curve()
        return self._curve(
            self.false_positives / self.num_negative, self.true_positives / self.num_positive, 0.0
        )

    def pr_curve(self) -> Curve:
        """Recall and precision; empty without abnormal frames."""
        if self.num_positive == 0:
            return _no_curve()
        return self._curve(self.true_positives / self.num_positive, self.precision, 1.0)

    def _curve(self, x: Floats, y: Floats, first_y: float) -> Curve:
        return Curve(
            x=np.concatenate([[0.0], x]),
            y=np.concatenate([[first_y], y]),
            threshold=np.concatenate([self.threshold[:1], self.threshold]),
        )


def rank(scores: npt.NDArray[Any], labels: npt.NDArray[Any]) -> Ranking:
    """Ranking of (N,) scores with (N,) labels, 1 = abnormal, 0 = normal.

    Raises:
        ValueError: the arrays differ in length or a score is not a number.
    """
    scores, labels = np.asarray(scores), np.asarray(labels)
    if scores.shape != labels.shape or scores.ndim != 1:
        raise ValueError(f"scores {scores.shape} and labels {labels.shape} must be equally long")
    if not np.isfinite(scores).all():
        raise ValueError("not every score is a number")
    threshold, level = np.unique(scores, return_inverse=True)
    positive = np.bincount(level, weights=labels != 0, minlength=len(threshold))
    total = np.bincount(level, minlength=len(threshold))
    return Ranking(threshold[::-1], positive[::-1], (total - positive)[::-1])


def auc(scores: npt.NDArray[Any], labels: npt.NDArray[Any]) -> float | None:
    """Area under the ROC curve; see :attr:`Ranking.auc`."""
    return rank(scores, labels).auc


def average_precision(scores: npt.NDArray[Any], labels: npt.NDArray[Any]) -> float | None:
    """Step-wise average precision; see :attr:`Ranking.average_precision`."""
    return rank(scores, labels).average_precision


def ap_trapezoid(scores: npt.NDArray[Any], labels: npt.NDArray[Any]) -> float | None:
    """Trapezoid area under the PR curve; see :attr:`Ranking.ap_trapezoid`."""
    return rank(scores, labels).ap_trapezoid


def roc_curve(scores: npt.NDArray[Any], labels: npt.NDArray[Any]) -> Curve:
    """ROC curve of (N,) scores and labels; empty without both classes."""
    return rank(scores, labels).roc_curve()


def pr_curve(scores: npt.NDArray[Any], labels: npt.NDArray[Any]) -> Curve:
    """Precision-recall curve of (N,) scores and labels; empty without abnormal frames."""
    return rank(scores, labels).pr_curve()


def _no_curve() -> Curve:
    nothing = np.empty(0)
    return Curve(x=nothing, y=nothing, threshold=nothing)
