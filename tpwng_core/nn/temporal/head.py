"""Classifiers behind a temporal module: hidden states to one logit per snippet (spec B.5).

Called through ``nn.tpwng``. The normalisation that ends a pre-norm encoder stands here, so that
a head can replace it and every temporal module is followed by the same thing.
"""

# B bags, T snippets, D features

from __future__ import annotations

from typing import cast

from torch import Tensor, nn

from tpwng_core.config import did_you_mean
from tpwng_core.errors import ConfigError

HEADS = ("layernorm-linear", "mlp")


class Head(nn.Module):
    """Normalises hidden states and classifies them.

    Args:
        dim: D.
        name: "layernorm-linear", or "mlp": LayerNorm, Linear to D/4, GELU, Linear.

    Raises:
        ConfigError: there is no head of that name.
    """

    def __init__(self, dim: int, name: str) -> None:
        super().__init__()
        if name == "layernorm-linear":
            layers: list[nn.Module] = [nn.Linear(dim, 1)]
        elif name == "mlp":
            narrow = max(dim // 4, 1)
            layers = [nn.Linear(dim, narrow), nn.GELU(), nn.Linear(narrow, 1)]
        else:
            raise ConfigError(f"there is no head {name!r}", did_you_mean(name, HEADS))
        self.layers = nn.Sequential(nn.LayerNorm(dim), *layers)

    def forward(self, hidden: Tensor) -> Tensor:
        """(B, T, D) to (B, T) logits."""
        return cast(Tensor, self.layers(hidden)).squeeze(-1)
