"""A small synthetic feature benchmark and a model trained on it, made once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tpwng_core.events import silent
from tpwng_core.run.settings import Settings, load_settings
from tpwng_core.run.synth import synth
from tpwng_core.run.train import TrainRequest, train
from tpwng_core.synthetic import Counts

SMALL = Counts(train_abnormal=26, train_normal=8, test_abnormal=4, test_normal=4)
NUM_VIDEOS = SMALL.total


def quick_settings(bench: Path, extra: Sequence[str] = ()) -> Settings:
    """A few steps of a small model."""
    few = ["training.epochs=3", "training.batch_size=8", "prompts.num_context=2"]
    held_out = ["validation.share=0.65", "validation.every=1"]  # 13 with an event, 5 normal
    return load_settings("custom", bench / "settings.toml", [*few, *held_out, *extra])


def quick_request(bench: Path, out: Path, extra: Sequence[str] = (), **more) -> TrainRequest:
    return TrainRequest(
        manifest=bench / "manifest.csv",
        features=bench / "features",
        out=out,
        settings=quick_settings(bench, extra),
        device="cpu",
        **more,
    )


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Features, manifest, annotations and settings of a small synthetic world."""
    folder = tmp_path_factory.mktemp("bench")
    synth("ucf-like-plain", 10_001, folder, silent, counts=SMALL)
    return folder


@pytest.fixture(scope="session")
def run_folder(bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run on it."""
    folder = tmp_path_factory.mktemp("run")
    train(quick_request(bench, folder), silent)
    return folder
