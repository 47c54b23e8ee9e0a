"""A tiny text tower, random bags, and a tiny TPWNG: what the tests of the method are run on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tpwng_core.nn.bags import Bags
from tpwng_core.nn.normality import NormalityConfig, NormalityPrompt
from tpwng_core.nn.prompts import PromptConfig, PromptLearner
from tpwng_core.nn.tcsal import TcsalConfig
from tpwng_core.nn.temporal import Head, build_temporal
from tpwng_core.nn.text_tower import TextTower, Tokenizer
from tpwng_core.nn.tpwng import Tpwng, TpwngOutput

DIM = 8
WIDTH = 12
TEXTS = ("fighting", "road accident", "arson", "normal")
VOCABULARY = ("[sos]", "[eos]", "fighting", "road", "accident", "arson", "normal", "riot")


class _Block(nn.Module):
    """A residual attention block with the signature of open_clip's."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.attention = nn.MultiheadAttention(WIDTH, 2, batch_first=True)
        self.mlp = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, WIDTH), nn.GELU())

    def forward(self, x: Tensor, attn_mask: Tensor) -> Tensor:
        y = self.norm(x)
        seen = self.attention(y, y, y, attn_mask=attn_mask, need_weights=False)[0]
        x = x + 8 * seen  # so that words, not positions, decide where the end of text points
        moved: Tensor = x + self.mlp(x)
        return moved


def tiny_tower(seed: int = 0, context_length: int = 77) -> TextTower:
    """A causal two-layer tower with random weights; knows the words of ``VOCABULARY``."""
    torch.manual_seed(seed)
    transformer = nn.Module()
    transformer.resblocks = nn.ModuleList([_Block(), _Block()])
    modules = {
        "token_embedding": nn.Embedding(len(VOCABULARY), WIDTH),
        "transformer": transformer,
        "ln_final": nn.LayerNorm(WIDTH),
    }
    positions, projection = torch.randn(context_length, WIDTH), torch.randn(WIDTH, DIM)
    words = Tokenizer(lambda text: [VOCABULARY.index(word) for word in text.split()], 0, 1)
    return TextTower(modules, positions, projection, words)


def tiny_model(
    *,
    module: str = "tcsal",
    normality: NormalityConfig | None = None,
    texts: Sequence[str] = TEXTS,
    seed: int = 0,
    **temporal: Any,
) -> Tpwng:
    """An untrained TPWNG over the tiny tower, similarity scale 5."""
    tower = tiny_tower(seed)
    config = TcsalConfig(**{"num_layers": 2, "num_heads": 2, "dropout": 0.0, **temporal})
    return Tpwng(
        PromptLearner(tower, texts, PromptConfig(num_context=3)),
        NormalityPrompt(DIM, normality or NormalityConfig()),
        build_temporal(module, DIM, config),
        Head(DIM, "layernorm-linear"),
        sim_scale=5.0,
    )


def random_bags(
    lengths: Sequence[int] = (7, 4, 9),
    normal_lengths: Sequence[int] = (5, 8, 6),
    labels: Sequence[Sequence[int]] = ((0,), (1, 2), (2,)),
    *,
    seed: int = 0,
    num_abnormal: int = len(TEXTS) - 1,
) -> Bags:
    """Bags of random snippets of norm about 10, padded with zeros, no human targets."""
    generator = torch.Generator().manual_seed(seed)
    multi_hot = torch.zeros(len(labels), num_abnormal, dtype=torch.bool)
    for row, own in zip(multi_hot, labels, strict=True):
        row[list(own)] = True
    abnormal, abnormal_mask = _padded(lengths, generator)
    normal, normal_mask = _padded(normal_lengths, generator)
    target = torch.full(abnormal_mask.shape, -2, dtype=torch.int8)
    normal_target = torch.full(normal_mask.shape, -2, dtype=torch.int8)
    return Bags(abnormal, abnormal_mask, normal, normal_mask, multi_hot, target, normal_target)


def more_padding(bags: Bags, extra: int = 3, filling: float = 7.0) -> Bags:
    """The same bags with more padding, filled with junk."""
    abnormal = bags.abnormal.masked_fill(~bags.abnormal_mask[..., None], filling)
    normal = bags.normal.masked_fill(~bags.normal_mask[..., None], filling)
    return Bags(
        F.pad(abnormal, (0, 0, 0, extra), value=filling),
        F.pad(bags.abnormal_mask, (0, extra)),
        F.pad(normal, (0, 0, 0, extra + 1), value=filling),
        F.pad(bags.normal_mask, (0, extra + 1)),
        bags.labels,
        F.pad(bags.target, (0, extra), value=-2),
        F.pad(bags.normal_target, (0, extra + 1), value=-2),
    )


def reordered(bags: Bags, order: Sequence[int]) -> Bags:
    """The same pairs of bags in another order."""
    return Bags(*(item[list(order)] for item in bags))


def output_of(
    abnormal: Tensor, normal: Tensor | None = None, *, guide: Tensor | None = None, seed: int = 0
) -> TpwngOutput:
    """What a model might give: these similarities, random curves and logits."""
    torch.manual_seed(seed)
    normal = torch.randn_like(abnormal) if normal is None else normal
    shape = abnormal.shape[:2]
    guide = torch.randn(shape) if guide is None else guide
    return TpwngOutput(
        text=torch.randn(abnormal.shape[2], DIM),
        enhanced=torch.randn(len(abnormal), DIM),
        abnormal_similarity=abnormal,
        normal_similarity=normal,
        guide=guide,
        opposed=torch.randn(shape),
        abnormal_logits=torch.randn(shape),
        normal_logits=torch.randn(normal.shape[:2]),
        flat_below=1e-3,
    )


def gradient(loss: Tensor, *wrt: Tensor) -> Tensor:
    """Gradients of a loss, flattened and joined; 0 where it does not depend."""
    parts = torch.autograd.grad(loss, wrt, allow_unused=True, materialize_grads=True)
    return torch.cat([part.flatten() for part in parts])


def joined(parts: Iterable[list]) -> list:
    """Lists end to end."""
    return [value for part in parts for value in part]


def rows(bag: Tensor, mask: Tensor) -> list:
    """The real snippets of one bag as nested lists of floats."""
    return bag[mask].double().tolist()


def _padded(lengths: Sequence[int], generator: torch.Generator) -> tuple[Tensor, Tensor]:
    mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    x = 3.5 * torch.randn(*mask.shape, DIM, generator=generator)
    return x.masked_fill(~mask[..., None], 0.0), mask
