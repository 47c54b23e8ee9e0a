"""Reads CLIP weight files without running anything that is stored in them.

In comes a path, out goes a state dict and its hash. Called by ``nn.clip`` alone.
"""

from __future__ import annotations

import hashlib
import pickle
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from tpwng_core.errors import ConfigError
from tpwng_core.files import sha256_of_file

# What OpenAI's archives carry beside the weights of the two towers.
_NOT_WEIGHTS = frozenset({"input_resolution", "context_length", "vocab_size"})
_SAFE_HINT = "convert it to safetensors on a machine that trusts it, or let open_clip download it"


def read_state_dict(path: Path, trusted_sha256: str | None = None) -> dict[str, Tensor]:
    """Tensors of a weight file, memory-mapped where the container allows it.

    Args:
        path: safetensors, or a torch state dict (also under the key ``state_dict``, also with
            names that start with ``module.``), or OpenAI's TorchScript archive.
        trusted_sha256: SHA-256 of the one TorchScript archive that may be opened; loading
            TorchScript can run what is stored in it, so any other is refused.

    Raises:
        ConfigError: the file is missing, damaged, unsafe, or holds no tensors.
    """
    if not path.is_file():
        raise ConfigError(f"there is no weight file {path}", "check the path after the colon")
    if path.suffix.lower() == ".safetensors":
        content: Any = _read_safetensors(path)
    elif _is_torchscript(path):
        content = _read_torchscript(path, trusted_sha256)
    else:
        content = _read_torch(path)
    if isinstance(content, dict) and isinstance(content.get("state_dict"), dict):
        content = content["state_dict"]
    if not isinstance(content, dict) or not content:
        raise ConfigError(f"{path} holds no state dict", "save model.state_dict() and use that")
    return {
        str(name).removeprefix("module."): value
        for name, value in content.items()
        if isinstance(value, Tensor) and name not in _NOT_WEIGHTS
    }


def weight_sha256(tensors: Mapping[str, Tensor], names: Iterable[str]) -> str:
    """SHA-256 of named weights, the same for every container and storage type that holds them.

    Each tensor counts with its name, its shape and its values as little-endian float32, in the
    order of the names.
    """
    digest = hashlib.sha256()
    for name in sorted(names):
        value = tensors[name].detach().to(torch.float32).contiguous()
        digest.update(f"{name}{tuple(value.shape)}".encode())
        digest.update(value.numpy().astype("<f4", copy=False).data)
    return digest.hexdigest()


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        return cast(dict[str, Tensor], load_file(path))
    except (SafetensorError, OSError) as error:
        raise ConfigError(f"{path} is not a safetensors file: {error}", "copy it again") from error


def _read_torch(path: Path) -> Any:
    try:
        return torch.load(
            path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
        )
    except (RuntimeError, OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
        first_line = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise ConfigError(f"{path} is no plain state dict: {first_line}", _SAFE_HINT) from error


def _is_torchscript(path: Path) -> bool:
    """Whether a file is a TorchScript archive, which says so by its ``constants.pkl``."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(name.endswith("/constants.pkl") for name in archive.namelist())


def _read_torchscript(path: Path, trusted_sha256: str | None) -> dict[str, Tensor]:
    if trusted_sha256 is None or sha256_of_file(path) != trusted_sha256:
        raise ConfigError(
            f"{path} is a TorchScript archive and not the one OpenAI published under this name",
            _SAFE_HINT,
        )
    # OpenAI publishes this container and no other; its reader's deprecation helps nobody here.
    with warnings.catch_warnings(action="ignore", category=FutureWarning):
        module: Any = torch.jit.load(path, map_location="cpu")  # type: ignore[no-untyped-call]
    return cast(dict[str, Tensor], module.state_dict())
