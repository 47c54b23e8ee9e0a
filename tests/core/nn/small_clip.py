"""A small CLIP with random weights, for tests that need the towers and not their knowledge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from tpwng_core.nn.clip import build_model
from tpwng_core.nn.clip_folder import ClipSource, write_clip_folder

VOCABULARY = 49408
SMALL: dict[str, Any] = {
    "embed_dim": 32,
    "quick_gelu": True,
    "vision_cfg": {
        "layers": 2,
        "width": 64,
        "head_width": 32,
        "patch_size": 16,
        "image_size": 64,
    },
    "text_cfg": {
        "context_length": 77,
        "vocab_size": VOCABULARY,
        "width": 32,
        "heads": 4,
        "layers": 2,
    },
}


TEXT_ONLY = {key: value for key, value in SMALL.items() if key != "vision_cfg"}


def make_model(config: dict[str, Any] = SMALL, seed: int = 0) -> Any:
    """open_clip's model with weights that float16 holds exactly, so that files keep them."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = build_model(config).eval()
    for value in model.parameters():
        value.data = (value.data * 1.5).half().float()
    return model


def write_small_clip(folder: Path, **source: Any) -> Path:
    """A CLIP folder with the small CLIP; with its text tower alone for a model without vision."""
    content = ClipSource(**{"name": "small", "model": SMALL, "sim_scale": 5.0, **source})
    weights = make_model().state_dict()
    if "vision_cfg" not in content.model:
        weights = {k: v for k, v in weights.items() if not k.startswith("visual.")}
    write_clip_folder(folder, content, weights)
    return folder
