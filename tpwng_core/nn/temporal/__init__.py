"""The temporal modules of Table 4 behind one call: features and mask in, hidden states out.

TCSAL, and what it is compared with. A name builds its own module or is an error; none stands in
for another. Called by ``run.train``, by checkpoints, and by the methods of the comparison.
"""

# D features

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn

from tpwng_core.config import did_you_mean, require
from tpwng_core.errors import ConfigError
from tpwng_core.nn.tcsal import Tcsal, TcsalConfig, scaled_unit
from tpwng_core.nn.temporal.gl_mhsa import GlMhsa
from tpwng_core.nn.temporal.head import HEADS, Head
from tpwng_core.nn.temporal.mtn import Mtn

__all__ = ["MODULES", "Head", "TemporalConfig", "build_head", "build_temporal"]


class NoContext(nn.Module):
    """Every snippet alone: what a temporal module has to beat."""

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, T, D) features to (B, T, D) of length sqrt(D)."""
        return scaled_unit(x)


_BUILDERS: dict[str, Callable[[int, TcsalConfig], nn.Module]] = {
    "tcsal": Tcsal,
    "transformer": lambda dim, config: Tcsal(dim, config, adaptive=False),
    "mtn": lambda dim, config: Mtn(dim),
    "gl-mhsa": lambda dim, config: GlMhsa(dim),
    "none": lambda dim, config: NoContext(),
}
MODULES = tuple(_BUILDERS)
_CAN_BE_CAUSAL = ("tcsal", "transformer", "none")


@dataclass(frozen=True, kw_only=True)
class TemporalConfig(TcsalConfig):
    """Settings of the temporal half.

    Attributes:
        module: a name of ``MODULES``. MTN and GL-MHSA have the depth and heads of their authors
            and read none of the other settings.
        head: "layernorm-linear" or "mlp".
    """

    module: str = "tcsal"
    head: str = "layernorm-linear"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.head not in HEADS:
            raise ConfigError(f"there is no head {self.head!r}", did_you_mean(self.head, HEADS))
        _check(self.module, self.causal)


def build_temporal(name: str, dim: int, config: TcsalConfig | None = None) -> nn.Module:
    """The temporal module of that name, untrained: ``module(x, mask) -> hidden``, (B, T, D) both.

    Args:
        name: one of ``MODULES``.
        dim: D.
        config: depth, heads and spans of "tcsal" and "transformer"; None takes the defaults.

    Raises:
        ConfigError: there is no such module, it cannot be causal, or it cannot have this D.
    """
    settings = config or TcsalConfig()
    _check(name, settings.causal)
    return _BUILDERS[name](dim, settings)


def build_head(name: str, dim: int) -> Head:
    """The classifier of that name, untrained: hidden states (B, T, D) to logits (B, T).

    Raises:
        ConfigError: there is no such head.
    """
    return Head(dim, name)


def _check(name: str, causal: bool) -> None:
    if name not in _BUILDERS:
        raise ConfigError(f"there is no temporal module {name!r}", did_you_mean(name, MODULES))
    require(
        not causal or name in _CAN_BE_CAUSAL,
        f"temporal module {name!r} looks ahead and cannot be causal",
    )
