"""The verb retrain: a round of corrections, from what people said to scores and pseudo-labels.

A checkpoint, features and LABELS in; a run folder with the taught model, its scores and its curves
out, and ``round.json`` last of all. Nothing outside that folder is touched, so that a round that
is cancelled or killed leaves the model before it in use. Called by the command line and the worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tpwng_core.checkpoint import checkpoint_digest, read_checkpoint_meta
from tpwng_core.config import merge, parse_overrides
from tpwng_core.datasets import read_manifest
from tpwng_core.errors import ConfigError, DatasetError, SomeInputsFailed, Stopped
from tpwng_core.events import Artifact, Message, Reporter, silent
from tpwng_core.features import open_feature_folder
from tpwng_core.groundtruth import GroundTruth, Protocol
from tpwng_core.labels import VideoLabels, read_label_folder
from tpwng_core.rounds import PSEUDO, SCORES, Round, next_weight, write_round
from tpwng_core.run.label import LabelRequest, label
from tpwng_core.run.round_gain import gain_of_round
from tpwng_core.run.run_folder import CHECKPOINT, RunFolder
from tpwng_core.run.score import ScoreRequest, score
from tpwng_core.run.settings import Settings, settings_of
from tpwng_core.run.split import training_split, usable_records
from tpwng_core.run.train import TrainRequest, train

WARM_EPOCHS = 10
"""Of a round that begins from trained weights; one from fresh weights takes the run's own."""


@dataclass(frozen=True, kw_only=True)
class RetrainRequest:
    """What a round of corrections is asked to do.

    Attributes:
        checkpoint: the model to teach; its settings are the round's, see :func:`retrain_settings`.
        manifest: ``video,label[,split]``.
        features: folder of feature files; all of them are scored.
        labels: folder of what people said.
        out: folder of the run.
        overrides: ``section.key=value`` words over the checkpoint's settings.
        from_scratch: begin from fresh weights and train as long as the first time.
        spread_above: see ``TrainRequest``.
        clip: as for training.
        ground_truth: measured in each epoch line, on videos that take no part; also what the round
            gained is told by it.
        protocol: whose it is.
        device: "auto", "cpu", "cuda".
        resume: go on with a round that was cut off while it trained, and with the labels it had.
    """

    checkpoint: Path
    manifest: Path
    features: Path
    labels: Path
    out: Path
    overrides: Sequence[str] = ()
    from_scratch: bool = False
    spread_above: float | None = None
    clip: str | None = None
    ground_truth: GroundTruth = field(default_factory=dict)
    protocol: Protocol = "intervals"
    device: str = "auto"
    resume: bool = False


def retrain(request: RetrainRequest, report: Reporter) -> dict[str, Any]:
    """Train with corrections, then score and label every video with what came out.

    Returns:
        Summary: that of the training, and of a round that was not stopped ``round``, ``scored``,
        ``labelled`` and ``gain``, what held-out videos say of it; None where none of them is
        annotated or reviewed from end to end.

    Raises:
        TpwngError: by kind of what is wrong; nothing outside ``out`` has changed.
        SomeInputsFailed: some videos cannot be scored; the round is whole for the others.
    """
    settings = retrain_settings(request)
    plan = _plan(request, settings)
    summary = train(_training(request, settings), report)
    if summary["stopped"]:
        return summary
    common: dict[str, Any] = {
        "inputs": (request.features,),
        "checkpoint": request.out / CHECKPOINT,
        "clip": request.clip,
        "device": request.device,
    }
    failed: list[SomeInputsFailed] = []
    made: dict[str, Any] = {}
    try:
        made |= score(ScoreRequest(out=request.out / SCORES, **common), report)
    except SomeInputsFailed as error:
        failed.append(error)
    manifest = request.manifest
    try:
        made |= label(LabelRequest(out=request.out / PSEUDO, manifest=manifest, **common), report)
    except SomeInputsFailed as error:
        failed.append(error)
    if made.get("stopped"):
        return {**summary, "stopped": True}
    try:
        gain = _gain(request, plan, report)
    except Stopped:
        return {**summary, "stopped": True}
    path = write_round(request.out, plan.made(request, settings))
    report(Artifact(kind="round", path=path))
    if failed:
        raise failed[0]
    counts = {name: made[name] for name in ("scored", "labelled")}
    return {**summary, "round": str(path), **counts, "gain": gain}


