"""From a similarity curve to the moments worth a look, best first, each found when asked for.

A moment is a peak and the neighbours that share it. NumPy only; called by ``run.search``.
"""

# T snippets, D features

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_KEPT_OF_RISE = 0.5
"""A neighbour belongs to a peak while it keeps this share of the peak's rise over the median."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A stretch of one video that matches a text.

    Attributes:
        start: first snippet.
        end: snippet behind the last one.
        peak: the snippet that matches best.
        similarity: of the peak, a cosine in [-1, 1].
    """

    start: int
    end: int
    peak: int
    similarity: float


def moments(curve: Floats) -> Iterator[Moment]:
    """Moments of a video from the best to the worst; they do not touch.

    Args:
        curve: (T,) similarity, T at least 1.
    """
    left = np.asarray(curve, dtype=np.float32).copy()
    median = float(np.median(left))
    while True:
        peak = int(np.argmax(left))
        top = float(left[peak])
        if top == -np.inf:
            return
        enough = median + _KEPT_OF_RISE * (top - median) if top > median else top
        start, end = _stretch(left >= enough, peak)
        yield Moment(start=start, end=end, peak=peak, similarity=top)
        # the next moment must not begin where this one ends
        left[max(start - 1, 0) : end + 1] = -np.inf


def _stretch(belongs: NDArray[np.bool_], peak: int) -> tuple[int, int]:
    """The run of True around ``peak``, half-open."""
    before = np.flatnonzero(~belongs[:peak])
    after = np.flatnonzero(~belongs[peak:])
    start = int(before[-1]) + 1 if len(before) else 0
    end = peak + int(after[0]) if len(after) else len(belongs)
    return start, end
