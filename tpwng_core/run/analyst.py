"""A simulated analyst: shown a stretch of a training video, says what ground truth says of it.

Ground truth of training videos and stretches of frames in, labels as a person would have made them
out: what is shown is labelled, to the frame, and nothing else. Called by ``run/course.py``. NumPy
only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import DatasetError
from tpwng_core.features import FeatureSet
from tpwng_core.groundtruth import GroundTruth, frame_labels
from tpwng_core.labels import STATES, UNSET, LabelSegment, VideoLabels
from tpwng_core.pseudolabels import mask_runs

_FPS = Fraction(30)
"""Of published features, which know no rate; labels are counted in frames."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Frames of a video that the analyst is shown.

    Attributes:
        video: id.
        start: first frame.
        end: the frame behind the last one.
    """

    video: str
    start: int
    end: int


class Analyst:
    """Knows the truth of some videos and says of them what is asked, once.

    Args:
        truth: intervals of the videos that may be asked about; those not named may not.
        features: of these videos, for their lengths.
    """

    def __init__(self, truth: GroundTruth, features: Mapping[str, FeatureSet]) -> None:
        self._truth = {
            video: frame_labels(intervals, features[video].num_frames)
            for video, intervals in truth.items()
        }
        self._labels = {video: unlabelled(features[video]) for video in truth}

    @property
    def labels(self) -> Mapping[str, VideoLabels]:
        """What was said so far, of every video that may be asked about."""
        return self._labels

    @property
    def num_frames(self) -> int:
        """Frames labelled so far."""
        return sum(num_said(labels) for labels in self._labels.values())

    def truth(self, video: str) -> NDArray[np.int8]:
        """(num_frames,) 1 on abnormal frames, of a video that may be asked about."""
        return self._truth[video]

    def correct(self, stretch: Stretch) -> int:
        """Label the frames of a stretch by the truth; what was said before stays.

        Returns:
            How many frames had no label before.

        Raises:
            DatasetError: the analyst was not to be asked about that video.
        """
        if stretch.video not in self._truth:
            raise DatasetError(
                f"{stretch.video} is none of the videos that may be corrected",
                "only abnormal training videos with ground truth are",
            )
        before = num_said(self._labels[stretch.video])
        labels = self._labels[stretch.video]
        for segment in self._segments(stretch):
            labels = labels.paint(segment)
        self._labels[stretch.video] = labels
        return num_said(labels) - before

    def _segments(self, stretch: Stretch) -> list[LabelSegment]:
        shown = self._truth[stretch.video][stretch.start : stretch.end]
        segments = []
        for value in (0, 1):
            for start, end in zip(*mask_runs(shown == value), strict=True):
                places = int(stretch.start + start), int(stretch.start + end)
                segments.append(
                    LabelSegment(
                        start=places[0], end=places[1], state=STATES[value], author="simulated"
                    )
                )
        return segments


def unlabelled(features: FeatureSet) -> VideoLabels:
    """Labels of a video of which nobody said anything."""
    fps = features.meta.fps if features.meta else _FPS
    return VideoLabels(video=features.video, num_frames=features.num_frames, fps=fps)


def num_said(labels: VideoLabels) -> int:
    """Frames of which somebody said something."""
    return sum(segment.end - segment.start for segment in labels.segments)


def is_unset(labels: VideoLabels) -> NDArray[np.bool_]:
    """(num_frames,) True where nobody said anything."""
    return np.asarray(labels.as_array() == UNSET)
