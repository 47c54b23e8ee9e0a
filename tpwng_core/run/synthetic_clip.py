"""The text tower of a synthetic world: an open_clip text tower fitted to the world's words.

In goes a name such as ``ucf-like:3``, out comes a CLIP folder that ``--clip`` accepts. Towers are
kept in a cache folder, because the name alone must lead to the same weights again. Called by
``run/synth.py``, and by ``nn.clip`` through :data:`tpwng_core.nn.clip_spec.FOLDER_SOURCES`.
"""

# K phrases, L prompt length, W width of the tower, D features

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tpwng_core.errors import ConfigError
from tpwng_core.nn.clip import build_model, load_clip
from tpwng_core.nn.clip_folder import ClipSource, write_clip_folder
from tpwng_core.nn.clip_spec import FOLDER_CONFIG, FOLDER_WEIGHTS
from tpwng_core.nn.text_tower import TextTower
from tpwng_core.synthetic import World, get_preset, make_world

DEFAULT_DIM = 64
NORMAL_PHRASE = "normal"
SIM_SCALE = 5.0
"""The worlds' cosines spread more than real CLIP's, so the scale is smaller (method.md A7)."""

_TEXT_CONFIG = {
    "context_length": 77,
    "vocab_size": 49408,
    "width": 64,
    "heads": 4,
    "layers": 2,
}
# open_clip builds both towers; this one is never written
_UNUSED_VISION = {"layers": 1, "width": 64, "head_width": 64, "image_size": 32, "patch_size": 32}


@dataclass(frozen=True, kw_only=True)
class TowerConfig:
    """How the tower is fitted; the token embedding and the positions stay random.

    Attributes:
        steps: optimiser steps.
        learning_rate: Adam's, falling linearly to zero.
        max_context: most random context vectors before a phrase. Each step sees the bare phrases
            and the phrases behind a random number of them, so that a phrase counts wherever it
            stands, as behind learned context vectors.
        context_std: their standard deviation, as that of a prompt learner's start.
    """

    steps: int = 250
    learning_rate: float = 3e-3
    max_context: int = 16
    context_std: float = 0.02


def tower_name(preset: str, seed: int, dim: int = DEFAULT_DIM) -> str:
    """What ``--clip`` is told: ``synthetic:PRESET:SEED``, with ``:DIM`` where it is not 64."""
    return f"synthetic:{preset}:{seed}" + ("" if dim == DEFAULT_DIM else f":{dim}")


def tower_folder(argument: str) -> Path:
    """Folder of the tower ``PRESET:SEED[:DIM]``, fitted now where it is not in the cache.

    Raises:
        ConfigError: the argument is not of that form, or there is no such preset.
        OutputError: the cache folder cannot be written.
    """
    preset, _, numbers = argument.partition(":")
    seed, _, dim = numbers.partition(":")
    if not seed.isdecimal() or not (dim or "1").isdecimal():
        raise ConfigError(
            f"--clip synthetic:{argument} is not synthetic:PRESET:SEED[:DIM]",
            "e.g. synthetic:ucf-like:0",
        )
    return cached_tower(make_world(get_preset(preset), int(seed), int(dim or DEFAULT_DIM)))


def cached_tower(world: World) -> Path:
    """Folder of a world's tower in ``$XDG_CACHE_HOME`` (``~/.cache``), fitted where missing.

    Raises:
        OutputError: the cache folder cannot be written.
    """
    config = TowerConfig()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    folder = cache / "tpwng-studio" / "synthetic" / _cache_key(world, config)
    if not (folder / FOLDER_CONFIG).is_file() or not (folder / FOLDER_WEIGHTS).is_file():
        write_tower(folder, world, config)
    return folder


