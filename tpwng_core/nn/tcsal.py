"""The temporal context self-adaptive learning module: a transformer whose heads learn their reach.

In come raw snippet features with their mask, out come hidden states of the same shape; the
classifier behind it normalises them. Built by ``nn.temporal``; ``nn.long`` runs its layers block
by block over long videos. The plain transformer of Table 4 is the same network with chi = 1.
"""

# B bags, T snippets, D features, H heads, W = D / H

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.nn.dropout import Dropout
from tpwng_core.nn.masked import full_precision, unit
from tpwng_core.nn.span import (
    Reach,
    View,
    attention_weights,
    bag_view,
    mix,
    soft_mask,
    whole_view,
)

SPAN_STD = 0.02  # of c in Eq. 8 at first


@dataclass(frozen=True, kw_only=True)
class TcsalConfig:
    """Settings of TCSAL.

    Attributes:
        num_layers: encoder layers.
        num_heads: attention heads; D must be a multiple.
        softness: R of Eq. 7, in snippets; 256 as printed, 16 if the paper means frames.
        causal: look only at the past and at the snippet itself.
        dropout: after the attention and twice in each feed-forward part.
        span_bias_init: b of Eq. 8 at first; -3 starts with almost no span.
        ffn_ratio: width of the feed-forward part, in D.
    """

    num_layers: int = 4
    num_heads: int = 4
    softness: float = 256.0
    causal: bool = False
    dropout: float = 0.1
    span_bias_init: float = 0.0
    ffn_ratio: int = 4

    def __post_init__(self) -> None:
        require(self.num_layers >= 1, "num_layers must be at least 1")
        require(self.num_heads >= 1, "num_heads must be at least 1")
        require(0 < self.softness < math.inf, f"softness must be above 0, not {self.softness}")
        require(0 <= self.dropout < 1, f"dropout must be in [0, 1), not {self.dropout}")
        require(math.isfinite(self.span_bias_init), "span_bias_init must be a number")
        require(self.ffn_ratio >= 1, "ffn_ratio must be at least 1")


