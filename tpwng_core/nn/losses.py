"""Eq. 10-14: one function per loss, each for a whole batch of bags with masks.

In come similarities, curves and logits, out come scalars. Called by ``run.train``; the model
knows none of them. Everything but L_cl is a mean over videos; L_cl is a mean over snippets.
"""

# B bags, T snippets, K categories (normal is last)

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from tpwng_core.config import require
from tpwng_core.labels import ABNORMAL, UNKNOWN
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.masked import full_precision, masked_max, masked_mean, minmax
from tpwng_core.nn.targets import Targets, fused_curve
from tpwng_core.nn.tpwng import TpwngOutput
from tpwng_core.pseudolabels import Fusion

SHORTEST_FOR_INCONSISTENCY = 4  # below, its gradient spikes (spec A21)


@dataclass(frozen=True, kw_only=True)
class LossConfig:
    """Weights of Eq. 14, and which rows of Table 5 are on.

    Attributes:
        margin: m of the ranking losses, in similarity.
        lambda_sparse: weight of the mean height of the abnormal curve.
        lambda_smooth: weight of its squared steps.
        human_weight: what a snippet that a person labelled counts in L_cl; others count 1.
        base: L_cl, sparsity and smoothness ("bs").
        rank_normal: Eq. 10.
        rank_abnormal: Eq. 11.
        inconsistency: Eq. 12.
    """

    margin: float = 1.0
    lambda_sparse: float = 0.1
    lambda_smooth: float = 0.01
    human_weight: float = 1.0
    base: bool = True
    rank_normal: bool = True
    rank_abnormal: bool = True
    inconsistency: bool = True

    def __post_init__(self) -> None:
        require(self.margin >= 0, "margin cannot be negative")
        weights = (self.lambda_sparse, self.lambda_smooth, self.human_weight)
        require(min(weights) >= 0, "weights cannot be negative")
        switches = (self.base, self.rank_normal, self.rank_abnormal, self.inconsistency)
        require(any(switches), "all losses are switched off: nothing would be trained")


def rank_normal_loss(similarity: Tensor, mask: Tensor, margin: float) -> Tensor:
    """Eq. 10: a normal video matches "normal" better than any abnormal category.

    Args:
        similarity: (B, T, K) of normal bags with the plain texts.
        mask: (B, T) bool.
        margin: m.

    Returns:
        Scalar, mean over bags.
    """
    highest = masked_max(similarity, mask)
    return F.relu(margin - highest[:, -1] + highest[:, :-1].amax(dim=1)).mean()


def rank_abnormal_loss(similarity: Tensor, mask: Tensor, labels: Tensor, margin: float) -> Tensor:
    """Eq. 11: "normal" and each own label beat every category that is not a label.

    Departs from the paper: it knows one label a video; the second hinge is the mean over labels
    (spec A16). A bag that has every category as label adds 0.

    Args:
        similarity: (B, T, K) of abnormal bags with the plain texts.
        mask: (B, T) bool.
        labels: (B, K-1) bool, at least one True a row.
        margin: m.

    Returns:
        Scalar, mean over bags.
    """
    highest = masked_max(similarity, mask)
    own, normal = highest[:, :-1], highest[:, -1]
    rival = own.masked_fill(labels, -torch.inf).amax(dim=1)  # -inf: no other category, hinge 0
    of_labels = F.relu(margin - own + rival[:, None]).masked_fill(~labels, 0.0)
    hinges = F.relu(margin - normal + rival) + of_labels.sum(dim=1) / labels.sum(dim=1)
    return hinges.mean()


def inconsistency_loss(abnormal: Tensor, normal: Tensor, mask: Tensor) -> Tensor:
    """Eq. 12: the abnormal and the normal curve of a video should not rise together.

    Departs from the paper: it prints a cosine per snippet, which is 1 whatever the curves; here
    it is the cosine of the two whole curves (spec A4). Bags under 4 snippets add 0 (spec A21).

    Args:
        abnormal: (B, T) normalised, 0 in the padding.
        normal: (B, T) normalised, 0 in the padding.
        mask: (B, T) bool.

    Returns:
        Scalar in [0, 1], mean over bags.
    """
    lengths = torch.linalg.vector_norm(abnormal, dim=1) * torch.linalg.vector_norm(normal, dim=1)
    cosine = (abnormal * normal).sum(dim=1) / (lengths + 1e-6)
    is_long = mask.sum(dim=1) >= SHORTEST_FOR_INCONSISTENCY
    return torch.where(is_long, cosine, 0.0).mean()


