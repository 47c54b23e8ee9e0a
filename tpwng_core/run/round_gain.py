"""What a round of corrections gained, measured as soon as it is over.

The model before it and the scores of the model after it in; a gain on held-out videos out. Only
videos of which something is true are scored by the model before. Called by the verb ``retrain``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tpwng_core.checkpoint import read_checkpoint
from tpwng_core.errors import ArtifactError, InputError
from tpwng_core.evaluation.gain import Gain, held_out, known_truth, measure_gain
from tpwng_core.events import Reporter, Started, Ticker
from tpwng_core.features import open_feature_folder
from tpwng_core.groundtruth import GroundTruth
from tpwng_core.labels import VideoLabels
from tpwng_core.nn.device import resolve_device
from tpwng_core.run.model import load_scorer
from tpwng_core.run.score import make_scores
from tpwng_core.scores import SUFFIX, read_scores

_Frames = dict[str, NDArray[np.float32]]


def gain_of_round(
    *,
    before: Path,
    after: Path,
    features: Path,
    annotated: GroundTruth,
    labels: Mapping[str, VideoLabels],
    took_part: Collection[str],
    device: str,
    report: Reporter,
) -> Gain | None:
    """Measure both models on the videos that took no part.

    Args:
        before: checkpoint of the model that was taught.
        after: folder of the taught model's scores.
        features: folder of feature files.
        annotated: intervals by video id.
        labels: what people said, by video id; counts where it is reviewed from end to end.
        took_part: ids of the videos that trained or were corrected.
        device: "auto", "cpu", "cuda".
        report: gets progress; may raise Cancelled or Stopped.

    Returns:
        None where nothing is known of any held-out video.

    Raises:
        CheckpointError: the checkpoint is missing or damaged.
    """
    new = _read(after, held_out(dict.fromkeys([*annotated, *labels]), took_part))
    truth = known_truth(new, annotated, labels)
    if not truth:
        return None
    report(Started(verb="compare", total=len(truth)))
    ticker = Ticker(report, len(truth), "video")
    scorer = load_scorer(read_checkpoint(before), resolve_device(device))
    folder = open_feature_folder(features)
    old: _Frames = {}
    for video in truth:
        try:
            scorer.check(folder[video])
            old[video] = make_scores(scorer, folder[video], "").score
        except (ArtifactError, InputError):
            pass  # the model before cannot score it: it is no pair, and Gain.videos tells which are
        ticker.advance()
    return measure_gain(old, new, truth)


def _read(folder: Path, videos: Collection[str]) -> _Frames:
    """Frame scores of those of the videos that have a file."""
    paths = {video: folder / f"{video}{SUFFIX}" for video in videos}
    return {video: read_scores(path).score for video, path in paths.items() if path.is_file()}
