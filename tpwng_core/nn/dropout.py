"""Dropout whose coins are cheap on a processor.

Torch draws one coin a value, one after the other: that was 8 % of a training step's processor
time. Here four 16-bit coins are cut out of each random word. Used by ``nn.tcsal``.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

_SIDES = 2**16  # of a coin; the share dropped is p to within half of 1 / 65,536


class Dropout(nn.Module):
    """Zeroes each value with chance p in training and scales the others by 1 / (1 - p).

    The coins follow torch's random state, so a resumed run drops what the uninterrupted one
    would have dropped. Elsewhere than on a CPU it is torch's own dropout.

    Args:
        p: chance in [0, 1).
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        """Same shape as ``x``; ``x`` itself in evaluation mode."""
        if not self.training or self.p == 0:
            return x
        if x.device.type != "cpu":
            return F.dropout(x, self.p)
        return (x * (1 / (1 - self.p))).masked_fill_(_drops(x.shape, self.p), 0.0)


def _drops(shape: torch.Size, p: float) -> Tensor:
    """Bool of that shape, True with chance p."""
    seed = int(torch.randint(2**62, ()))
    words = np.random.SFC64(seed).random_raw(-(-shape.numel() // 4))
    coins = torch.from_numpy(words.view(np.int16))[: shape.numel()]
    return (coins < round(p * _SIDES) - _SIDES // 2).view(shape)
