"""Which threshold to use, and what it costs in false alarms.

Called by ``evaluate``; the points go into the report and to the studio's threshold advice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from tpwng_core.evaluation.ranking import Ranking


@dataclass(frozen=True, kw_only=True)
class OperatingPoint:
    """What happens if frames that score ``threshold`` or more count as abnormal.

    Attributes:
        threshold: the score.
        tpr: share of abnormal frames found; None without any.
        fpr: share of normal frames, of all videos, that raise an alarm; None without any.
        far_normal: the same share over normal videos only; None without any.
        precision: share of abnormal frames among alarms; None without alarms.
    """

    threshold: float
    tpr: float | None
    fpr: float | None
    far_normal: float | None
    precision: float | None

    def to_json(self) -> dict[str, float | None]:
        """The fields."""
        return asdict(self)


def operating_point(threshold: float, frames: Ranking, normal_frames: Ranking) -> OperatingPoint:
    """Rates at a threshold.

    Args:
        threshold: a frame that scores this or more raises an alarm.
        frames: of all videos.
        normal_frames: of the normal videos.
    """
    true_alarms, false_alarms = _alarms(frames, threshold)
    return OperatingPoint(
        threshold=threshold,
        tpr=_share(true_alarms, frames.num_positive),
        fpr=_share(false_alarms, frames.num_negative),
        far_normal=_share(_alarms(normal_frames, threshold)[1], normal_frames.num_negative),
        precision=_share(true_alarms, true_alarms + false_alarms),
    )


def youden_threshold(frames: Ranking) -> float | None:
    """The score that maximises TPR - FPR (Youden's J); the highest one if several do.

    None without both classes.
    """
    if frames.num_positive == 0 or frames.num_negative == 0:
        return None
    found = frames.true_positives / frames.num_positive
    alarms = frames.false_positives / frames.num_negative
    return float(frames.threshold[np.argmax(found - alarms)])


def budget_threshold(frames: Ranking, normal_frames: Ranking, budget: float) -> float | None:
    """The lowest score at which at most a share ``budget`` of normal-video frames alarm.

    Args:
        frames: of all videos; the threshold is one of their scores.
        normal_frames: of the normal videos.
        budget: share in [0, 1].

    Returns:
        The threshold, or None where no score keeps the budget or no video is normal.
    """
    if normal_frames.num_negative == 0:
        return None
    share = normal_frames.false_positives / normal_frames.num_negative
    num_kept = int(np.searchsorted(share, budget, side="right"))
    if num_kept == len(share):
        return float(frames.threshold[-1])
    # Every score above the first normal-video score that breaks the budget keeps it.
    kept = frames.threshold[frames.threshold > normal_frames.threshold[num_kept]]
    return float(kept[-1]) if len(kept) else None


def operating_points(
    frames: Ranking, normal_frames: Ranking, budgets: Sequence[float]
) -> dict[str, OperatingPoint | None]:
    """Points by name: ``at_0.5``, ``youden``, and ``far_<budget>`` for each budget."""
    thresholds: dict[str, float | None] = {"at_0.5": 0.5, "youden": youden_threshold(frames)}
    for budget in budgets:
        thresholds[f"far_{budget:g}"] = budget_threshold(frames, normal_frames, budget)
    return {
        name: None if value is None else operating_point(value, frames, normal_frames)
        for name, value in thresholds.items()
    }


def _alarms(frames: Ranking, threshold: float) -> tuple[float, float]:
    """Numbers of abnormal and normal frames that score ``threshold`` or more."""
    count = int(np.count_nonzero(frames.threshold >= threshold))
    if count == 0:
        return 0.0, 0.0
    return float(frames.true_positives[count - 1]), float(frames.false_positives[count - 1])


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