def write_tower(folder: Path, world: World, config: TowerConfig) -> None:
    """Fit a tower to a world's words and write it as a CLIP folder.

    Raises:
        OutputError: the folder cannot be written.
    """
    latent_dim = world.text_targets.shape[1]
    with _one_thread(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(_torch_seed(world))
        tower = _untrained_tower(latent_dim)
        fit_tower(tower, world, config)
    name = tower_name(world.preset.name, world.seed, world.dim)
    weights = _state_dict(tower)
    weights["text_projection"] = weights["text_projection"] @ torch.from_numpy(world.basis)
    write_clip_folder(folder, _source(name, world.dim), weights)


def fit_tower(tower: TextTower, world: World, config: TowerConfig) -> None:
    """Fit blocks, final norm and projection so that the phrases point to the world's targets.

    Minimises 1 - cosine in the world's latent dimensions; draws from torch's global generator.
    """
    phrases, rows = _phrases(world)
    tokens = [tower.tokenize(phrase) for phrase in phrases]
    targets = torch.from_numpy(world.text_targets)[rows]
    projection = nn.Parameter(tower.text_projection.clone())
    trained = [*tower.resblocks.parameters(), *tower.ln_final.parameters(), projection]
    for parameter in trained:
        parameter.requires_grad_(True)
    optimiser = torch.optim.Adam(trained, lr=config.learning_rate)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, total_iters=config.steps)
    for _ in range(config.steps):
        optimiser.zero_grad()
        num_context = int(torch.randint(1, config.max_context + 1, ()))
        states = [_encode(tower, tokens, count, config.context_std) for count in (0, num_context)]
        cosine = F.cosine_similarity(torch.stack(states) @ projection, targets, dim=-1)
        loss: Tensor = (1.0 - cosine).mean()
        torch.autograd.backward(loss)
        optimiser.step()
        schedule.step()
    tower.text_projection.copy_(projection.detach())
    tower.requires_grad_(False)


def tower_cosines(tower: TextTower, world: World) -> dict[str, float]:
    """Cosine of each phrase's encoding with its target."""
    phrases, rows = _phrases(world)
    encoded = tower.encode_texts(phrases)
    targets = torch.from_numpy(world.project_text())[rows]
    values = F.cosine_similarity(encoded, targets, dim=-1).tolist()
    return dict(zip(phrases, values, strict=True))


def _phrases(world: World) -> tuple[list[str], list[int]]:
    """Every phrase that has a target, and the target's row."""
    groups = [category.phrases for category in world.preset.categories] + [(NORMAL_PHRASE,)]
    pairs = [(phrase, row) for row, group in enumerate(groups) for phrase in group]
    return [phrase for phrase, _ in pairs], [row for _, row in pairs]


def _encode(tower: TextTower, tokens: list[list[int]], num_context: int, std: float) -> Tensor:
    """(K, W) states of ``[SOS] context phrase [EOS]`` with random context vectors."""
    longest = max(len(row) for row in tokens)
    ids = [[tower.sos, *row, tower.eos, *[tower.eos] * (longest - len(row))] for row in tokens]
    words = tower.token_embedding(torch.tensor(ids))
    context = std * torch.randn(len(tokens), num_context, tower.width)
    embeddings = torch.cat([words[:, :1], context, words[:, 1:]], dim=1)
    eos_index = torch.tensor([1 + num_context + len(row) for row in tokens])
    return tower.encode(embeddings, eos_index)


def _source(name: str, dim: int) -> ClipSource:
    model = {"embed_dim": dim, "text_cfg": _TEXT_CONFIG}
    return ClipSource(name=name, model=model, sim_scale=SIM_SCALE)


def _untrained_tower(dim: int) -> TextTower:
    """A tower with open_clip's initial weights, by way of a folder that is gone again."""
    source = _source("untrained", dim)
    model = build_model({**source.model, "vision_cfg": _UNUSED_VISION})
    weights = {
        name: value
        for name, value in model.state_dict().items()
        if not name.startswith(("visual.", "logit_"))
    }
    with tempfile.TemporaryDirectory() as folder:
        write_clip_folder(Path(folder), source, weights)
        return load_clip(folder, torch.device("cpu"), with_vision=False).text


def _state_dict(tower: TextTower) -> dict[str, Tensor]:
    """The tower's weights by open_clip's names."""
    return {
        f"transformer.{name}" if name.startswith("resblocks.") else name: value
        for name, value in tower.state_dict().items()
    }


def _torch_seed(world: World) -> int:
    return world.preset.stream * 1_000_003 + world.seed


def _cache_key(world: World, config: TowerConfig) -> str:
    """Preset, seed, dimension and a digest of all that shapes the tower."""
    made_of = [asdict(world.preset.concepts), asdict(config), _TEXT_CONFIG]
    digest = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:12]
    return f"{world.preset.name}-{world.seed}-{world.dim}-{digest}"


@contextmanager
def _one_thread() -> Iterator[None]:
    """Sums in one order, whatever the machine: the same weights again."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
