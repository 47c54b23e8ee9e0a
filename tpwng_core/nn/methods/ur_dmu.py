"""Dual memory units with uncertainty: what is normal and what is abnormal, remembered apart.

Zhou, Yu and Yang, "Dual Memory Units with Uncertainty Regulation for Weakly Supervised Video
Anomaly Detection", AAAI 2023. Built by ``nn.methods``.
"""

# B bags, T snippets, D features, M memory slots

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.methods.method import Method, Problem, scaled
from tpwng_core.nn.methods.pooling import (
    chosen_mean,
    cross_entropy,
    join,
    sixteenth,
    top_mask,
    top_mean,
)
from tpwng_core.nn.temporal import build_temporal

HEAD_WIDTH = 128


@dataclass(frozen=True, kw_only=True)
class UrDmuConfig:
    """Settings of UR-DMU; the values are the authors'.

    Attributes:
        num_slots: M, vectors in each of the two memories.
        margin: by how much an abnormal latent vector should be longer than a normal one.
        memory_weight: weight of each of the four memory terms.
        triplet_weight: weight of the triplet loss on unit features, margin 1.
        divergence_weight: weight of the normal latent's divergence from a standard Gaussian.
        distance_weight: weight of the hinge on the lengths.
    """

    num_slots: int = 60
    margin: float = 100.0
    memory_weight: float = 0.1
    triplet_weight: float = 0.1
    divergence_weight: float = 1e-3
    distance_weight: float = 1e-4

    def __post_init__(self) -> None:
        require(self.num_slots >= 1, "ur-dmu.num_slots must be at least 1")
        require(self.margin > 0, "ur-dmu.margin must be positive")


