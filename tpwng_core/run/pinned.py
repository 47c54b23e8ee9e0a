"""One video a person watches while the model learns: its curves, whenever the run is saved.

``RUN/pinned/<id>.scores.npz`` and ``.pseudo.npz`` are replaced each time. Called by
``run/train.py`` (``--pin``); the window draws them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from tpwng_core import pseudocurves, scores
from tpwng_core.checkpoint import Checkpoint
from tpwng_core.config import did_you_mean
from tpwng_core.datasets import VideoRecord
from tpwng_core.errors import ConfigError
from tpwng_core.features import FeatureFolder, FeatureSet
from tpwng_core.run.label import Labeller
from tpwng_core.run.model import load_scorer
from tpwng_core.run.score import make_scores

PINNED = "pinned"


@dataclass(frozen=True, kw_only=True, eq=False)
class Pinned:
    """The video that is watched.

    Attributes:
        features: of the video.
        labels: its category ids, () for normal, None where nobody said.
        folder: where its files go.
    """

    features: FeatureSet
    labels: Sequence[str] | None
    folder: Path

    def write(self, checkpoint: Checkpoint, digest: str, device: torch.device) -> list[Path]:
        """Score and pseudo-label the video with the model as it is now.

        Args:
            checkpoint: the model.
            digest: of its file.
            device: where to score.

        Returns:
            The two files.
        """
        scorer = load_scorer(checkpoint, device)
        labeller = Labeller(scorer, scorer.settings.pseudolabels, digest)
        stem = self.folder / self.features.video
        score_path = stem.with_name(f"{stem.name}{scores.SUFFIX}")
        pseudo_path = stem.with_name(f"{stem.name}{pseudocurves.SUFFIX}")
        scores.write_scores(score_path, make_scores(scorer, self.features, digest))
        pseudocurves.write_pseudo_curves(pseudo_path, labeller.curves(self.features, self.labels))
        return [score_path, pseudo_path]


def pinned_video(
    video: str, records: Sequence[VideoRecord], features: FeatureFolder, run: Path
) -> Pinned:
    """The video to watch.

    Args:
        video: its id.
        records: of the manifest; says the video's category, if it is there and labelled.
        features: of all videos.
        run: the run's folder.

    Raises:
        ConfigError: the video has no features.
    """
    if video not in features:
        raise ConfigError(f"--pin {video!r} has no features", did_you_mean(video, features))
    labels = {record.video: record.labels for record in records if record.labelled}
    return Pinned(features=features[video], labels=labels.get(video), folder=run / PINNED)
