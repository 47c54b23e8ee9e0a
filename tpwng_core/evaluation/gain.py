"""What a round of corrections gained, measured on videos that took no part in it.

Scores before and after and what is true of each frame in, AUC and AP of both out. Whoever calls
leaves the videos that were trained on out; :func:`held_out` says which those are. Called by the
studio. NumPy only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpwng_core.evaluation.ranking import Ranking, rank
from tpwng_core.groundtruth import Interval
from tpwng_core.labels import ABNORMAL, NORMAL, UNSET, VideoLabels

States = NDArray[np.int8]


@dataclass(frozen=True, kw_only=True)
class Gain:
    """Frame metrics of two models on the same frames.

    Attributes:
        videos: ids they were measured on.
        num_frames: frames of which something is true.
        num_abnormal: abnormal ones among them.
        auc: before and after; None where frames of one kind are missing.
        ap: before and after; None where no frame is abnormal.
    """

    videos: tuple[str, ...]
    num_frames: int
    num_abnormal: int
    auc: tuple[float, float] | None
    ap: tuple[float, float] | None


def measure_gain(
    before: Mapping[str, NDArray[np.floating]],
    after: Mapping[str, NDArray[np.floating]],
    truth: Mapping[str, States],
) -> Gain | None:
    """Compare two models on the videos that both scored and of which something is true.

    Args:
        before: (num_frames,) scores by video id.
        after: the same of the other model.
        truth: (num_frames,) ABNORMAL or NORMAL; other frames are left out. Videos whose lengths
            differ are left out too: they are not the same video.

    Returns:
        None where no video is left.
    """
    used = [
        video
        for video, states in truth.items()
        if video in before
        and video in after
        and len(before[video]) == len(after[video]) == len(states)
        and bool((states >= NORMAL).any())
    ]
    if not used:
        return None
    known = [truth[video] >= NORMAL for video in used]
    states = np.concatenate([truth[video][mask] for video, mask in zip(used, known, strict=True)])
    old, new = (
        _ranking([scores[video][mask] for video, mask in zip(used, known, strict=True)], states)
        for scores in (before, after)
    )
    return Gain(
        videos=tuple(used),
        num_frames=len(states),
        num_abnormal=int((states == ABNORMAL).sum()),
        auc=_pair(old.auc, new.auc),
        ap=_pair(old.average_precision, new.average_precision),
    )


def held_out(videos: Collection[str], took_part: Collection[str]) -> list[str]:
    """The videos that neither trained nor chose an epoch, in their order."""
    seen = set(took_part)
    return [video for video in videos if video not in seen]


def true_states(intervals: Collection[Interval], num_frames: int) -> States:
    """(num_frames,) NORMAL and ABNORMAL of annotated intervals; what lies behind is cut."""
    states = np.full(num_frames, NORMAL, dtype=np.int8)
    for interval in intervals:
        states[max(interval.start, 0) : max(interval.end, 0)] = ABNORMAL
    return states


def reviewed_states(labels: VideoLabels) -> States | None:
    """(num_frames,) states of a video that a person labelled from end to end and reviewed.

    None for any other: where a frame is unset, its label would be the model's own.
    """
    states = labels.as_array()
    if not labels.reviewed or not len(states) or bool((states == UNSET).any()):
        return None
    return states


def _ranking(scores: list[NDArray[np.floating]], states: States) -> Ranking:
    return rank(np.concatenate(scores), states == ABNORMAL)


def _pair(before: float | None, after: float | None) -> tuple[float, float] | None:
    return None if before is None or after is None else (before, after)
