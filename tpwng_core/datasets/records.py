"""One video as a data set lists it, and the choice of validation videos.

Made by ``manifest.py``; read by every verb that trains, labels or evaluates.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from tpwng_core.config import require

LEAST_TO_CHOOSE_BY = 5
"""Validation videos with an event, and as many normal ones, below which an epoch is not chosen by
them: of three and three, scores that know nothing tell all apart once in 20 draws, and a training
looks at dozens of epochs; of five and five once in 252."""

Split = Literal["train", "val", "test"]


@dataclass(frozen=True, kw_only=True)
class VideoRecord:
    """A video, its weak label and its split.

    Attributes:
        video: id (spec/files.md).
        path: the file, where the list names one; not checked to exist.
        labels: category ids, () for a normal video (and for an unlabelled one).
        split: None where the list does not say.
        labelled: False where the label is not known.
    """

    video: str
    path: Path | None = None
    labels: tuple[str, ...] = ()
    split: Split | None = None
    labelled: bool = True

    @property
    def is_normal(self) -> bool:
        """Whether the video is known to be normal."""
        return self.labelled and not self.labels


def assign_validation(
    records: Sequence[VideoRecord], share: float = 0.15, seed: int = 0
) -> list[VideoRecord]:
    """Move a seeded share of the labelled training videos to ``val``, stratified by category.

    Nothing changes where a video is in ``val`` already. A video with several categories counts
    for its rarest one. Every category with two or more videos gives at least one and keeps at
    least one. The choice depends on the ids, not on the order of the records.

    Args:
        records: videos of a data set; ``split`` None counts as training.
        share: share of the training videos to move, in (0, 1).
        seed: of the choice.

    Raises:
        ConfigError: ``share`` is out of range.
    """
    require(0.0 < share < 1.0, f"validation share must lie between 0 and 1, not {share}")
    if any(record.split == "val" for record in records):
        return list(records)
    chosen: set[str] = set()
    rng = np.random.default_rng(seed)
    for _, videos in sorted(_strata(records).items()):
        if len(videos) < 2:
            continue
        count = min(max(round(share * len(videos)), 1), len(videos) - 1)
        chosen.update(rng.permutation(sorted(videos))[:count].tolist())
    return [replace(item, split="val") if item.video in chosen else item for item in records]


def hold_out(records: Sequence[VideoRecord], share: float, seed: int) -> list[VideoRecord]:
    """What a training holds out of its videos: :func:`assign_validation`, where that is of use.

    Where the share would hold out too few videos to choose by (:func:`can_choose`), and the list
    names none in ``val`` itself, nothing is held out: all of them train.

    Args:
        records: videos of a data set; those of ``test`` are left alone.
        share: share of the training videos, in [0, 1).
        seed: of the choice.
    """
    if share == 0.0 or any(record.split == "val" for record in records):
        return list(records)
    dealt = assign_validation(records, share, seed)
    return dealt if can_choose([item for item in dealt if item.split == "val"]) else list(records)


def can_choose(validation: Sequence[VideoRecord]) -> bool:
    """Whether the AUC of telling these videos apart says anything: :data:`LEAST_TO_CHOOSE_BY`."""
    num_normal = sum(record.is_normal for record in validation)
    return min(num_normal, len(validation) - num_normal) >= LEAST_TO_CHOOSE_BY


def _strata(records: Sequence[VideoRecord]) -> dict[str, list[str]]:
    """Ids of labelled training videos by rarest category; "" is normal."""
    training = [item for item in records if item.labelled and item.split in (None, "train")]
    counts = Counter(label for item in training for label in item.labels)
    strata: defaultdict[str, list[str]] = defaultdict(list)
    for item in training:
        rarest = min(item.labels, key=lambda label: (counts[label], label), default="")
        strata[rarest].append(item.video)
    return dict(strata)
