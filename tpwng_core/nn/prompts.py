"""Eq. 1-2: learned context vectors before each category's words, through the frozen text tower.

In come category texts, out go text features T (K, D), differentiable in the context vectors and
in the projection. Called by ``nn.tpwng`` at every training step.

Shapes: K categories (normal is last), L prompt length in tokens, W width of the tower, D features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.nn.masked import full_precision
from tpwng_core.nn.text_tower import TextTower

CONTEXT_STD = 0.02


@dataclass(frozen=True, kw_only=True)
class PromptConfig:
    """Settings of the learnable prompt.

    Attributes:
        num_context: l, the number of context vectors shared by all categories.
    """

    num_context: int = 8

    def __post_init__(self) -> None:
        require(self.num_context >= 1, f"num_context must be at least 1, not {self.num_context}")


class _Template(NamedTuple):
    """Embedded prompts whose context rows are still to be filled in.

    Attributes:
        start: (K, 1, W) [SOS].
        words: (K, L - 1 - l, W) the words, [EOS], and padding no one looks at.
        eos_index: (K,) position of [EOS] in the whole prompt.
    """

    start: Tensor
    words: Tensor
    eos_index: Tensor


class PromptLearner(nn.Module):
    """``[SOS] [ctx_1 .. ctx_l] [words] [EOS]`` of every category, encoded.

    Trains the context vectors, N(0, 0.02^2) at first and shared by all categories, and a copy of
    the tower's projection. Everything else of the tower is frozen.

    Args:
        tower: the frozen text tower; shared, never changed.
        texts: the words of each category, normal last.
        config: number of context vectors.
        generator: draws the context vectors; None takes torch's own.

    Raises:
        ConfigError: a text is empty or does not fit with its context; nothing is cut off.
    """

    start: Tensor
    words: Tensor
    eos_index: Tensor

    def __init__(
        self,
        tower: TextTower,
        texts: Sequence[str],
        config: PromptConfig,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        require(len(texts) >= 2, "there must be an abnormal category and the normal one")
        positions, projection = tower.positional_embedding, tower.text_projection
        context = torch.empty(config.num_context, positions.shape[1])
        context.normal_(0.0, CONTEXT_STD, generator=generator)
        self.tower = tower
        self.context = nn.Parameter(context.to(positions.device))
        self.text_projection = nn.Parameter(projection.detach().clone())
        for name, value in self._template(texts)._asdict().items():
            self.register_buffer(name, value, persistent=False)

    def forward(self) -> Tensor:
        """Text features of all categories (Eq. 2).

        Returns:
            (K, D) float32, un-normalised, normal last.
        """
        return self._encode(_Template(self.start, self.words, self.eos_index))

    def encode_new(self, texts: Sequence[str]) -> Tensor:
        """Text features of words never trained on, under the learned context (spec B.7).

        Args:
            texts: any number of them.

        Returns:
            (N, D) float32, un-normalised.

        Raises:
            ConfigError: a text is empty or too long.
        """
        return self._encode(self._template(texts))

    def _encode(self, template: _Template) -> Tensor:
        context = self.context.expand(len(template.start), -1, -1)
        prompts = torch.cat([template.start, context, template.words], dim=1)
        with full_precision(prompts.device):
            return self.tower.encode(prompts, template.eos_index) @ self.text_projection

    def _template(self, texts: Sequence[str]) -> _Template:
        """Embed the parts of the prompts that are not learned."""
        tower, num_context = self.tower, len(self.context)
        rows = [[*tower.tokenize(text, num_context), tower.eos] for text in texts]
        longest = max(len(row) for row in rows)
        device = tower.positional_embedding.device
        padded = torch.tensor([row + [tower.eos] * (longest - len(row)) for row in rows])
        start = torch.full((len(rows), 1), tower.sos, device=device)
        eos_index = torch.tensor([num_context + len(row) for row in rows], device=device)
        with torch.no_grad():
            return _Template(
                tower.token_embedding(start), tower.token_embedding(padded.to(device)), eos_index
            )
