"""The fully supervised bound: not a weakly supervised method, but what one could reach.

TPWNG's own temporal module and classifier, trained on the true label of every snippet. Its
distance to TPWNG is what wrong pseudo-labels cost. Built by ``nn.methods``.
"""

# B bags, T snippets, D features

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from tpwng_core.config import require
from tpwng_core.labels import UNKNOWN, UNSET
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.methods.method import Method, Problem, scaled
from tpwng_core.nn.methods.pooling import cross_entropy, join
from tpwng_core.nn.temporal import TemporalConfig, build_head, build_temporal


class Supervised(Method):
    """A bound on weakly supervised methods: it reads the labels that they may not see."""

    title = "supervised bound (true snippet labels)"
    supervision = "full"
    config_type = TemporalConfig

    def __init__(self, problem: Problem, config: TemporalConfig) -> None:
        super().__init__()
        self.temporal = build_temporal(config.module, problem.dim, config)
        self.head = build_head(config.head, problem.dim)

    def losses(self, bags: Bags) -> dict[str, Tensor]:
        """``snippet``: cross-entropy over the snippets of known label of both halves.

        Raises:
            ConfigError: a snippet of an abnormal bag has no label (-2); -1 is left out.
        """
        require(
            not bool((bags.abnormal_mask & (bags.target == UNSET)).any()),
            "the supervised bound needs a label for every snippet of every abnormal video: "
            "give ground truth for the training videos",
        )
        features, mask, _ = join(bags)
        target = F.pad(bags.target, (0, mask.shape[1] - bags.target.shape[1]), value=UNKNOWN)
        target = torch.cat([target, torch.zeros_like(target)])
        known = mask & (target >= 0)
        entropy = cross_entropy(self.score(features, mask), target == 1)
        return {"snippet": entropy[known].mean()}

    def score(self, features: Tensor, mask: Tensor) -> Tensor:
        """See ``Method.score``."""
        logit = self.head(self.temporal(scaled(features, mask), mask))
        return torch.sigmoid(logit).masked_fill(~mask, 0.0)
