"""The evaluation itself: scores and ground truth in, an :class:`EvaluationReport` out.

Called by ``tpwng-core evaluate``, by training for its validation numbers, by ``report`` and by
the studio. NumPy only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tpwng_core.evaluation.alignment import AlignedVideo, Alignment, align
from tpwng_core.evaluation.bootstrap import bootstrap
from tpwng_core.evaluation.operating import operating_points
from tpwng_core.evaluation.proposals import CategoryCurves, mean_average_precision
from tpwng_core.evaluation.ranking import rank
from tpwng_core.evaluation.report import (
    CategoryMetrics,
    EvaluationReport,
    RankingMetrics,
    VideoMetrics,
)
from tpwng_core.evaluation.table import FrameTable
from tpwng_core.groundtruth import Convention, GroundTruth, Protocol

# Shares of normal-video frames that may raise an alarm; each gives an operating point.
FALSE_ALARM_BUDGETS = (0.001, 0.01, 0.05)


def evaluate(
    scores: Mapping[str, npt.NDArray[Any]],
    ground_truth: GroundTruth,
    *,
    protocol: Protocol = "intervals",
    num_frames: Mapping[str, int] | None = None,
    convention: Convention = "half-open",
    num_bootstrap: int = 0,
    seed: int = 0,
    category_curves: CategoryCurves | None = None,
) -> EvaluationReport:
    """Evaluate frame scores against annotated intervals.

    Args:
        scores: (num_frames,) scores by video id, higher = more anomalous. Folders and suffixes
            in the ids are ignored.
        ground_truth: intervals by video id.
        protocol: whose ground truth it is; with ``xd-violence`` an id ending in ``_label_A``
            that is not listed is normal.
        num_frames: lengths that win over the lengths of the scores.
        convention: whether an interval's end frame belongs to it.
        num_bootstrap: resamples for confidence intervals; 0 for none.
        seed: of the resampling.
        category_curves: for mAP; None for no mAP.

    Raises:
        DatasetError: no scored video is annotated, or scores are not one number per frame.
    """
    aligned = align(
        scores, ground_truth, protocol=protocol, num_frames=num_frames, convention=convention
    )
    table = FrameTable(aligned.videos)
    report = _summary(aligned, table, protocol, convention)
    if num_bootstrap:
        report = replace(report, bootstrap=bootstrap(table, num_resamples=num_bootstrap, seed=seed))
    if category_curves is not None:
        report = replace(report, map_iou=mean_average_precision(category_curves, ground_truth))
    return report


def _summary(
    aligned: Alignment, table: FrameTable, protocol: Protocol, convention: Convention
) -> EvaluationReport:
    frames, normal_frames = table.ranking(), table.ranking(~table.has_event)
    metrics = RankingMetrics.of(frames)
    auc_abnormal = table.ranking(table.has_event).auc
    points = operating_points(frames, normal_frames, FALSE_ALARM_BUDGETS)
    at_half = points["at_0.5"]
    far_normal = at_half.far_normal if at_half else None
    return EvaluationReport(
        protocol=protocol,
        convention=convention,
        metrics=metrics,
        auc_abnormal=auc_abnormal,
        far_normal=far_normal,
        num_frames=int(frames.num_positive + frames.num_negative),
        num_abnormal_frames=int(frames.num_positive),
        oracle=RankingMetrics.of(table.oracle()),
        per_category=_per_category(aligned.videos, table),
        per_video=tuple(_of_video(item) for item in aligned.videos),
        operating_points=points,
        mismatches=aligned.mismatches,
        missing=aligned.missing,
        undefined=_reasons(metrics, auc_abnormal, far_normal, frames.num_positive > 0),
        roc=frames.roc_curve().thinned(),
        pr=frames.pr_curve().thinned(),
    )


def _per_category(videos: Sequence[AlignedVideo], table: FrameTable) -> dict[str, CategoryMetrics]:
    names = dict.fromkeys(name for item in videos for name in item.categories)
    found = {}
    for name in names:
        chosen = np.array([name in item.categories for item in videos])
        own = table.ranking(chosen)
        with_normal = table.with_normal(own)
        found[name] = CategoryMetrics(
            num_videos=int(chosen.sum()),
            num_frames=int(own.num_positive + own.num_negative),
            num_abnormal_frames=int(own.num_positive),
            auc=with_normal.auc,
            auc_abnormal=own.auc,
            ap=with_normal.average_precision,
        )
    return found


def _of_video(item: AlignedVideo) -> VideoMetrics:
    has_event = bool(item.label.any())
    ranking = rank(item.score, item.label) if has_event else None
    return VideoMetrics(
        video=item.video,
        categories=item.categories,
        num_frames=len(item.score),
        num_abnormal_frames=int(item.label.sum(dtype=np.int64)),
        auc=ranking.auc if ranking else None,
        ap=ranking.average_precision if ranking else None,
        mean_score=float(item.score.mean(dtype=np.float64)),
        max_score=float(item.score.max()),
    )


def _reasons(
    metrics: RankingMetrics,
    auc_abnormal: float | None,
    far_normal: float | None,
    has_events: bool,
) -> dict[str, str]:
    """Why each undefined metric is undefined."""
    reasons = {}
    if metrics.auc is None:
        kind = "abnormal" if has_events else "normal"
        reasons["auc"] = f"every evaluated frame is {kind}"
    if metrics.ap is None:
        reasons["ap"] = reasons["ap_trapezoid"] = "no evaluated frame is abnormal"
    if auc_abnormal is None:
        why = "have no normal frame" if has_events else "do not occur"
        reasons["auc_abnormal"] = f"abnormal videos {why}"
    if far_normal is None:
        reasons["far_normal"] = "no evaluated video is normal"
    return reasons
