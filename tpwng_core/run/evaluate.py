"""The verb evaluate: score files and an annotation file in, report.json and report.html out.

NumPy only; the numbers come from ``evaluation``, the page from ``report``. Called by the command
line and the worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from tpwng_core.errors import DatasetError
from tpwng_core.evaluation import Curve, EvaluationReport, evaluate
from tpwng_core.events import Artifact, Message, Reporter, Started
from tpwng_core.files import write_json, write_text
from tpwng_core.formats import Clock, ImportOptions, read_truth, sniff
from tpwng_core.groundtruth import (
    GroundTruth,
    Protocol,
    frame_labels,
    read_ground_truth,
    sniff_protocol,
)
from tpwng_core.report.evaluation import EvaluationResults, evaluation_report
from tpwng_core.report.figures import OperatingCurve
from tpwng_core.scores import Scores, read_score_folder

# Formats that are a protocol of their own; groundtruth knows them better.
_BENCHMARKS = ("ucf-crime", "xd-violence", "xd-violence-multiclass")


@dataclass(frozen=True, kw_only=True)
class EvaluateRequest:
    """What to evaluate.

    Attributes:
        scores: folder of score files.
        ground_truth: annotation file, of a benchmark or of any format that can be imported.
        protocol: its kind; None finds out.
        num_bootstrap: resamples of videos for confidence intervals.
        strict: missing scores are an error.
        out: report.json; report.html is written beside it.
    """

    scores: Path
    ground_truth: Path
    out: Path
    protocol: Protocol | None = None
    num_bootstrap: int = 0
    strict: bool = False


def evaluate_scores(request: EvaluateRequest, report: Reporter) -> dict[str, Any]:
    """Evaluate a folder of scores.

    Returns:
        The headline numbers.

    Raises:
        ArtifactError: the scores cannot be read.
        DatasetError: the annotations cannot be read, or with ``strict`` lack scores.
    """
    report(Started(verb="evaluate"))
    scores = read_score_folder(request.scores)
    protocol, ground_truth = _ground_truth(request, scores, report)
    found = evaluate(
        {video: item.score for video, item in scores.items()},
        ground_truth,
        protocol=protocol,
        num_bootstrap=request.num_bootstrap,
    )
    _say(found, report)
    content = found.to_json()
    write_json(request.out, content)
    report(Artifact(kind="report", path=request.out))
    if request.strict and found.missing:
        raise DatasetError(
            f"{len(found.missing)} annotated videos have no scores in {request.scores}",
            f"score them, or leave out --strict; first: {', '.join(found.missing[:5])}",
        )
    page = request.out.with_suffix(".html")
    write_text(page, evaluation_report(_page(found, content, scores, ground_truth)))
    report(Artifact(kind="page", path=page))
    headline = ("auc", "ap", "auc_abnormal", "far_normal", "num_videos", "num_frames")
    return {name: content[name] for name in headline} | {"report": str(request.out)}


def _ground_truth(
    request: EvaluateRequest, scores: Mapping[str, Scores], report: Reporter
) -> tuple[Protocol, GroundTruth]:
    """Annotations of a benchmark, or what a file of any other format says is abnormal."""
    path = request.ground_truth
    name = None if request.protocol else sniff(path)
    if name is None or name in _BENCHMARKS:
        protocol = request.protocol or sniff_protocol(path)
        return protocol, read_ground_truth(path, protocol)
    options = ImportOptions(
        clocks={video: clock for video, item in scores.items() if (clock := _clock(item))},
        tell=lambda text: report(Message(level="warning", text=text)),
    )
    return "intervals", read_truth(path, name, options)


def _clock(scores: Scores) -> Clock | None:
    """When the frames of a scored video are; None where the scores do not say."""
    fps, time_base = scores.meta.get("fps"), scores.meta.get("time_base")
    if not fps or not time_base:
        return None
    return Clock(
        fps=Fraction(fps),
        num_frames=scores.num_frames,
        pts=scores.pts if len(scores.pts) else None,
        time_base=Fraction(time_base),
    )


def _say(found: EvaluationReport, report: Reporter) -> None:
    metrics = found.metrics
    numbers = {
        "AUC": metrics.auc,
        "AP": metrics.ap,
        "AUC of abnormal videos": found.auc_abnormal,
        "false alarms on normal videos": found.far_normal,
    }
    shown = "  ".join(
        f"{name} {'undefined' if value is None else format(value, '.4f')}"
        for name, value in numbers.items()
    )
    text = f"{found.num_videos} videos, {found.num_frames} frames, "
    text += f"{found.num_abnormal_frames} abnormal: {shown}"
    report(Message(level="info", text=text))
    for name, reason in found.undefined.items():
        report(Message(level="warning", text=f"{name} is undefined: {reason}"))
    if found.missing:
        shown = ", ".join(found.missing[:5]) + (" ..." if len(found.missing) > 5 else "")
        text = f"{len(found.missing)} annotated videos have no scores: {shown}"
        report(Message(level="warning", text=text))
    for item in found.mismatches:
        report(Message(level="warning", text=f"{item.video}: {item.to_json()}"))


def _page(
    found: EvaluationReport,
    content: dict[str, Any],
    scores: dict[str, Scores],
    ground_truth: GroundTruth,
) -> EvaluationResults:
    videos = [item.video for item in found.per_video]
    frames = np.concatenate([scores[video].score for video in videos])
    truth = np.concatenate(
        [frame_labels(ground_truth.get(video, ()), scores[video].num_frames) for video in videos]
    ).astype(bool)
    return EvaluationResults(
        title="Evaluation",
        notice="",
        report=content,
        roc=_curve(found.roc, found.metrics.auc),
        pr=_curve(found.pr, found.metrics.ap),
        normal_scores=frames[~truth],
        abnormal_scores=frames[truth],
        threshold=0.5,
        per_video=content["per_video"],
        operating_points=[
            {"point": name, **values}
            for name, values in content["operating_points"].items()
            if values
        ],
    )


def _curve(curve: Curve, area: float | None) -> OperatingCurve | None:
    """A curve for the page; None where the frames are all of one kind."""
    if area is None or not len(curve.x):
        return None
    return OperatingCurve(name="scores", x=curve.x, y=curve.y, area=area)
