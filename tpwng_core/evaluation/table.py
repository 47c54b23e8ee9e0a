"""All evaluated frames in one small table, from which any subset of videos is ranked at once.

Neighbouring frames of one video with equal score and label are one row, and scores are replaced
by their place among all distinct scores, so that a metric of a subset needs no sorting.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tpwng_core.evaluation.alignment import AlignedVideo
from tpwng_core.evaluation.ranking import Ranking

Mask = npt.NDArray[np.bool_]


class FrameTable:
    """Runs of frames of V videos, R runs in order of falling score.

    Attributes:
        threshold: (U,) distinct scores, descending.
        level: (R,) index into ``threshold`` of each run, ascending.
        video: (R,) index of the run's video.
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
        # 32 bits hold two years of frames and halve the traffic, which is what costs here.
        owner = np.repeat(np.arange(len(videos), dtype=np.int32), lengths)
        start = _starts(score, label, owner)
        size = np.diff(start, append=len(score)).astype(np.int32)
        order = np.argsort(score[start])[::-1]
        start, size = start[order], size[order]
        first = _starts(score[start])
        self.threshold = score[start][first]
        runs_per_level = np.diff(first, append=len(start))
        self.level = np.repeat(np.arange(len(first), dtype=np.int32), runs_per_level)
        self.video = owner[start]
        self.positive = np.where(label[start], size, np.int32(0))
        self.negative = size - self.positive
        self.num_videos = len(videos)
        self.has_event = np.array([item.label.any() for item in videos], bool)
        normal = np.where(self.has_event[self.video], 0, self.negative)
        per_level = np.bincount(self.level, weights=normal, minlength=len(self.threshold))
        self._normal_above = np.concatenate([[0.0], np.cumsum(per_level)])

    def ranking(self, videos: Mask | None = None) -> Ranking:
        """Ranking of the frames of the videos in a (V,) mask, by default of all."""
        rows = slice(None) if videos is None else np.flatnonzero(videos[self.video])
        level, positive, negative = self.level[rows], self.positive[rows], self.negative[rows]
        if not len(level):
            return Ranking(level, positive, negative)
        first = _starts(level)
        return Ranking(
            self.threshold[level[first]],
            np.add.reduceat(positive, first),
            np.add.reduceat(negative, first),
        )

    def with_normal(self, own: Ranking) -> Ranking:
        """Ranking of some abnormal videos' frames together with all normal videos' frames.

        Normal frames between two scores of ``own`` become one step, which changes no area: a
        category costs what its own frames cost.

        Args:
            own: ranking of the abnormal videos, of :meth:`ranking`.
        """
        at = len(self.threshold) - 1 - np.searchsorted(self.threshold[::-1], own.threshold)
        before, through = self._normal_above[at], self._normal_above[at + 1]
        ends = np.concatenate([[0], through, self._normal_above[-1:]])
        between = np.append(before, ends[-1]) - ends[:-1]
        lowest = np.append(self.threshold[at - 1], self.threshold[-1])
        threshold = np.append(lowest, own.threshold)
        positive = np.append(np.zeros(len(between)), own.positive)
        negative = np.append(between, own.negative + through - before)
        used = np.flatnonzero(positive + negative > 0)
        used = used[np.argsort(-threshold[used])]
        return Ranking(threshold[used], positive[used], negative[used])

    def oracle(self) -> Ranking:
        """Ranking by who knows which videos are abnormal, but not when: 1 or 0 for all frames."""
        of_event = self.has_event[self.video]
        positive = np.array([self.positive.sum(), 0])
        negative = np.array([self.negative[of_event].sum(), self.negative[~of_event].sum()])
        used = positive + negative > 0
        return Ranking(np.array([1.0, 0.0])[used], positive[used], negative[used])


def _starts(*columns: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Indices at which any of the (N,) columns, N > 0, takes another value; 0 is one."""
    changes = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.concatenate([[0], np.flatnonzero(changes) + 1])
