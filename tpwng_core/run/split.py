"""Which videos of a manifest train, which choose the epoch, and which are tested.

Called by ``run/train.py`` and ``run/retrain.py``, and by the studies (``ablate``, ``compare``),
which must choose a learning rate by whatever there is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tpwng_core.datasets import (
    LEAST_TO_CHOOSE_BY,
    VideoRecord,
    assign_validation,
    benchmark_labels,
    can_choose,
    hold_out,
)
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


def training_split(
    usable: Sequence[VideoRecord], share: float, seed: int, report: Reporter
) -> tuple[list[VideoRecord], list[VideoRecord]]:
    """Training videos of a run, and those that choose its epoch: none where they would be too few.

    A share that holds out too few holds out nothing; a split ``val`` of the manifest that is too
    small stays out of training, as a person said so, and chooses nothing. Either is told.

    Args:
        usable: what :func:`usable_records` gave.
        share, seed: as in :func:`split_records`.
        report: hears why no epoch is chosen.
    """
    training, validation = split_records(hold_out(usable, share, seed), 0.0, seed)
    if can_choose(validation):
        return training, validation
    if few := _too_few(validation or split_records(usable, share, seed)[1]):
        what = "they stay out of training" if validation else "nothing is held out"
        text = f"{few}: {what}, and the last epoch is the one that counts"
        report(Message(level="info", text=text))
    return training, []


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


def _too_few(validation: Sequence[VideoRecord]) -> str:
    """Why these videos choose nothing; "" where there are none."""
    if not validation:
        return ""
    num_normal = sum(record.is_normal for record in validation)
    return (
        f"{len(validation) - num_normal} videos with an event and {num_normal} normal ones are too "
        f"few to choose an epoch by (at least {LEAST_TO_CHOOSE_BY} of each)"
    )