class Heads(NamedTuple):
    """One layer's view of its input, split into heads.

    Attributes:
        query: (B, H, T, W).
        key: (B, H, T, W).
        value: (B, H, T, W).
        share: (B, H, T) sigma(c'x + b) of Eq. 8, the span as a share of the keys in view;
            None where chi is 1.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    share: Tensor | None

    def span(self, view: View) -> Tensor | None:
        """z of Eq. 8 in snippets, (B, H, T)."""
        return None if self.share is None else view.num_keys * self.share

    def split(self, lengths: list[int]) -> Iterator[Heads]:
        """The heads of each of several bags laid end to end (B = 1), without B."""
        parts = [torch.split(x[0], lengths, dim=1) for x in (self.query, self.key, self.value)]
        no_spans = [None] * len(lengths)
        shares = no_spans if self.share is None else torch.split(self.share[0], lengths, dim=1)
        return (Heads(*bag) for bag in zip(*parts, shares, strict=True))

    def mixed(self, view: View, softness: float) -> Tensor:
        """What each query reads (Eq. 9), (B, H, T, W)."""
        reach = Reach(self.span(view), view, softness)
        return mix(self.query, self.key, self.value, reach)


class SpanReport(NamedTuple):
    """How far the last layer looks, for the window's explanation of R.

    Attributes:
        span: (B, H, T) z in snippets.
        mean_distance: (B, H, T) distance in snippets, averaged over the attention weights.
        smallest_chi: (B, H, T) least soft mask among the keys in view; 0.5 or more means that
            the mask hardly acts.
    """

    span: Tensor
    mean_distance: Tensor
    smallest_chi: Tensor


class Attended(NamedTuple):
    """What the last layer's heads look at.

    Attributes:
        weights: (B, H, T, U) float32 omega of Eq. 9; each row of a real snippet sums to 1.
        span: (B, H, T) z in snippets; empty where none is learned.
    """

    weights: Tensor
    span: Tensor


class Layer(nn.Module):
    """One pre-norm encoder layer with learned spans (Eq. 7-9).

    Args:
        dim: D, a multiple of ``config.num_heads``.
        config: heads, dropout, widths and the start of the span.
        adaptive: False makes chi 1 everywhere.
    """

    def __init__(self, dim: int, config: TcsalConfig, *, adaptive: bool) -> None:
        super().__init__()
        self.num_heads = config.num_heads
        self.norm1 = nn.LayerNorm(dim)
        self.qkv = nn.Linear(dim, 3 * dim)
        self.span = nn.Linear(dim, config.num_heads) if adaptive else None
        self.out = nn.Linear(dim, dim)
        self.norm2 = nn.LayerNorm(dim)
        self.up = nn.Linear(dim, config.ffn_ratio * dim)
        self.down = nn.Linear(config.ffn_ratio * dim, dim)
        self.dropout = Dropout(config.dropout)
        if self.span is not None:
            nn.init.normal_(self.span.weight, std=SPAN_STD)
            nn.init.constant_(self.span.bias, config.span_bias_init)

    def forward(self, x: Tensor, view: View, softness: float) -> Tensor:
        """(B, T, D) to (B, T, D)."""
        return self.finish(x, self.project(x).mixed(view, softness))

    def end_to_end(self, x: Tensor, views: Sequence[View], softness: float) -> Tensor:
        """The same for bags laid end to end, (1, N, D), each with a view of its own."""
        bags = self.project(x).split([len(view.distance) for view in views])
        mixed = [heads.mixed(view, softness) for heads, view in zip(bags, views, strict=True)]
        return self.finish(x, torch.cat(mixed, dim=1)[None])

    def project(self, x: Tensor) -> Heads:
        """Queries, keys, values and span shares of the layer's input (B, T, D)."""
        normed = self.norm1(x)
        batch, length, dim = x.shape
        # (B, T, 3 D) -> (3, B, H, T, W)
        split = self.qkv(normed).view(batch, length, 3, self.num_heads, dim // self.num_heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        return Heads(query, key, value, self._share(normed))

    def finish(self, x: Tensor, mixed: Tensor) -> Tensor:
        """Join the heads' output (B, H, T, W), add it to x, and add the feed-forward part."""
        joined = mixed.transpose(1, 2).reshape(x.shape)
        x = x + self.dropout(self.out(joined))
        inner = self.dropout(F.gelu(self.up(self.norm2(x))))
        return cast(Tensor, x + self.dropout(self.down(inner)))

    def _share(self, normed: Tensor) -> Tensor | None:
        if self.span is None:
            return None
        with full_precision(normed.device):
            return torch.sigmoid(self.span(normed.float())).transpose(1, 2)


class Tcsal(nn.Module):
    """Encoder layers over snippets of length sqrt(D), without position encodings (spec B.5).

    Args:
        dim: D.
        config: see :class:`TcsalConfig`.
        adaptive: False is the plain transformer encoder of Table 4.

    Raises:
        ConfigError: D is not a multiple of the number of heads.
    """

    def __init__(self, dim: int, config: TcsalConfig, *, adaptive: bool = True) -> None:
        super().__init__()
        require(
            dim % config.num_heads == 0,
            f"{config.num_heads} heads do not divide features of {dim} dimensions",
        )
        self.config = config
        self.adaptive = adaptive
        self.layers = nn.ModuleList(
            Layer(dim, config, adaptive=adaptive) for _ in range(config.num_layers)
        )

    def forward(self, x: Tensor, mask: Tensor, softness: float | None = None) -> Tensor:
        """Hidden states of whole bags.

        Args:
            x: (B, T, D) features, any norm.
            mask: (B, T) bool.
            softness: R in snippets; None takes the trained one.

        Returns:
            (B, T, D), not yet normalised; means nothing in the padding.
        """
        r = self.config.softness if softness is None else softness
        x = scaled_unit(x)
        if x.device.type == "cpu":
            return self._end_to_end(x, mask, r)
        view = whole_view(mask, self.config.causal)
        for layer in self.layers:
            x = layer(x, view, r)
        return x

    def _end_to_end(self, x: Tensor, mask: Tensor, softness: float) -> Tensor:
        """Bag by bag where arithmetic is dear: no padding, and a bag's weights stay in cache."""
        lengths = mask.sum(dim=1).tolist()
        of_length = {length: bag_view(length, self.config.causal) for length in set(lengths)}
        views = [of_length[length] for length in lengths]
        places = mask.flatten().nonzero()[:, 0]
        rows = x.flatten(0, 1)
        real = rows.index_select(0, places)[None]
        for layer in self.layers:
            real = cast(Layer, layer).end_to_end(real, views, softness)
        return torch.zeros_like(rows).index_copy(0, places, real[0].to(rows.dtype)).view_as(x)

    @torch.no_grad()
    def inspect(self, x: Tensor, mask: Tensor, softness: float | None = None) -> SpanReport:
        """What the last layer's heads look at.

        Args:
            x: (B, T, D) features, any norm.
            mask: (B, T) bool.
            softness: R in snippets; None takes the trained one.

        Raises:
            ConfigError: the module learns no spans.
        """
        require(self.adaptive, "a plain transformer has no spans to show")
        return inspect_heads(*self._last(x, mask, softness))

    @torch.no_grad()
    def attend(self, x: Tensor, mask: Tensor, softness: float | None = None) -> Attended:
        """What the last layer's heads look at: omega of Eq. 9.

        Args:
            x: (B, T, D) features, any norm.
            mask: (B, T) bool.
            softness: R in snippets; None takes the trained one.

        Returns:
            Weights (B, H, T, T) and spans (B, H, T).
        """
        return attend_heads(*self._last(x, mask, softness))

    def _last(self, x: Tensor, mask: Tensor, softness: float | None) -> tuple[Heads, View, float]:
        """What the last layer reads, which keys are in view, and R."""
        r = self.config.softness if softness is None else softness
        view = whole_view(mask, self.config.causal)
        x = scaled_unit(x)
        for layer in self.layers[:-1]:
            x = layer(x, view, r)
        return self.layers[-1].project(x), view, r  # type: ignore[operator]

    def spans(self, x: Tensor, mask: Tensor) -> Tensor:
        """z of every layer and head, in snippets, with gradient: (layers, B, H, T).

        Raises:
            ConfigError: the module learns no spans.
        """
        require(self.adaptive, "a plain transformer has no spans to show")
        view, spans = whole_view(mask, self.config.causal), []
        x = scaled_unit(x)
        for layer in self.layers:
            spans.append(layer.project(x).span(view))  # type: ignore[operator]
            x = layer(x, view, self.config.softness)
        return torch.stack(spans)


def inspect_heads(heads: Heads, view: View, softness: float) -> SpanReport:
    """What one layer's heads look at, from its projected input."""
    span = heads.span(view)
    assert span is not None
    weights = attention_weights(heads.query, heads.key, span, view, softness)
    chi = soft_mask(view.distance, span[..., None], softness)
    smallest = chi.masked_fill(~view.allowed, 1.0).amin(dim=-1)
    return SpanReport(span, (weights * view.distance).sum(dim=-1), smallest)


def attend_heads(heads: Heads, view: View, softness: float) -> Attended:
    """One layer's attention, from its projected input."""
    span = heads.span(view)
    weights = attention_weights(heads.query, heads.key, span, view, softness)
    return Attended(weights, weights.new_empty(len(weights), 0, 0) if span is None else span)


def scaled_unit(x: Tensor) -> Tensor:
    """Snippets of length sqrt(D), float32: what every temporal module reads (spec B.5)."""
    return math.sqrt(x.shape[-1]) * unit(x)
