"""Scores of videos of any length, in time and memory linear in it (spec A18).

Looking both ways: overlapping windows as long as training saw, probabilities averaged. Looking
back only: a stream with a cache of keys, which gives exactly what the whole video at once would.
In come features of one video and a temporal module with its head; called by ``run.score``,
``run.label``, ``run.train`` and, block by block, by a live view.
"""

# T snippets, D features, H heads, W = D / H, N windows

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn

from tpwng_core.nn.span import WINDOW, attention_weights, block_view, mix
from tpwng_core.nn.tcsal import Heads, Layer, Tcsal, scaled_unit

HOP = WINDOW // 2
BLOCK = WINDOW
WINDOWS_AT_ONCE = 16


def score_long(
    temporal: nn.Module, head: nn.Module, rows: Tensor, softness: float | None = None
) -> Tensor:
    """eta of every snippet of a video.

    Args:
        temporal: of ``nn.temporal``, in evaluation mode.
        head: of ``nn.temporal.head``.
        rows: (T, D) features, any norm.
        softness: R in snippets; None takes the trained one. Only TCSAL has one.

    Returns:
        (T,) float32 in [0, 1].
    """
    if is_causal(temporal):
        stream = CausalStream(cast(Tcsal, temporal), softness)
        blocks = [torch.sigmoid(head(stream.push(block)[None])[0]) for block in rows.split(BLOCK)]
        return torch.cat(blocks).float()

    def probability(windows: Tensor) -> Tensor:
        mask = torch.ones(windows.shape[:2], dtype=torch.bool, device=windows.device)
        extra = (softness,) if isinstance(temporal, Tcsal) else ()
        return torch.sigmoid(head(temporal(windows, mask, *extra)).float())[..., None]

    return average_windows(rows, probability)[:, 0]


def spans_long(temporal: Tcsal, rows: Tensor) -> Tensor:
    """Learned reach z of the last layer's heads at every snippet, in snippets.

    Args:
        temporal: a TCSAL with learned spans, in evaluation mode.
        rows: (T, D) features, any norm.

    Returns:
        (T, H) float32.
    """
    if is_causal(temporal):
        stream = CausalStream(temporal)
        spans = []
        for block in rows.split(BLOCK):
            stream.push(block)
            spans.append(stream.last_span)
        return torch.cat(spans)

    def span(windows: Tensor) -> Tensor:
        mask = torch.ones(windows.shape[:2], dtype=torch.bool, device=windows.device)
        return temporal.spans(windows, mask)[-1].transpose(1, 2)

    return average_windows(rows, span)


def average_windows(rows: Tensor, function: Callable[[Tensor], Tensor]) -> Tensor:
    """Apply a function to windows of 256 snippets every 128 and average where they overlap.

    The last window is aligned with the end of the video. A video of at most 256 snippets is one
    window.

    Args:
        rows: (T, D).
        function: (N, U, D) windows to (N, U, C) values.

    Returns:
        (T, C) float32.
    """
    num_snippets = len(rows)
    if num_snippets <= WINDOW:
        return function(rows[None])[0].float()
    starts = window_starts(num_snippets)
    total: Tensor | None = None
    count = torch.zeros(num_snippets, 1, device=rows.device)
    for first in range(0, len(starts), WINDOWS_AT_ONCE):
        chosen = starts[first : first + WINDOWS_AT_ONCE]
        values = function(torch.stack([rows[start : start + WINDOW] for start in chosen])).float()
        if total is None:
            total = torch.zeros(num_snippets, values.shape[-1], device=rows.device)
        for start, value in zip(chosen, values, strict=True):
            total[start : start + WINDOW] += value
            count[start : start + WINDOW] += 1
    assert total is not None
    return total / count


def window_starts(num_snippets: int) -> list[int]:
    """First snippet of each window of a video longer than a window."""
    last = num_snippets - WINDOW
    return [*range(0, last, HOP), last]


def is_causal(temporal: nn.Module) -> bool:
    """Whether a temporal module looks only back."""
    return isinstance(temporal, Tcsal) and temporal.config.causal


class CausalStream:
    """A causal TCSAL fed with a video piece by piece.

    Keeps the keys and values of the last 255 snippets of each layer, so memory and the cost of
    a snippet do not grow with the video, and the result is that of the whole video at once.

    Args:
        temporal: causal, in evaluation mode.
        softness: R in snippets; None takes the trained one.
    """

    def __init__(self, temporal: Tcsal, softness: float | None = None) -> None:
        self._layers = [cast(Layer, layer) for layer in temporal.layers]
        self._softness = temporal.config.softness if softness is None else softness
        self._cache: list[tuple[Tensor, Tensor] | None] = [None] * len(self._layers)
        self.num_seen = 0
        self.last_span = torch.empty(0)

    @torch.no_grad()
    def push(self, rows: Tensor) -> Tensor:
        """Hidden states of the next snippets.

        Args:
            rows: (T, D) features, any norm; any number of them, in order.

        Returns:
            (T, D), not yet normalised.
        """
        x = scaled_unit(rows)[None]
        for index, layer in enumerate(self._layers):
            x = self._advance(index, layer, x)
        self.num_seen += len(rows)
        return x[0]

    def _advance(self, index: int, layer: Layer, x: Tensor) -> Tensor:
        heads = layer.project(x)
        key, value = self._remember(index, heads)
        view = block_view(self.num_seen, x.shape[1], key.shape[2], x.device)
        span = heads.span(view)
        if span is not None:
            self.last_span = span[0].T
        weights = attention_weights(heads.query, key, span, view, self._softness)
        return layer.finish(x, mix(weights, value))

    def _remember(self, index: int, heads: Heads) -> tuple[Tensor, Tensor]:
        """Keys and values in reach of these queries: the cached ones and their own."""
        key, value = heads.key, heads.value
        cached = self._cache[index]
        if cached is not None:
            key = torch.cat([cached[0], key], dim=2)
            value = torch.cat([cached[1], value], dim=2)
        self._cache[index] = key[:, :, 1 - WINDOW :], value[:, :, 1 - WINDOW :]
        return key, value
