"""Deep multiple-instance ranking: the method that began the field, and its usual baseline.

Sultani, Chen and Shah, "Real-world Anomaly Detection in Surveillance Videos", CVPR 2018.
Built by ``nn.methods``.
"""

# B bags, T snippets, D features

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.methods.method import Method, Problem, scaled
from tpwng_core.nn.methods.pooling import smoothness, sparsity

HEAD_WIDTHS = (512, 32)


@dataclass(frozen=True, kw_only=True)
class SultaniConfig:
    """Settings of the ranking method; all values are the paper's.

    Attributes:
        dropout: share of hidden units dropped in training.
        margin: by how much an abnormal bag's maximum should exceed a normal bag's.
        smooth_weight: weight of the squared differences of neighbouring scores.
        sparse_weight: weight of the sum of scores.
    """

    dropout: float = 0.6
    margin: float = 1.0
    smooth_weight: float = 8e-5
    sparse_weight: float = 8e-5

    def __post_init__(self) -> None:
        require(0 <= self.dropout < 1, "sultani.dropout must be in [0, 1)")
        require(self.margin > 0, "sultani.margin must be positive")


class Sultani(Method):
    """Each snippet scored alone by the paper's three linear layers, D - 512 - 32 - 1.

    Simplified: bags are as long as their videos, not resampled to 32 segments.
    """

    title = "MIL ranking (Sultani et al., CVPR 2018)"
    config_type = SultaniConfig

    def __init__(self, problem: Problem, config: SultaniConfig) -> None:
        super().__init__()
        self.config = config
        wide, narrow = HEAD_WIDTHS
        self.head = nn.Sequential(
            nn.Linear(problem.dim, wide),
            nn.ReLU(),
            nn.Dropout(config.dropout),
            nn.Linear(wide, narrow),
            nn.Dropout(config.dropout),
            nn.Linear(narrow, 1),
        )

    def losses(self, bags: Bags) -> dict[str, Tensor]:
        """``rank`` over every pair of bags; ``smooth`` and ``sparse`` on the abnormal ones."""
        abnormal = self.score(bags.abnormal, bags.abnormal_mask)
        normal = self.score(bags.normal, bags.normal_mask)
        return {
            "rank": ranking(abnormal.amax(dim=1), normal.amax(dim=1), self.config.margin),
            "smooth": self.config.smooth_weight * smoothness(abnormal, bags.abnormal_mask),
            "sparse": self.config.sparse_weight * sparsity(abnormal, bags.abnormal_mask),
        }

    def score(self, features: Tensor, mask: Tensor) -> Tensor:
        """See ``Method.score``."""
        logit = self.head(scaled(features, mask)).squeeze(-1)
        return torch.sigmoid(logit).masked_fill(~mask, 0.0)


def ranking(abnormal: Tensor, normal: Tensor, margin: float) -> Tensor:
    """Scalar hinge ``relu(margin - max_a + max_n)`` over all pairs of bags (Eq. 6).

    Args:
        abnormal: (B,) highest score of each abnormal bag.
        normal: (B',) highest score of each normal bag.
        margin: wanted difference.
    """
    return torch.relu(margin - abnormal[:, None] + normal[None, :]).mean()
