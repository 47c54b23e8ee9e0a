"""Intervals of frames with a category, and their painting into one label per frame.

Published ground truths differ in two conventions: whether an interval's end belongs to it, and
how long a video is (spec/formats.md, "Benchmark metric protocols"). Both are named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Protocol = Literal["ucf-crime", "xd-violence", "intervals"]
Convention = Literal["half-open", "inclusive"]
Length = Literal["exact", "floored-to-16", "padded-to-16"]

# What an interval is called whose file does not say what happens in it.
ANY_CATEGORY = "abnormal"


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An annotated event: two frame numbers as they stand in the file.

    Attributes:
        start: first frame, from 0.
        end: the frame behind the last one (half-open, the default convention).
        category: category id; several joined by ``|`` where the file does not tell which.
    """

    start: int
    end: int
    category: str = ANY_CATEGORY

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"interval {self.start}-{self.end} runs backwards or below frame 0")

    @property
    def categories(self) -> tuple[str, ...]:
        """The category ids, apart."""
        return tuple(self.category.split("|"))


GroundTruth = Mapping[str, tuple[Interval, ...]]
"""Intervals by video id; a normal video has none, a video that is not annotated is absent."""


def frame_labels(
    intervals: Iterable[Interval], num_frames: int, convention: Convention = "half-open"
) -> npt.NDArray[np.int8]:
    """Paint intervals: 1 on frames in any of them, else 0.

    What lies behind the end of the video is cut off; :func:`overhanging` tells where.

    Args:
        intervals: of one video; they may overlap.
        num_frames: length to paint.
        convention: ``half-open`` leaves the end frame out (VadCLIP, PEL4VAD, XDVioDet),
            ``inclusive`` takes it in (Sultani, RTFM, AnomalyCLIP, LAVAD).

    Returns:
        (num_frames,) int8.
    """
    labels = np.zeros(num_frames, np.int8)
    for interval in intervals:
        labels[interval.start : _end(interval, convention)] = 1
    return labels


def overhanging(
    intervals: Iterable[Interval], num_frames: int, convention: Convention = "half-open"
) -> tuple[Interval, ...]:
    """The intervals of one video that end behind its last frame."""
    return tuple(item for item in intervals if _end(item, convention) > num_frames)


def protocol_length(num_frames: int, length: Length) -> int:
    """Frames that a published protocol counts for a video of ``num_frames`` frames.

    ``exact`` counts them all, ``floored-to-16`` drops the last incomplete snippet, and
    ``padded-to-16`` fills it up.
    """
    if length == "exact":
        return num_frames
    snippets = num_frames // 16 if length == "floored-to-16" else -(-num_frames // 16)
    return snippets * 16


def _end(interval: Interval, convention: Convention) -> int:
    return interval.end + (convention == "inclusive")
