"""A CLIP folder: small CLIPs of our own, with everything needed to open them.

``config.json`` holds open_clip's ``model_cfg`` and ``preprocess_cfg`` and our ``name``,
``sim_scale``, ``token_ids`` and ``words``; ``weights.safetensors`` the state dict, float16 to
keep it small. Written by the script that trains the demo's CLIP and by the synthetic benchmark,
read by ``nn.clip``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from tpwng_core.errors import ConfigError
from tpwng_core.files import write_bytes, write_json
from tpwng_core.nn.clip_spec import FOLDER_CONFIG, FOLDER_WEIGHTS

SIM_SCALE = 10.0
"""Similarity scale of real CLIPs (spec/method.md A7)."""


@dataclass(frozen=True, kw_only=True)
class ClipSource:
    """Where a CLIP comes from and how it is built.

    Attributes:
        name: open_clip's architecture, or the folder's own name.
        pretrained: tag or file name; empty for a folder.
        model: open_clip's ``model_cfg``; without ``vision_cfg`` there is no image tower.
        preprocess: open_clip's ``preprocess_cfg``: mean, std, interpolation, resize_mode.
        weights: the weight file; None only while a folder is being written.
        sim_scale: default of S = sim_scale * cosine.
        token_ids: byte pair id of each row of the token embedding; None where row = id.
        words: all that the captions it was trained on can say; None: the whole language.
        trusted_sha256: hash of the one TorchScript archive that may be opened.
    """

    name: str
    model: Mapping[str, Any]
    pretrained: str = ""
    preprocess: Mapping[str, Any] = field(default_factory=dict)
    weights: Path | None = None
    sim_scale: float = SIM_SCALE
    token_ids: list[int] | None = None
    words: list[str] | None = None
    trusted_sha256: str | None = None


def read_clip_folder(folder: Path) -> ClipSource:
    """The CLIP of a folder; its weights are not read yet.

    Raises:
        ConfigError: ``config.json`` is damaged or lacks something.
    """
    path = folder / FOLDER_CONFIG
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return ClipSource(
            name=str(content["name"]),
            model=dict(content["model_cfg"]),
            preprocess=dict(content.get("preprocess_cfg", {})),
            weights=folder / FOLDER_WEIGHTS,
            sim_scale=float(content.get("sim_scale", SIM_SCALE)),
            token_ids=content.get("token_ids"),
            words=content.get("words"),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path} is not the configuration of a CLIP folder: {error}", "write the folder again"
        ) from error


def write_clip_folder(folder: Path, source: ClipSource, weights: Mapping[str, Tensor]) -> None:
    """Write a CLIP folder; the weights first, so that a folder with a configuration is whole.

    Args:
        folder: created where missing.
        source: name, model, preprocess, sim_scale, token_ids and words.
        weights: the model's state dict; floating values are stored as float16.

    Raises:
        OutputError: the folder cannot be written.
    """
    kept = {name: _storable(value) for name, value in weights.items()}
    write_bytes(folder / FOLDER_WEIGHTS, save(kept))
    content = {
        "name": source.name,
        "model_cfg": dict(source.model),
        "preprocess_cfg": dict(source.preprocess),
        "sim_scale": source.sim_scale,
        "token_ids": source.token_ids,
        "words": source.words,
    }
    write_json(folder / FOLDER_CONFIG, content)


def _storable(value: Tensor) -> Tensor:
    dtype = torch.float16 if value.is_floating_point() else value.dtype
    return value.detach().to("cpu", dtype).contiguous()
