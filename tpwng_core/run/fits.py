"""One fit of a study: train a contender on one seed, test it, keep the result as one small file.

A fit is named by a digest of everything that shapes it (method, settings, seed, data), so that
a study that was stopped, or asks for the same fit twice, finds it done. Called by ``ablate`` and
``compare``.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tpwng_core.evaluation import EvaluationReport, evaluate
from tpwng_core.events import Artifact, Message, Reporter, Started, Ticker
from tpwng_core.files import write_json
from tpwng_core.nn.methods import METHODS, build_method
from tpwng_core.run.contender import Contender, fit, method_contender, tpwng_contender
from tpwng_core.run.loop import EpochResult
from tpwng_core.run.pseudo_quality import pseudo_quality
from tpwng_core.run.settings import Settings
from tpwng_core.run.study import Study
from tpwng_core.run.validation import video_level_auc
from tpwng_core.scores import snippets_to_frames

TPWNG = "tpwng"
FORMAT = 1
FOLDER = "fits"


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What is trained.

    Attributes:
        method: "tpwng" or a key of ``nn.methods.METHODS``.
        settings: of the run, its seed and learning rates included.
        method_settings: of another method, where they differ from the method's own.
    """

    method: str
    settings: Settings
    method_settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def seed(self) -> int:
        """Of weights, bags, dropout and the choice of validation videos."""
        return self.settings.training.seed

    def key(self, study_digest: str) -> dict[str, Any]:
        """Everything that shapes the result, plain values."""
        return {
            "format": FORMAT,
            "method": self.method,
            "settings": self.settings.tables(),
            "method_settings": dict(self.method_settings),
            "data": study_digest,
        }


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A trained state, tested.

    Attributes:
        epoch: after which; 0 for a method without training.
        video_auc: video-level AUC on the validation videos, from weak labels; None without any.
        metrics: auc, ap, auc_abnormal, far_normal of the test videos.
        roc: thinned ROC curve, ``x`` and ``y``.
        pr: thinned precision-recall curve.
    """

    epoch: int
    video_auc: float | None
    metrics: Mapping[str, float | None]
    roc: Mapping[str, Sequence[float]]
    pr: Mapping[str, Sequence[float]]


@dataclass(frozen=True, kw_only=True)
class FitResult:
    """What a fit gave.

    Attributes:
        last: after the last epoch.
        best: after the epoch that is best on validation; None without validation videos.
        num_steps: training steps.
        seconds: of the whole fit.
        pseudo: auc and f1 of the pseudo-labels against the truth, where that is known.
    """

    last: Outcome
    best: Outcome | None
    num_steps: int
    seconds: float
    pseudo: Mapping[str, float] = field(default_factory=dict)


class FitStore:
    """Results on disk, one JSON file a fit.

    Args:
        folder: of the files.
        study_digest: of the data.
    """

    def __init__(self, folder: Path, study_digest: str) -> None:
        self._folder = folder
        self._study_digest = study_digest

    def path(self, item: Fit) -> Path:
        """File of a fit; its name begins with the method and the seed."""
        key = json.dumps(item.key(self._study_digest), sort_keys=True, default=str)
        digest = hashlib.sha256(key.encode()).hexdigest()[:16]
        return self._folder / f"{item.method}-{item.seed}-{digest}.json"

    def load(self, item: Fit) -> FitResult | None:
        """The result of a fit; None where it is not there or its file is damaged."""
        try:
            content = json.loads(self.path(item).read_text(encoding="utf-8"))
            return _result_of(content["result"])
        except (OSError, ValueError, KeyError, TypeError):
            return None  # not there, or damaged: made again

    def save(self, item: Fit, result: FitResult) -> Path:
        """Keep a result.

        Raises:
            OutputError: it cannot be written.
        """
        path = self.path(item)
        write_json(path, {"key": item.key(self._study_digest), "result": asdict(result)})
        return path


def run_fits(
    fits: Sequence[Fit], study: Study, out: Path, report: Reporter, verb: str
) -> dict[int, FitResult]:
    """Run the fits that are not done yet, in order; each is kept as soon as it is done.

    Args:
        fits: what to train; the same fit may occur more than once and runs once.
        study: the data.
        out: the fits lie in ``out/fits``.
        report: hears of steps and files; cancels by raising Cancelled.
        verb: who asks.

    Returns:
        Place in ``fits`` -> result.
    """
    store = FitStore(out / FOLDER, study.digest())
    by_path = {store.path(item): item for item in fits}
    done = {path: found for path, item in by_path.items() if (found := store.load(item))}
    waiting = {path: item for path, item in by_path.items() if path not in done}
    if done:
        text = f"{len(done)} of {len(by_path)} fits were done already in {out / FOLDER}"
        report(Message(level="info", text=text))
    total = sum(num_steps(item, study) for item in waiting.values())
    report(Started(verb=verb, total=total))
    ticker = Ticker(report, total, "step")
    for path, item in waiting.items():
        done[path] = run_fit(item, study, lambda step: ticker.advance())
        store.save(item, done[path])
        report(Artifact(kind="fit", path=path))
    return {place: done[store.path(item)] for place, item in enumerate(fits)}


def num_steps(item: Fit, study: Study) -> int:
    """Training steps of a fit."""
    if item.method != TPWNG and METHODS[item.method].supervision == "none":
        return 0
    schedule = item.settings.training
    training = study.split(item.seed)[0]
    num_normal = sum(record.is_normal for record in training)
    longer = max(num_normal, len(training) - num_normal)
    return schedule.steps or schedule.epochs * -(-longer // schedule.batch_size)


def run_fit(
    item: Fit, study: Study, on_step: Callable[[int], None] = lambda step: None
) -> FitResult:
    """Train one contender, watching validation; test its last and its best state.

    Args:
        item: what to train.
        study: the data.
        on_step: called after each step; may raise Cancelled.
    """
    start = time.perf_counter()
    device = study.device
    store = study.store(item.seed, with_truth=_reads_truth(item))
    watch = _Watch(study, item)
    contender = fit(
        lambda: _build(item, study),
        store,
        item.settings.training,
        device,
        on_step=on_step,
        on_epoch=watch.after_epoch,
    )
    if not contender.halves:
        watch.measure(contender, 0, is_last=True)
    assert watch.last is not None
    model = contender.tpwng
    return FitResult(
        last=watch.last,
        best=watch.best,
        num_steps=num_steps(item, study),
        pseudo=pseudo_quality(model, store, item.settings, study) if model else {},
        seconds=round(time.perf_counter() - start, 2),
    )


class _Watch:
    """Measures a contender while it trains: validation now and then, test where it counts."""

    def __init__(self, study: Study, item: Fit) -> None:
        self._study = study
        self._every = item.settings.validation.every
        self._validation = study.split(item.seed)[1]
        self.last: Outcome | None = None
        self.best: Outcome | None = None

    def after_epoch(self, contender: Contender, result: EpochResult) -> None:
        """Called by the loop."""
        if result.is_last or result.epoch % self._every == 0:
            self.measure(contender, result.epoch, is_last=result.is_last)

    def measure(self, contender: Contender, epoch: int, *, is_last: bool) -> None:
        """Validate; test the last state and each that is best so far on validation."""
        features = self._study.features
        value = video_level_auc(self._validation, features, contender.score)
        best = self.best.video_auc if self.best else None
        is_best = value is not None and (best is None or value > best)
        if not (is_last or is_best):
            return
        tested = _outcome(epoch, value, self._test(contender))
        self.best = tested if is_best else self.best
        self.last = tested if is_last else self.last

    def _test(self, contender: Contender) -> EvaluationReport:
        scores = {}
        for video in self._study.test:
            item = self._study.features[video]
            eta = contender.score(item)
            scores[video] = snippets_to_frames(eta, item.snippet_start, item.num_frames)
        return evaluate(scores, self._study.test, protocol=self._study.protocol)


def _reads_truth(item: Fit) -> bool:
    return item.method != TPWNG and METHODS[item.method].supervision == "full"


def _build(item: Fit, study: Study) -> Contender:
    if item.method == TPWNG:
        return tpwng_contender(item.settings, study.clip, study.device)
    method = build_method(
        item.method, study.problem, seed=item.seed, config=dict(item.method_settings)
    )
    return method_contender(method, study.device)


def _outcome(epoch: int, video_auc: float | None, found: EvaluationReport) -> Outcome:
    metrics = {
        "auc": found.metrics.auc,
        "ap": found.metrics.ap,
        "auc_abnormal": found.auc_abnormal,
        "far_normal": found.far_normal,
    }
    roc, pr = ({"x": curve.x.tolist(), "y": curve.y.tolist()} for curve in (found.roc, found.pr))
    return Outcome(epoch=epoch, video_auc=video_auc, metrics=metrics, roc=roc, pr=pr)


def _result_of(content: Mapping[str, Any]) -> FitResult:
    best = content["best"]
    return FitResult(
        last=Outcome(**content["last"]),
        best=None if best is None else Outcome(**best),
        num_steps=content["num_steps"],
        seconds=content["seconds"],
        pseudo=content["pseudo"],
    )
