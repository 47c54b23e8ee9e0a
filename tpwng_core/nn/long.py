"""Scores of videos of any length, in time and memory linear in it (spec A18).

Looking both ways: overlapping windows as long as training saw, probabilities averaged. Looking
back only: blocks of a band with a cache of keys, exactly what the whole video at once would give.
In come features of one video and a temporal module with its head; called by ``run.score``,
``run.label``, ``run.train`` and, block by block, by a live view.
"""

# T snippets, D features, H heads, W = D / H, N windows

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.nn.span import WINDOW, Reach, View, block_view, mix
from tpwng_core.nn.tcsal import (
    Attended,
    Heads,
    Layer,
    SpanReport,
    Tcsal,
    attend_heads,
    inspect_heads,
    scaled_unit,
)

HOP = WINDOW // 2
BLOCK = WINDOW // 2  # of a causal pass: shorter blocks waste fewer keys on the band's corners
# More would be slower on a processor: buffers above 32 MB are fetched from the system each time.
WINDOWS_AT_ONCE = 8


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
        blocks = [
            torch.sigmoid(head(stream.push(block)[None])[0]) for block in torch.split(rows, BLOCK)
        ]
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

    Raises:
        ConfigError: the module learns no spans.
    """
    return inspect_long(temporal, rows).span


def inspect_long(temporal: Tcsal, rows: Tensor, softness: float | None = None) -> SpanReport:
    """How far the last layer looks at every snippet; averaged where windows overlap.

    Args:
        temporal: a TCSAL with learned spans, in evaluation mode.
        rows: (T, D) features, any norm.
        softness: R in snippets; None takes the trained one.

    Returns:
        Fields of (T, H) float32.

    Raises:
        ConfigError: the module learns no spans.
    """
    require(temporal.adaptive, "a plain transformer has no spans to show")
    if is_causal(temporal):
        stream = CausalStream(temporal, softness)
        reports = [stream.inspect(block) for block in torch.split(rows, BLOCK)]
        return SpanReport(*(torch.cat(parts) for parts in zip(*reports, strict=True)))

    def inspected(windows: Tensor) -> Tensor:
        mask = torch.ones(windows.shape[:2], dtype=torch.bool, device=windows.device)
        report = temporal.inspect(windows, mask, softness)
        return torch.cat(report, dim=1).transpose(1, 2)  # (N, U, 3 H)

    return SpanReport(*average_windows(rows, inspected).chunk(3, dim=1))


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
    a snippet do not grow with the video, and the result is that of the whole video at once. Keys
    beyond every head's z + R have chi = 0 and are not even read.

    Args:
        temporal: causal, in evaluation mode.
        softness: R in snippets; None takes the trained one.
        num_seen: snippets of the video before the first one that is pushed. Their keys are
            missing, so that what comes out is right from 255 snippets a layer on.
    """

    def __init__(
        self, temporal: Tcsal, softness: float | None = None, *, num_seen: int = 0
    ) -> None:
        self._layers = [cast(Layer, layer) for layer in temporal.layers]
        self._softness = temporal.config.softness if softness is None else softness
        self._cache: list[tuple[Tensor, Tensor] | None] = [None] * len(self._layers)
        self.num_seen = num_seen

    @torch.no_grad()
    def push(self, rows: Tensor) -> Tensor:
        """Hidden states of the next snippets.

        Args:
            rows: (T, D) features, any norm; any number of them, in order.

        Returns:
            (T, D), not yet normalised.
        """
        x = scaled_unit(rows)[None]
        for index in range(len(self._layers)):
            x = self._advance(index, x)
        self.num_seen += len(rows)
        return x[0]

    @torch.no_grad()
    def inspect(self, rows: Tensor) -> SpanReport:
        """Instead of :meth:`push`: how far the last layer looks at the next snippets.

        Returns:
            Fields of (T, H).
        """
        report = inspect_heads(*self._last(rows), self._softness)
        return SpanReport(*(field[0].T for field in report))

    @torch.no_grad()
    def attend(self, rows: Tensor) -> Attended:
        """Instead of :meth:`push`: what the last layer looks at from the next snippets.

        Returns:
            Weights (1, H, T, U) over the last U snippets up to the last of these, and spans
            (1, H, T).
        """
        return attend_heads(*self._last(rows), self._softness)

    def _last(self, rows: Tensor) -> tuple[Heads, View]:
        """What the last layer reads of the next snippets, and which keys they may see."""
        x = scaled_unit(rows)[None]
        last = len(self._layers) - 1
        for index in range(last):
            x = self._advance(index, x)
        heads = self._with_past(last, self._layers[last].project(x))
        view = block_view(self.num_seen, len(rows), heads.key.shape[2], x.device)
        self.num_seen += len(rows)
        return heads, view

    def _advance(self, index: int, x: Tensor) -> Tensor:
        layer = self._layers[index]
        heads = self._with_past(index, layer.project(x))
        num_queries = x.shape[1]
        span = heads.span(block_view(self.num_seen, num_queries, num_queries, x.device))
        num_keys = min(num_queries + self._reach(span), heads.key.shape[2])
        view = block_view(self.num_seen, num_queries, num_keys, x.device)
        key, value = heads.key[:, :, -num_keys:], heads.value[:, :, -num_keys:]
        mixed = mix(heads.query, key, value, Reach(span, view, self._softness))
        return layer.finish(x, mixed)

    def _reach(self, span: Tensor | None) -> int:
        """How many snippets back any of these queries gives weight to."""
        if span is None:
            return WINDOW - 1
        return min(WINDOW - 1, math.ceil(float(span.max()) + self._softness))

    def _with_past(self, index: int, heads: Heads) -> Heads:
        """The heads of a block with the cached keys and values before its own."""
        key, value = heads.key, heads.value
        cached = self._cache[index]
        if cached is not None:
            key = torch.cat([cached[0], key], dim=2)
            value = torch.cat([cached[1], value], dim=2)
        self._cache[index] = key[:, :, 1 - WINDOW :], value[:, :, 1 - WINDOW :]
        return heads._replace(key=key, value=value)
