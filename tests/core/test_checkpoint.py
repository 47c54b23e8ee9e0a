"""Checkpoints: tensors and header come back; anything else is refused with a remedy."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from tpwng_core.checkpoint import (
    FORMAT_VERSION,
    Checkpoint,
    CheckpointMeta,
    ClipIdentity,
    checkpoint_digest,
    read_checkpoint,
    read_checkpoint_meta,
    write_checkpoint,
)
from tpwng_core.errors import CheckpointError, OutputError

META = CheckpointMeta(
    feature_dim=4,
    categories={"B1": "fighting", "normal": "normal"},
    clip=ClipIdentity(
        spec="demo", name="demo", pretrained="", activation="gelu", weight_sha256="ab" * 32
    ),
    feature_key="k",
    stride=16,
    config={"training": {"seed": 0}},
    metrics={"auc": 0.5},
    epoch=3,
)


def test_a_scalar_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.safetensors"
    write_checkpoint(path, Checkpoint(tensors={"count": np.array(3)}, meta=META))
    assert read_checkpoint(path).tensors["count"].shape == ()


def test_tensors_and_header_come_back(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.safetensors"
    tensors = {"a": np.arange(6, dtype=np.float32).reshape(2, 3).T, "b": np.array([1.5], "f4")}
    write_checkpoint(path, Checkpoint(tensors=tensors, meta=META))
    again = read_checkpoint(path)
    assert again.meta == META
    assert list(again.meta.categories) == ["B1", "normal"]
    assert np.array_equal(again.tensors["a"], tensors["a"])


def test_the_digest_tells_contents_apart(tmp_path: Path) -> None:
    for name, value in (("a", 1.0), ("b", 1.0), ("c", 2.0)):
        tensors = {"x": np.array([value], "f4")}
        write_checkpoint(tmp_path / name, Checkpoint(tensors=tensors, meta=META))
    digests = [checkpoint_digest(tmp_path / name) for name in "abc"]
    assert digests[0] == digests[1] != digests[2]


def test_a_missing_checkpoint_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="tpwng-core train"):
        read_checkpoint(tmp_path / "none.safetensors")


def test_damage_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_checkpoint(path, Checkpoint(tensors={"a": np.zeros(100, "f4")}, meta=META))
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(CheckpointError, match="damaged"):
        read_checkpoint(path)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    save_file({"a": np.zeros(1)}, tmp_path / "a.safetensors")
    with pytest.raises(CheckpointError, match="no TPWNG checkpoint"):
        read_checkpoint(tmp_path / "a.safetensors")


def test_a_newer_format_asks_for_an_upgrade(tmp_path: Path) -> None:
    header = {"format": "tpwng-checkpoint", "format_version": FORMAT_VERSION + 1, "version": "9"}
    path = tmp_path / "a.safetensors"
    save_file({"a": np.zeros(1)}, path, metadata={"tpwng": json.dumps(header)})
    with pytest.raises(CheckpointError, match="upgrade"):
        read_checkpoint_meta(path)


def test_a_header_with_a_hole_is_told(tmp_path: Path) -> None:
    header = {"format": "tpwng-checkpoint", "format_version": FORMAT_VERSION, "version": "0"}
    path = tmp_path / "a.safetensors"
    save_file({"a": np.zeros(1)}, path, metadata={"tpwng": json.dumps(header)})
    with pytest.raises(CheckpointError, match="header lacks"):
        read_checkpoint_meta(path)


def test_a_full_disk_is_told_and_leaves_the_old_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "checkpoint.safetensors"
    write_checkpoint(path, Checkpoint(tensors={"a": np.zeros(3, "f4")}, meta=META))

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OutputError, match="No space left"):
        patch.setattr(Path, "write_bytes", full)
        write_checkpoint(path, Checkpoint(tensors={"a": np.ones(3, "f4")}, meta=META))
    assert read_checkpoint(path).tensors["a"].sum() == 0
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("temporal", "can_watch"),
    [
        ({"causal": True}, True),
        ({"causal": True, "module": "tcsal"}, True),
        ({"causal": False, "module": "tcsal"}, False),
        ({"causal": True, "module": "mtn"}, False),
        ({}, False),
    ],
)
def test_only_a_model_that_looks_back_can_watch(
    temporal: dict[str, object], can_watch: bool
) -> None:
    assert replace(META, config={"temporal": temporal}).can_watch is can_watch
    assert META.can_watch is False
