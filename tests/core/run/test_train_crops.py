"""Training on published ten-crop features: one crop of each video is drawn per epoch."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from tests.core.run.conftest import quick_settings
from tpwng_core.datasets import read_manifest
from tpwng_core.errors import ConfigError
from tpwng_core.events import silent
from tpwng_core.features import open_feature_folder
from tpwng_core.run import batches
from tpwng_core.run.train import TrainRequest, train

NUM_CROPS, NUM_EPOCHS = 10, 3


@pytest.fixture(scope="module")
def published(bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The benchmark's training videos as ten files each; crop k is all its rows plus 0.01 k."""
    folder = tmp_path_factory.mktemp("published")
    features = open_feature_folder(bench / "features")
    for record in read_manifest(bench / "manifest.csv"):
        if record.split == "train":
            rows = np.asarray(features[record.video].features, dtype=np.float32)
            for crop in range(NUM_CROPS):
                np.save(folder / f"{record.video}__{crop}.npy", rows + 0.01 * crop)
    return folder


def request_of(bench: Path, published: Path, out: Path, clip: str | None) -> TrainRequest:
    few = [f"training.epochs={NUM_EPOCHS}", "training.batch_size=13", "validation.share=0.0"]
    return TrainRequest(
        manifest=bench / "manifest.csv",
        features=published,
        out=out,
        settings=quick_settings(bench, few),
        clip=clip,
        device="cpu",
    )


def test_each_epoch_draws_one_crop_of_each_video(
    bench: Path, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    features = open_feature_folder(published)
    drawn: defaultdict[str, list[int]] = defaultdict(list)
    pooled = batches.pool_features

    def watched(rows: np.ndarray, edges: np.ndarray) -> np.ndarray:
        for video, item in features.items():
            first = np.asarray(item.features[:, 0])
            if len(first) == len(rows) and np.abs(first - rows).max() < 0.2:
                drawn[video].append(round(float((rows - first).mean() / 0.01)))
        return pooled(rows, edges)

    monkeypatch.setattr(batches, "pool_features", watched)
    train(request_of(bench, published, tmp_path / "run", str(bench / "clip")), silent)
    abnormal = [name for name in drawn if not name.startswith("Normal")]
    assert len(abnormal) == 26
    # 26 abnormal videos in batches of 13: each is drawn exactly once an epoch
    assert {len(drawn[name]) for name in abnormal} == {NUM_EPOCHS}
    assert {crop for name in abnormal for crop in drawn[name]} == set(range(NUM_CROPS))
    assert sum(len(set(drawn[name])) > 1 for name in abnormal) > 20
    lines = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2, 3]


def test_published_features_do_not_say_which_clip_made_them(
    bench: Path, published: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="do not say which CLIP"):
        train(request_of(bench, published, tmp_path / "run", None), silent)