def retrain_settings(request: RetrainRequest) -> Settings:
    """The checkpoint's settings, those of a round over them, and the overrides over all.

    A round from trained weights has fewer epochs, and a correction counts in any round as in the
    one before.

    Raises:
        CheckpointError: the checkpoint is missing or damaged.
        ArtifactError: the round that made it is damaged.
        ConfigError: an override is wrong.
    """
    meta = read_checkpoint_meta(request.checkpoint)
    own: dict[str, Any] = {"loss": {"human_weight": next_weight(request.checkpoint.parent)}}
    if not request.from_scratch:
        own["training"] = {"epochs": WARM_EPOCHS, "steps": 0}
    tables = {name: dict(table) for name, table in meta.config.items()}
    tables["categories"] = dict(meta.categories)
    return settings_of(merge(tables, own, parse_overrides(request.overrides)))


def num_said(labels: VideoLabels) -> int:
    """Frames of a video of which a person said something, unknown ones included."""
    return sum(segment.end - segment.start for segment in labels.segments)


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What is known of a round before it trains."""

    taught: str
    corrected: Mapping[str, int]
    trained: tuple[str, ...]
    chosen_by: tuple[str, ...]

    def made(self, request: RetrainRequest, settings: Settings) -> Round:
        """The round, once it is over."""
        return Round(
            taught=self.taught,
            checkpoint=checkpoint_digest(request.out / CHECKPOINT),
            is_warm=not request.from_scratch,
            human_weight=settings.loss.human_weight,
            spread_above=request.spread_above,
            corrected=self.corrected,
            trained=self.trained,
            chosen_by=self.chosen_by,
        )


def _plan(request: RetrainRequest, settings: Settings) -> _Plan:
    """Which videos train, and how much was said of them."""
    if request.out.resolve() == request.checkpoint.parent.resolve():
        hint = "choose another --out, so that the model before it stays"
        raise ConfigError(f"{request.out} holds the checkpoint that is taught", hint)
    features = open_feature_folder(request.features)
    records = read_manifest(request.manifest, list(settings.categories))
    training, validation = training_split(
        usable_records(records, features, silent),
        settings.validation.share,
        settings.training.seed,
        silent,
    )
    held = RunFolder(request.out).labels_held(request.labels, resume=request.resume)
    assert held is not None, "a round is given labels"
    said = {video: num_said(item) for video, item in read_label_folder(held).items()}
    names = [record.video for record in training]
    corrected = {video: said[video] for video in names if said.get(video)}
    if not corrected:
        raise DatasetError(
            f"{held} says nothing of a video that trains",
            "label frames of a video whose split is train; those of val and test are never used",
        )
    return _Plan(
        taught=checkpoint_digest(request.checkpoint),
        corrected=corrected,
        trained=tuple(names),
        chosen_by=tuple(record.video for record in validation),
    )


def _gain(request: RetrainRequest, plan: _Plan, report: Reporter) -> dict[str, Any] | None:
    """Measure and tell what held-out videos say of the round."""
    gain = gain_of_round(
        before=request.checkpoint,
        after=request.out / SCORES,
        features=request.features,
        annotated=request.ground_truth,
        labels=read_label_folder(request.labels),
        took_part={*plan.trained, *plan.corrected},
        device=request.device,
        report=report,
    )
    if gain is None:
        return None
    report(Message(level="info", text=gain.words))
    return gain.to_json()


def _training(request: RetrainRequest, settings: Settings) -> TrainRequest:
    return TrainRequest(
        manifest=request.manifest,
        features=request.features,
        out=request.out,
        settings=settings,
        clip=request.clip,
        ground_truth=request.ground_truth,
        protocol=request.protocol,
        labels=request.labels,
        spread_above=request.spread_above,
        warm_start=None if request.from_scratch else request.checkpoint,
        device=request.device,
        resume=request.resume,
    )
