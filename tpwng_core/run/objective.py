"""TPWNG as the training loop sees it: model, pseudo-labels and losses of one step.

Built by ``run/train.py`` and ``run/compare.py``; stepped by ``run/loop.py``.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tpwng_core.nn.bags import Bags
from tpwng_core.nn.losses import LossConfig, classification_weight, weighted_terms
from tpwng_core.nn.masked import TINY
from tpwng_core.nn.targets import Targets, pseudo_targets, target_statistics
from tpwng_core.nn.tpwng import Tpwng, TpwngOutput
from tpwng_core.pseudolabels import PseudoLabelConfig
from tpwng_core.run.loop import Half
from tpwng_core.run.ranks import ALONE, Ranks


class TpwngObjective(nn.Module):
    """The objective of Eq. 14 over a model.

    Args:
        model: what is trained.
        loss: weights and switches of Eq. 10-14.
        labels: alpha, theta and the fusion of several labels (Eq. 5-6).
        ranks: the processes that share a step's bags.
    """

    def __init__(
        self,
        model: Tpwng,
        loss: LossConfig,
        labels: PseudoLabelConfig,
        ranks: Ranks = ALONE,
    ) -> None:
        super().__init__()
        self._ranks = ranks
        self.model = model
        self._loss = loss
        self._labels = labels
        self._last: tuple[TpwngOutput, Bags, Targets] | None = None

    def losses(self, bags: Bags) -> dict[str, Tensor]:
        """The weighted terms of Eq. 14 for one step; their sum is L_all."""
        output = self.model(bags)
        targets = pseudo_targets(output, bags, self._labels)
        self._last = output, bags, targets
        terms = weighted_terms(output, bags, targets, self._loss, self._labels.several_labels)
        if "cl" in terms:
            # a mean over snippets, of which no two processes have as many
            weight = classification_weight(bags, targets, self._loss.human_weight).sum()
            terms["cl"] = terms["cl"] * (weight / self._ranks.mean(weight).clamp_min(TINY))
        return terms

    @torch.no_grad()
    def statistics(self) -> dict[str, float]:
        """Health of the last step's pseudo-labels, for the line of an epoch."""
        return {} if self._last is None else target_statistics(*self._last)

    def score(self, features: Tensor, mask: Tensor) -> Tensor:
        """eta of padded bags, see ``Tpwng.score``."""
        return self.model.score(features, mask)

    def halves(self) -> Sequence[Half]:
        """Text and temporal half: they meet only in the pseudo-labels (spec/method.md B.7)."""
        return [
            Half(name="text", parameters=self.model.text_parameters()),
            Half(name="temporal", parameters=self.model.temporal_parameters()),
        ]
