"""Temporal self-attention on CLIP features: RTFM behind a differentiable choice of snippets.

Joo, Vo, Yamazaki and Le, "CLIP-TSA: CLIP-Assisted Temporal Self-Attention for
Weakly-Supervised Video Anomaly Detection", ICIP 2023. Built by ``nn.methods``.
"""

# B bags, T snippets, D features, N noise samples

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.nn.methods.method import Problem, scaled
from tpwng_core.nn.methods.pooling import top_mask
from tpwng_core.nn.methods.rtfm import Rtfm, RtfmConfig

SCORER_WIDTH = 256
# Halvings of the threshold's interval: 2^-40 of it is beyond float32.
NUM_BISECTIONS = 40


@dataclass(frozen=True, kw_only=True)
class ClipTsaConfig(RtfmConfig):
    """Settings of CLIP-TSA; the values are the authors', the rest is RTFM's.

    Attributes:
        keep_share: k as a share of a bag's snippets.
        noise: standard deviation of the noise on the snippets' scores.
        num_samples: noise samples a step.
    """

    keep_share: float = 0.95
    noise: float = 0.05
    num_samples: int = 100

    def __post_init__(self) -> None:
        super().__post_init__()
        require(0 < self.keep_share <= 1, "clip-tsa.keep_share must be in (0, 1]")
        require(self.noise > 0, "clip-tsa.noise must be positive")
        require(self.num_samples >= 1, "clip-tsa.num_samples must be at least 1")


class ClipTsa(Rtfm):
    """RTFM on snippets weighted by the probability of being among the top k of a learned score.

    The classifier is RTFM's, D - 512 - 128 - 1; the score of a snippet comes from D - 256 - 1.
    The published module multiplies k ordered one-hot rows by the features and sums the rows
    away again, which is this weighting; it is computed directly here. At test the authors draw
    noise as well; we take the probability's noise-free limit, so that a score is the same
    every time.
    """

    title = "CLIP-TSA (Joo et al., ICIP 2023)"
    config_type = ClipTsaConfig

    def __init__(self, problem: Problem, config: ClipTsaConfig) -> None:
        super().__init__(problem, config)
        self.attention = TopKAttention(problem.dim, config)

    def encode(self, features: Tensor, mask: Tensor) -> Tensor:
        """(B, T, D) hidden features of the weighted snippets."""
        whole = scaled(features, mask)
        weighted = self.attention(whole, mask)[..., None] * whole
        hidden: Tensor = self.dropout(self.temporal.mix(weighted, mask))
        return hidden


class TopKAttention(nn.Module):
    """A score for each snippet, and how probably it is among the top k once noise is added."""

    def __init__(self, dim: int, config: ClipTsaConfig) -> None:
        super().__init__()
        self.config = config
        self.scorer = nn.Sequential(
            nn.Linear(dim, SCORER_WIDTH), nn.ReLU(), nn.Linear(SCORER_WIDTH, 1), nn.Sigmoid()
        )

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        """(B, T) weights in [0, 1], 0 in the padding; features (B, T, D), mask (B, T)."""
        score = self.scorer(features).squeeze(-1).masked_fill(~mask, 0.0)
        count = (mask.sum(dim=1) * self.config.keep_share).long().clamp_min(1)
        if not self.training:
            return expected_inclusion(score, mask, count, self.config.noise)
        noise = torch.randn(self.config.num_samples, *score.shape, device=score.device)
        return sampled_inclusion(score, mask, count, self.config.noise * noise)


def sampled_inclusion(score: Tensor, mask: Tensor, count: Tensor, noise: Tensor) -> Tensor:
    """Share of noise samples in which each snippet is among the top k, with a gradient.

    The gradient is the perturbed maximum's (Berthet et al., NeurIPS 2020; Cordonnier et al.,
    CVPR 2021): ``d p_t / d s_e = E[top_t noise_e] / variance``.

    Args:
        score: (B, T) zero in the padding.
        mask: (B, T) bool.
        count: (B,) k of each bag.
        noise: (N, B, T) Gaussian, already multiplied by its standard deviation.

    Returns:
        (B, T) in [0, 1].
    """
    samples = len(noise)
    tops = top_mask(
        (score + noise).flatten(0, 1), mask.repeat(samples, 1), count.repeat(samples)
    ).view_as(noise)
    tops = tops.to(score.dtype)
    slope = torch.einsum("nbt,bt->nb", noise, score) / noise.var()
    surrogate = torch.einsum("nbt,nb->bt", tops, slope) / samples
    return tops.mean(dim=0) + surrogate - surrogate.detach()


def expected_inclusion(score: Tensor, mask: Tensor, count: Tensor, deviation: float) -> Tensor:
    """What ``sampled_inclusion`` tends to in long bags: ``Phi((s_t - c) / deviation)``.

    The threshold c of a bag is where the probabilities sum to k; found by bisection.

    Args:
        score: (B, T) in [0, 1].
        mask: (B, T) bool.
        count: (B,) k of each bag; where it is the whole bag, every weight is 1.
        deviation: standard deviation of the noise.
    """
    low = score.new_full((len(score), 1), -10 * deviation)
    high = 1.0 - low
    for _ in range(NUM_BISECTIONS):
        middle = (low + high) / 2
        inside = torch.special.ndtr((score - middle) / deviation).masked_fill(~mask, 0.0)
        too_many = inside.sum(dim=1, keepdim=True) > count[:, None]
        low, high = torch.where(too_many, middle, low), torch.where(too_many, high, middle)
    whole = (count >= mask.sum(dim=1))[:, None]
    return torch.where(whole, mask.to(score.dtype), inside)
