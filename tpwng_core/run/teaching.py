"""TPWNG from video labels, taught on by corrections, looked at and tested: the steps of a course.

Data of a study and targets in, checkpoints, curves for the review queue and frame metrics out: the
very parts of which ``train --labels --warm-start``, ``label`` and ``score`` are made, without the
files between them. Called by ``run/course.py``.
"""

# T snippets

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict

import numpy as np
import torch
from numpy.typing import NDArray

from tpwng_core.checkpoint import Checkpoint
from tpwng_core.datasets import VideoRecord
from tpwng_core.labels import UNKNOWN, UNSET
from tpwng_core.nn.methods import build_method
from tpwng_core.run.batches import BagStore
from tpwng_core.run.contender import fit, method_contender
from tpwng_core.run.human_targets import Targets
from tpwng_core.run.label import Labeller
from tpwng_core.run.model import load_scorer, score_features
from tpwng_core.run.score import make_scores
from tpwng_core.run.settings import Settings
from tpwng_core.run.study import Study
from tpwng_core.run.trainer import Trainer
from tpwng_core.run.validation import frame_metrics
from tpwng_core.tuning import Derivation, Derived, Tuning

OnStep = Callable[[int], None]
Metrics = Mapping[str, float]
SUPERVISED = "supervised"


def taught(
    study: Study,
    settings: Settings,
    targets: Targets,
    start: Checkpoint | None = None,
    on_step: OnStep = lambda step: None,
) -> Checkpoint:
    """Train TPWNG as the verb ``train`` does.

    Args:
        study: the data.
        settings: of this training, seed and length in them.
        targets: what people said of training videos; empty for video labels alone.
        start: checkpoint to begin from; None begins from fresh weights.
        on_step: called after each step; may raise Cancelled.

    Returns:
        The model after the last step. The global random state is left as it was.
    """
    store = bag_store(study, settings, targets)
    devices = [study.device] if study.device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        trainer = Trainer(
            settings=settings,
            clip=study.clip,
            identity=study.identity,
            store=store,
            device=study.device,
            sample=study.features[store.normal[0].video],
        )
        if start is not None:
            trainer.warm_start(start)
        for result in trainer.loop.epochs(on_step):
            trainer.epoch = result.epoch
        return trainer.checkpoint()


def look(
    study: Study, checkpoint: Checkpoint, records: Mapping[str, VideoRecord]
) -> dict[str, Derived]:
    """What the studio would show of training videos: psi, pseudo-labels and scores.

    Args:
        study: the data.
        checkpoint: the model as it is now.
        records: the videos and their labels.
    """
    scorer = load_scorer(checkpoint, study.device)
    labels = scorer.settings.pseudolabels
    tuning = Tuning(
        alpha=labels.alpha,
        theta=labels.theta,
        min_duration=labels.min_duration,
        merge_gap=labels.merge_gap,
    )
    labeller, found = Labeller(scorer, labels, ""), {}
    for video, record in records.items():
        features = study.features[video]
        derivation = Derivation(
            labeller.curves(features, record.labels),
            scorer.category_ids,
            scores=make_scores(scorer, features, ""),
            scale=scorer.sim_scale,
        )
        found[video] = derivation.at(tuning)
    return found


def measured(study: Study, checkpoint: Checkpoint) -> Metrics:
    """Frame ``auc`` and ``ap`` on the held-out test videos."""
    scorer = load_scorer(checkpoint, study.device)
    return frame_metrics(study.test, study.features, lambda item: score_features(scorer, item))


class SupervisedNetwork:
    """TPWNG's temporal half trained on frame labels alone: neither texts nor pseudo-labels enter.

    Abnormal videos count where they are labelled and are left out elsewhere; normal videos are
    known to be normal, as they are to TPWNG.

    Args:
        study: the data.
        settings: of the temporal half, and the seed.
    """

    def __init__(self, study: Study, settings: Settings) -> None:
        self._study = study
        method = build_method(
            SUPERVISED,
            study.problem,
            seed=settings.training.seed,
            config=asdict(settings.temporal),
        )
        self._contender = method_contender(method, study.device)

    def learn(
        self, settings: Settings, targets: Targets, on_step: OnStep = lambda step: None
    ) -> None:
        """Train on, with a fresh optimiser.

        Args:
            settings: length and seed of this training.
            targets: (T,) targets by abnormal training video; others are not labelled at all.
            on_step: called after each step; may raise Cancelled.
        """
        training = self._study.split(settings.training.seed)[0]
        known = {
            item.video: _only_known(self._study, item.video, targets)
            for item in training
            if item.labels
        }
        fit(
            lambda: self._contender,
            bag_store(self._study, settings, known),
            settings.training,
            self._study.device,
            on_step=on_step,
        )

    def test(self) -> Metrics:
        """Frame ``auc`` and ``ap`` on the held-out test videos."""
        return frame_metrics(self._study.test, self._study.features, self._contender.score)


def bag_store(study: Study, settings: Settings, targets: Targets) -> BagStore:
    """The training videos of a seed as bags, with what was said of them."""
    return BagStore(
        study.split(settings.training.seed)[0],
        study.features,
        list(study.settings.categories),
        max_snippets=settings.training.max_snippets,
        seed=settings.training.seed,
        targets=targets,
    )


def _only_known(study: Study, video: str, targets: Targets) -> NDArray[np.int8]:
    """A video's target in which what nobody said is left out of the loss."""
    unset = np.full(study.features[video].num_snippets, UNSET, dtype=np.int8)
    target = targets.get(video, unset)
    return np.where(target == UNSET, UNKNOWN, target).astype(np.int8)
