"""Eq. 7-9 as functions: the soft mask, which keys a query may see, and attention inside both.

In come queries, keys, values and spans z; out come mixed values. Always float32: under autocast a
16-bit log of the mask would move weights between snippets. Called by ``nn.tcsal`` and ``nn.long``.
"""

# B bags, T queries, U keys, H heads, W width of a head

from __future__ import annotations

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from tpwng_core.nn.masked import TINY, full_precision

WINDOW = 256
"""The most keys a query sees: a whole bidirectional window, or itself and the 255 before it."""

# Finite, so that a padded query whose every key is masked gets some finite, unused value.
_NEVER = torch.finfo(torch.float32).min


class View(NamedTuple):
    """Which keys each query may see, before any span is learned.

    Attributes:
        distance: (T, U) float32 |t - r| in snippets.
        allowed: (B or 1, 1, T or 1, U) bool.
        num_keys: (B or 1, 1, T or 1) float32, the number of allowed keys: F of Eq. 8 (spec A17).
    """

    distance: Tensor
    allowed: Tensor
    num_keys: Tensor


def whole_view(mask: Tensor, causal: bool) -> View:
    """Every snippet of a padded batch sees the real ones, or the real ones up to itself.

    Departs from the paper: it looks only at the past, r in [1, t-1], which leaves the first
    snippet an empty sum. Here r = t is included, and both directions unless ``causal`` (A9);
    the F of Eq. 8 is the number of keys in view, so that a stream gives what a file gives (A17).

    Args:
        mask: (B, T) bool.
        causal: only 0 <= t - r < 256.
    """
    length = mask.shape[1]
    position = torch.arange(length, device=mask.device, dtype=torch.float32)
    ahead = position[:, None] - position[None, :]
    allowed = mask[:, None, None, :]
    if not causal:
        count = mask.sum(dim=1).clamp(1, WINDOW).float()[:, None, None]
        return View(ahead.abs(), allowed, count)
    seen = (ahead >= 0) & (ahead < WINDOW)
    count = (position + 1).clamp_max(WINDOW)[None, None, :]
    return View(ahead.abs(), allowed & seen, count)


def bag_view(length: int, causal: bool) -> View:
    """:func:`whole_view` of one bag without padding, and without the dimension of bags."""
    view = whole_view(torch.ones(1, length, dtype=torch.bool), causal)
    return View(view.distance, view.allowed[0], view.num_keys[0])


def block_view(first_query: int, num_queries: int, num_keys: int, device: torch.device) -> View:
    """A block of a causal pass: the last ``num_queries`` of ``num_keys`` neighbours look back.

    Args:
        first_query: position of the first query in the whole video, from 0.
        num_queries: T.
        num_keys: U >= T; the last key stands at the last query.
        device: of the tensors.
    """
    query = torch.arange(num_queries, device=device, dtype=torch.float32)
    key = torch.arange(num_queries - num_keys, num_queries, device=device, dtype=torch.float32)
    ahead = query[:, None] - key[None, :]
    allowed = ((ahead >= 0) & (ahead < WINDOW))[None, None]
    count = (query + first_query + 1).clamp_max(WINDOW)[None, None, :]
    return View(ahead.abs(), allowed, count)


def soft_mask(distance: Tensor, span: Tensor, softness: float) -> Tensor:
    """chi of Eq. 7: 1 up to the span z, falling to 0 at z + R.

    Args:
        distance: snippets, broadcastable with ``span``.
        span: z in snippets.
        softness: R in snippets, above 0.

    Returns:
        Values in [0, 1].
    """
    return ((softness + span - distance) / softness).clamp(0.0, 1.0)


