"""What people said of frames, as targets of snippets that training holds fixed.

In come a folder of LABELS and features; out goes per video what ``BagStore`` pools further. The
manifest says what a video is, LABELS say what a frame is. Called by ``run/train.py``.
"""

# T snippets

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import DatasetError
from tpwng_core.features import FeatureSet
from tpwng_core.labels import (
    ABNORMAL,
    NORMAL,
    SUFFIX,
    UNKNOWN,
    UNSET,
    VideoLabels,
    read_label_folder,
)
from tpwng_core.run.batches import pool_target
from tpwng_core.run.model import mean_over_crops

Targets = Mapping[str, NDArray[np.int8]]


def human_targets(folder: Path, features: Mapping[str, FeatureSet]) -> dict[str, NDArray[np.int8]]:
    """:func:`targets_of` the labels in a folder; raises :class:`ArtifactError` of damaged ones."""
    return targets_of(read_label_folder(folder), features, folder)


def targets_of(
    said: Mapping[str, VideoLabels], features: Mapping[str, FeatureSet], folder: Path
) -> dict[str, NDArray[np.int8]]:
    """Targets of the snippets of every video that a person labelled and that has features.

    A snippet is abnormal if any of its frames is, else unknown if any is, normal only if all
    are, else unset: the rule of ``pool_target``, so that frames pooled into snippets and those
    into bins give what frames pooled into bins would give (spec/method.md B.1).

    Args:
        said: labels by video id.
        features: by video id.
        folder: where the labels came from, for messages.

    Returns:
        Per video (T,) int8 in {1, 0, -1, -2}; videos without a labelled frame are left out.

    Raises:
        DatasetError: labels and features disagree about a video's length.
    """
    return {
        video: label_target(labels, features[video], folder)
        for video, labels in said.items()
        if labels.segments and video in features
    }


def label_target(
    labels: VideoLabels, features: FeatureSet, folder: Path = Path()
) -> NDArray[np.int8]:
    """(T,) target of each snippet of a video, by the rule of :func:`human_targets`.

    Args:
        labels: of the video.
        features: of the same video.
        folder: where the labels came from, for messages.

    Raises:
        DatasetError: labels and features disagree about the video's length.
    """
    frames = _frames(labels, features, folder)
    edges = np.append(features.snippet_start, features.num_frames)
    return pool_target(frames, edges)


def spread_targets(
    targets: Targets, features: Mapping[str, FeatureSet], above: float
) -> dict[str, NDArray[np.int8]]:
    """Carry what people said over to snippets of the same video that look the same.

    An unset snippet takes the label of the labelled one it is most like, if their features' cosine
    is ``above`` or more; where a snippet of the other label is as near, it stays unset.

    Args:
        targets: per video (T,) int8.
        features: of these videos; crops are averaged.
        above: cosine in (0, 1].

    Returns:
        Targets of the same videos.
    """
    return {
        video: _spread(target, _unit_rows(features[video]), above)
        for video, target in targets.items()
    }


def describe_targets(targets: Targets, trained_on: Collection[str]) -> str:
    """A line for a person: how much is held fixed and left out in the training videos."""
    used = [target for video, target in targets.items() if video in trained_on]
    held = sum(int((target >= 0).sum()) for target in used)
    unknown = sum(int((target == UNKNOWN).sum()) for target in used)
    return (
        f"people's labels hold {held} snippets of {len(used)} training videos; "
        f"{unknown} unknown ones are left out"
    )


def targets_digest(targets: Targets) -> str:
    """16 hexadecimal digits that change with any target; "" where there are none."""
    if not targets:
        return ""
    digest = hashlib.sha256()
    for video in sorted(targets):
        digest.update(video.encode() + b"\0" + targets[video].tobytes())
    return digest.hexdigest()[:16]


def _frames(labels: VideoLabels, features: FeatureSet, folder: Path) -> NDArray[np.int8]:
    """(num_frames,) labels; published features know their video's length to a snippet only."""
    frames, num_frames = labels.as_array(), features.num_frames
    if features.meta is None:
        missing = max(num_frames - len(frames), 0)
        return np.pad(frames, (0, missing), constant_values=UNSET)[:num_frames]
    if len(frames) != num_frames:
        raise DatasetError(
            f"{folder / f'{labels.video}{SUFFIX}'} labels {len(frames)} frames, the features of "
            f"that video have {num_frames}",
            "the video was changed since: extract it again, or label it again",
        )
    return frames


def _spread(target: NDArray[np.int8], rows: NDArray[np.float32], above: float) -> NDArray[np.int8]:
    unset = np.flatnonzero(target == UNSET)
    likeness = {
        label: (rows[unset] @ rows[target == label].T).max(axis=1, initial=-1.0)
        for label in (NORMAL, ABNORMAL)
    }
    spread = target.copy()
    for label, other in ((NORMAL, ABNORMAL), (ABNORMAL, NORMAL)):
        spread[unset[(likeness[label] >= above) & (likeness[other] < above)]] = label
    return spread


def _unit_rows(features: FeatureSet) -> NDArray[np.float32]:
    rows = np.asarray(mean_over_crops(features), dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)
