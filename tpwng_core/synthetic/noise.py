"""Random series of the synthetic world, in NumPy: white, and AR(1) in one or many dimensions.

Called by ``videos``; lengths of vectors are expected lengths, whatever the dimension.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def white_noise(rng: np.random.Generator, size: tuple[int, int], length: float) -> Array:
    """(T, V) independent rows of expected length ``length``."""
    noise = rng.standard_normal(size, dtype=np.float32)
    noise *= np.float32(length / np.sqrt(size[1]))
    return noise


def correlated_noise(
    rng: np.random.Generator, size: tuple[int, int], length: float, correlation: float
) -> Array:
    """(T, V) stationary AR(1) rows of expected length ``length``.

    Args:
        rng: source of randomness.
        size: rows and dimensions.
        length: expected length of a row.
        correlation: of a row with the one before, in [0, 1).
    """
    noise = white_noise(rng, size, length)
    fresh = np.float32(np.sqrt(1.0 - correlation**2))
    kept = np.float32(correlation)
    noise[1:] *= fresh
    for row in range(1, size[0]):
        noise[row] += kept * noise[row - 1]
    return noise


def correlated_series(
    rng: np.random.Generator, num: int, correlation: float
) -> NDArray[np.float32]:
    """(num,) stationary AR(1) numbers of mean 0 and variance 1."""
    return correlated_noise(rng, (num, 1), 1.0, correlation)[:, 0]
