"""Training as a person uses it: files, resuming, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.core.run.conftest import quick_request
from tpwng_core.checkpoint import read_checkpoint, read_checkpoint_meta
from tpwng_core.errors import (
    Cancelled,
    CheckpointError,
    ConfigError,
    DatasetError,
    FeatureError,
)
from tpwng_core.events import Artifact, Event, Metric, Progress, silent
from tpwng_core.groundtruth import read_ground_truth
from tpwng_core.run.run_folder import RunFolder
from tpwng_core.run.settings import settings_of
from tpwng_core.run.train import train


def tensors_of(run: Path) -> dict[str, np.ndarray]:
    return dict(read_checkpoint(run / "checkpoint.safetensors").tensors)


def assert_same_weights(one: Path, other: Path) -> None:
    first, second = tensors_of(one), tensors_of(other)
    assert first.keys() == second.keys()
    for name, value in first.items():
        assert np.array_equal(value, second[name]), name


def test_a_run_leaves_the_promised_files(run_folder: Path) -> None:
    names = sorted(str(path.relative_to(run_folder)) for path in run_folder.rglob("*.*"))
    assert names == [
        "best.safetensors",
        "checkpoint.safetensors",
        "config.toml",
        "metrics.jsonl",
        "resume/state.pt",
    ]


def test_the_header_says_what_the_model_belongs_to(run_folder: Path) -> None:
    meta = read_checkpoint_meta(run_folder / "checkpoint.safetensors")
    assert meta.feature_dim == 64
    assert list(meta.categories)[-1] == "normal"
    assert len(meta.categories) == 14
    assert meta.clip.weight_sha256
    assert meta.clip.assumed is False
    assert meta.epoch == 3
    assert meta.config["training"]["epochs"] == 3
    assert settings_of({k: dict(v) for k, v in meta.config.items()}).similarity.scale == 5.0


def test_every_loss_term_is_in_every_epoch_line(run_folder: Path) -> None:
    lines = [json.loads(line) for line in (run_folder / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2, 3]
    for line in lines:
        terms = {"rank_n", "rank_a", "dil", "cl", "sparse", "smooth"}
        assert terms <= line.keys()
        assert line["total"] == pytest.approx(sum(line[name] for name in terms))
        assert 0 <= line["video_auc_val"] <= 1


def test_the_frozen_tower_is_not_in_the_checkpoint(run_folder: Path) -> None:
    assert not [name for name in tensors_of(run_folder) if "tower" in name]


def test_the_same_seed_gives_the_same_weights(
    bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    train(quick_request(bench, tmp_path / "again"), silent)
    assert_same_weights(run_folder, tmp_path / "again")


def test_a_resumed_run_ends_with_bit_identical_weights(
    bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    def stop_after_first_epoch(event: Event) -> None:
        if isinstance(event, Progress) and event.done > 5:
            raise Cancelled

    out = tmp_path / "run"
    with pytest.raises(Cancelled):
        train(quick_request(bench, out), stop_after_first_epoch)
    assert read_checkpoint_meta(out / "checkpoint.safetensors").epoch < 3
    train(quick_request(bench, out, resume=True), silent)
    assert_same_weights(run_folder, out)
    before = (run_folder / "metrics.jsonl").read_text()
    assert (out / "metrics.jsonl").read_text() == before


def test_a_run_is_not_overwritten_by_accident(bench: Path, run_folder: Path) -> None:
    with pytest.raises(ConfigError, match="--resume"):
        train(quick_request(bench, run_folder), silent)


def test_resuming_with_other_settings_names_the_setting(bench: Path, run_folder: Path) -> None:
    request = quick_request(bench, run_folder, ["pseudolabels.theta=0.3"], resume=True)
    with pytest.raises(ConfigError, match=r"pseudolabels\.theta = 0\.55, not 0\.3"):
        train(request, silent)


def test_there_must_be_something_to_resume(bench: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no run to resume"):
        train(quick_request(bench, tmp_path / "none", resume=True), silent)


def test_damage_to_the_resume_state_is_told(bench: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    train(quick_request(bench, out, ["training.epochs=1"]), silent)
    state = out / "resume" / "state.pt"
    state.write_bytes(state.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match="damaged"):
        train(quick_request(bench, out, ["training.epochs=1"], resume=True), silent)


def test_ground_truth_is_watched_on_test_videos_only(bench: Path, tmp_path: Path) -> None:
    seen: list[Event] = []
    truth = read_ground_truth(bench / "annotations.csv")
    train(quick_request(bench, tmp_path / "run", ground_truth=truth), seen.append)
    metrics = [event for event in seen if isinstance(event, Metric)]
    assert all({"auc", "ap"} <= event.values.keys() for event in metrics)


def test_an_artifact_is_announced_after_it_is_whole(bench: Path, tmp_path: Path) -> None:
    def check(event: Event) -> None:
        if isinstance(event, Artifact) and event.kind == "checkpoint":
            read_checkpoint(event.path)

    train(quick_request(bench, tmp_path / "run", ["training.epochs=1"]), check)


def test_bf16_trains_too(bench: Path, tmp_path: Path) -> None:
    train(quick_request(bench, tmp_path / "run", ["training.dtype=bf16"]), silent)
    assert all(np.isfinite(value).all() for value in tensors_of(tmp_path / "run").values())


@pytest.mark.parametrize("module", ["transformer", "mtn", "gl-mhsa", "none"])
def test_every_temporal_module_trains(bench: Path, tmp_path: Path, module: str) -> None:
    extra = [f"temporal.module={module}", "training.epochs=1"]
    train(quick_request(bench, tmp_path / "run", extra), silent)
    assert (tmp_path / "run" / "checkpoint.safetensors").is_file()


def test_features_of_another_clip_are_refused(bench: Path, tmp_path: Path) -> None:
    request = quick_request(bench, tmp_path / "run", clip="synthetic:ucf-like:10002")
    with pytest.raises(FeatureError, match="were made with"):
        train(request, silent)


def test_a_manifest_without_features_says_where_to_look(bench: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("video,label\nsomewhere,Abuse\nelse,normal\n")
    request = quick_request(bench, tmp_path / "run")
    with pytest.raises(DatasetError, match="no training video of the manifest has features"):
        train(request.__class__(**{**vars(request), "manifest": manifest}), silent)
    assert not (tmp_path / "run").exists()


def test_the_last_metrics_line_is_kept_when_power_fails(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.log({"epoch": 1, "step": 2})
    folder.log({"epoch": 2, "step": 4})
    assert (tmp_path / "metrics.jsonl").read_text().count("\n") == 2
