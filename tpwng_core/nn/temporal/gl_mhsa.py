"""GL-MHSA, the global and local attention of UR-DMU (Zhou et al., AAAI 2023), for Table 4.

In come raw snippet features with their mask, out come hidden states of the same shape. Built by
``nn.temporal``.
"""

# B bags, T snippets, D features, H heads, W = D / H

from __future__ import annotations

import math
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.nn.tcsal import scaled_unit

NUM_LAYERS = 2
NUM_HEADS = 4
DROPOUT = 0.5


class GlobalLocalAttention(nn.Module):
    """Each head joins attention by content with attention by distance alone.

    Args:
        dim: D.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.split = nn.Linear(dim, 4 * dim, bias=False)  # queries, keys, values, local values
        self.out = nn.Linear(2 * dim, dim)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, T, D) to (B, T, D)."""
        batch, length, dim = x.shape
        # (B, T, 4 D) -> (4, B, H, T, W)
        parts = self.split(x).view(batch, length, 4, NUM_HEADS, dim // NUM_HEADS)
        query, key, value, local_value = parts.permute(2, 0, 3, 1, 4)
        allowed = mask[:, None, None, :]
        logits = query @ key.transpose(-1, -2) / math.sqrt(dim // NUM_HEADS)
        by_content = logits.masked_fill(~allowed, -torch.inf).softmax(dim=-1)
        by_distance = local_weights(mask)[:, None].to(local_value.dtype)
        # (B, H, T, 2 W) -> (B, T, 2 D)
        joined = torch.cat([by_content @ value, by_distance @ local_value], dim=-1)
        return cast(Tensor, self.out(joined.transpose(1, 2).reshape(batch, length, 2 * dim)))


def local_weights(mask: Tensor) -> Tensor:
    """exp(-|i - j| / e) over the real snippets, each row summing to 1.

    Departs from the authors' code, which divides columns by the sums of rows.

    Args:
        mask: (B, T) bool.

    Returns:
        (B, T, T) float32.
    """
    position = torch.arange(mask.shape[1], device=mask.device, dtype=torch.float32)
    nearness = -(position[:, None] - position[None, :]).abs() / math.e
    return nearness.expand(len(mask), -1, -1).masked_fill(~mask[:, None, :], -torch.inf).softmax(-1)


class _Layer(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attention = GlobalLocalAttention(dim)
        self.norm2 = nn.LayerNorm(dim)
        self.ffn = nn.Sequential(
            nn.Linear(dim, dim),
            nn.GELU(),
            nn.Dropout(DROPOUT),
            nn.Linear(dim, dim),
            nn.Dropout(DROPOUT),
        )

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x), mask)
        return cast(Tensor, x + self.ffn(self.norm2(x)))


class GlMhsa(nn.Module):
    """A convolution, then two layers of global and local attention.

    Args:
        dim: D, a multiple of 4.

    Raises:
        ConfigError: D is not a multiple of 4.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        require(
            dim % NUM_HEADS == 0,
            f"GL-MHSA needs features of a multiple of {NUM_HEADS} dimensions, not {dim}",
        )
        self.convolution = nn.Conv1d(dim, dim, 3, padding=1)
        self.layers = nn.ModuleList(_Layer(dim) for _ in range(NUM_LAYERS))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Hidden states of whole bags.

        Args:
            x: (B, T, D) features, any norm.
            mask: (B, T) bool, at least one True a row.

        Returns:
            (B, T, D); means nothing in the padding.
        """
        x = scaled_unit(x).masked_fill(~mask[..., None], 0.0)
        x = F.relu(self.convolution(x.transpose(1, 2)).transpose(1, 2))
        for layer in self.layers:
            x = layer(x, mask)
        return x
