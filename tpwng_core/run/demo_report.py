"""The demo's outcome as numbers for ``report.json`` and as plain data for its page.

Called by ``run/demo.py``; the page itself is drawn by ``report/demo.py``.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from tpwng_core import __version__
from tpwng_core.evaluation import EvaluationReport
from tpwng_core.groundtruth import Interval, frame_labels
from tpwng_core.pseudocurves import SUFFIX as PSEUDO_SUFFIX
from tpwng_core.pseudocurves import read_pseudo_curves
from tpwng_core.report.curves import Thumbnail, VideoCurves
from tpwng_core.report.demo import DemoResults, MethodResult
from tpwng_core.report.figures import OperatingCurve
from tpwng_core.run.demo_world import DemoData
from tpwng_core.run.run_folder import METRICS
from tpwng_core.run.settings import Settings
from tpwng_core.video import VideoReader

NOTICE = (
    "This is a generated demonstration on rendered videos and no benchmark: its numbers say that "
    "the parts work together, not how well TPWNG does on real footage."
)
NUM_THUMBNAILS = 8

METHODS = {
    "tpwng": ("TPWNG", "trained on video-level labels, through pseudo-labels"),
    "zero-shot": ("Zero-shot CLIP", "no training: how unlike 'normal' a frame looks"),
    "sultani": ("MIL ranking", "Sultani et al. 2018, trained on video-level labels"),
    "supervised": ("Supervised bound", "trained on the true label of every frame"),
}
_KEYS = {"zero-shot": "zero_shot", "sultani": "mil", "supervised": "supervised"}


@dataclass(frozen=True, kw_only=True)
class SeedOutcome:
    """What one seed gave.

    Attributes:
        seed: of world and training.
        data: its data set.
        reports: evaluation of each method on the test videos.
        scores: TPWNG's frame scores by test video.
        run: folder of its training run.
    """

    seed: int
    data: DemoData
    reports: Mapping[str, EvaluationReport]
    scores: Mapping[str, NDArray[np.float32]]
    run: Path


def summary_json(
    outcomes: Sequence[SeedOutcome], seconds: Mapping[str, float], out: Path
) -> dict[str, Any]:
    """The content of the demo's ``report.json`` (design/cli.md)."""
    aucs = {name: _values(outcomes, name, "auc") for name in METHODS}
    aps = {name: _values(outcomes, name, "ap") for name in METHODS}
    content: dict[str, Any] = {"notice": NOTICE, "seeds": [item.seed for item in outcomes]}
    content |= {"auc": _mean(aucs["tpwng"]), "ap": _mean(aps["tpwng"])}
    for name, key in _KEYS.items():
        content[f"auc_{key}"] = _mean(aucs[name])
        content[f"ap_{key}"] = _mean(aps[name])
    content["sd"] = {name: _sd(values) for name, values in aucs.items()}
    content["paired_differences"] = {
        key: [ours - other for ours, other in zip(aucs["tpwng"], aucs[name], strict=True)]
        for name, key in _KEYS.items()
    }
    content["by_seed"] = {
        str(item.seed): {
            name: {"auc": report.metrics.auc, "ap": report.metrics.ap}
            for name, report in item.reports.items()
        }
        for item in outcomes
    }
    content["num_test_videos"] = len(outcomes[0].data.test)
    content["num_test_frames"] = outcomes[0].reports["tpwng"].num_frames
    content["seconds"] = {name: round(value, 1) for name, value in seconds.items()}
    content["artifacts"] = {
        name: str(out / name)
        for name in (
            "videos",
            "manifest.csv",
            "features",
            "run",
            "scores",
            "pseudo",
            "annotations.txt",
            "report.html",
        )
    }
    return content


