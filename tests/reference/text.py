"""Eq. 1-4: prompts, similarity, and the normality visual prompt."""

import math

from tests.reference.linear import (
    Matrix,
    Vector,
    add,
    affine,
    cosine,
    gelu,
    norm,
    scale,
    softmax,
    unit,
)


def prompt_rows(
    start: Vector, context: Matrix, words: Matrix, end: Vector, positions: Matrix
) -> Matrix:
    """Eq. 1-2: [SOS][ctx_1..ctx_l][words][EOS], a position added to each row."""
    rows = [start, *context, *words, end]
    return [add(row, positions[i]) for i, row in enumerate(rows)]


def frame_similarity(x: Matrix, text: Vector, sim_scale: float) -> Vector:
    """S: sim_scale times the cosine of every snippet with one text feature."""
    return [sim_scale * cosine(row, text) for row in x]


def aggregate(x_normal: Matrix, t_normal: Vector, tau: float | None) -> Vector:
    """Eq. 3: softmax-weighted mean of unit snippets; ``tau`` None weighs all alike (NVP-FA)."""
    if tau is None:
        weights = [1.0 / len(x_normal)] * len(x_normal)
    else:
        weights = softmax([cosine(row, t_normal) / tau for row in x_normal])
    prompt = [0.0] * len(t_normal)
    for weight, row in zip(weights, x_normal, strict=True):
        prompt = add(prompt, scale(unit(row), weight))
    return prompt


def enhance(t_normal: Vector, prompt: Vector, layers: dict, bound: float) -> Vector:
    """Eq. 4: unit T_n plus the FFN of [T_n, Q], no longer than ``bound``.

    ``layers`` holds ``w1``, ``b1``, ``w2``, ``b2``.
    """
    t_unit = unit(t_normal)
    hidden = [gelu(v) for v in affine(layers["w1"], layers["b1"], t_unit + prompt)]
    offset = affine(layers["w2"], layers["b2"], hidden)
    length = norm(offset)
    if not math.isinf(bound) and length > bound:
        offset = scale(offset, bound / length)
    return add(t_unit, offset)
