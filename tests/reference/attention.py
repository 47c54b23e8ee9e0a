"""Eq. 7-9: the soft mask, the learned span, and one layer of TCSAL."""

import math

from tests.reference.linear import (
    Matrix,
    Vector,
    add,
    affine,
    dot,
    gelu,
    layer_norm,
    scale,
    sigmoid,
)

REACH = 256  # a causal query sees itself and the 255 snippets before it


def chi(distance: float, z: float, softness: float) -> float:
    """Eq. 7: 1 up to z, falling to 0 at z + R."""
    return min(max((softness + z - distance) / softness, 0.0), 1.0)


def num_visible(t: int, length: int, causal: bool) -> int:
    """How many keys query ``t`` (from 0) may see; the F of Eq. 8 (A17)."""
    return min(t + 1, REACH) if causal else min(length, REACH)


def span(x: Vector, c: Vector, bias: float, num_keys: int) -> float:
    """Eq. 8: z = F sigma(c'x + b)."""
    return num_keys * sigmoid(dot(c, x) + bias)


def masked_attention(
    queries: Matrix, keys: Matrix, values: Matrix, z: Vector | None, softness: float, causal: bool
) -> Matrix:
    """Eq. 9 for one head: softmax weights inside the soft mask; ``z`` None masks nothing.

    The running maximum is over keys with chi > 0 (A19).
    """
    out = []
    for t, query in enumerate(queries):
        allowed = [r for r in range(len(keys)) if not causal or 0 <= t - r < REACH]
        soft = [1.0 if z is None else chi(abs(t - r), z[t], softness) for r in allowed]
        beta = [dot(query, keys[r]) / math.sqrt(len(query)) for r in allowed]
        top = max(b for b, c in zip(beta, soft, strict=True) if c > 0)
        raised = [c * math.exp(b - top) if c > 0 else 0 for b, c in zip(beta, soft, strict=True)]
        mixed = [0.0] * len(values[0])
        for weight, r in zip(raised, allowed, strict=True):
            mixed = add(mixed, scale(values[r], weight / sum(raised)))
        out.append(mixed)
    return out


def tcsal_layer(x: Matrix, p: dict, num_heads: int, softness: float | None, causal: bool) -> Matrix:
    """One pre-norm encoder layer; ``softness`` None is the plain transformer (chi = 1).

    ``p`` holds ``norm1_g/b``, ``qkv_w/b`` (q, k, v stacked), ``span_w/b`` (one row a head),
    ``out_w/b``, ``norm2_g/b``, ``up_w/b``, ``down_w/b``.
    """
    dim = len(x[0])
    width = dim // num_heads
    normed = [layer_norm(row, p["norm1_g"], p["norm1_b"]) for row in x]
    stacked = [affine(p["qkv_w"], p["qkv_b"], row) for row in normed]
    heads = []
    for h in range(num_heads):
        first = h * width
        z = None
        if softness is not None:
            z = [
                span(row, p["span_w"][h], p["span_b"][h], num_visible(t, len(x), causal))
                for t, row in enumerate(normed)
            ]
        q, k, v = (
            [row[part * dim + first : part * dim + first + width] for row in stacked]
            for part in range(3)
        )
        heads.append(masked_attention(q, k, v, z, softness or 1.0, causal))
    out = []
    for t, row in enumerate(x):
        joined = [value for head in heads for value in head[t]]
        middle = add(row, affine(p["out_w"], p["out_b"], joined))
        inner = affine(p["up_w"], p["up_b"], layer_norm(middle, p["norm2_g"], p["norm2_b"]))
        out.append(add(middle, affine(p["down_w"], p["down_b"], [gelu(v) for v in inner])))
    return out
