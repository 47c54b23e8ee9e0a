"""The pinned video: its curves follow the model, save by save."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.core.run.conftest import quick_request
from tpwng_core.checkpoint import checkpoint_digest
from tpwng_core.datasets import read_manifest
from tpwng_core.errors import ConfigError
from tpwng_core.events import Artifact, Event, silent
from tpwng_core.pseudocurves import read_pseudo_curves
from tpwng_core.run.train import train
from tpwng_core.scores import read_scores


def test_the_pinned_video_is_scored_after_every_saved_epoch(bench: Path, tmp_path: Path) -> None:
    records = read_manifest(bench / "manifest.csv")
    record = next(item for item in records if item.split == "test" and not item.is_normal)
    curves: list[np.ndarray] = []
    run = tmp_path / "run"

    def watch(event: Event) -> None:
        if isinstance(event, Artifact) and event.path.name.endswith(".scores.npz"):
            assert event.kind == "pinned"
            scores = read_scores(event.path)
            assert scores.meta["checkpoint"] == checkpoint_digest(run / "checkpoint.safetensors")
            curves.append(scores.score)

    train(quick_request(bench, run, pin=record.video), watch)
    assert len(curves) == 3
    assert not np.array_equal(curves[0], curves[-1])
    pseudo = read_pseudo_curves(run / "pinned" / f"{record.video}.pseudo.npz")
    assert pseudo.meta["category"] == list(record.labels)
    assert pseudo.meta["assumed"] is False


def test_a_video_without_features_cannot_be_pinned(bench: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'nobody' has no features"):
        train(quick_request(bench, tmp_path / "run", pin="nobody"), silent)
    assert not (tmp_path / "run").exists()
