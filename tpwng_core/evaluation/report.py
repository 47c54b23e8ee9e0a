"""The result of an evaluation, as records and as strict JSON (no NaN: what is undefined is null).

Made by ``evaluate``; read by the command line, ``report`` and the studio.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tpwng_core.evaluation.bootstrap import BootstrapResult
from tpwng_core.evaluation.operating import OperatingPoint
from tpwng_core.evaluation.proposals import MeanAveragePrecision
from tpwng_core.evaluation.ranking import Curve, Ranking
from tpwng_core.groundtruth import Convention, Mismatch, Protocol


@dataclass(frozen=True, kw_only=True)
class RankingMetrics:
    """The three areas of one ranking; None where undefined."""

    auc: float | None
    ap: float | None
    ap_trapezoid: float | None

    @classmethod
    def of(cls, ranking: Ranking) -> RankingMetrics:
        """The metrics of a ranking."""
        return cls(auc=ranking.auc, ap=ranking.average_precision, ap_trapezoid=ranking.ap_trapezoid)


@dataclass(frozen=True, kw_only=True)
class CategoryMetrics:
    """How well the events of one category are found.

    Attributes:
        num_videos: videos with the category.
        num_frames: their frames.
        num_abnormal_frames: their abnormal frames, of any category.
        auc: over these videos and all normal ones.
        auc_abnormal: over these videos only, frames of all of them pooled.
        ap: step-wise, over these videos and all normal ones.
    """

    num_videos: int
    num_frames: int
    num_abnormal_frames: int
    auc: float | None
    auc_abnormal: float | None
    ap: float | None


@dataclass(frozen=True, kw_only=True)
class VideoMetrics:
    """One video.

    Attributes:
        video: id.
        categories: of its events; () for a normal video.
        num_frames: its length as evaluated.
        num_abnormal_frames: of these, abnormal.
        auc: within the video; None unless it has both classes.
        ap: within the video, step-wise; None without abnormal frames.
        mean_score: over its frames.
        max_score: over its frames.
    """

    video: str
    categories: tuple[str, ...]
    num_frames: int
    num_abnormal_frames: int
    auc: float | None
    ap: float | None
    mean_score: float
    max_score: float


@dataclass(frozen=True, kw_only=True, eq=False)
class EvaluationReport:
    """Everything an evaluation found.

    Attributes:
        protocol: whose ground truth.
        convention: whether the end frame of an interval belongs to it.
        metrics: over all frames.
        auc_abnormal: over the frames of abnormal videos only.
        far_normal: share of normal-video frames that score 0.5 or more.
        num_frames: evaluated, of all videos.
        num_abnormal_frames: of these, abnormal.
        oracle: what knowing the abnormal videos, but no times, would reach.
        per_category: by category id, in the order of first occurrence.
        per_video: in the order of the scores.
        operating_points: by name; None where undefined.
        mismatches: videos left out, cut or filled, and why.
        missing: annotated videos without scores.
        undefined: why a metric is None, by name.
        roc: thinned ROC curve over all frames.
        pr: thinned precision-recall curve over all frames.
        bootstrap: confidence intervals, if asked for.
        map_iou: event detection, if category curves were given.
    """

    protocol: Protocol
    convention: Convention
    metrics: RankingMetrics
    auc_abnormal: float | None
    far_normal: float | None
    num_frames: int
    num_abnormal_frames: int
    oracle: RankingMetrics
    per_category: Mapping[str, CategoryMetrics]
    per_video: tuple[VideoMetrics, ...]
    operating_points: Mapping[str, OperatingPoint | None]
    mismatches: tuple[Mismatch, ...]
    missing: tuple[str, ...]
    undefined: Mapping[str, str] = field(default_factory=dict)
    roc: Curve
    pr: Curve
    bootstrap: BootstrapResult | None = None
    map_iou: MeanAveragePrecision | None = None

    @property
    def num_videos(self) -> int:
        """Number of evaluated videos."""
        return len(self.per_video)

    @property
    def num_abnormal_videos(self) -> int:
        """Evaluated videos with at least one abnormal frame."""
        return sum(item.num_abnormal_frames > 0 for item in self.per_video)

    def to_json(self) -> dict[str, Any]:
        """Plain values under the keys of ``report.json`` (design: cli.md)."""
        points = self.operating_points.items()
        return {
            **asdict(self.metrics),
            "auc_abnormal": self.auc_abnormal,
            "far_normal": self.far_normal,
            "undefined": dict(self.undefined),
            "num_videos": self.num_videos,
            "num_abnormal_videos": self.num_abnormal_videos,
            "num_frames": self.num_frames,
            "num_abnormal_frames": self.num_abnormal_frames,
            "protocol": self.protocol,
            "convention": self.convention,
            "oracle": asdict(self.oracle),
            "bootstrap": None if self.bootstrap is None else self.bootstrap.to_json(),
            "map_iou": None if self.map_iou is None else self.map_iou.to_json(),
            "operating_points": {
                name: None if point is None else point.to_json() for name, point in points
            },
            "per_category": {name: asdict(item) for name, item in self.per_category.items()},
            "mismatches": [item.to_json() for item in self.mismatches],
            "missing": list(self.missing),
            "per_video": [asdict(item) for item in self.per_video],
            "curves": {"roc": self.roc.to_json(), "pr": self.pr.to_json()},
        }
