"""Zero-shot CLIP: how much less normal than something else a snippet looks, with no training.

Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", ICML
2021, read snippet by snippet with the categories' names. Built by ``nn.methods``.
"""

# B bags, T snippets, D features, K categories (normal is last)

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from tpwng_core.config import require
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.masked import similarity, unit
from tpwng_core.nn.methods.method import Method, Problem, text_of


@dataclass(frozen=True, kw_only=True)
class ZeroShotConfig:
    """Settings of the zero-shot reading.

    Attributes:
        contrast: softmax temperature, in similarity scales: with OpenAI's ViT-B/16 (scale 10)
            10 gives cosines the factor 100 that CLIP was trained with.
        template: sentence around a category's text, which stands for ``{}``.
    """

    contrast: float = 10.0
    template: str = "{}"

    def __post_init__(self) -> None:
        require(self.contrast > 0, "zero-shot.contrast must be positive")
        require("{}" in self.template, "zero-shot.template must contain {}")


class ZeroShot(Method):
    """One minus the softmax probability of the normal text; nothing is trained."""

    title = "zero-shot CLIP (Radford et al., ICML 2021)"
    supervision = "none"
    needs_text = True
    config_type = ZeroShotConfig

    text_features: Tensor

    def __init__(self, problem: Problem, config: ZeroShotConfig) -> None:
        super().__init__()
        text = text_of(problem)
        sentences = [config.template.format(words) for words in text.texts]
        self.register_buffer("text_features", text.tower.encode_texts(sentences))
        self.scale = config.contrast * text.similarity_scale

    def losses(self, bags: Bags) -> dict[str, Tensor]:
        """Empty: there is nothing to train."""
        return {}

    def score(self, features: Tensor, mask: Tensor) -> Tensor:
        """See ``Method.score``."""
        clean = unit(features.masked_fill(~mask[..., None], 0.0))
        logits = similarity(clean, self.text_features, self.scale)
        return abnormal_probability(logits).masked_fill(~mask, 0.0)


def abnormal_probability(logits: Tensor) -> Tensor:
    """(...) one minus the softmax probability of the last of K categories.

    Computed as the sigmoid of a difference, which keeps the order of small values that
    ``1 - p`` would round to the same number.

    Args:
        logits: (..., K).
    """
    return torch.sigmoid(logits[..., :-1].logsumexp(dim=-1) - logits[..., -1])
