"""Eq. 5-6 on padded batches: what the classifier is to learn at this step.

In come the similarities of a batch of abnormal bags and what people said; out go targets and
weights per snippet, without gradient. The same rules as ``tpwng_core.pseudolabels``, which works
on one video without padding. Called by ``run.train`` between the model and ``nn.losses``.
"""

# B bags, T snippets, K categories (normal is last)

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from tpwng_core.labels import UNSET
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.masked import masked_max, minmax
from tpwng_core.nn.tpwng import TpwngOutput
from tpwng_core.pseudolabels import UNIT_FLAT_BELOW, Fusion, PseudoLabelConfig


class Targets(NamedTuple):
    """What the abnormal bags of a step are labelled with.

    Normal bags are 0 but for what people said (``Bags.normal_target``).

    Attributes:
        label: (B, T) float32, 1 abnormal, 0 normal; means nothing where ``weight`` is 0.
        weight: (B, T) float32, 1 where the snippet trains the classifier, else 0.
        psi: (B, T) abnormality curve in [0, 1]; 0 in the padding.
        left_out: (B,) bool, bags whose flat curves say nothing.
    """

    label: Tensor
    weight: Tensor
    psi: Tensor
    left_out: Tensor


@torch.no_grad()
def pseudo_targets(output: TpwngOutput, bags: Bags, config: PseudoLabelConfig) -> Targets:
    """Pseudo-labels of the abnormal bags (Eq. 5-6), overruled by what people said.

    A bag of one snippet is abnormal. A bag whose fused or psi curve is flat is left out, never
    all abnormal. ``bags.target`` 0 and 1 hold whatever the curves say; -1 leaves a snippet out.

    Departs from the paper: psi is turned so that high is abnormal (spec A1), flat bags are left
    out (spec A21), and people may overrule.

    Args:
        output: of the model for these bags.
        bags: masks, labels and human targets are read.
        config: alpha, theta and the fusion of several labels.
    """
    mask = bags.abnormal_mask
    abnormal = fused_curve(output, bags, config.several_labels)
    guide = minmax(output.guide, mask, output.flat_below)
    turned = config.alpha * (1 - guide) + (1 - config.alpha) * abnormal
    psi = minmax(turned, mask, UNIT_FLAT_BELOW)
    single = mask.sum(dim=1) == 1
    psi = torch.where(single[:, None] & mask, torch.ones_like(psi), psi)
    left_out = (_is_flat(abnormal, mask) | _is_flat(psi, mask)) & ~single
    return _overrule(psi, config.theta, left_out, bags)


def fused_curve(output: TpwngOutput, bags: Bags, several_labels: Fusion = "max") -> Tensor:
    """Saa~: one normalised curve for each bag's own label or labels.

    Departs from the paper: it knows one label a video; of several, the maximum of the
    normalised curves is taken, or on request the mean of the raw ones (spec A16).

    Args:
        output: of the model for these bags.
        bags: ``labels`` and ``abnormal_mask`` are read.
        several_labels: "max" or "raw-mean".

    Returns:
        (B, T) in [0, 1], 0 in the padding; gradients flow to the texts.
    """
    own = output.abnormal_similarity[..., :-1]
    labels = bags.labels[:, None, :]
    if several_labels == "raw-mean":
        mean = own.masked_fill(~labels, 0.0).sum(dim=-1) / labels.sum(dim=-1)
        return minmax(mean, bags.abnormal_mask, output.flat_below)
    curves = minmax(own, bags.abnormal_mask, output.flat_below)
    return curves.masked_fill(~labels, -1.0).amax(dim=-1)


def target_statistics(output: TpwngOutput, bags: Bags, targets: Targets) -> dict[str, float]:
    """Numbers that tell whether the pseudo-labels are healthy, for the line of an epoch.

    Returns:
        ``positive_share`` of the weighted snippets of abnormal bags, ``left_out`` bags, and
        ``nvp_cosine`` between enhanced and plain "normal" (spec A15: it should stay near 1).
    """
    used = targets.weight > 0
    plain = output.text[-1:].detach()
    cosine = torch.cosine_similarity(output.enhanced.detach(), plain, dim=-1)
    share = targets.label[used].mean() if used.any() else torch.zeros(())
    return {
        "positive_share": float(share),
        "left_out": float(targets.left_out.sum()),
        "nvp_cosine": float(cosine.mean()),
    }


def _overrule(psi: Tensor, theta: float, left_out: Tensor, bags: Bags) -> Targets:
    """Threshold psi, then let human targets hold where there are any."""
    said = bags.target >= 0
    label = torch.where(said, bags.target, psi >= theta).float()
    unset = bags.target == UNSET
    trains = bags.abnormal_mask & (said | (unset & ~left_out[:, None]))
    return Targets(label, trains.float(), psi, left_out)


def _is_flat(curve: Tensor, mask: Tensor) -> Tensor:
    """(B,) whether a curve of scale 1 spans too little over its real snippets."""
    return masked_max(curve, mask) + masked_max(-curve, mask) <= UNIT_FLAT_BELOW
