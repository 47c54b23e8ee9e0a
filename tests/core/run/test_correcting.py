"""Teaching by correcting: warm start, weight and spread of labels in training."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.core.run.conftest import quick_request
from tpwng_core.checkpoint import read_checkpoint
from tpwng_core.datasets import read_manifest
from tpwng_core.errors import CheckpointError, ConfigError
from tpwng_core.events import silent
from tpwng_core.features import open_feature_folder
from tpwng_core.labels import SUFFIX, LabelSegment, VideoLabels, write_labels
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.losses import LossConfig, classification_weight
from tpwng_core.nn.targets import Targets
from tpwng_core.run.train import train


def weights(run: Path) -> dict[str, np.ndarray]:
    return dict(read_checkpoint(run / "checkpoint.safetensors").tensors)


def first_loss(run: Path) -> float:
    return float(json.loads((run / "metrics.jsonl").read_text().splitlines()[0])["cl"])


def test_a_warm_start_goes_on_from_the_weights_given(
    bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    still = ["training.lr_text=0", "training.lr_temporal=0", "training.epochs=1"]
    request = quick_request(bench, tmp_path / "warm", still)
    start = run_folder / "checkpoint.safetensors"
    train(replace(request, warm_start=start), silent)
    before, after = weights(run_folder), weights(tmp_path / "warm")
    for name in before:
        if not name.startswith(("shown.", "normality.")):
            np.testing.assert_array_equal(before[name], after[name], err_msg=name)
    train(quick_request(bench, tmp_path / "cold", still), silent)
    assert first_loss(tmp_path / "warm") < first_loss(tmp_path / "cold")


def test_a_warm_start_with_other_categories_is_refused(bench: Path, tmp_path: Path) -> None:
    demo = Path("assets/demo/miniature/run/checkpoint.safetensors")
    request = quick_request(bench, tmp_path / "run")
    with pytest.raises(CheckpointError, match="vandalism"):
        train(replace(request, warm_start=demo), silent)
    assert not (tmp_path / "run").exists()


def label_all(bench: Path, folder: Path, state: str, num_videos: int) -> None:
    features = open_feature_folder(bench / "features")
    records = [record for record in read_manifest(bench / "manifest.csv") if record.labels]
    chosen = [record for record in records if record.split == "train"][:num_videos]
    for record in chosen:
        num_frames = features[record.video].num_frames
        segment = LabelSegment(start=0, end=16, state=state)  # type: ignore[arg-type]
        labels = VideoLabels(
            video=record.video, num_frames=num_frames, fps=Fraction(30), segments=(segment,)
        )
        write_labels(folder / f"{record.video}{SUFFIX}", labels)


def test_weight_and_spread_change_what_is_learned(bench: Path, tmp_path: Path) -> None:
    label_all(bench, tmp_path / "labels", "abnormal", 10)
    variants = {
        "plain": ([], None),
        "heavy": (["loss.human_weight=20"], None),
        "spread": ([], 0.5),
    }
    scores = {}
    for name, (extra, above) in variants.items():
        request = quick_request(bench, tmp_path / name, extra, labels=tmp_path / "labels")
        train(replace(request, spread_above=above), silent)
        scores[name] = weights(tmp_path / name)["head.layers.1.weight"]
    assert not np.allclose(scores["plain"], scores["heavy"])
    assert not np.allclose(scores["plain"], scores["spread"])


def test_what_a_person_said_weighs_as_asked_and_nothing_else_does() -> None:
    unset = torch.full((1, 4), -2)
    bags = Bags(
        abnormal=torch.zeros(1, 4, 2), abnormal_mask=torch.tensor([[True, True, True, False]]),
        normal=torch.zeros(1, 4, 2), normal_mask=torch.tensor([[True, True, False, False]]),
        labels=torch.ones(1, 1, dtype=torch.bool), target=torch.tensor([[1, -1, -2, -2]]),
        normal_target=torch.tensor([[-2, 1, -2, -2]]),
    )  # fmt: skip
    used = torch.tensor([[1.0, 0.0, 1.0, 0.0]])
    targets = Targets(label=used, weight=used, psi=used, left_out=torch.zeros(1))
    found = classification_weight(bags, targets, human_weight=3.0)
    assert found.tolist() == [3, 0, 1, 0, 1, 3, 0, 0]
    plain = classification_weight(bags._replace(target=unset, normal_target=unset), targets)
    assert plain.tolist() == [1, 0, 1, 0, 1, 1, 0, 0]


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(ConfigError, match="weights"):
        LossConfig(human_weight=-1)
