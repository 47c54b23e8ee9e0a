"""A benchmark of rendered videos: training videos with one weak label each, test videos.

``make_dataset(seed, counts)`` plans it; writing files is the demo's business. Two seeds share no
video; the small CLIP of the demo has seen none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tpwng_core.config import require
from tpwng_core.world.kinds import EVENTS
from tpwng_core.world.plan import VideoPlan, plan_video

# Keeps the videos' random numbers apart from those of the CLIP's captioned pictures.
_VIDEO_STREAM = 1
_PAIR_STREAM = 2


@dataclass(frozen=True, kw_only=True)
class DatasetCounts:
    """How many videos of each kind; abnormal ones take the categories in turn."""

    train_normal: int = 90
    train_abnormal: int = 90
    test_normal: int = 30
    test_abnormal: int = 30

    def __post_init__(self) -> None:
        numbers = (self.train_normal, self.train_abnormal, self.test_normal, self.test_abnormal)
        require(min(numbers) >= 0, f"a number of videos cannot be negative: {numbers}")


@dataclass(frozen=True, kw_only=True)
class PlannedVideo:
    """A planned video, its id and its part in the benchmark."""

    video: str
    plan: VideoPlan
    split: Literal["train", "test"]

    @property
    def label(self) -> str:
        """The manifest's label: the category, or "normal"."""
        return self.plan.category or "normal"


def make_dataset(seed: int, counts: DatasetCounts | None = None) -> list[PlannedVideo]:
    """Plan a benchmark.

    Args:
        seed: any integer >= 0; the demo's are 0, 1 and 2.
        counts: how many videos; 90 + 90 for training and 30 + 30 for testing by default.

    Returns:
        Training videos, then test videos; normal ones first in each. Ids are unique and do not
        depend on ``counts``.
    """
    wanted = counts or DatasetCounts()
    videos: list[PlannedVideo] = []
    parts: tuple[tuple[Literal["train", "test"], int, int], ...] = (
        ("train", wanted.train_normal, wanted.train_abnormal),
        ("test", wanted.test_normal, wanted.test_abnormal),
    )
    for part, (split, num_normal, num_abnormal) in enumerate(parts):
        labels = [None] * num_normal + [EVENTS[i % len(EVENTS)] for i in range(num_abnormal)]
        for index, category in enumerate(labels):
            number = index if category is None else index - num_normal
            rng = np.random.default_rng((_VIDEO_STREAM, seed, part, category is None, number))
            name = f"{split}_{category or 'normal'}_{number:03d}"
            videos.append(PlannedVideo(video=name, plan=plan_video(rng, category), split=split))
    return videos


def pair_generator(seed: int, number: int) -> np.random.Generator:
    """The generator of the ``number``-th captioned picture; never one of a benchmark video."""
    return np.random.default_rng((_PAIR_STREAM, seed, number))
