"""The verb train: from features and video-level labels to a checkpoint.

Settings, manifest and features in; a run folder out, whole after every epoch. Called by the
command line, the worker and the demo.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tpwng_core.checkpoint import Checkpoint, checkpoint_digest, read_checkpoint
from tpwng_core.datasets import VideoRecord, read_manifest
from tpwng_core.errors import Stopped
from tpwng_core.events import Artifact, Message, Metric, Reporter, Started, Ticker, silent
from tpwng_core.features import FeatureFolder, open_feature_folder
from tpwng_core.groundtruth import GroundTruth, Protocol
from tpwng_core.labels import VideoLabels, read_label_folder
from tpwng_core.run.batches import BagStore
from tpwng_core.run.clips import clip_for_features
from tpwng_core.run.human_targets import (
    Targets,
    describe_targets,
    human_targets,
    spread_targets,
    targets_digest,
    targets_of,
)
from tpwng_core.run.loop import EpochResult
from tpwng_core.run.pinned import Pinned, pinned_video
from tpwng_core.run.ranks import Ranks, joined_ranks
from tpwng_core.run.run_folder import RunFolder
from tpwng_core.run.settings import Settings, categories_of
from tpwng_core.run.split import training_split, usable_records, watched_videos
from tpwng_core.run.trainer import Trainer
from tpwng_core.run.validation import frame_metrics, video_level_auc

_OTHER_LABELS = (
    "people said other things since this run was begun: it goes on with what they had said then; "
    "a new run learns from what they say now"
)


@dataclass(frozen=True, kw_only=True)
class TrainRequest:
    """What a training run is asked to do.

    Attributes:
        manifest: ``video,label[,split]`` or a benchmark's list.
        features: folder of feature files.
        out: folder of the run.
        settings: see ``run.settings``.
        clip: ``--clip``; None takes the one the features came from.
        ground_truth: watched on annotated videos that are not trained on.
        protocol: whose it is; XD-Violence's does not list its normal videos.
        labels: folder of what people said; those frames are held fixed, unknown ones left out.
        spread_above: cosine from which unlabelled snippets take the label of one that looks the
            same; None spreads nothing.
        warm_start: checkpoint to begin from instead of fresh weights.
        pin: id of a video whose curves are written whenever the run is saved.
        device: "auto", "cpu", "cuda".
        resume: go on with the run in ``out``, holding fixed what people had said when it began.
    """

    manifest: Path
    features: Path
    out: Path
    settings: Settings
    clip: str | None = None
    ground_truth: GroundTruth = field(default_factory=dict)
    protocol: Protocol = "intervals"
    labels: Path | None = None
    spread_above: float | None = None
    warm_start: Path | None = None
    pin: str | None = None
    device: str = "auto"
    resume: bool = False


@dataclass(frozen=True, kw_only=True)
class _Watch:
    """What is looked at whenever the run is saved.

    Attributes:
        validation: videos that choose the best epoch by their weak labels.
        truth: ground truth of videos that are not trained on.
        features: of all videos.
        pinned: the video a person watches, if any.
    """

    validation: Sequence[VideoRecord]
    truth: GroundTruth
    features: FeatureFolder
    pinned: Pinned | None


def train(request: TrainRequest, report: Reporter) -> dict[str, Any]:
    """Train TPWNG.

    Args:
        request: what to do.
        report: hears of steps, epochs and files; cancels by raising Cancelled; by raising Stopped
            ends after the step, saves, and leaves a run that can be resumed.

    Returns:
        Summary: checkpoint, epochs, whether it was stopped, metrics of the last saved epoch.

    Raises:
        TpwngError: by kind of what is wrong; the run folder keeps its last good state.
    """
    with joined_ranks(request.device) as ranks:
        return _train(request, ranks, report if ranks.is_first else silent)


def _train(request: TrainRequest, ranks: Ranks, report: Reporter) -> dict[str, Any]:
    """As one of the processes that train; the first one alone reports and writes."""
    device = ranks.device(request.device)
    features = open_feature_folder(request.features)
    records = read_manifest(request.manifest, list(request.settings.categories) or None)
    categories = categories_of(
        request.settings, [label for record in records for label in record.labels]
    )
    settings = replace(request.settings, categories=categories)
    usable, seed = usable_records(records, features, report), settings.training.seed
    training, validation = training_split(usable, settings.validation.share, seed, report)
    clip, identity = clip_for_features(request.clip, features, device)
    scale = settings.similarity.scale or clip.sim_scale
    settings = replace(settings, similarity=replace(settings.similarity, scale=scale))
    folder = RunFolder(request.out)
    said, targets = _held_fixed(request, folder, features, report)
    store = BagStore(
        training,
        features,
        list(categories),
        max_snippets=settings.training.max_snippets,
        seed=settings.training.seed,
        targets=targets,
    )
    trainer = Trainer(
        settings=settings,
        clip=clip,
        identity=identity,
        store=store,
        device=device,
        sample=features[training[0].video],
        ranks=ranks,
    )
    seen = {record.video for record in training}
    used = {*seen, *(record.video for record in validation)}
    watch = _Watch(
        validation=validation,
        truth=watched_videos(request.ground_truth, features, request.protocol, used),
        features=features,
        pinned=pinned_video(request.pin, records, features, request.out) if request.pin else None,
    )
    report(Started(verb="train", total=trainer.loop.num_steps))
    report(Message(level="info", text=_opening(store, settings, device)))
    if targets:
        report(Message(level="info", text=describe_targets(targets, seen)))
    if request.resume:
        trainer.restore(folder.resume(settings.tables(), targets_digest(targets)))
    else:
        if request.warm_start is not None:
            trainer.warm_start(read_checkpoint(request.warm_start))
        if ranks.is_first:
            folder.start(settings.tables(), said)
    if not ranks.is_first:
        for _ in trainer.loop.epochs():
            pass
        return {}
    return _run(trainer, folder, watch, targets_digest(targets), report)


def _held_fixed(
    request: TrainRequest, folder: RunFolder, features: FeatureFolder, report: Reporter
) -> tuple[Mapping[str, VideoLabels] | None, Targets]:
    """What people said, by video id, and as targets, spread to snippets alike where asked for.

    Read once, for the copy that the run keeps must say what it learns from: people go on
    correcting while the rest is made ready.
    """
    held = folder.labels_held(request.labels, resume=request.resume)
    said = None if held is None else read_label_folder(held)
    targets = targets_of(said, features, held) if held and said else {}
    if held != request.labels:
        now = {} if request.labels is None else human_targets(request.labels, features)
        if targets_digest(now) != targets_digest(targets):
            report(Message(level="warning", text=_OTHER_LABELS))
    above = request.spread_above
    return said, targets if above is None else spread_targets(targets, features, above)


def _run(
    trainer: Trainer, folder: RunFolder, watch: _Watch, labels: str, report: Reporter
) -> dict[str, Any]:
    """All epochs that are left, or as many as a person lets it train."""
    loop, every = trainer.loop, trainer.settings.validation.every
    ticker = Ticker(report, loop.num_steps, "step", done=loop.step)

    def tick(step: int) -> None:
        try:
            ticker.advance()
        except Stopped:
            loop.stop()

    keeper = _Keeper(folder, trainer, watch, labels, report)
    for result in loop.epochs(tick):
        if result.epoch % every and not result.is_last:
            keeper.log(result, trainer.line(result))
        else:
            keeper.keep(result)
    stopped = loop.step < loop.num_steps
    if stopped:
        keeper.keep_unfinished()
    summary = {"checkpoint": str(folder.checkpoint), "epochs": trainer.epoch, "stopped": stopped}
    return {**summary, **trainer.metrics}


def _opening(store: BagStore, settings: Settings, device: torch.device) -> str:
    return (
        f"training on {len(store.abnormal)} abnormal and {len(store.normal)} normal videos, "
        f"{len(settings.categories)} categories, on {device}, {settings.training.dtype}"
    )


@dataclass(frozen=True)
class _Keeper:
    """Measures, saves and tells of epochs.

    Attributes:
        folder: of the run.
        trainer: what is saved.
        watch: what is measured and shown.
        labels: digest of what people said.
        report: hears of it, after it is on disk.
    """

    folder: RunFolder
    trainer: Trainer
    watch: _Watch
    labels: str
    report: Reporter

    def keep(self, result: EpochResult) -> None:
        """Measure and save an epoch, then say so."""
        trainer, measured = self.trainer, self._measure()
        trainer.epoch = result.epoch
        trainer.metrics = {**trainer.line(result), **measured}
        better = measured.get("video_auc_val", -np.inf) > trainer.best
        if better:
            trainer.best = measured["video_auc_val"]
        checkpoint = self._save()
        if better:
            self.folder.save_best(checkpoint)
        self.log(result, trainer.metrics)
        self._tell(checkpoint)

    def keep_unfinished(self) -> None:
        """Save in the middle of an epoch, to be resumed at this very step."""
        loop = self.trainer.loop
        self.trainer.epoch = loop.step // loop.steps_per_epoch
        self._tell(self._save())
        text = f"stopped after step {loop.step} of {loop.num_steps}; the run can be resumed"
        self.report(Message(level="info", text=text))

    def log(self, result: EpochResult, values: Mapping[str, float]) -> None:
        """Write down and tell the numbers of an epoch."""
        self.folder.log({"epoch": result.epoch, "step": result.step, **values})
        self.report(Metric(step=result.step, epoch=result.epoch, values=dict(values)))

    def _measure(self) -> dict[str, float]:
        watch, score = self.watch, self.trainer.score
        measured = frame_metrics(watch.truth, watch.features, score)
        video_auc = video_level_auc(watch.validation, watch.features, score)
        return measured if video_auc is None else {**measured, "video_auc_val": video_auc}

    def _save(self) -> Checkpoint:
        checkpoint = self.trainer.checkpoint()
        self.folder.save(checkpoint, {**self.trainer.state(), "labels": self.labels})
        return checkpoint

    def _tell(self, checkpoint: Checkpoint) -> None:
        self.report(Artifact(kind="checkpoint", path=self.folder.checkpoint))
        if self.watch.pinned:
            digest = checkpoint_digest(self.folder.checkpoint)
            for path in self.watch.pinned.write(checkpoint, digest, self.trainer.loop.device):
                self.report(Artifact(kind="pinned", path=path))
