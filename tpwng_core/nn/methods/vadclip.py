"""VadCLIP: a class-agnostic branch and a language branch over one temporal adapter.

Wu, Zhou, Pang, Zhou, Yan, Wang and Zhang, "VadCLIP: Adapting Vision-Language Models for Weakly
Supervised Video Anomaly Detection", AAAI 2024. Built by ``nn.methods``.
"""

# B bags, T snippets, D features, K categories (normal is last), L prompt length, W text width

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.masked import full_precision, unit
from tpwng_core.nn.methods.lgt import LocalGlobalAdapter, feed_forward
from tpwng_core.nn.methods.method import Method, Problem, TextInput, scaled, text_of
from tpwng_core.nn.methods.pooling import cross_entropy, join, sixteenth, top_mean
from tpwng_core.nn.methods.zero_shot import abnormal_probability


@dataclass(frozen=True, kw_only=True)
class VadClipConfig:
    """Settings of VadCLIP; the values are the authors' for UCF-Crime.

    Attributes:
        num_layers: of the windowed transformer (XD-Violence: 1).
        num_heads: of its attention.
        window: snippets of a window (XD-Violence: 64).
        max_snippets: rows of the position table, so the longest bag.
        num_before: learned context vectors before a category's words.
        num_after: learned context vectors behind them.
        temperature: divisor of the cosines of the language branch.
        separation_weight: weight of the likeness between normal and abnormal texts.
    """

    num_layers: int = 2
    num_heads: int = 1
    window: int = 8
    max_snippets: int = 256
    num_before: int = 10
    num_after: int = 10
    temperature: float = 0.07
    separation_weight: float = 1e-4

    def __post_init__(self) -> None:
        counts = (self.num_layers, self.num_heads, self.window, self.max_snippets)
        require(min(counts) >= 1, "vadclip: layers, heads, window, snippets must be at least 1")
        require(min(self.num_before, self.num_after) >= 0, "vadclip: context cannot be negative")
        require(self.temperature > 0, "vadclip.temperature must be positive")


class TwoSidedPrompts(nn.Module):
    """``[SOS] before.. words after.. [EOS]`` through the frozen tower; context is shared.

    Args:
        text: tower and category texts.
        num_before: context vectors before the words.
        num_after: context vectors behind them.

    Raises:
        ConfigError: a text does not fit with so much context.
    """

    rows: Tensor
    slots: Tensor
    eos_index: Tensor

    def __init__(self, text: TextInput, num_before: int, num_after: int) -> None:
        super().__init__()
        self.tower = text.tower
        num_context = num_before + num_after
        names = [text.tower.tokenize(words) for words in text.texts]
        length = max(len(name) for name in names) + num_context + 2
        room = context_room(text)
        require(
            num_context <= room,
            f"{num_context} context vectors do not fit around the texts in this CLIP's "
            f"{text.tower.context_length} tokens: "
            f"lower vadclip.num_before and vadclip.num_after to {room // 2}",
        )
        self.context = nn.Parameter(torch.randn(num_context, text.tower.width) * 0.01)
        # Where slots >= 0 stands a context vector, elsewhere the token of rows.
        rows = torch.full((len(names), length), text.tower.eos)
        slots = torch.full((len(names), length), -1)
        for row, slot, name in zip(rows, slots, names, strict=True):
            behind = 1 + num_before + len(name)
            row[0] = text.tower.sos
            slot[1 : 1 + num_before] = torch.arange(num_before)
            row[1 + num_before : behind] = torch.tensor(name)
            slot[behind : behind + num_after] = torch.arange(num_before, num_context)
        self.register_buffer("rows", rows)
        self.register_buffer("slots", slots)
        ends = torch.tensor([len(name) + num_context + 1 for name in names])
        self.register_buffer("eos_index", ends)

    def forward(self) -> Tensor:
        """(K, D) text features, un-normalised; gradients reach the context only."""
        tokens = self.tower.token_embedding(self.rows)
        if len(self.context):
            spliced = self.context[self.slots.clamp_min(0)]
            tokens = torch.where((self.slots >= 0)[..., None], spliced, tokens)
        with full_precision(tokens.device):
            return self.tower.encode(tokens, self.eos_index) @ self.tower.text_projection


def context_room(text: TextInput) -> int:
    """Most context vectors, before and behind together, that fit around the longest text."""
    longest = max(len(text.tower.tokenize(words)) for words in text.texts)
    return text.tower.context_length - longest - 2