def smoothness_loss(curve: Tensor, mask: Tensor) -> Tensor:
    """Mean squared step between neighbouring snippets; 0 for a single one.

    Departs from the paper: it prints this sum under the name L_sp and the sum of heights under
    L_sm; names follow the formulas here, and both are means, not sums (spec A2).

    Args:
        curve: (B, T) normalised.
        mask: (B, T) bool.

    Returns:
        Scalar, mean over bags.
    """
    step = curve[:, 1:] - curve[:, :-1]
    return masked_mean(step.square(), mask[:, 1:] & mask[:, :-1]).mean()


def sparsity_loss(curve: Tensor, mask: Tensor) -> Tensor:
    """Mean height of a curve: few snippets should be abnormal.

    Departs from the paper: see :func:`smoothness_loss`.

    Args:
        curve: (B, T) normalised.
        mask: (B, T) bool.

    Returns:
        Scalar, mean over bags.
    """
    return masked_mean(curve, mask).mean()


def classification_loss(logits: Tensor, label: Tensor, weight: Tensor) -> Tensor:
    """Eq. 13: binary cross-entropy of scores against pseudo-labels.

    Departs from the paper: it prints label and score swapped, with a log of the 0/1 label, which
    is infinite; this is ordinary cross-entropy, target gamma, prediction eta (spec A3).

    Args:
        logits: any shape, eta before the sigmoid.
        label: same shape, gamma.
        weight: same shape, 0 leaves a snippet out.

    Returns:
        Scalar, mean over snippets of weight > 0; 0 where there are none.
    """
    with full_precision(logits.device):
        each = F.binary_cross_entropy_with_logits(logits.float(), label, reduction="none")
        return (each * weight).sum() / weight.sum().clamp_min(1.0)


def weighted_terms(
    output: TpwngOutput,
    bags: Bags,
    targets: Targets,
    config: LossConfig,
    several_labels: Fusion = "max",
) -> dict[str, Tensor]:
    """The terms of Eq. 14 that are switched on, weighted; their sum is L_all.

    Args:
        output: of the model for these bags.
        bags: masks and labels.
        targets: pseudo-labels of the abnormal bags.
        config: weights and switches.
        several_labels: as in ``PseudoLabelConfig``.

    Returns:
        Scalars by name, a subset of rank_n, rank_a, dil, cl, sparse, smooth.
    """
    mask = bags.abnormal_mask
    curve = fused_curve(output, bags, several_labels)
    terms = {}
    if config.rank_normal:
        terms["rank_n"] = rank_normal_loss(
            output.normal_similarity, bags.normal_mask, config.margin
        )
    if config.rank_abnormal:
        terms["rank_a"] = rank_abnormal_loss(
            output.abnormal_similarity, mask, bags.labels, config.margin
        )
    if config.inconsistency:
        normal = minmax(output.opposed, mask, output.flat_below)
        terms["dil"] = inconsistency_loss(curve, normal, mask)
    if config.base:
        terms["cl"] = _classification(output, bags, targets, config.human_weight)
        terms["sparse"] = config.lambda_sparse * sparsity_loss(curve, mask)
        terms["smooth"] = config.lambda_smooth * smoothness_loss(curve, mask)
    return terms


def _classification(
    output: TpwngOutput, bags: Bags, targets: Targets, human_weight: float
) -> Tensor:
    """L_cl over both halves: pseudo-labels in the abnormal one, 0 in the normal one.

    What people said holds in both: of a normal video too, a frame may be corrected or unknown.
    """
    logits = torch.cat([output.abnormal_logits.flatten(), output.normal_logits.flatten()])
    corrected = (bags.normal_target == ABNORMAL).float()
    label = torch.cat([targets.label.flatten(), corrected.flatten()])
    weight = classification_weight(bags, targets, human_weight)
    return classification_loss(logits, label, weight)


def classification_weight(bags: Bags, targets: Targets, human_weight: float = 1.0) -> Tensor:
    """What each snippet counts in L_cl: the abnormal half's, then the normal half's, flat."""
    normal = (bags.normal_mask & (bags.normal_target != UNKNOWN)).float()
    weight = torch.cat([targets.weight.flatten(), normal.flatten()])
    said = torch.cat([bags.target.flatten(), bags.normal_target.flatten()]) >= 0
    return torch.where(said, human_weight * weight, weight)
