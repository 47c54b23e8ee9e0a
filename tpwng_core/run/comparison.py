"""Other methods on TPWNG's own features, bags and schedule: train one, score the test videos.

The same loop, the same order of bags, the same number of steps; only the objective differs.
Called by the demo and by ``compare``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from tpwng_core.features import FeatureSet
from tpwng_core.groundtruth import GroundTruth, Interval, frame_labels
from tpwng_core.nn.methods import Method, Problem, build_method
from tpwng_core.run.batches import BagStore
from tpwng_core.run.contender import fit, method_contender
from tpwng_core.run.loop import ScheduleConfig


@dataclass(frozen=True, kw_only=True)
class Contest:
    """What every method of a comparison shares.

    Attributes:
        problem: dimensions and texts.
        store: bags of the training videos; carries true labels for the supervised bound only.
        schedule: steps, batch size and learning rate.
        device: where to train.
        on_step: called after each step; may raise Cancelled.
        settings: of single methods by name, where they differ from the method's own.
    """

    problem: Problem
    store: BagStore
    schedule: ScheduleConfig
    device: torch.device
    on_step: Callable[[int], None] = lambda step: None
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def fit_method(name: str, contest: Contest) -> Method:
    """Train a method by name; one without losses is returned as it is.

    Its digits depend on the schedule's seed alone, not on what was trained before it.

    Args:
        name: a key of ``nn.methods.METHODS``.
        contest: what all methods share.

    Raises:
        ConfigError: there is no such method, or it lacks something it needs.
    """
    method = build_method(
        name, contest.problem, seed=contest.schedule.seed, config=contest.settings.get(name)
    )
    fit(
        lambda: method_contender(method, contest.device),
        contest.store,
        contest.schedule,
        contest.device,
        on_step=contest.on_step,
    )
    return method


def score_video(method: Method, features: FeatureSet, device: torch.device) -> NDArray[np.float32]:
    """(T,) scores of a video; long ones in averaged windows, scores of crops averaged."""
    return method_contender(method, device).score(features)


def true_targets(
    ground_truth: GroundTruth, features: Mapping[str, FeatureSet]
) -> dict[str, NDArray[np.int8]]:
    """Per video the true label of each snippet: that of most of its frames."""
    return {
        video: snippet_labels(intervals, features[video])
        for video, intervals in ground_truth.items()
        if video in features
    }


def snippet_labels(intervals: tuple[Interval, ...], features: FeatureSet) -> NDArray[np.int8]:
    """(T,) int8, 1 where at least half of a snippet's frames are abnormal."""
    frames = frame_labels(intervals, features.num_frames)
    counts = np.add.reduceat(frames.astype(np.int64), features.snippet_start)
    lengths = np.diff(np.append(features.snippet_start, features.num_frames))
    return (2 * counts >= lengths).astype(np.int8)
