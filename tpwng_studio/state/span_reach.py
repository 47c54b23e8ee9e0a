"""How far the attention of one snippet reaches, from its learned span z and R (Eq. 7).

In come the spans that lie on disk beside the similarities, out come snippets and weights a person
can read. Called by the panel that holds the R slider. NumPy only; what R can and cannot change is
said in the panel, measured in spec B.8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tpwng_studio.counting import count

MAX_DISTANCE = 255
"""Farthest key a query may see, in snippets: the window is 256 long."""

INERT_WEIGHT = 0.5
"""Where the smallest weight is at least this, R hardly changes anything (spec B.8)."""


@dataclass(frozen=True, kw_only=True)
class SpanReach:
    """Reach of one snippet's attention in snippets; medians over the heads.

    Attributes:
        full: full weight up to here (z).
        full_low: the smallest z of a head.
        full_high: the largest z of a head.
        half: half weight here (z + R / 2).
        zero: none from here on (z + R); both cut at the window.
        smallest_weight: chi of the farthest snippet of the video it may see, least of the heads.
        looks_back: it sees nothing behind itself.
    """

    full: float
    full_low: float
    full_high: float
    half: float
    zero: float
    smallest_weight: float
    looks_back: bool = False

    @property
    def words(self) -> str:
        """How far its full weight goes, and in which direction."""
        way = "back" if self.looks_back else "each way"
        return f"attends {count(round(self.full), 'snippet')} {way}"


def span_reach(
    span: NDArray[np.floating], softness: float, snippet: int, *, looks_back: bool = False
) -> SpanReach:
    """Reach of one snippet.

    Args:
        span: (T, H) learned spans z of the video, in snippets.
        softness: R in snippets, positive.
        snippet: index in [0, T).
        looks_back: the model sees nothing behind a snippet.
    """
    heads = np.asarray(span[snippet], dtype=np.float64)
    middle = float(np.median(heads))
    far = _farthest_of(snippet, len(span), looks_back)
    return SpanReach(
        full=middle,
        full_low=float(heads.min()),
        full_high=float(heads.max()),
        half=min(middle + softness / 2, MAX_DISTANCE),
        zero=min(middle + softness, MAX_DISTANCE),
        smallest_weight=_weight(heads, softness, far).min().item(),
        looks_back=looks_back,
    )


def smallest_weight(
    span: NDArray[np.floating], softness: float, *, looks_back: bool = False
) -> float:
    """Least chi of any head between any two snippets that see each other; 1 changes nothing."""
    if not len(span):
        return 1.0
    least = np.asarray(span, dtype=np.float64).min(axis=1)
    return float(_weight(least, softness, farthest(len(span), looks_back=looks_back)).min())


def farthest(num_snippets: int, *, looks_back: bool = False) -> NDArray[np.int64]:
    """(T,) distance from each snippet to the farthest one it may see."""
    return _farthest_of(np.arange(num_snippets), num_snippets, looks_back)


def _farthest_of(snippet: ArrayLike, num_snippets: int, looks_back: bool) -> NDArray[np.int64]:
    places = np.asarray(snippet, dtype=np.int64)
    behind = 0 if looks_back else num_snippets - 1 - places
    far: NDArray[np.int64] = np.maximum(places, behind)
    return np.minimum(far, MAX_DISTANCE)


def _weight(
    span: NDArray[np.float64], softness: float, distance: NDArray[np.int64]
) -> NDArray[np.float64]:
    return ((softness + span - distance) / softness).clip(0.0, 1.0)
