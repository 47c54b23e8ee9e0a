"""MTN, the multi-scale temporal network of RTFM (Tian et al., ICCV 2021), for Table 4.

In come raw snippet features with their mask, out come hidden states of the same shape. Padding
is zeroed before every convolution and left out of every statistic, so that it changes nothing.
Built by ``nn.temporal``.
"""

# B bags, T snippets, D features, C channels

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.nn.tcsal import scaled_unit

DILATIONS = (1, 2, 4)


class MaskedBatchNorm(nn.Module):
    """Batch normalisation over the real snippets of a batch only.

    Args:
        channels: C.
        starts_at_zero: gain 0 at first, so that a residual branch starts as nothing.
    """

    def __init__(self, channels: int, *, starts_at_zero: bool = False) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(channels)
        if starts_at_zero:
            nn.init.zeros_(self.norm.weight)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, T, C) to (B, T, C), 0 in the padding."""
        out = torch.zeros_like(x)
        out[mask] = cast(Tensor, self.norm(x[mask])).to(out.dtype)
        return out


class _Convolution(nn.Module):
    """Convolution over time, ReLU, batch normalisation.

    Args:
        channels: in and out.
        kernel: width in snippets, odd.
        dilation: step between them.
        bias: whether the convolution has one.
    """

    def __init__(
        self, channels: tuple[int, int], kernel: int, *, dilation: int = 1, bias: bool = True
    ) -> None:
        super().__init__()
        reach = dilation * (kernel // 2)
        self.convolution = nn.Conv1d(*channels, kernel, padding=reach, dilation=dilation, bias=bias)
        self.norm = MaskedBatchNorm(channels[1])

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, T, C) to (B, T, C'); ``x`` is 0 in the padding, and so is the result."""
        convolved = self.convolution(x.transpose(1, 2)).transpose(1, 2)
        return cast(Tensor, self.norm(F.relu(convolved), mask))


class NonLocal(nn.Module):
    """y = A g with A = theta' phi / T, added to its input (no softmax).

    Args:
        channels: C.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        narrow = channels // 2
        self.theta = nn.Linear(channels, narrow)
        self.phi = nn.Linear(channels, narrow)
        self.g = nn.Linear(channels, narrow)
        self.back = nn.Linear(narrow, channels)
        self.norm = MaskedBatchNorm(channels, starts_at_zero=True)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, T, C) to (B, T, C)."""
        count = mask.sum(dim=1)[:, None, None].clamp_min(1)
        values = self.g(x).masked_fill(~mask[..., None], 0.0)
        affinity = self.theta(x) @ self.phi(x).transpose(1, 2) / count
        return cast(Tensor, x + self.norm(self.back(affinity @ values), mask))


class Mtn(nn.Module):
    """Three dilated convolutions and a non-local branch, fused and added to the input.

    Args:
        dim: D, a multiple of 8.

    Raises:
        ConfigError: D is not a multiple of 8.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        require(dim % 8 == 0, f"MTN needs features of a multiple of 8 dimensions, not {dim}")
        quarter = dim // 4
        self.branches = nn.ModuleList(
            _Convolution((dim, quarter), 3, dilation=step) for step in DILATIONS
        )
        self.narrow = nn.Linear(dim, quarter)
        self.non_local = NonLocal(quarter)
        self.fuse = _Convolution((dim, dim), 3, bias=False)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Hidden states of whole bags.

        Args:
            x: (B, T, D) features, any norm.
            mask: (B, T) bool.

        Returns:
            (B, T, D), 0 in the padding.
        """
        return self.mix(scaled_unit(x).masked_fill(~mask[..., None], 0.0), mask)

    def mix(self, x: Tensor, mask: Tensor) -> Tensor:
        """The network on ``x`` as it is: CLIP-TSA's weights are lengths of snippets.

        Args:
            x: (B, T, D), 0 in the padding.
            mask: (B, T) bool.

        Returns:
            (B, T, D), 0 in the padding.
        """
        scales = [branch(x, mask) for branch in self.branches]
        narrow = F.relu(self.narrow(x)).masked_fill(~mask[..., None], 0.0)
        joined = torch.cat([*scales, self.non_local(narrow, mask)], dim=-1)
        return cast(Tensor, x + self.fuse(joined, mask))
