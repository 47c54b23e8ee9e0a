from __future__ import annotations

import pickle
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from tpwng_core.errors import ConfigError
from tpwng_core.files import sha256_of_file
from tpwng_core.nn.clip_weights import read_state_dict, weight_sha256


class Evil:
    def __reduce__(self):
        return (Path.touch, (Path("owned"),))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    module = torch.nn.Linear(3, 2)
    module.register_buffer("context_length", torch.tensor(77))
    path = tmp_path / "ViT.pt"
    with warnings.catch_warnings(action="ignore"):
        scripted: Any = torch.jit.script(module)
    scripted.save(str(path))
    return path


def test_nothing_that_is_stored_runs(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"w": torch.zeros(2), "x": Evil()}, tmp_path / "zip.pt")
    (tmp_path / "raw.pt").write_bytes(pickle.dumps(Evil(), protocol=2))
    for name in ("zip.pt", "raw.pt"):
        with pytest.raises(ConfigError, match=rf"{name} is no plain state dict"):
            read_state_dict(tmp_path / name)
    assert not Path("owned").exists()


def test_an_unknown_torchscript_archive_is_refused(archive: Path):
    for trusted in (None, "0" * 64):
        with pytest.raises(ConfigError, match="TorchScript") as caught:
            read_state_dict(archive, trusted)
        assert "safetensors" in caught.value.hint


def test_the_one_published_archive_is_opened(archive: Path):
    tensors = read_state_dict(archive, sha256_of_file(archive))
    assert {name: tuple(value.shape) for name, value in tensors.items()} == {
        "weight": (2, 3),
        "bias": (2,),
    }


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt"])
@pytest.mark.parametrize("content", [b"", b"nonsense" * 20, b"PK\x03\x04 not a zip"])
def test_damaged_files_are_named(tmp_path: Path, name: str, content: bytes):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=name):
        read_state_dict(path)


def test_a_file_cut_short_is_named(tmp_path: Path):
    save_file({"w": torch.ones(999)}, tmp_path / "w.safetensors")
    torch.save({"w": torch.ones(999)}, tmp_path / "w.pt")
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-500])
        with pytest.raises(ConfigError, match=path.name):
            read_state_dict(path)


def test_a_file_without_tensors_is_named(tmp_path: Path):
    torch.save([1, 2], tmp_path / "list.pt")
    with pytest.raises(ConfigError, match="holds no state dict"):
        read_state_dict(tmp_path / "list.pt")


def test_the_hash_sees_names_shapes_and_values():
    base = {"a": torch.arange(6.0), "b": torch.ones(2)}
    digest = weight_sha256(base, base)
    assert weight_sha256({name: v.half() for name, v in base.items()}, ["b", "a"]) == digest
    for other in (
        {**base, "a": base["a"].reshape(2, 3)},
        {**base, "a": base["a"] + 1},
        {"c": base["a"], "b": base["b"]},
    ):
        assert weight_sha256(other, other) != digest