def demo_results(
    outcomes: Sequence[SeedOutcome], settings: Settings, seconds: Mapping[str, float]
) -> DemoResults:
    """What the page shows; curves and videos are those of the first seed."""
    shown = outcomes[0]
    truth = {
        video: frame_labels(intervals, len(shown.scores[video]))
        for video, intervals in shown.data.test.items()
    }
    frames = np.concatenate([shown.scores[video] for video in truth])
    abnormal = np.concatenate(list(truth.values())).astype(bool)
    return DemoResults(
        title="TPWNG on a generated world",
        notice=NOTICE,
        shows=_SHOWS,
        does_not_show=_DOES_NOT_SHOW,
        methods=[_method(name, outcomes) for name in METHODS],
        seeds=[item.seed for item in outcomes],
        shown_seed=shown.seed,
        abnormal_share=float(abnormal.mean()),
        normal_scores=frames[~abnormal],
        abnormal_scores=frames[abnormal],
        training=training_curves(shown.run),
        seconds=dict(seconds),
        videos=[
            curves_of(shown.data.root, video, shown.scores[video], intervals)
            for video, intervals in shown.data.test.items()
        ],
        settings=settings.tables(),
        versions={
            "tpwng": __version__,
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
        },
    )


def training_curves(run: Path) -> dict[str, list[float]]:
    """Loss terms by epoch, from the run's metrics."""
    lines = [json.loads(line) for line in (run / METRICS).read_text("utf-8").splitlines()]
    names = ("rank_n", "rank_a", "dil", "cl", "sparse", "smooth", "total")
    return {name: [line[name] for line in lines] for name in names if name in lines[0]}


def curves_of(
    root: Path, video: str, score: NDArray[np.float32], truth: tuple[Interval, ...]
) -> VideoCurves:
    """Everything known of a test video of a demo folder, with pictures."""
    pseudo = read_pseudo_curves(root / "pseudo" / f"{video}{PSEUDO_SUFFIX}")
    labels = tuple(pseudo.meta["category"])
    return VideoCurves(
        video=video,
        num_frames=len(score),
        fps=Fraction(pseudo.meta["fps"]),
        categories=labels,
        snippet_start=pseudo.snippet_start,
        s_normal=pseudo.s_normal,
        s_abnormal=pseudo.s_abnormal,
        psi=pseudo.psi if labels else None,
        theta=pseudo.meta["theta"],
        pseudo_label=pseudo.pseudo_label,
        score=score,
        ground_truth=tuple((item.start, item.end) for item in truth),
        thumbnails=_thumbnails(root / "videos" / f"{video}.mp4"),
    )


def _thumbnails(path: Path) -> tuple[Thumbnail, ...]:
    with VideoReader(path) as reader:
        count = reader.index.num_frames
        middle = (np.arange(NUM_THUMBNAILS) + 0.5) * count / NUM_THUMBNAILS
        return tuple(Thumbnail(frame=int(frame), rgb=reader.frame(int(frame))) for frame in middle)


def _method(name: str, outcomes: Sequence[SeedOutcome]) -> MethodResult:
    title, explanation = METHODS[name]
    shown = outcomes[0].reports[name]
    auc, ap = shown.metrics.auc, shown.metrics.ap
    assert auc is not None
    assert ap is not None
    return MethodResult(
        name=title,
        explanation=explanation,
        auc=_values(outcomes, name, "auc"),
        ap=_values(outcomes, name, "ap"),
        roc=OperatingCurve(name=title, x=shown.roc.x, y=shown.roc.y, area=auc),
        pr=OperatingCurve(name=title, x=shown.pr.x, y=shown.pr.y, area=ap),
    )


def _values(outcomes: Sequence[SeedOutcome], name: str, metric: str) -> list[float]:
    return [float(getattr(item.reports[name].metrics, metric)) for item in outcomes]


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _sd(values: Sequence[float]) -> float | None:
    return float(np.std(values, ddof=1)) if len(values) > 1 else None


_SHOWS = (
    "The whole path works on this machine: videos were drawn, a small CLIP saw one frame per "
    "snippet, TPWNG learned from video-level labels only, and every frame was scored.",
    "Where pseudo-labels come from: both similarity curves, their fusion psi and the threshold "
    "are drawn for every test video, right or wrong.",
    "How far it is from doing nothing (zero-shot CLIP), from the usual baseline (MIL ranking) "
    "and from knowing the truth (the supervised bound), on the same features.",
)
_DOES_NOT_SHOW = (
    "How TPWNG does on real footage: the world is drawn by a program, and the small CLIP was "
    "trained on captions of the same program.",
    "That one method is better than another in general: the baselines are untuned and share "
    "TPWNG's schedule.",
)
