"""VadCLIP's local-global temporal adapter: attention within windows, then two graphs.

Wu, Zhou, Pang, Zhou, Yan, Wang and Zhang, "VadCLIP: Adapting Vision-Language Models for Weakly
Supervised Video Anomaly Detection", AAAI 2024, section "LGT-Adapter". In go snippets, out come
hidden features of the same shape; ``nn.methods.vadclip`` calls it.
"""

# B bags, T snippets, D features, W snippets of a window, H heads

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tpwng_core.nn.masked import full_precision, unit


class WindowLayer(nn.Module):
    """One pre-norm transformer layer; a snippet attends to those of its own window only.

    Args:
        dim: D.
        num_heads: H.
        window: W; windows do not overlap and start at the first snippet.
    """

    def __init__(self, dim: int, num_heads: int, window: int) -> None:
        super().__init__()
        self.num_heads, self.window = num_heads, window
        self.attention_norm, self.forward_norm = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.query_key_value = nn.Linear(dim, 3 * dim)
        self.output = nn.Linear(dim, dim)
        self.feed_forward = feed_forward(dim)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, T, D) from x (B, T, D) and mask (B, T)."""
        x = x + self.output(self._attend(self.attention_norm(x), mask))
        out: Tensor = x + self.feed_forward(self.forward_norm(x))
        return out

    def _attend(self, x: Tensor, mask: Tensor) -> Tensor:
        bags, length, dim = x.shape
        missing = -length % self.window
        padded = F.pad(self.query_key_value(x), (0, 0, 0, missing))
        heads = padded.reshape(-1, self.window, 3, self.num_heads, dim // self.num_heads)
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        present = F.pad(mask, (0, missing)).reshape(-1, 1, 1, self.window)
        # A padded snippet sees itself, so that a window of padding has no empty softmax.
        allowed = present | torch.eye(self.window, dtype=torch.bool, device=x.device)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=allowed)
        return mixed.transpose(1, 2).reshape(bags, length + missing, dim)[:, :length]


class GraphBranch(nn.Module):
    """Two graph convolutions over one given adjacency, D to D/2; residual, then GELU.

    The first residual is a convolution over five snippets, as widths differ; the second is the
    identity.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        half = dim // 2
        self.first = nn.Linear(dim, half, bias=False)
        self.second = nn.Linear(half, half, bias=False)
        self.skip = nn.Conv1d(dim, half, kernel_size=5, padding=2)

    def forward(self, x: Tensor, adjacency: Tensor) -> Tensor:
        """(B, T, D/2) from x (B, T, D), zero in the padding, and adjacency (B, T, T)."""
        skip = self.skip(x.transpose(1, 2)).transpose(1, 2)
        x = F.gelu(adjacency @ self.first(x) + skip)
        return F.gelu(adjacency @ self.second(x) + x)


class LocalGlobalAdapter(nn.Module):
    """Windowed transformer, then graphs of likeness and of nearness side by side.

    Args:
        dim: D, even and divisible by ``num_heads``.
        num_layers: transformer layers.
        num_heads: H.
        window: W.
    """

    def __init__(self, dim: int, *, num_layers: int, num_heads: int, window: int) -> None:
        super().__init__()
        self.local = nn.ModuleList(WindowLayer(dim, num_heads, window) for _ in range(num_layers))
        self.by_likeness, self.by_nearness = GraphBranch(dim), GraphBranch(dim)
        self.fuse = nn.Linear(dim, dim)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, T, D) from x (B, T, D) and mask (B, T); zero in the padding."""
        for layer in self.local:
            x = layer(x, mask)
        x = x.masked_fill(~mask[..., None], 0.0)
        likeness = self.by_likeness(x, likeness_graph(x, mask))
        nearness = self.by_nearness(x, nearness_graph(mask).to(x.dtype))
        fused: Tensor = self.fuse(torch.cat([likeness, nearness], dim=-1))
        return fused.masked_fill(~mask[..., None], 0.0)


def likeness_graph(x: Tensor, mask: Tensor, threshold: float = 0.7) -> Tensor:
    """(B, T, T) softmax over snippets of their cosine, where it is above the threshold.

    As in the paper, a cosine below the threshold counts as 0 in the softmax, not as absent.

    Args:
        x: (B, T, D).
        mask: (B, T) bool; absent snippets get no weight.
        threshold: smallest cosine that counts.
    """
    with full_precision(x.device):
        directions = unit(x)
        cosine = directions @ directions.transpose(1, 2)
    cosine = torch.where(cosine > threshold, cosine, torch.zeros_like(cosine))
    return cosine.masked_fill(~mask[:, None, :], -torch.inf).softmax(dim=-1)


def nearness_graph(mask: Tensor) -> Tensor:
    """(B, T, T) ``exp(-|i - j| / e)`` over present snippets j; rows sum to 1.

    The paper's softmax of ``-|i - j| / sigma`` with sigma = e; the published code leaves out
    the softmax's denominator.
    """
    place = torch.arange(mask.shape[1], device=mask.device)
    distance = (place[:, None] - place[None, :]).abs()
    logits = (-distance / math.e).expand(len(mask), -1, -1)
    return logits.masked_fill(~mask[:, None, :], -torch.inf).softmax(dim=-1)


def feed_forward(dim: int) -> nn.Sequential:
    """D - 4D - D with GELU."""
    return nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))
