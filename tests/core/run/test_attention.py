"""The verb attention: by the command line, by the worker's shelf, and what it refuses."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from tpwng_core.attention import read_attention
from tpwng_core.cli import main
from tpwng_core.errors import ConfigError, FeatureError, InputError
from tpwng_core.events import silent
from tpwng_core.features import open_feature_folder
from tpwng_core.run.attention import AttentionRequest, Observer
from tpwng_core.run.rescore import Rescorer, RescoreRequest
from tpwng_core.run.warm import Shelf

DEMO = Path("assets/demo/miniature")
CHECKPOINT = DEMO / "run" / "checkpoint.safetensors"
VIDEO = "test_fire_001"


def asked(tmp_path: Path, **changes) -> AttentionRequest:
    given = {
        "video": VIDEO,
        "frame": 100,
        "checkpoint": CHECKPOINT,
        "features": DEMO / "features",
        "out": tmp_path / "a.npz",
        "device": "cpu",
        **changes,
    }
    return AttentionRequest(**given)


def test_the_table_and_the_numbers_say_the_same(tmp_path: Path) -> None:
    line = ["attention", VIDEO, "--frame", "100", "--checkpoint", str(CHECKPOINT)]
    line += ["--features", str(DEMO / "features"), "--device", "cpu", "--out"]
    assert main([*line, str(tmp_path / "a.csv")]) == 0
    assert main([*line, str(tmp_path / "a.npz")]) == 0
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text().splitlines()))
    found = read_attention(tmp_path / "a.npz")
    features = open_feature_folder(DEMO / "features")[VIDEO]
    assert len(rows) == features.num_snippets == found.weights.shape[1]
    assert [int(row["start_frame"]) for row in rows] == list(features.snippet_start)
    assert int(rows[-1]["end_frame"]) == features.num_frames
    own = next(row for row in rows if row["distance"] == "0")
    assert int(own["start_frame"]) <= 100 < int(own["end_frame"])
    np.testing.assert_allclose([float(row["weight"]) for row in rows], found.mean, atol=1e-6)
    np.testing.assert_allclose([float(row["head_2"]) for row in rows], found.weights[1], atol=1e-6)
    assert found.mean.sum() == pytest.approx(1, abs=1e-4)


def test_a_small_r_looks_nearer(tmp_path: Path) -> None:
    observer = Observer()
    far = observer.attention(asked(tmp_path, r=500.0), silent)
    near = observer.attention(asked(tmp_path, r=0.01), silent)
    assert near["half_reach"] <= far["half_reach"]
    assert near["r"] == 0.01
    assert far["trained_r"] == near["trained_r"] != near["r"]
    weights = read_attention(tmp_path / "a.npz")
    far_away = (
        np.abs(np.arange(weights.weights.shape[1]) - weights.snippet) > weights.span.max() + 1
    )
    assert not weights.weights[:, far_away].any()


def test_the_spans_are_those_of_rescore_from_the_same_shelf(tmp_path: Path) -> None:
    shelf = Shelf()
    observer, rescorer = Observer(shelf), Rescorer(shelf)
    observer.attention(asked(tmp_path), silent)
    request = RescoreRequest(
        video=VIDEO, checkpoint=CHECKPOINT, features=DEMO / "features", out=tmp_path, device="cpu"
    )
    summary = rescorer.rescore(request, silent)
    found = read_attention(tmp_path / "a.npz")
    with np.load(summary["spans"]) as spans:
        np.testing.assert_allclose(found.span, spans["span"][found.snippet], rtol=1e-5)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"frame": 9_999}, InputError, "no frame 9999"),
        ({"frame": -1}, InputError, "no frame -1"),
        ({"video": "nobody"}, InputError, "no features of nobody"),
        ({"checkpoint": Path("nowhere")}, InputError, "nowhere"),
    ],
)
def test_what_is_not_there_is_named(tmp_path: Path, changes, error, words: str) -> None:
    with pytest.raises(error, match=words):
        Observer().attention(asked(tmp_path, **changes), silent)
    assert not (tmp_path / "a.npz").exists()


def test_features_of_another_clip_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "other.npy", np.ones((4, 32), dtype=np.float32))
    request = asked(tmp_path, video=str(tmp_path / "other.npy"), features=None)
    with pytest.raises(FeatureError, match="32 dimensions"):
        Observer().attention(request, silent)


def test_wrong_settings_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="above 0"):
        asked(tmp_path, r=0.0)
    with pytest.raises(ConfigError, match="cannot be written"):
        asked(tmp_path, out=tmp_path / "a.txt")
