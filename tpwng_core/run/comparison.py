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
from tpwng_core.nn.long import average_windows
from tpwng_core.nn.methods import Method, Problem, build_method
from tpwng_core.run.batches import BagStore
from tpwng_core.run.loop import Half, Loop, ScheduleConfig
from tpwng_core.run.model import mean_over_crops


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

    Args:
        name: a key of ``nn.methods.METHODS``.
        contest: what all methods share.

    Raises:
        ConfigError: there is no such method, or it lacks something it needs.
    """
    method = build_method(
        name, contest.problem, seed=contest.schedule.seed, config=contest.settings.get(name)
    ).to(contest.device)
    if method.supervision != "none":
        halves = [
            Half(name="text", parameters=method.text_parameters()),
            Half(name="temporal", parameters=method.temporal_parameters()),
        ]
        loop = Loop(method, halves, contest.store, contest.schedule, contest.device)
        for _ in loop.epochs(contest.on_step):
            pass
    return method.eval()


@torch.inference_mode()
def score_video(method: Method, features: FeatureSet, device: torch.device) -> NDArray[np.float32]:
    """(T,) scores of a video; long ones in averaged windows, crops averaged."""
    rows = torch.from_numpy(np.asarray(mean_over_crops(features), dtype=np.float32)).to(device)

    def scored(windows: torch.Tensor) -> torch.Tensor:
        mask = torch.ones(windows.shape[:2], dtype=torch.bool, device=device)
        return method.score(windows, mask)[..., None]

    return average_windows(rows, scored)[:, 0].cpu().numpy()


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
