"""From snippets to bags: which snippets speak for a bag, and the two priors on a score curve.

Every function takes padded bags with their masks; what stands in the padding changes nothing.
Read by the methods of this folder.
"""

# B bags, T snippets, D features

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from tpwng_core.nn.bags import Bags
from tpwng_core.nn.masked import full_precision

# Sultani et al. and RTFM chose the weights of these priors for bags of 32 snippets.
REFERENCE_LENGTH = 32


class Joined(NamedTuple):
    """Both halves of a step in one batch, the B abnormal bags first.

    Attributes:
        features: (2B, T, D) zero where padded.
        mask: (2B, T) bool.
        abnormal: (2B,) bool.
    """

    features: Tensor
    mask: Tensor
    abnormal: Tensor


def join(bags: Bags) -> Joined:
    """The abnormal and the normal bags, padded to one length, abnormal first."""
    length = max(bags.abnormal.shape[1], bags.normal.shape[1])
    halves = (bags.abnormal, bags.normal)
    features = torch.cat([F.pad(x, (0, 0, 0, length - x.shape[1])) for x in halves])
    masks = (bags.abnormal_mask, bags.normal_mask)
    mask = torch.cat([F.pad(m, (0, length - m.shape[1])) for m in masks])
    abnormal = torch.arange(len(mask), device=mask.device) < len(bags.abnormal)
    return Joined(features, mask, abnormal)


def top_mask(values: Tensor, mask: Tensor, count: Tensor) -> Tensor:
    """Which snippets hold the highest values of each bag; the earlier one where values tie.

    Args:
        values: (B, T) or (B, T, K); each of the K columns is ranked alone.
        mask: (B, T) bool.
        count: (B,) how many to take, at least 1.

    Returns:
        bool like ``values``; never True in the padding.
    """
    mask, count = _spread(mask, values), _spread(count[:, None], values)
    ranked = values.detach().masked_fill(~mask, -torch.inf)
    order = ranked.argsort(dim=1, descending=True, stable=True)
    return (order.argsort(dim=1) < count) & mask


def chosen_mean(values: Tensor, chosen: Tensor) -> Tensor:
    """(B, ...) mean of ``values`` (B, T, ...) over the chosen snippets (B, T) or (B, T, ...)."""
    chosen = _spread(chosen, values)
    total = values.masked_fill(~chosen, 0.0).sum(dim=1)
    return total / chosen.sum(dim=1).clamp_min(1)


def top_mean(values: Tensor, mask: Tensor, count: Tensor) -> Tensor:
    """(B,) or (B, K) mean of the ``count`` highest values of each bag."""
    return chosen_mean(values, top_mask(values, mask, count))


def sixteenth(mask: Tensor) -> Tensor:
    """(B,) how many snippets speak for a bag of T: T // 16 + 1 (UR-DMU, VadCLIP)."""
    return mask.sum(dim=1) // 16 + 1


def cross_entropy(probability: Tensor, target: Tensor) -> Tensor:
    """Binary cross-entropy of each probability against a 0/1 target of the same shape.

    In float32 whatever the arithmetic around it: torch refuses it under autocast on a GPU.
    """
    with full_precision(probability.device):
        return F.binary_cross_entropy(probability.float(), target.float(), reduction="none")


def smoothness(score: Tensor, mask: Tensor) -> Tensor:
    """Scalar ``sum (s_t - s_{t+1})^2`` per bag (Sultani et al., Eq. 7), mean over bags.

    The sum is taken as 32 times the mean, so that its weight means the same at any length.
    """
    both = mask[:, 1:] & mask[:, :-1]
    step = score[:, 1:] - score[:, :-1]
    return REFERENCE_LENGTH * chosen_mean(step.square(), both).mean()


def sparsity(score: Tensor, mask: Tensor) -> Tensor:
    """Scalar ``sum s_t`` per bag (Sultani et al., Eq. 7), mean over bags; 32 times the mean."""
    return REFERENCE_LENGTH * chosen_mean(score, mask).mean()


def _spread(per_snippet: Tensor, values: Tensor) -> Tensor:
    """``per_snippet`` (B, T) with as many trailing dimensions as ``values`` has."""
    missing = values.dim() - per_snippet.dim()
    return per_snippet.reshape(per_snippet.shape + (1,) * missing)