class Memory(nn.Module):
    """M learned vectors, read by sigmoid attention."""

    def __init__(self, num_slots: int, dim: int) -> None:
        super().__init__()
        bound = 1 / math.sqrt(dim)
        self.slots = nn.Parameter(torch.empty(num_slots, dim).uniform_(-bound, bound))

    def forward(self, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """How well each snippet is remembered (B, T) in (0, 1), and what was read (B, T, D).

        Args:
            hidden: (B, T, D).
        """
        num_slots, dim = self.slots.shape
        attention = torch.sigmoid(hidden @ self.slots.T / math.sqrt(dim))
        match = attention.topk(num_slots // 16 + 1, dim=-1).values.mean(dim=-1)
        return match, attention @ self.slots


class Recall(NamedTuple):
    """What the memories make of a batch.

    Attributes:
        hidden: (B, T, D) after the temporal module.
        abnormal_match: (B, T) in (0, 1), how well the abnormal memory knows each snippet.
        normal_match: (B, T), the same of the normal memory.
        abnormal_latent: (B, T, D) encoded reading of the abnormal memory.
        normal_mean: (B, T, D) mean of the encoded reading of the normal memory.
        normal_log_variance: (B, T, D).
    """

    hidden: Tensor
    abnormal_match: Tensor
    normal_match: Tensor
    abnormal_latent: Tensor
    normal_mean: Tensor
    normal_log_variance: Tensor


class UrDmu(Method):
    """The core of UR-DMU: temporal module, two memories, Gaussian latent of normal bags.

    Kept: global-local attention, both memories, every loss and weight. Simplified: the
    divergence is summed over the latent's D dimensions (the published code sums over time);
    the four memory terms are one.
    """

    title = "UR-DMU, core (Zhou et al., AAAI 2023)"
    config_type = UrDmuConfig

    def __init__(self, problem: Problem, config: UrDmuConfig) -> None:
        super().__init__()
        self.config = config
        dim = problem.dim
        self.temporal = build_temporal("gl-mhsa", dim)
        self.abnormal_memory = Memory(config.num_slots, dim)
        self.normal_memory = Memory(config.num_slots, dim)
        self.mean = nn.Linear(dim, dim)
        self.log_variance = nn.Linear(dim, dim)
        self.head = nn.Sequential(
            nn.Linear(2 * dim, HEAD_WIDTH), nn.ReLU(), nn.Linear(HEAD_WIDTH, 1)
        )

    def losses(self, bags: Bags) -> dict[str, Tensor]:
        """``bag``, ``memory``, ``triplet``, ``divergence`` and ``distance``."""
        features, mask, abnormal = join(bags)
        recall = self.recall(features, mask)
        normal_latent = self.sample(recall, abnormal)
        score = self.classify(recall, normal_latent)
        config = self.config
        bag = top_mean(score, mask, sixteenth(mask))
        divergence = gaussian_divergence(recall.normal_mean, recall.normal_log_variance)
        return {
            "bag": cross_entropy(bag, abnormal).mean(),
            "memory": config.memory_weight * memory_loss(recall, mask, abnormal),
            "triplet": config.triplet_weight * triplet_loss(recall, mask, abnormal),
            "divergence": config.divergence_weight
            * chosen_mean(divergence, mask)[~abnormal].mean(),
            "distance": config.distance_weight
            * distance_loss(recall, normal_latent, (mask, abnormal), config.margin),
        }

    def score(self, features: Tensor, mask: Tensor) -> Tensor:
        """See ``Method.score``; the latent is its mean, nothing is drawn."""
        recall = self.recall(features, mask)
        return self.classify(recall, recall.normal_mean).masked_fill(~mask, 0.0)

    def recall(self, features: Tensor, mask: Tensor) -> Recall:
        """What the memories make of features (B, T, D) with mask (B, T)."""
        hidden = self.temporal(scaled(features, mask), mask)
        abnormal_match, abnormal_read = self.abnormal_memory(hidden)
        normal_match, normal_read = self.normal_memory(hidden)
        return Recall(
            hidden=hidden,
            abnormal_match=abnormal_match,
            normal_match=normal_match,
            abnormal_latent=self.mean(abnormal_read),
            normal_mean=self.mean(normal_read),
            normal_log_variance=self.log_variance(normal_read),
        )

    def sample(self, recall: Recall, abnormal: Tensor) -> Tensor:
        """(B, T, D) reading of the normal memory, drawn in training for normal bags only."""
        if not self.training:
            return recall.normal_mean
        deviation = torch.exp(recall.normal_log_variance / 2)
        drawn = recall.normal_mean + deviation * torch.randn_like(deviation)
        return torch.where(abnormal[:, None, None], recall.normal_mean, drawn)

    def classify(self, recall: Recall, normal_latent: Tensor) -> Tensor:
        """(B, T) score in (0, 1) from the hidden features and both readings."""
        latent = recall.abnormal_latent + normal_latent
        return torch.sigmoid(self.head(torch.cat([recall.hidden, latent], dim=-1)).squeeze(-1))


def memory_loss(recall: Recall, mask: Tensor, abnormal: Tensor) -> Tensor:
    """Scalar: what each memory should know, four binary cross-entropies.

    An abnormal bag has snippets the abnormal memory knows and snippets the normal memory does
    not; of a normal bag the normal memory knows every snippet, the abnormal memory none.

    Args:
        recall: of the whole step.
        mask: (2B, T) bool.
        abnormal: (2B,) bool.
    """
    count = sixteenth(mask)
    known = top_mean(recall.abnormal_match, mask, count)[abnormal]
    strange = top_mean(1 - recall.normal_match, mask, count)[abnormal]
    matches = (recall.normal_match, recall.abnormal_match)
    normal_terms = cross_entropy(matches[0], torch.ones_like(matches[0])) + cross_entropy(
        matches[1], torch.zeros_like(matches[1])
    )
    return (
        cross_entropy(known, torch.ones_like(known)).mean()
        + cross_entropy(strange, torch.ones_like(strange)).mean()
        + chosen_mean(normal_terms, mask)[~abnormal].mean()
    )


def triplet_loss(recall: Recall, mask: Tensor, abnormal: Tensor) -> Tensor:
    """Scalar: normal snippets of both bags of a pair nearer than the abnormal ones, margin 1.

    Anchor: the normal bag's best known normal snippets; positive: the abnormal bag's; negative:
    the abnormal bag's best known abnormal snippets; unit mean features.

    Args:
        recall: of the whole step.
        mask: (2B, T) bool.
        abnormal: (2B,) bool.
    """
    count = sixteenth(mask)
    normal_mean = chosen_mean(recall.hidden, top_mask(recall.normal_match, mask, count))
    abnormal_mean = chosen_mean(recall.hidden, top_mask(recall.abnormal_match, mask, count))
    normal_mean, abnormal_mean = (
        F.normalize(normal_mean, dim=-1),
        F.normalize(abnormal_mean, dim=-1),
    )
    return F.triplet_margin_loss(
        normal_mean[~abnormal], normal_mean[abnormal], abnormal_mean[abnormal], margin=1.0
    )


def distance_loss(
    recall: Recall, normal_latent: Tensor, where: tuple[Tensor, Tensor], margin: float
) -> Tensor:
    """Scalar hinge ``relu(margin - |a| + |n|)`` on the latents of best known snippets.

    Args:
        recall: of the whole step.
        normal_latent: (2B, T, D) as drawn.
        where: mask (2B, T) and abnormal (2B,).
        margin: wanted difference of the lengths.
    """
    mask, abnormal = where
    count = sixteenth(mask)
    far = chosen_mean(recall.abnormal_latent, top_mask(recall.abnormal_match, mask, count))
    near = chosen_mean(normal_latent, top_mask(recall.normal_match, mask, count))
    far_length = torch.linalg.vector_norm(far[abnormal], dim=-1)
    near_length = torch.linalg.vector_norm(near[~abnormal], dim=-1)
    return torch.relu(margin - far_length + near_length).mean()


def gaussian_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """(...) Kullback-Leibler divergence of N(mean, variance) from N(0, 1), summed over D."""
    return -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum(dim=-1)
