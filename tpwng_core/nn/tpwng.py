"""The whole method as one network: two halves that meet only in the pseudo-labels.

In comes a step's bags, out goes a :class:`TpwngOutput`: texts and similarities of the text half,
logits of the temporal half. It knows no losses, no labels and no category names. Built by
``run.train`` and from a checkpoint by ``run.score`` and ``run.label``.
"""

# B bags, T snippets, D features, K categories (normal is last)

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.errors import CheckpointError
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.masked import full_precision, paired_similarity, similarity, unit
from tpwng_core.nn.normality import NormalityPrompt
from tpwng_core.nn.prompts import PromptLearner
from tpwng_core.similarity import flat_below

_FROZEN = "prompts.tower."  # comes from the CLIP, not from a checkpoint


class TpwngOutput(NamedTuple):
    """What the losses and pseudo-labels of one step are made of.

    Attributes:
        text: (K, D) text features, un-normalised, normal last.
        enhanced: (B, D) the text "normal" as enhanced for each abnormal bag (T^).
        abnormal_similarity: (B, T, K) of the abnormal bags with the plain texts.
        normal_similarity: (B, T', K) of the normal bags with the plain texts.
        guide: (B, T) San of the abnormal bags, as the pseudo-labels read it (Eq. 5).
        opposed: (B, T) San of the abnormal bags, as the inconsistency loss reads it (Eq. 12).
        abnormal_logits: (B, T) before the sigmoid.
        normal_logits: (B, T').
        flat_below: range at or below which a similarity curve is flat.
    """

    text: Tensor
    enhanced: Tensor
    abnormal_similarity: Tensor
    normal_similarity: Tensor
    guide: Tensor
    opposed: Tensor
    abnormal_logits: Tensor
    normal_logits: Tensor
    flat_below: float


class Match(NamedTuple):
    """The text half of :class:`TpwngOutput`, the same fields."""

    text: Tensor
    enhanced: Tensor
    abnormal_similarity: Tensor
    normal_similarity: Tensor
    guide: Tensor
    opposed: Tensor


class Tpwng(nn.Module):
    """Prompts and normality prompt (text half), temporal module and head (temporal half).

    Args:
        prompts: text features of the categories.
        normality: enhances the normal one.
        temporal: any module of ``nn.temporal``: features and mask to hidden states.
        head: hidden states (B, T, D) to logits (B, T).
        sim_scale: what cosines are multiplied by (``Clip.sim_scale``).

    Raises:
        ConfigError: ``sim_scale`` is not above 0.
    """

    def __init__(
        self,
        prompts: PromptLearner,
        normality: NormalityPrompt,
        temporal: nn.Module,
        head: nn.Module,
        sim_scale: float,
    ) -> None:
        super().__init__()
        require(sim_scale > 0, f"the similarity scale must be above 0, not {sim_scale}")
        self.prompts = prompts
        self.normality = normality
        self.temporal = temporal
        self.head = head
        self.sim_scale = sim_scale

    def forward(self, bags: Bags) -> TpwngOutput:
        """Both halves for the bags of one step."""
        abnormal_logits, normal_logits = self._both_logits(bags)
        return TpwngOutput(
            *self.match(bags), abnormal_logits, normal_logits, flat_below(self.sim_scale)
        )

    def match(self, bags: Bags) -> Match:
        """The text half: Eq. 1-4 and every similarity of the step, in float32."""
        with full_precision(bags.abnormal.device):
            text = self.prompts()
            abnormal, normal = unit(bags.abnormal), unit(bags.normal)
            enhanced = self.normality(normal, bags.normal_mask, text[-1])
            with_texts = similarity(abnormal, text, self.sim_scale)
            plain = with_texts[..., -1]
            with_enhanced = paired_similarity(abnormal, enhanced, self.sim_scale)
            nvp_in = self.normality.config.nvp_in
            return Match(
                text=text,
                enhanced=enhanced,
                abnormal_similarity=with_texts,
                normal_similarity=similarity(normal, text, self.sim_scale),
                guide=with_enhanced if nvp_in in ("plg", "both") else plain,
                opposed=with_enhanced if nvp_in in ("dil", "both") else plain,
            )

    def logits(self, x: Tensor, mask: Tensor) -> Tensor:
        """The temporal half.

        Args:
            x: (B, T, D) features, any norm.
            mask: (B, T) bool.

        Returns:
            (B, T) before the sigmoid; means nothing in the padding.
        """
        return cast(Tensor, self.head(self.temporal(x, mask)))

    def score(self, x: Tensor, mask: Tensor) -> Tensor:
        """eta: how anomalous each snippet is, in [0, 1], 0 in the padding; (B, T) float32.

        Of bags up to 256 snippets; ``nn.long`` scores videos of any length.
        """
        return torch.sigmoid(self.logits(x, mask).float()).masked_fill(~mask, 0.0)

    def text_parameters(self) -> list[nn.Parameter]:
        """What the ranking, inconsistency and prior losses train."""
        halves = [*self.prompts.parameters(), *self.normality.parameters()]
        return [item for item in halves if item.requires_grad]

    def temporal_parameters(self) -> list[nn.Parameter]:
        """What the classification loss trains."""
        return [*self.temporal.parameters(), *self.head.parameters()]

    def trained_state(self) -> dict[str, Tensor]:
        """Everything a checkpoint keeps: parameters and buffers, without the frozen CLIP."""
        state = self.state_dict()
        return {name: value for name, value in state.items() if not name.startswith(_FROZEN)}

    def load_trained_state(self, tensors: Mapping[str, Tensor]) -> None:
        """Take over what :meth:`trained_state` gave.

        Raises:
            CheckpointError: a tensor is missing, unknown, or of another shape.
        """
        wanted = self.trained_state()
        for name in sorted(wanted.keys() | tensors.keys()):
            if name not in tensors or name not in wanted:
                where = "lacks" if name in wanted else "has unknown"
                raise CheckpointError(f"the checkpoint {where} tensor {name}", _OTHER_SETTINGS)
            if wanted[name].shape != tensors[name].shape:
                raise CheckpointError(
                    f"tensor {name} of the checkpoint is {tuple(tensors[name].shape)}, "
                    f"the model's is {tuple(wanted[name].shape)}",
                    _OTHER_SETTINGS,
                )
        self.load_state_dict(dict(tensors), strict=False)

    def _both_logits(self, bags: Bags) -> tuple[Tensor, Tensor]:
        """Abnormal and normal bags through the temporal half as one batch."""
        lengths = bags.abnormal.shape[1], bags.normal.shape[1]
        longest = max(lengths)
        x = torch.cat([_lengthen(bags.abnormal, longest), _lengthen(bags.normal, longest)])
        masks = bags.abnormal_mask, bags.normal_mask
        mask = torch.cat([F.pad(item, (0, longest - item.shape[1])) for item in masks])
        logits, num_abnormal = self.logits(x, mask), len(bags.abnormal)
        return logits[:num_abnormal, : lengths[0]], logits[num_abnormal:, : lengths[1]]


_OTHER_SETTINGS = "it was trained with other settings, categories or another CLIP"


def _lengthen(x: Tensor, length: int) -> Tensor:
    return F.pad(x, (0, 0, 0, length - x.shape[1]))
