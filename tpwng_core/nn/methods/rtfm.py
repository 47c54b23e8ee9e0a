"""Robust temporal feature magnitude: long features are abnormal, and the top k speak for a bag.

Tian, Pang, Chen, Singh, Verjans and Carneiro, "Weakly-supervised Video Anomaly Detection with
Robust Temporal Feature Magnitude Learning", ICCV 2021. Built by ``nn.methods``; CLIP-TSA
stands on it.
"""

# B bags, T snippets, D features

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.methods.method import Method, Problem, scaled
from tpwng_core.nn.methods.pooling import (
    chosen_mean,
    cross_entropy,
    join,
    smoothness,
    sparsity,
    top_mask,
)
from tpwng_core.nn.temporal.mtn import Mtn

HEAD_WIDTHS = (512, 128)


@dataclass(frozen=True, kw_only=True)
class RtfmConfig:
    """Settings of RTFM; the values are the authors' for UCF-Crime.

    Attributes:
        dropout: share of features, hidden units and selectable snippets dropped in training.
        margin: length wanted of an abnormal bag's mean selected feature.
        magnitude_weight: weight of the magnitude loss.
        smooth_weight: weight of the squared differences of neighbouring abnormal scores.
        sparse_weight: weight of the sum of abnormal scores.
    """

    dropout: float = 0.7
    margin: float = 100.0
    magnitude_weight: float = 1e-4
    smooth_weight: float = 8e-4
    sparse_weight: float = 8e-3

    def __post_init__(self) -> None:
        require(0 <= self.dropout < 1, "rtfm.dropout must be in [0, 1)")
        require(self.margin > 0, "rtfm.margin must be positive")


class Rtfm(Method):
    """Multi-scale temporal network, feature magnitudes, and a classifier on the top k of a bag.

    Kept whole. Simplified: bags are as long as their videos (k = max(1, T // 10)), and
    smoothness and sparsity are the paper's sums within a bag, not the published code's norm and
    differences across a batch.
    """

    title = "RTFM (Tian et al., ICCV 2021)"
    config_type = RtfmConfig

    def __init__(self, problem: Problem, config: RtfmConfig) -> None:
        super().__init__()
        self.config = config
        dim, (wide, narrow) = problem.dim, HEAD_WIDTHS
        self.temporal = Mtn(dim)
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Sequential(
            nn.Linear(dim, wide),
            nn.ReLU(),
            nn.Dropout(config.dropout),
            nn.Linear(wide, narrow),
            nn.ReLU(),
            nn.Dropout(config.dropout),
            nn.Linear(narrow, 1),
        )

    def losses(self, bags: Bags) -> dict[str, Tensor]:
        """``bag``, ``magnitude`` of the selected snippets; ``smooth``, ``sparse`` (abnormal)."""
        features, mask, abnormal = join(bags)
        hidden = self.encode(features, mask)
        score = torch.sigmoid(self.head(hidden).squeeze(-1))
        chosen = self.select(hidden, mask)
        length = torch.linalg.vector_norm(chosen_mean(hidden, chosen), dim=-1)
        config = self.config
        return {
            "bag": cross_entropy(chosen_mean(score, chosen), abnormal).mean(),
            "magnitude": config.magnitude_weight
            * magnitude_loss(length[abnormal], length[~abnormal], config.margin),
            "smooth": config.smooth_weight * smoothness(score[abnormal], mask[abnormal]),
            "sparse": config.sparse_weight * sparsity(score[abnormal], mask[abnormal]),
        }

    def score(self, features: Tensor, mask: Tensor) -> Tensor:
        """See ``Method.score``."""
        logit = self.head(self.encode(features, mask)).squeeze(-1)
        return torch.sigmoid(logit).masked_fill(~mask, 0.0)

    def encode(self, features: Tensor, mask: Tensor) -> Tensor:
        """(B, T, D) hidden features, whose lengths are the magnitudes."""
        hidden: Tensor = self.dropout(self.temporal(scaled(features, mask), mask))
        return hidden

    def select(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """(B, T) bool: the max(1, T // 10) longest features, some barred by dropout."""
        magnitude = torch.linalg.vector_norm(hidden.detach(), dim=-1)
        magnitude = magnitude * self.dropout(torch.ones_like(magnitude))
        return top_mask(magnitude, mask, (mask.sum(dim=1) // 10).clamp_min(1))


def magnitude_loss(abnormal: Tensor, normal: Tensor, margin: float) -> Tensor:
    """Scalar ``(|margin - a_i| + n_i)^2``, mean over pairs i.

    Args:
        abnormal: (B,) length of the mean selected feature of each abnormal bag.
        normal: (B,) the same of the normal bag it is paired with.
        margin: the length wanted of the abnormal ones.
    """
    return ((margin - abnormal).abs() + normal).square().mean()
