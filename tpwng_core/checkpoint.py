"""The checkpoint: one safetensors file with the trained tensors and a JSON header.

Written by ``run/train.py``; read by every verb that scores or labels, by ``inspect`` and by the
studio, without torch. The header says what the tensors were trained with, so that features or a
CLIP of another kind are refused instead of scored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from tpwng_core import __version__
from tpwng_core.errors import CheckpointError
from tpwng_core.file_kinds import kind_of_file
from tpwng_core.files import sha256_of_file, write_bytes

FORMAT = "tpwng-checkpoint"
FORMAT_VERSION = 1
_REMEDY = "give RUN/checkpoint.safetensors"
_HEADER = "tpwng"


@dataclass(frozen=True, kw_only=True)
class ClipIdentity:
    """Which CLIP a model belongs to.

    Attributes:
        spec: what the person gave to ``--clip``, to load it again.
        name: open_clip model name, or "demo".
        pretrained: weight tag or file name.
        activation: "quick_gelu" or "gelu".
        weight_sha256: digest of the weights; what really identifies it.
        assumed: True when the features carried no provenance and ``--clip`` was believed.
    """

    spec: str
    name: str
    pretrained: str
    activation: str
    weight_sha256: str
    assumed: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckpointMeta:
    """Header of a checkpoint.

    Attributes:
        feature_dim: D, the width of a feature row.
        categories: category id -> prompt text, in the order of the model's rows, normal last.
        clip: the CLIP whose text tower the prompts were trained with.
        feature_key: digest of what the features must share; "" where they carried none.
        stride: frames per snippet of the training features.
        config: the settings tables of the run, defaults included.
        metrics: the last epoch's numbers, and those on validation.
        epoch: number of epochs trained.
        version: version of the package that wrote it.
    """

    feature_dim: int
    categories: Mapping[str, str]
    clip: ClipIdentity
    feature_key: str
    stride: int
    config: Mapping[str, Mapping[str, Any]]
    metrics: Mapping[str, Any] = field(default_factory=dict)
    epoch: int = 0
    version: str = __version__

    @property
    def can_watch(self) -> bool:
        """Whether it looks only back, so that a live source can be scored with it."""
        temporal = self.config.get("temporal", {})
        return bool(temporal.get("causal")) and temporal.get("module", "tcsal") == "tcsal"


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """Trained tensors by name, and their header."""

    tensors: Mapping[str, np.ndarray]
    meta: CheckpointMeta


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint atomically.

    Raises:
        OutputError: it cannot be written; what stood there before still stands.
    """
    header = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(checkpoint.meta)}
    # ascontiguousarray would turn a scalar into a row of one.
    tensors = {name: np.array(value, order="C") for name, value in checkpoint.tensors.items()}
    metadata = {_HEADER: json.dumps(header, ensure_ascii=False)}
    write_bytes(path, save(tensors, metadata=metadata))


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint whole.

    Raises:
        CheckpointError: missing, damaged, or not a checkpoint of ours.
    """
    meta = read_checkpoint_meta(path)
    with safe_open(path, framework="np") as stream:
        tensors = {name: stream.get_tensor(name) for name in stream.keys()}  # noqa: SIM118
    return Checkpoint(tensors=tensors, meta=meta)


def read_checkpoint_meta(path: Path) -> CheckpointMeta:
    """Read only the header of a checkpoint.

    Raises:
        CheckpointError: missing, damaged, of another format, or of a newer version.
    """
    header = _read_header(path)
    if header.get("format") != FORMAT:
        raise CheckpointError(f"{path} is no TPWNG checkpoint", _REMEDY)
    if header["format_version"] > FORMAT_VERSION:
        raise CheckpointError(
            f"{path} was written by version {header['version']}", "upgrade tpwng-studio"
        )
    known = {item.name for item in fields(CheckpointMeta)}
    values = {name: value for name, value in header.items() if name in known}
    try:
        return CheckpointMeta(**{**values, "clip": ClipIdentity(**values["clip"])})
    except (KeyError, TypeError) as error:
        raise CheckpointError(
            f"{path}: its header lacks {error}", "train again, or take a backup"
        ) from error


def checkpoint_digest(path: Path) -> str:
    """First 16 hexadecimal digits of the file's SHA-256; scores name their model by it."""
    return sha256_of_file(path)[:16]


def _read_header(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise CheckpointError(f"there is no checkpoint {path}", "train one: tpwng-core train")
    try:
        with safe_open(path, framework="np") as stream:
            metadata = stream.metadata() or {}
        header = json.loads(metadata.get(_HEADER, "{}"))
    except (SafetensorError, OSError, json.JSONDecodeError) as error:
        kind = kind_of_file(path)
        if kind and not kind.startswith("a safetensors"):
            raise CheckpointError(f"{path} is no checkpoint: it is {kind}", _REMEDY) from error
        raise CheckpointError(
            f"{path} is damaged: {error}", "train again, or take a backup"
        ) from error
    return dict(header)
