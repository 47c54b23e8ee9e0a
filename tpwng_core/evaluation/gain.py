"""What a round of corrections gained, measured on videos that took no part in it.

Scores before and after and what is true of each frame in, AUC and AP of both out. Whoever calls
leaves the videos that were trained on out; :func:`held_out` says which those are. Called by the
verb ``retrain`` and by the studio. NumPy only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.evaluation.alignment import AlignedVideo
from tpwng_core.evaluation.bootstrap import paired_bootstrap
from tpwng_core.evaluation.table import FrameTable
from tpwng_core.groundtruth import GroundTruth, Interval
from tpwng_core.labels import ABNORMAL, NORMAL, UNSET, VideoLabels

States = NDArray[np.int8]
Pair = tuple[float, float]

NUM_RESAMPLES = 1000
SEED = 0
"""Of the draw of held-out videos: the same round has the same interval whenever it is measured."""
LEVEL = 0.95


@dataclass(frozen=True, kw_only=True)
class Gain:
    """Frame metrics of two models on the same frames.

    Attributes:
        videos: ids they were measured on.
        num_frames: frames of which something is true.
        num_abnormal: abnormal ones among them.
        auc: before and after; None where frames of one kind are missing.
        ap: before and after; None where no frame is abnormal.
        auc_interval: (low, high) of after minus before: paired percentile bootstrap over the
            videos at ``LEVEL``, ``NUM_RESAMPLES`` draws of ``SEED``, without those that hold a
            single class. None where fewer than two videos have an event: what differs from event
            to event cannot be told from one. Of few videos it comes out too narrow.
        ap_interval: the same of AP.
    """

    videos: tuple[str, ...]
    num_frames: int
    num_abnormal: int
    auc: Pair | None
    ap: Pair | None
    auc_interval: Pair | None = None
    ap_interval: Pair | None = None

    @property
    def words(self) -> str:
        """One line of text: both metrics, their intervals, and what they were measured on."""
        told = ", ".join(
            _pair_words(name, values, interval)
            for name, values, interval in (
                ("AUC", self.auc, self.auc_interval),
                ("AP", self.ap, self.ap_interval),
            )
            if values is not None
        )
        if not told:
            told = "All of them are normal: neither AUC nor AP can be told"
        elif self.auc is None:
            told += "; all of them are abnormal: AUC cannot be told"
        count = len(self.videos)
        return (
            f"{told}. On {count:,} held-out video{'s' if count > 1 else ''}: "
            f"{self.num_frames:,} frames, {self.num_abnormal:,} abnormal."
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values; a metric that cannot be told is None."""
        return {
            "num_videos": len(self.videos),
            "num_frames": self.num_frames,
            "num_abnormal": self.num_abnormal,
            "auc": _pair_json(self.auc, self.auc_interval),
            "ap": _pair_json(self.ap, self.ap_interval),
            "bootstrap": {"num_resamples": NUM_RESAMPLES, "seed": SEED, "level": LEVEL},
        }


def measure_gain(
    before: Mapping[str, NDArray[np.floating]],
    after: Mapping[str, NDArray[np.floating]],
    truth: Mapping[str, States],
) -> Gain | None:
    """Compare two models on the videos that both scored and of which something is true.

    Args:
        before: (num_frames,) finite scores by video id.
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
    tables = [
        FrameTable([_known(video, scores[video], truth[video]) for video in used])
        for scores in (before, after)
    ]
    old, new = (table.ranking() for table in tables)
    auc, ap = _pair(old.auc, new.auc), _pair(old.average_precision, new.average_precision)
    intervals: Mapping[str, Pair | None] = {}
    if auc is not None and tables[0].has_event.sum() > 1:
        drawn = paired_bootstrap(*tables, num_resamples=NUM_RESAMPLES, seed=SEED, level=LEVEL)
        intervals = drawn.intervals
    return Gain(
        videos=tuple(used),
        num_frames=int(new.num_positive + new.num_negative),
        num_abnormal=int(new.num_positive),
        auc=auc,
        ap=ap,
        auc_interval=intervals.get("auc"),
        ap_interval=intervals.get("ap"),
    )


def held_out(videos: Collection[str], took_part: Collection[str]) -> list[str]:
    """The videos that took no part, in their order."""
    seen = set(took_part)
    return [video for video in videos if video not in seen]


def known_truth(
    scored: Mapping[str, NDArray[np.floating]],
    annotated: GroundTruth,
    labels: Mapping[str, VideoLabels],
) -> dict[str, States]:
    """What is true of the frames of scored videos: ground truth, else a reviewed person's labels.

    Args:
        scored: (num_frames,) scores by video id.
        annotated: intervals by video id.
        labels: what people said, by video id.

    Returns:
        (num_frames,) states by video id, without the videos of which nothing is known.
    """
    truth: dict[str, States] = {}
    for video, score in scored.items():
        if video in annotated:
            truth[video] = true_states(annotated[video], len(score))
        elif video in labels and (states := reviewed_states(labels[video])) is not None:
            truth[video] = states
    return truth


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


def _known(video: str, scores: NDArray[np.floating], states: States) -> AlignedVideo:
    """A video's frames of which something is true."""
    mask = states >= NORMAL
    label = (states[mask] == ABNORMAL).astype(np.int8)
    return AlignedVideo(video=video, score=scores[mask], label=label, categories=())


def _pair(before: float | None, after: float | None) -> Pair | None:
    return None if before is None or after is None else (before, after)


def _pair_words(name: str, values: Pair, interval: Pair | None) -> str:
    before, after = values
    gained = _signed(after - before)
    if interval is not None:
        low, high = (_signed(end) for end in interval)
        gained += f", {LEVEL:.0%} interval {low} to {high}".replace("%", " %")
    return f"{name} {before:.3f} → {after:.3f} ({gained})"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")


def _pair_json(values: Pair | None, interval: Pair | None) -> dict[str, Any] | None:
    if values is None:
        return None
    before, after = values
    return {
        "before": before,
        "after": after,
        "gain": after - before,
        "interval": interval and list(interval),
    }
