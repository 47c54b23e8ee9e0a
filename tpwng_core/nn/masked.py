"""Sums, maxima and min-max over the snippets that are real, in float32 whatever the autocast.

In come padded batches with their masks; what stands in the padding changes nothing. Read by
the text half of the method (Eq. 3-6 and 10-12), which is always computed in float32.
"""

# B bags, T snippets, D features, K categories (normal is last)

from __future__ import annotations

import torch
from torch import Tensor

TINY = 1e-12


def full_precision(device: torch.device) -> torch.autocast:
    """A context in which autocast is off: 16-bit cosines cannot order snippets."""
    return torch.autocast(device.type, enabled=False)


def unit(x: Tensor) -> Tensor:
    """Vectors (..., D) scaled to length 1, float32; zero stays zero, with a finite gradient."""
    x = x.float()
    length: Tensor = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
    return x / length.clamp_min(TINY)


def similarity(x_unit: Tensor, text: Tensor, scale: float) -> Tensor:
    """S = scale * cos(X, T): the match of every snippet with every text.

    Departs from the paper: it prints X T' of un-normalised features (spec A7).

    Args:
        x_unit: (B, T, D) float32 unit snippets.
        text: (K, D), any norm; the same texts for all bags.
        scale: ``sim_scale`` of the CLIP.

    Returns:
        (B, T, K).
    """
    return scale * (x_unit @ unit(text).T)


def paired_similarity(x_unit: Tensor, text: Tensor, scale: float) -> Tensor:
    """S of each bag with its own text.

    Args:
        x_unit: (B, T, D) float32 unit snippets.
        text: (B, D), the text of each bag.
        scale: ``sim_scale`` of the CLIP.

    Returns:
        (B, T).
    """
    return scale * (x_unit @ unit(text)[:, :, None]).squeeze(-1)


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """(B,) mean of ``values`` (B, T) where ``mask``; 0 where a row has none."""
    total = values.masked_fill(~mask, 0.0).sum(dim=1)
    return total / mask.sum(dim=1).clamp_min(1)


def masked_max(values: Tensor, mask: Tensor) -> Tensor:
    """Maximum over the real snippets: (B, T) to (B,), or (B, T, C) to (B, C)."""
    return values.masked_fill(~_like(mask, values), -torch.inf).amax(dim=1)


def minmax(curve: Tensor, mask: Tensor, flat_below: float) -> Tensor:
    """Each curve moved and scaled to [0, 1] over its real snippets; the tilde of Eq. 5, 6, 12.

    Gradients flow through the minimum and the maximum.

    Departs from the paper: a curve that spans ``flat_below`` or less becomes zeros, with no
    gradient, because the gradient of the scaled curve grows as its range shrinks (spec A21).

    Args:
        curve: (B, T), or (B, T, C) for C curves a bag; finite in the padding too.
        mask: (B, T) bool, at least one True a row.
        flat_below: largest range that counts as flat.

    Returns:
        Same shape as ``curve``, float32, 0 in the padding.
    """
    curve = curve.float()
    mask = _like(mask, curve)
    low = curve.masked_fill(~mask, torch.inf).amin(dim=1, keepdim=True)
    span = curve.masked_fill(~mask, -torch.inf).amax(dim=1, keepdim=True) - low
    scaled = (curve - low) / span.clamp_min(max(flat_below, TINY))
    return scaled.masked_fill(~mask | (span <= flat_below), 0.0)


def _like(mask: Tensor, values: Tensor) -> Tensor:
    return mask[..., None] if values.dim() > mask.dim() else mask