def attention_weights(
    query: Tensor, key: Tensor, span: Tensor | None, view: View, softness: float
) -> Tensor:
    """omega of Eq. 9: a softmax over the keys in view, weighed by the soft mask.

    chi enters as log chi under the softmax, which is Eq. 9 exactly, with the largest term as the
    running maximum: keys beyond the span cannot underflow a row.

    Departs from the paper: dot products are divided by sqrt(W), as is usual, and nothing is
    added to the denominator (spec A19).

    Args:
        query: (B, H, T, W).
        key: (B, H, U, W).
        span: (B, H, T) z in snippets; None for plain attention (chi = 1).
        view: which keys each query may see.
        softness: R in snippets.

    Returns:
        (B, H, T, U) float32, each row of a real query sums to 1.
    """
    with full_precision(query.device):
        scaled = query.float() / math.sqrt(query.shape[-1])
        logits = scaled @ key.float().transpose(-1, -2)
        if span is None:
            return logits.masked_fill(~view.allowed, _NEVER).softmax(dim=-1)
        chi = soft_mask(view.distance, span.float()[..., None], softness)
        seen = view.allowed & (chi > 0)
        # The inner where keeps log 0, whose gradient is infinite, out of the backward pass.
        logits = logits + torch.where(seen, chi, 1.0).log()
        return torch.where(seen, logits, _NEVER).softmax(dim=-1)


class Reach(NamedTuple):
    """How far each query looks.

    Attributes:
        span: (..., T) z in snippets; None for plain attention (chi = 1).
        view: which keys each query may see.
        softness: R in snippets.
    """

    span: Tensor | None
    view: View
    softness: float


def mix(query: Tensor, key: Tensor, value: Tensor, reach: Reach) -> Tensor:
    """What each query reads: values mixed by :func:`attention_weights`.

    The same numbers in fewer passes over (T, U) matrices, which is what attention costs on a
    processor: of the whole chain only the weights and chi are kept for the backward pass, and
    that is written out.

    Args:
        query: (..., T, W).
        key: (..., U, W).
        value: (..., U, W).
        reach: spans, views and R.

    Returns:
        (..., T, W) float32.
    """
    with full_precision(query.device):
        span = None if reach.span is None else reach.span.float()
        scaled = query.float() / math.sqrt(query.shape[-1])
        mixed: Tensor = _Attention.apply(reach, span, scaled, key.float(), value.float())
        return mixed


class _Attention(torch.autograd.Function):
    """Eq. 9 on scaled queries, with its backward pass by hand."""

    @staticmethod
    def forward(ctx: Any, reach: Reach, span: Tensor | None, *heads: Tensor) -> Tensor:
        """Eq. 9; the largest logit in view is the running maximum (spec A19)."""
        query, key, value = heads
        weights = query @ key.transpose(-1, -2)
        chi = None if span is None else _chi(reach.view.distance, span, reach.softness)
        hidden = ~reach.view.allowed if chi is None else (chi <= 0) | ~reach.view.allowed
        weights.masked_fill_(hidden, _NEVER)
        weights.sub_(weights.amax(dim=-1, keepdim=True)).exp_()
        if chi is not None:
            weights.mul_(chi.masked_fill_(hidden, 0.0))
        weights.div_(weights.sum(dim=-1, keepdim=True).clamp_min_(TINY))
        mixed = weights @ value
        ctx.softness = reach.softness
        ctx.save_for_backward(query, key, value, weights, chi, mixed)
        return mixed

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        """Gradients of spans, queries, keys and values."""
        query, key, value, weights, chi, mixed = ctx.saved_tensors
        of_value = weights.transpose(-1, -2) @ grad
        # of the logits: w (dw - <w, dw>), and <w, dw> is what the mixed values already know
        logits = grad @ value.transpose(-1, -2)
        logits.sub_((grad * mixed).sum(dim=-1, keepdim=True)).mul_(weights)
        of_span = None
        if chi is not None and ctx.needs_input_grad[1]:
            # chi counts as a logit of log chi, and rises with z on the ramp alone
            ramp = (chi > 0) & (chi < 1)
            of_span = (logits / chi).masked_fill_(~ramp, 0.0).sum(dim=-1) / ctx.softness
        return None, of_span, logits @ key, logits.transpose(-1, -2) @ query, of_value


def _chi(distance: Tensor, span: Tensor, softness: float) -> Tensor:
    """:func:`soft_mask` of spans (..., T) in two passes."""
    reach = (1 + span / softness)[..., None]
    return torch.sub(reach, distance, alpha=1 / softness).clamp_(0.0, 1.0)
