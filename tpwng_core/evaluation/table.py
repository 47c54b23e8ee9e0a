"""All evaluated frames in one small table, from which any subset of videos is ranked at once.

Neighbouring frames of one video with equal score and label are one row, and scores are replaced
by their place among all distinct scores, so that a metric of a subset needs no sorting.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tpwng_core.evaluation.alignment import AlignedVideo
from tpwng_core.evaluation.ranking import Ranking

Mask = npt.NDArray[np.bool_]


class FrameTable:
    """Runs of frames of V videos.

    Attributes:
        threshold: (U,) distinct scores, descending.
        level: (R,) index into ``threshold`` of each run.
        video: (R,) index of the run's video, ascending.
        positive: (R,) abnormal frames of the run.
        negative: (R,) normal frames of the run.
        has_event: (V,) whether a video has an abnormal frame.

    Args:
        videos: the videos with their scores and labels.
    """

    def __init__(self, videos: Sequence[AlignedVideo]) -> None:
        lengths = np.array([len(item.score) for item in videos])
        score = np.concatenate([item.score for item in videos])
        label = np.concatenate([item.label for item in videos]) != 0
        owner = np.repeat(np.arange(len(videos)), lengths)
        changes = [column[1:] != column[:-1] for column in (score, label, owner)]
        start = np.concatenate([[0], np.flatnonzero(np.logical_or.reduce(changes)) + 1])
        size = np.diff(start, append=len(score))
        distinct, level = np.unique(score[start], return_inverse=True)
        self.threshold = distinct[::-1]
        self.level = len(distinct) - 1 - level
        self.video = owner[start]
        self.positive = np.where(label[start], size, 0)
        self.negative = size - self.positive
        self.num_videos = len(videos)
        self.has_event = np.array([item.label.any() for item in videos], bool)

    def ranking(self, videos: Mask | None = None) -> Ranking:
        """Ranking of the frames of the videos in a (V,) mask, by default of all."""
        rows = slice(None) if videos is None else np.flatnonzero(videos[self.video])
        level, num_levels = self.level[rows], len(self.threshold)
        positive = np.bincount(level, weights=self.positive[rows], minlength=num_levels)
        negative = np.bincount(level, weights=self.negative[rows], minlength=num_levels)
        return Ranking(self.threshold, positive, negative)

    def oracle(self) -> Ranking:
        """Ranking by who knows which videos are abnormal, but not when: 1 or 0 for all frames."""
        row_has_event = self.has_event[self.video]
        positive = np.array([self.positive.sum(), 0])
        negative = np.array(
            [self.negative[row_has_event].sum(), self.negative[~row_has_event].sum()]
        )
        return Ranking(np.array([1.0, 0.0]), positive, negative)

    def share_at_least(self, threshold: float, videos: Mask) -> float | None:
        """Share of the normal frames of the masked videos that score ``threshold`` or more."""
        row_chosen = videos[self.video]
        num_frames = self.negative[row_chosen].sum()
        alarms = self.negative[row_chosen & (self.threshold[self.level] >= threshold)].sum()
        return float(alarms / num_frames) if num_frames else None
