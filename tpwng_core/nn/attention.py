"""What one snippet of a video looks at: the weights of the last layer's attention (Eq. 9).

In come features of one video, a temporal module and a snippet; out comes one weight per head and
snippet. Reads no more of a long video than the answer depends on. Called by ``run.attention``.
"""

# T snippets, D features, H heads

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from tpwng_core.errors import ConfigError
from tpwng_core.nn.long import BLOCK, CausalStream, is_causal, window_starts
from tpwng_core.nn.span import WINDOW
from tpwng_core.nn.tcsal import Tcsal

_NO_SPAN = torch.empty(0)


class Gaze(NamedTuple):
    """What one snippet looks at.

    Attributes:
        weights: (H, T) float32; each row sums to 1, and is 0 outside the windows.
        span: (H,) learned reach z in snippets; empty where none is learned.
    """

    weights: Tensor
    span: Tensor


def attention_of(
    temporal: nn.Module, rows: Tensor, snippet: int, softness: float | None = None
) -> Gaze:
    """The weights that one snippet gives to all others.

    A video longer than a window is scored in windows that overlap, and the scores are averaged;
    so are weights and spans here, over the windows that hold the snippet.

    Args:
        temporal: of ``nn.temporal``, in evaluation mode.
        rows: (T, D) features, any norm.
        snippet: index in [0, T).
        softness: R in snippets; None takes the trained one.

    Raises:
        ConfigError: the module is no transformer.
    """
    if not isinstance(temporal, Tcsal):
        raise ConfigError(
            "this model's temporal module has no attention to show", "train tcsal or transformer"
        )
    if is_causal(temporal):
        return _looking_back(temporal, rows, snippet, softness)
    starts = [0] if len(rows) <= WINDOW else window_starts(len(rows))
    starts = [start for start in starts if start <= snippet < start + WINDOW]
    windows = torch.stack([rows[start : start + WINDOW] for start in starts])
    mask = torch.ones(windows.shape[:2], dtype=torch.bool, device=rows.device)
    found = temporal.attend(windows, mask, softness)
    weights = torch.zeros(found.weights.shape[1], len(rows), device=rows.device)
    spans = []
    for number, start in enumerate(starts):
        weights[:, start : start + WINDOW] += found.weights[number, :, snippet - start]
        spans.append(found.span[number, :, snippet - start] if temporal.adaptive else _NO_SPAN)
    return Gaze(weights / len(starts), torch.stack(spans).mean(dim=0))


def _looking_back(temporal: Tcsal, rows: Tensor, snippet: int, softness: float | None) -> Gaze:
    """From as far back as any layer below can have looked."""
    first = max(0, snippet - len(temporal.layers) * (WINDOW - 1))
    stream = CausalStream(temporal, softness, num_seen=first)
    *before, last = torch.split(rows[first : snippet + 1], BLOCK)
    for block in before:
        stream.push(block)
    found = stream.attend(last)
    weights = torch.zeros(found.weights.shape[1], len(rows), device=rows.device)
    num_seen = min(found.weights.shape[3], WINDOW)
    weights[:, snippet + 1 - num_seen : snippet + 1] = found.weights[0, :, -1, -num_seen:]
    return Gaze(weights, found.span[0, :, -1] if temporal.adaptive else _NO_SPAN)
