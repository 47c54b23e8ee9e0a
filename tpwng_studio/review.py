"""Where a person's look is worth most: frames whose label hangs by a thread, ranked.

The derived curves of one video and what people said of it in, :class:`ReviewItem` out. Called by
the session for the open video and by ``survey`` for all of them. NumPy only, no Qt.

Ranking. Each item has a worth per frame in [0, 1] by its reason, and its priority is that worth
times the square root of its length in seconds: longer stretches change more frames, but a person
decides on a stretch at once. Worth by reason:

- ``disagreement``: |psi - score| where one side of the decision is clear on each curve, 0.5-1.
- ``near theta``: 1 - |psi - theta| / delta, halved: the label is a coin's throw.
- ``flips``: a stretch near theta in which the label changes to and fro; its worth counts twice.
- ``short``: an abnormal segment far shorter than is plausible; the shorter, the nearer to 0.5.
- ``edge``: a change of label that climbs slowly, so that where it lies is not sure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tpwng_core.labels import VideoLabels
from tpwng_core.pseudolabels import clean_runs, mask_runs
from tpwng_studio.tuning import Derived

Reason = Literal["near theta", "flips", "disagreement", "short", "edge"]
SCORE_DECIDES = 0.5
"""The score at which a detector would raise an alarm; training drives scores apart around it."""
_SHORT_S = 1.0
_CLEAR = 0.15
_EDGE_SLOPE = 0.2


@dataclass(frozen=True, kw_only=True)
class ReviewItem:
    """A stretch of a video to look at.

    Attributes:
        video: id.
        start: first frame.
        end: the frame behind the last one.
        reason: why.
        priority: higher first; comparable between videos.
    """

    video: str
    start: int
    end: int
    reason: Reason
    priority: float


def review_items(
    derived: Derived, labels: VideoLabels, theta: float, delta: float = 0.05
) -> list[ReviewItem]:
    """What is worth a look in one video, best first.

    Stretches of which a person has said something everywhere are left out, and so is all of a
    video that is reviewed, normal, or not usable.

    Args:
        derived: curves and pseudo-labels.
        labels: what people said.
        theta: threshold.
        delta: half the width of the band around it.
    """
    if labels.reviewed or derived.is_normal or not derived.usable or not len(derived.psi):
        return []
    fps = float(labels.fps)
    found = [
        *_near_theta(derived, theta, delta),
        *_disagreements(derived, theta),
        *_short(derived, fps),
        *_edges(derived, theta),
    ]
    items = [
        ReviewItem(
            video=labels.video,
            start=start,
            end=end,
            reason=reason,
            priority=round(float(worth) * ((end - start) / fps) ** 0.5, 6),
        )
        for start, end, reason, worth in found
        if end > start and not _is_said(labels, start, end)
    ]
    return sorted(items, key=lambda item: (-item.priority, item.start, item.reason))


_Found = Iterable[tuple[int, int, Reason, float]]


def _near_theta(derived: Derived, theta: float, delta: float) -> _Found:
    """Stretches within delta of theta; those in which the label changes often are flips."""
    distance = np.abs(derived.psi - theta)
    starts, ends = clean_runs(*mask_runs(distance < delta), 0, 1)
    crossings = np.concatenate([[0], np.cumsum(np.diff(derived.psi >= theta))])
    worth = _means(1 - np.minimum(distance / delta, 1), starts, ends) / 2
    num_crossed = crossings[np.maximum(ends - 1, 0)] - crossings[starts]
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        span = int(derived.edges[start]), int(derived.edges[end])
        if num_crossed[place] >= 2:
            yield *span, "flips", 2 * float(worth[place])
        else:
            yield *span, "near theta", float(worth[place])


def _disagreements(derived: Derived, theta: float) -> _Found:
    """Stretches where psi and score are clearly on different sides of their thresholds."""
    if derived.score is None:
        return
    over, above = derived.psi - theta, derived.score - SCORE_DECIDES
    clear = (np.abs(over) > _CLEAR) & (np.abs(above) > _CLEAR) & (over * above < 0)
    starts, ends = mask_runs(clear)
    worth = _means(0.5 + np.abs(over - above) / 2, starts, ends)
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        yield (
            int(derived.edges[start]),
            int(derived.edges[end]),
            "disagreement",
            min(float(worth[place]), 1.0),
        )


def _short(derived: Derived, fps: float) -> _Found:
    """Abnormal segments and gaps inside them that last less than a second or two snippets."""
    starts, ends = mask_runs(derived.pseudo_label)
    for start, end in zip(starts, ends, strict=True):
        low, high = int(derived.edges[start]), int(derived.edges[end])
        if (high - low) / fps < _SHORT_S or end - start < 2:
            yield low, high, "short", 0.5


def _edges(derived: Derived, theta: float) -> _Found:
    """Changes of label that psi crosses slowly: a snippet on each side."""
    changes = np.flatnonzero(np.diff(derived.pseudo_label)) + 1
    last = len(derived.psi)
    for place in changes.tolist():
        slope = float(abs(derived.psi[place] - derived.psi[place - 1]))
        if slope < _EDGE_SLOPE:
            low, high = max(place - 1, 0), min(place + 1, last)
            worth = 0.4 * (1 - slope / _EDGE_SLOPE)
            yield int(derived.edges[low]), int(derived.edges[high]), "edge", worth


def _means(
    values: NDArray[np.floating], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.float64]:
    """(N,) mean of the values in each [start, end)."""
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    return np.asarray((total[ends] - total[starts]) / np.maximum(ends - starts, 1))


def _is_said(labels: VideoLabels, start: int, end: int) -> bool:
    """Whether people have said something of every frame."""
    reached = start
    for item in labels.segments:
        if item.start > reached:
            break
        reached = max(reached, item.end)
    return reached >= end
