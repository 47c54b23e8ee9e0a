"""Which videos of a manifest train, which choose the epoch, and which are tested.

Called by ``run/train.py`` and by the studies (``ablate``, ``compare``), so that all of them mean
the same videos.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tpwng_core.datasets import VideoRecord, assign_validation, benchmark_labels
from tpwng_core.errors import DatasetError
from tpwng_core.events import Message, Reporter
from tpwng_core.features import FeatureFolder
from tpwng_core.groundtruth import GroundTruth, Protocol


def usable_records(
    records: Sequence[VideoRecord], features: FeatureFolder, report: Reporter
) -> list[VideoRecord]:
    """The labelled videos outside the test split that have features; says how many lack them.

    Raises:
        DatasetError: none has features.
    """
    wanted = [record for record in records if record.labelled and record.split != "test"]
    missing = [record.video for record in wanted if record.video not in features]
    if len(missing) == len(wanted):
        raise DatasetError(
            f"no training video of the manifest has features (first: {missing[:1]})",
            "names must be the stems of the feature files; check --features",
        )
    if missing:
        shown = ", ".join(missing[:5]) + (" ..." if len(missing) > 5 else "")
        text = f"{len(missing)} of {len(wanted)} training videos have no features: {shown}"
        report(Message(level="warning", text=text))
    return [record for record in wanted if record.video in features]


def split_records(
    usable: Sequence[VideoRecord], share: float, seed: int
) -> tuple[list[VideoRecord], list[VideoRecord]]:
    """Training and validation videos.

    Args:
        usable: what :func:`usable_records` gave.
        share: of the training videos to hold out where the manifest names no "val"; may be 0.
        seed: of that choice.
    """
    chosen = assign_validation(usable, share, seed) if share > 0 else list(usable)
    validation = [record for record in chosen if record.split == "val"]
    return [record for record in chosen if record.split != "val"], validation


def watched_videos(
    ground_truth: GroundTruth,
    features: FeatureFolder,
    protocol: Protocol,
    seen: Collection[str],
) -> GroundTruth:
    """The annotated videos that have features and took no part in training or its choices.

    XD-Violence lists abnormal videos only: there a video whose name says that it is normal is
    tested too, without an interval.

    Args:
        ground_truth: intervals by video.
        features: by video.
        protocol: whose ground truth it is.
        seen: videos that trained or chose.
    """
    found = {name: ground_truth[name] for name in ground_truth if name in features}
    if protocol == "xd-violence":
        found |= {
            name: () for name in features if name not in found and benchmark_labels(name) == ()
        }
    return {name: intervals for name, intervals in found.items() if name not in seen}
