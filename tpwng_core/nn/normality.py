"""Eq. 3-4: the normality visual prompt, which moves the text "normal" towards a normal video.

In come the snippets of a normal bag and the text feature of "normal"; out goes that feature as
enhanced for the abnormal bag it is paired with. Called by ``nn.tpwng``; scoring needs none of it.

Shapes: B bags, T snippets, D features.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast

import torch
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.nn.masked import TINY, full_precision, unit

OUTPUT_STD = 0.01  # of the FFN's last weights at first, so that training starts at plain "normal"


@dataclass(frozen=True, kw_only=True)
class NormalityConfig:
    """Settings of the normality visual prompt (NVP).

    Attributes:
        variant: "as" weighs normal snippets by their match (Eq. 3), "fa" weighs them alike,
            "none" leaves the text as it is (Table 2).
        tau: temperature of the softmax of Eq. 3, on cosines.
        bound: the longest the learned offset may be, the text having length 1; inf as printed.
        nvp_in: which similarity with "normal" uses the enhanced text: that of the pseudo-labels
            ("plg"), of the inconsistency loss ("dil"), "both", or "none".
    """

    variant: Literal["as", "fa", "none"] = "as"
    tau: float = 0.02
    bound: float = 0.5
    nvp_in: Literal["none", "plg", "dil", "both"] = "both"

    def __post_init__(self) -> None:
        variants, places = ("as", "fa", "none"), ("none", "plg", "dil", "both")
        require(self.variant in variants, f"variant must be one of {variants}")
        require(self.nvp_in in places, f"nvp_in must be one of {places}")
        require(self.tau > 0, f"tau must be above 0, not {self.tau}")
        require(self.bound > 0, f"bound must be above 0 (or inf), not {self.bound}")


class NormalityPrompt(nn.Module):
    """Enhances the text feature of "normal" with what normal videos look like.

    Args:
        dim: D.
        config: variant, temperature and bound.
    """

    mean_prompt: Tensor
    num_normals: Tensor

    def __init__(self, dim: int, config: NormalityConfig) -> None:
        super().__init__()
        self.config = config
        self.ffn: nn.Sequential | None = None
        if config.variant != "none":
            last = nn.Linear(4 * dim, dim)
            nn.init.normal_(last.weight, std=OUTPUT_STD)
            first = nn.Linear(2 * dim, 4 * dim)
            nn.init.zeros_(first.bias)
            nn.init.zeros_(last.bias)
            self.ffn = nn.Sequential(first, nn.GELU(), last)
        self.register_buffer("mean_prompt", torch.zeros(dim))
        self.register_buffer("num_normals", torch.zeros((), dtype=torch.int64))

    def forward(self, x_normal: Tensor, mask: Tensor, t_normal: Tensor) -> Tensor:
        """The enhanced text of each pair of bags.

        Args:
            x_normal: (B, T, D) unit snippets of the normal bags.
            mask: (B, T) bool.
            t_normal: (D,) text feature of "normal".

        Returns:
            (B, D) float32, about unit length.
        """
        if self.ffn is None:
            return unit(t_normal).expand(len(x_normal), -1)
        return self.enhance(t_normal, self.aggregate(x_normal, mask, t_normal))

    def aggregate(self, x_normal: Tensor, mask: Tensor, t_normal: Tensor) -> Tensor:
        """Q, the normality visual prompt (Eq. 3). Gradients flow through the weights.

        Departs from the paper: the softmax is over cosines divided by ``tau``; over plain
        cosines it would weigh every snippet alike (spec A8). Snippets enter with unit length.

        Args:
            x_normal: (B, T, D) unit snippets.
            mask: (B, T) bool, at least one True a row.
            t_normal: (D,).

        Returns:
            (B, D) float32, of length 1 at most.
        """
        with full_precision(x_normal.device):
            match = x_normal.float() @ unit(t_normal)
            logits = (
                match / self.config.tau if self.config.variant == "as" else torch.zeros_like(match)
            )
            weights = logits.masked_fill(~mask, -torch.inf).softmax(dim=1)
            return (weights[:, None, :] @ x_normal.float()).squeeze(1)

    def enhance(self, t_normal: Tensor, prompt: Tensor) -> Tensor:
        """The enhanced text T^ of Eq. 4.

        Departs from the paper: text and prompt have unit scale, and the FFN's output is no
        longer than ``bound``: only the inconsistency loss trains the FFN, and unbounded it
        drives the text away from normality (spec A15).

        Args:
            t_normal: (D,) text feature of "normal", any norm.
            prompt: (B, D) from :meth:`aggregate`.

        Returns:
            (B, D) float32.
        """
        with full_precision(prompt.device):
            text = unit(t_normal).expand(len(prompt), -1)
            if self.ffn is None:
                return text
            offset = cast(Tensor, self.ffn(torch.cat([text, prompt.float()], dim=-1)))
            return text + _shorten(offset, self.config.bound)

    @torch.no_grad()
    def remember(self, normal_videos: Iterable[Tensor], t_normal: Tensor) -> None:
        """Keep the mean prompt of the training normals, for curves shown after training.

        Args:
            normal_videos: (T, D) features of each, un-normalised; any device.
            t_normal: (D,), the final one.
        """
        total, count = torch.zeros_like(self.mean_prompt), 0
        for features in normal_videos:
            snippets = unit(features.to(total.device))[None]
            mask = torch.ones(snippets.shape[:2], dtype=torch.bool, device=total.device)
            total += self.aggregate(snippets, mask, t_normal)[0]
            count += 1
        self.mean_prompt.copy_(total / max(count, 1))
        self.num_normals.fill_(count)

    def shown(self, t_normal: Tensor) -> Tensor:
        """The text "normal" for exported and displayed curves: enhanced by the mean prompt.

        Without a remembered prompt, or where the pseudo-labels use the plain text (``nvp_in``),
        it is the plain text.

        Args:
            t_normal: (D,).

        Returns:
            (D,) float32.
        """
        if self.config.nvp_in in ("none", "dil") or int(self.num_normals) == 0:
            return unit(t_normal)
        return self.enhance(t_normal, self.mean_prompt[None])[0]


def _shorten(offset: Tensor, bound: float) -> Tensor:
    if math.isinf(bound):
        return offset
    length: Tensor = torch.linalg.vector_norm(offset, dim=-1, keepdim=True)
    return offset * (bound / length.clamp_min(TINY)).clamp_max(1.0)