def fitting_context(text: TextInput, wanted: int) -> int:
    """Context vectors on each side: ``wanted``, or fewer where the CLIP reads few tokens."""
    return max(0, min(wanted, context_room(text) // 2))


class Branches(NamedTuple):
    """What both branches say of a batch.

    Attributes:
        score: (B, T) in (0, 1), class-agnostic.
        logits: (B, T, K) of the language branch.
        texts: (K, D) features of the prompts.
    """

    score: Tensor
    logits: Tensor
    texts: Tensor


class VadClip(Method):
    """Both branches and all three losses.

    Simplified: GELU for QuickGELU; present snippets only in every attention and graph. Where
    paper and published code differ the paper is followed: snippets are pooled into the visual
    prompt by their score (the code uses its logit), and the texts' likeness is the hinge of the
    cosine.
    """

    title = "VadCLIP (Wu et al., AAAI 2024)"
    needs_text = True
    config_type = VadClipConfig

    def __init__(self, problem: Problem, config: VadClipConfig) -> None:
        super().__init__()
        self.config = config
        self.max_snippets = config.max_snippets
        dim = problem.dim
        require(dim % 2 == 0, f"VadCLIP needs an even feature dimension, not {dim}")
        require(dim % config.num_heads == 0, f"vadclip.num_heads must divide {dim}")
        self.prompts = TwoSidedPrompts(text_of(problem), config.num_before, config.num_after)
        self.position = nn.Parameter(torch.randn(config.max_snippets, dim) * 0.01)
        self.adapter = LocalGlobalAdapter(
            dim, num_layers=config.num_layers, num_heads=config.num_heads, window=config.window
        )
        self.score_forward, self.score_head = feed_forward(dim), nn.Linear(dim, 1)
        self.text_forward = feed_forward(dim)

    def losses(self, bags: Bags) -> dict[str, Tensor]:
        """``bag`` (class-agnostic), ``align`` (language), ``separate`` (texts)."""
        features, mask, abnormal = join(bags)
        branches = self.branches(features, mask)
        count = sixteenth(mask)
        bag = top_mean(branches.score, mask, count)
        target = category_share(bags.labels)
        return {
            "bag": cross_entropy(bag, abnormal).mean(),
            "align": alignment(top_mean(branches.logits, mask, count), target),
            "separate": self.config.separation_weight * text_likeness(branches.texts),
        }

    def score(self, features: Tensor, mask: Tensor) -> Tensor:
        """See ``Method.score``: the class-agnostic branch, as in the paper's main tables."""
        return self.agnostic_score(self.encode(features, mask)).masked_fill(~mask, 0.0)

    def language_score(self, features: Tensor, mask: Tensor) -> Tensor:
        """(B, T) one minus the normal category's probability: the paper's other read-out."""
        logits = self.branches(features, mask).logits
        return abnormal_probability(logits).masked_fill(~mask, 0.0)

    def branches(self, features: Tensor, mask: Tensor) -> Branches:
        """Both branches on features (B, T, D) with mask (B, T)."""
        hidden = self.encode(features, mask)
        score = self.agnostic_score(hidden)
        texts = self.prompts()
        prompted = self.prompted_texts(texts, hidden, score.masked_fill(~mask, 0.0))
        with full_precision(hidden.device):
            cosine = unit(hidden) @ unit(prompted).transpose(1, 2)
        return Branches(score, cosine / self.config.temperature, texts)

    def encode(self, features: Tensor, mask: Tensor) -> Tensor:
        """(B, T, D) hidden features; T at most ``max_snippets``."""
        length = features.shape[1]
        require(length <= self.config.max_snippets, f"vadclip.max_snippets is below {length}")
        hidden: Tensor = self.adapter(scaled(features, mask) + self.position[:length], mask)
        return hidden

    def agnostic_score(self, hidden: Tensor) -> Tensor:
        """(B, T) in (0, 1) of hidden features (B, T, D)."""
        logit = self.score_head(hidden + self.score_forward(hidden))
        return torch.sigmoid(logit.squeeze(-1))

    def prompted_texts(self, texts: Tensor, hidden: Tensor, score: Tensor) -> Tensor:
        """(B, K, D) texts with the visual prompt of each bag: snippets pooled by their score."""
        pooled = unit(torch.einsum("bt,btd->bd", score, hidden))
        joint = texts[None] + pooled[:, None]
        out: Tensor = joint + self.text_forward(joint)
        return out

    def text_parameters(self) -> list[nn.Parameter]:
        """The context of the prompts."""
        return [self.prompts.context]


def category_share(labels: Tensor) -> Tensor:
    """(2B, K) wanted category distribution: abnormal bags share theirs, normal bags are normal.

    Args:
        labels: (B, K-1) bool of the abnormal bags.
    """
    shares = labels / labels.sum(dim=1, keepdim=True)
    normal = torch.zeros(len(labels), 1, device=labels.device)
    abnormal_rows = torch.cat([shares, normal], dim=1)
    normal_rows = torch.cat([torch.zeros_like(shares), normal + 1], dim=1)
    return torch.cat([abnormal_rows, normal_rows])


def alignment(logits: Tensor, target: Tensor) -> Tensor:
    """Scalar cross-entropy of bag logits (B, K) against a category distribution (B, K)."""
    return -(target * logits.log_softmax(dim=-1)).sum(dim=-1).mean()


def text_likeness(texts: Tensor) -> Tensor:
    """Scalar sum over abnormal texts of their positive cosine with the normal (last) one."""
    directions = unit(texts)
    return (directions[:-1] @ directions[-1]).clamp_min(0.0).sum()
