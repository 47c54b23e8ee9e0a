"""Other methods on the same bags and schedule; the bound gets the true labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tpwng_core.datasets import read_manifest
from tpwng_core.errors import ConfigError
from tpwng_core.features import open_feature_folder
from tpwng_core.groundtruth import Interval, read_ground_truth
from tpwng_core.nn.clip import load_clip
from tpwng_core.nn.methods import METHODS, Problem, TextInput
from tpwng_core.run.batches import BagStore
from tpwng_core.run.comparison import (
    Contest,
    fit_method,
    score_video,
    snippet_labels,
    true_targets,
)
from tpwng_core.run.loop import ScheduleConfig

CPU = torch.device("cpu")


def make_contest(bench: Path, *, with_truth: bool) -> Contest:
    features = open_feature_folder(bench / "features")
    records = [item for item in read_manifest(bench / "manifest.csv") if item.split == "train"]
    categories = sorted({label for item in records for label in item.labels})
    truth = read_ground_truth(bench / "train_annotations.csv")
    clip = load_clip("synthetic:ucf-like-plain:10001", CPU, with_vision=False)
    texts = tuple(name.lower() for name in [*categories, "normal"])
    return Contest(
        problem=Problem(
            dim=64,
            num_categories=len(texts),
            text=TextInput(tower=clip.text, texts=texts, similarity_scale=5.0),
        ),
        store=BagStore(
            records,
            features,
            [*categories, "normal"],
            max_snippets=256,
            seed=0,
            targets=true_targets(truth, features) if with_truth else None,
        ),
        schedule=ScheduleConfig(batch_size=4, epochs=0, steps=2),
        device=CPU,
    )


@pytest.mark.parametrize("name", METHODS)
def test_every_method_trains_and_scores_each_snippet(bench: Path, name: str) -> None:
    contest = make_contest(bench, with_truth=name == "supervised")
    method = fit_method(name, contest)
    features = open_feature_folder(bench / "features")
    video = next(iter(features))
    scores = score_video(method, features[video], CPU)
    assert scores.shape == (features[video].num_snippets,)
    assert ((scores >= 0) & (scores <= 1)).all()


def test_the_bound_refuses_to_train_without_the_truth(bench: Path) -> None:
    with pytest.raises(ConfigError, match="needs a label for every snippet"):
        fit_method("supervised", make_contest(bench, with_truth=False))


def test_a_snippet_is_abnormal_where_half_of_its_frames_are(bench: Path) -> None:
    features = open_feature_folder(bench / "features")
    item = features[next(iter(features))]
    labels = snippet_labels((Interval(start=8, end=39, category="x"),), item)
    expected = np.zeros(item.num_snippets, dtype=np.int8)
    expected[:2] = 1  # frames 8-15 of 16, all of 16-31, and 7 of the 16 from 32
    assert labels.tolist() == expected.tolist()
    assert not snippet_labels((), item).any()
