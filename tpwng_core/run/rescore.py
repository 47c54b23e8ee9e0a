"""The verb rescore: one video again with another R, category or text, from warm models.

In comes a request of the window; out go score, curves and spans as files, and numbers that say
what R does to this video (spec/method.md B.8). Checkpoint, features and text tower stay in
memory, so that a second request costs only its own arithmetic. Called by ``cli/worker.py``.
"""

# T snippets, D features, K categories (normal is last), H heads

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch

from tpwng_core import pseudocurves, scores
from tpwng_core.config import did_you_mean, require
from tpwng_core.errors import ConfigError
from tpwng_core.events import Artifact, Reporter
from tpwng_core.features import FeatureSet
from tpwng_core.nn.long import inspect_long
from tpwng_core.nn.tcsal import Tcsal
from tpwng_core.npz import write_npz
from tpwng_core.pseudolabels import PseudoLabelConfig
from tpwng_core.run.label import Labeller, labels_of_text, parse_category
from tpwng_core.run.model import Scorer, mean_over_crops
from tpwng_core.run.score import make_scores
from tpwng_core.run.warm import Shelf, Warm
from tpwng_core.scores import Scores

SPANS_SUFFIX = ".spans.npz"


@dataclass(frozen=True, kw_only=True)
class RescoreRequest:
    """What the window asks for.

    Attributes:
        video: id, or path of the video.
        checkpoint: of a run.
        features: folder of features, or the video's feature file; None: ``video`` is that file.
        r: span softness in snippets; None as trained.
        category: ids joined by ``|``, or normal; None reads it out.
        text: any words instead of a category; wins over ``category``.
        alpha: None as trained.
        theta: None as trained.
        out: folder of the files; None takes a temporary one.
        device: "auto", "cpu", "cuda".
    """

    video: str
    checkpoint: Path
    features: Path | None = None
    r: float | None = None
    category: str | None = None
    text: str | None = None
    alpha: float | None = None
    theta: float | None = None
    out: Path | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        require(self.r is None or self.r > 0, f"r must be above 0 snippets, not {self.r}")


def rescore_request(args: Mapping[str, Any]) -> RescoreRequest:
    """The request of the worker's ``args``.

    Raises:
        ConfigError: an unknown or missing argument, or one of another type.
    """
    known = [item.name for item in fields(RescoreRequest)]
    for name in args:
        if name not in known:
            raise ConfigError(f"rescore has no argument {name!r}", did_you_mean(name, known))
    for name in ("video", "checkpoint"):
        require(bool(args.get(name)), f"rescore needs {name}")
    values = {name: _value(name, value) for name, value in args.items() if value is not None}
    return RescoreRequest(**values)


class Rescorer:
    """Keeps what requests have in common: scorers, features, text towers.

    A file that was replaced on disk is read again.

    Args:
        shelf: checkpoints, features and text towers that others use too.
    """

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf or Shelf()
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def rescore(self, request: RescoreRequest, report: Reporter) -> dict[str, Any]:
        """Score and pseudo-label the video as asked.

        Returns:
            Summary: ``scores``, ``pseudo``, ``spans`` (paths), ``r``, ``trained_r``,
            ``assumed`` and ``category``, and of TCSAL what R does here: ``span`` (median z),
            ``effective_span`` (median of the mean attended distance), both in snippets,
            ``smallest_chi``, and against the trained R ``change`` (mean absolute difference of
            the score) and ``flipped`` (share of snippets on the other side of 0.5).

        Raises:
            TpwngError: what is missing, damaged, or does not fit.
        """
        warm = self._shelf.checkpoint(request.checkpoint, request.device)
        features = self._shelf.features(request.video, request.features)
        warm.scorer.check(features)
        out = request.out or self._temporary()
        scored = make_scores(warm.scorer, features, warm.digest, request.r)
        summary = {"r": scored.meta["r"], "trained_r": warm.trained_r}
        summary |= self._write_spans(out, warm, features, scored)
        summary |= _write_curves(out, warm, features, request)
        path = out / f"{features.video}{scores.SUFFIX}"
        scores.write_scores(path, scored)
        summary["scores"] = str(path)
        for kind in ("scores", "pseudo", "spans"):
            if kind in summary:
                report(Artifact(kind=kind, path=Path(summary[kind])))
        return summary

    def _temporary(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="tpwng-")
        return Path(self._folder.name)

    def _write_spans(
        self, out: Path, warm: Warm, features: FeatureSet, scored: Scores
    ) -> dict[str, Any]:
        """How far the heads look at this R; nothing for a module without spans."""
        scorer, r = warm.scorer, float(scored.meta["r"])
        if scorer.settings.temporal.module != "tcsal":
            return {}
        rows = torch.from_numpy(np.asarray(mean_over_crops(features), dtype=np.float32))
        with torch.inference_mode():
            report = inspect_long(cast(Tcsal, scorer.temporal), rows.to(scorer.device), r)
        arrays = {name: value.cpu().numpy() for name, value in report._asdict().items()}
        trained = warm.trained_score(features)
        arrays |= {"trained_score": trained, "snippet_start": features.snippet_start}
        path = out / f"{features.video}{SPANS_SUFFIX}"
        write_npz(path, arrays, {"r": r, "trained_r": warm.trained_r, "checkpoint": warm.digest})
        return {
            "spans": str(path),
            "span": float(np.median(arrays["span"])),
            "effective_span": float(np.median(arrays["mean_distance"])),
            "smallest_chi": float(arrays["smallest_chi"].min()),
            "change": float(np.abs(scored.snippet_score - trained).mean()),
            "flipped": float(((scored.snippet_score >= 0.5) != (trained >= 0.5)).mean()),
        }


def _write_curves(
    out: Path, warm: Warm, features: FeatureSet, request: RescoreRequest
) -> dict[str, Any]:
    scorer = warm.scorer
    labels: tuple[str, ...] | None = None
    if request.text:
        scorer = warm.with_text(request.text)
        labels = labels_of_text(request.text, scorer.category_ids)
    elif request.category:
        labels = parse_category(request.category, scorer.category_ids)
    labeller = Labeller(scorer, _settings(scorer, request), warm.digest)
    curves = labeller.curves(features, labels)
    path = out / f"{features.video}{pseudocurves.SUFFIX}"
    pseudocurves.write_pseudo_curves(path, curves)
    return {
        "pseudo": str(path),
        "category": list(curves.meta["category"]),
        "assumed": curves.meta["assumed"],
    }


def _settings(scorer: Scorer, request: RescoreRequest) -> PseudoLabelConfig:
    given = {"alpha": request.alpha, "theta": request.theta}
    changes = {name: value for name, value in given.items() if value is not None}
    return replace(scorer.settings.pseudolabels, **changes)  # type: ignore[arg-type]


def _value(name: str, value: Any) -> Any:
    if name in ("checkpoint", "features", "out"):
        return Path(str(value))
    if name in ("r", "alpha", "theta"):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ConfigError(f"{name} must be a number, not {value!r}")
        return float(value)
    if not isinstance(value, str):
        raise ConfigError(f"{name} must be a text, not {value!r}")
    return value
