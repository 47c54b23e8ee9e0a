"""How well each snippet matches each category's text: S = scale * cosine, and what it names.

In come features (T, D) and text features (K, D), out comes S (T, K). NumPy only: read by
pseudo-labels, the label verb and search, wherever torch is not wanted. T snippets, D features,
K categories (normal is last).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FLAT_COSINE = 1e-4
"""A curve whose cosines span no more than this is flat: float32 noise is 3e-7 (spec A21)."""

_ROWS_AT_ONCE = 8192  # keeps a day of video, memory-mapped as float16, from unfolding at once


def cosine_similarity(
    features: NDArray[np.floating], text: NDArray[np.floating], scale: float
) -> Floats:
    """S = scale * cos(X, T), the match of every snippet with every text (Eq. 3, 5, 10, 11).

    Departs from the paper: it prints the product X T' of un-normalised features, whose size says
    nothing about the match; here it is ``scale`` times the cosine (spec A7).

    Args:
        features: (T, D), any norm, any float type; may be a memory map.
        text: (K, D), any norm.
        scale: the CLIP's similarity scale (10 for real CLIP), so that a margin of 1 means a
            difference in cosine of 1/scale.

    Returns:
        (T, K) float32 in [-scale, scale]; 0 where a vector is zero.
    """
    directions = _unit(np.asarray(text, dtype=np.float32)) * np.float32(scale)
    similarity = np.empty((len(features), len(directions)), dtype=np.float32)
    for start in range(0, len(features), _ROWS_AT_ONCE):
        rows = np.asarray(features[start : start + _ROWS_AT_ONCE], dtype=np.float32)
        np.matmul(_unit(rows), directions.T, out=similarity[start : start + len(rows)])
    return similarity


def flat_below(scale: float) -> float:
    """Range at or below which a similarity curve is flat, for similarities of this scale."""
    return FLAT_COSINE * scale


def category_evidence(similarity: NDArray[np.floating]) -> Floats:
    """How much a whole video looks like each abnormal category (spec B.7).

    Args:
        similarity: (T, K), T >= 1, normal last.

    Returns:
        (K-1,) mean of the highest T // 16 + 1 values of each abnormal category.
    """
    count = len(similarity) // 16 + 1
    abnormal = np.asarray(similarity[:, :-1], dtype=np.float32)
    highest = np.partition(abnormal, len(abnormal) - count, axis=0)[-count:]
    return np.asarray(highest.mean(axis=0), dtype=np.float32)


def assumed_category(similarity: NDArray[np.floating]) -> int:
    """Index of the abnormal category an unlabelled video looks most like.

    Used where a pseudo-label curve is asked for and nobody gave the category.

    Args:
        similarity: (T, K), T >= 1, normal last.
    """
    return int(category_evidence(similarity).argmax())


def _unit(rows: Floats) -> Floats:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-12), dtype=np.float32)
