"""What an epoch line says beside the losses: video-level AUC on val, frame AUC and AP on test.

The validation split chooses the best epoch from weak labels alone; ground truth, where a person
gives it, is only watched. Called by ``run/train.py``.
"""

# T snippets

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tpwng_core.datasets import VideoRecord
from tpwng_core.evaluation import auc, average_precision
from tpwng_core.features import FeatureSet
from tpwng_core.groundtruth import GroundTruth, frame_labels
from tpwng_core.scores import snippets_to_frames

ScoreVideo = Callable[[FeatureSet], NDArray[np.float32]]


def video_score(snippet_scores: NDArray[np.floating]) -> float:
    """One number for a video: the mean of its T // 16 + 1 highest snippets, as the field does."""
    count = len(snippet_scores) // 16 + 1
    return float(np.sort(snippet_scores)[-count:].mean())


def video_level_auc(
    records: Sequence[VideoRecord], features: Mapping[str, FeatureSet], score: ScoreVideo
) -> float | None:
    """AUC of telling abnormal from normal videos by weak labels; None where a kind is missing."""
    if not records:
        return None
    values = np.array([video_score(score(features[record.video])) for record in records])
    return auc(values, np.array([not record.is_normal for record in records], dtype=np.int8))


def frame_metrics(
    ground_truth: GroundTruth, features: Mapping[str, FeatureSet], score: ScoreVideo
) -> dict[str, float]:
    """Frame AUC and AP over the annotated videos that have features.

    Returns:
        ``auc`` and ``ap``, without those that are undefined.
    """
    scores, labels = [], []
    for video in [name for name in ground_truth if name in features]:
        item = features[video]
        scores.append(snippets_to_frames(score(item), item.snippet_start, item.num_frames))
        labels.append(frame_labels(ground_truth[video], item.num_frames))
    if not scores:
        return {}
    frames, truth = np.concatenate(scores), np.concatenate(labels)
    found = {"auc": auc(frames, truth), "ap": average_precision(frames, truth)}
    return {name: value for name, value in found.items() if value is not None}
