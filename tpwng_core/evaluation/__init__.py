"""How good are the scores: ROC, precision-recall, per category and video, intervals, thresholds.

Scores and ground truth in, one report out; the metrics of two plain arrays are functions of
their own. Called by the command line, training, ``report`` and the studio. NumPy only.
"""

from tpwng_core.evaluation.bootstrap import BootstrapResult
from tpwng_core.evaluation.measure import evaluate
from tpwng_core.evaluation.operating import OperatingPoint
from tpwng_core.evaluation.proposals import (
    CategoryCurves,
    MeanAveragePrecision,
    mean_average_precision,
)
from tpwng_core.evaluation.ranking import (
    Curve,
    Ranking,
    ap_trapezoid,
    auc,
    average_precision,
    pr_curve,
    rank,
    roc_curve,
)
from tpwng_core.evaluation.report import (
    CategoryMetrics,
    EvaluationReport,
    RankingMetrics,
    VideoMetrics,
)

__all__ = [
    "BootstrapResult",
    "CategoryCurves",
    "CategoryMetrics",
    "Curve",
    "EvaluationReport",
    "MeanAveragePrecision",
    "OperatingPoint",
    "Ranking",
    "RankingMetrics",
    "VideoMetrics",
    "ap_trapezoid",
    "auc",
    "average_precision",
    "evaluate",
    "mean_average_precision",
    "pr_curve",
    "rank",
    "roc_curve",
]
