"""Where a person's look is worth most: frames whose label may well be wrong, ranked.

Derived curves and what people said of one video in, :class:`ReviewItem` out. Called by the
studio's session for the open video, by its ``survey`` for all, and by the simulated analyst of the
verb ``corrections``. NumPy only.

Ranking. An item is worth the chance that its pseudo-label is wrong and, where the video has a
score, what its label would teach the next training, in equal parts; without a score, the chance
alone. The priority is that worth, as seconds per second spent: worth * length / (length + 5 s to
find one's way). The chances are rules of thumb; in the simulation of the tests a minute spent down
the list puts right 1.8 times as many frames as one spent on the list in random order, and the verb
``corrections`` measures what it teaches. ``margin`` is |psi - theta|. A label teaches most where
psi sees an event and the score cannot tell: psi * (1 - |2 score - 1|), averaged over the stretch.
Events are rare, and where the score is sure it has learned against a wrong pseudo-label already.

- ``near theta``: 0.5 * (1 - margin / delta), averaged over a stretch within delta of theta;
- ``flips``: such a stretch in which the label changes twice or more: 0.5 throughout;
- ``disagreement``: psi and score clearly on different sides: the share that the score has in the
  two margins, so that a sure score weighs against an unsure psi;
- ``unsure``: a label would teach over 0.7: up to 0.5, less if psi is sure;
- ``short``: an abnormal segment under a second, or of a single snippet: 0.5, less if psi is sure;
- ``edge``: the two snippets at a change of label that psi crosses slowly: up to 0.4.

Of items that share more than half of the shorter one's frames, the better one stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tpwng_core.labels import VideoLabels
from tpwng_core.pseudolabels import clean_runs, mask_runs
from tpwng_core.scores import SCORE_DECIDES
from tpwng_core.tuning import Derived

Reason = Literal["near theta", "flips", "disagreement", "unsure", "short", "edge"]
MAX_ITEMS = 100
"""Of one video; a person who has judged so many has other curves by then."""
_NUM_TRIED = 20 * MAX_ITEMS  # more than are shown, as some are said already or the same
_OVERHEAD_S = 5.0
_SHORT_S = 1.0
_CLEAR = 0.15
_STEEP = 0.2
_DOUBTFUL = 0.7
_TEACHES = 1.0


@dataclass(frozen=True, kw_only=True)
class ReviewItem:
    """A stretch of a video to look at.

    Attributes:
        video: id.
        start: first frame.
        end: the frame behind the last one.
        reason: why.
        priority: in [0, 1], higher first; comparable between videos.
    """

    video: str
    start: int
    end: int
    reason: Reason
    priority: float


@dataclass(frozen=True, kw_only=True, eq=False)
class _Stretches:
    """Stretches of snippets [start, end) with the chance that their label is wrong."""

    reason: Reason
    start: NDArray[np.intp]
    end: NDArray[np.intp]
    chance: NDArray[np.float64]


def review_items(
    derived: Derived, labels: VideoLabels, theta: float, delta: float = 0.05
) -> list[ReviewItem]:
    """What is worth a look in one video, best first, at most :data:`MAX_ITEMS`.

    Stretches of which a person said something everywhere are left out; so is all of a video that
    is reviewed, taken to be normal, or whose curves say nothing.

    Args:
        derived: curves and pseudo-labels.
        labels: what people said.
        theta: threshold.
        delta: half the width of the band around it.
    """
    if labels.reviewed or derived.is_normal or not derived.usable or not len(derived.psi):
        return []
    fps = float(labels.fps)
    parts = [*_all_stretches(derived, theta, delta, fps)]
    reason = np.repeat([part.reason for part in parts], [len(part.start) for part in parts])
    start, end = (
        derived.edges[np.concatenate([getattr(part, side) for part in parts])]
        for side in ("start", "end")
    )
    length_s = (end - start) / fps
    worth = np.concatenate([_worth(part, derived) for part in parts])
    if not len(worth):
        return []
    priority = worth * length_s / (length_s + _OVERHEAD_S)
    kept: list[ReviewItem] = []
    best = np.argpartition(-priority, min(_NUM_TRIED, len(priority)) - 1)[:_NUM_TRIED]
    for place in best[np.lexsort((start[best], -priority[best]))].tolist():
        if len(kept) == MAX_ITEMS or priority[place] <= 0:
            break
        item = ReviewItem(
            video=labels.video,
            start=int(start[place]),
            end=int(end[place]),
            reason=str(reason[place]),  # type: ignore[arg-type]
            priority=float(priority[place]),
        )
        if not _is_said(labels, item) and not any(_is_same(item, other) for other in kept):
            kept.append(item)
    return kept


def _all_stretches(
    derived: Derived, theta: float, delta: float, fps: float
) -> Iterable[_Stretches]:
    yield from _near_theta(derived.psi, theta, delta)
    if derived.score is not None:
        yield _disagreements(derived.psi - theta, derived.score - SCORE_DECIDES)
        yield _unsure(derived, derived.score, theta)
    yield _short(derived, theta, fps)
    yield _edges(derived)


def _near_theta(psi: NDArray[np.float32], theta: float, delta: float) -> Iterator[_Stretches]:
    """Stretches within delta of theta, a gap of one snippet closed."""
    margin = np.abs(psi - theta)
    start, end = clean_runs(*mask_runs(margin < delta), 0, 1)
    crossed = np.concatenate([[0], np.cumsum(np.diff(psi >= theta))])
    is_flip = crossed[end - 1] - crossed[start] >= 2
    chance = 0.5 * _means(np.maximum(1 - margin / delta, 0), start, end)
    calm = ~is_flip
    yield _Stretches(reason="near theta", start=start[calm], end=end[calm], chance=chance[calm])
    sure = np.full(int(is_flip.sum()), 0.5)
    yield _Stretches(reason="flips", start=start[is_flip], end=end[is_flip], chance=sure)


def _disagreements(over: NDArray[np.float32], above: NDArray[np.float32]) -> _Stretches:
    """Where psi and score are clearly on different sides of their thresholds."""
    clear = (np.abs(over) > _CLEAR) & (np.abs(above) > _CLEAR) & (over * above < 0)
    start, end = mask_runs(clear)
    share = np.abs(above) / np.maximum(np.abs(above) + np.abs(over), 1e-6)
    return _Stretches(reason="disagreement", start=start, end=end, chance=_means(share, start, end))


def _unsure(derived: Derived, score: NDArray[np.float32], theta: float) -> _Stretches:
    """Stretches whose score is near the middle, a gap of one snippet closed."""
    start, end = clean_runs(*mask_runs(_telling(derived.psi, score) > _DOUBTFUL), 0, 1)
    sureness = _means(np.abs(derived.psi - theta), start, end)
    chance = 0.5 * np.maximum(1 - 2 * sureness, 0)
    return _Stretches(reason="unsure", start=start, end=end, chance=chance)


def _worth(part: _Stretches, derived: Derived) -> NDArray[np.float64]:
    """(N,) the chance that a label is put right, together with what a label would teach."""
    if derived.score is None:
        return part.chance
    taught = _means(_telling(derived.psi, derived.score), part.start, part.end)
    return np.asarray((part.chance + _TEACHES * taught) / (1 + _TEACHES))


def _telling(psi: NDArray[np.float32], score: NDArray[np.float32]) -> NDArray[np.float32]:
    """(T,) 1 where psi is sure of an event and the score is in the middle, 0 where it is sure."""
    return np.asarray(psi * (1 - np.abs(2 * score - 1)), dtype=np.float32)


def _short(derived: Derived, theta: float, fps: float) -> _Stretches:
    """Abnormal segments too short to be believed."""
    start, end = mask_runs(derived.pseudo_label)
    length_s = (derived.edges[end] - derived.edges[start]) / fps
    chosen = (length_s < _SHORT_S) | (end - start < 2)
    start, end = start[chosen], end[chosen]
    sureness = _means(np.abs(derived.psi - theta), start, end)
    return _Stretches(reason="short", start=start, end=end, chance=0.5 * (1 - sureness))


def _edges(derived: Derived) -> _Stretches:
    """A snippet on each side of a change of label that psi crosses slowly."""
    place = np.flatnonzero(np.diff(derived.pseudo_label)) + 1
    slope = np.abs(derived.psi[place] - derived.psi[place - 1])
    slow = slope < _STEEP
    place, slope = place[slow], slope[slow]
    chance = 0.4 * (1 - slope.astype(np.float64) / _STEEP)
    return _Stretches(reason="edge", start=place - 1, end=place + 1, chance=chance)


def _means(
    values: NDArray[np.floating], start: NDArray[np.intp], end: NDArray[np.intp]
) -> NDArray[np.float64]:
    """(N,) mean of the values in each [start, end)."""
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    return np.asarray((total[end] - total[start]) / np.maximum(end - start, 1))


def _is_said(labels: VideoLabels, item: ReviewItem) -> bool:
    """Whether people have said something of every frame."""
    reached = item.start
    for segment in labels.segments:
        if segment.start > reached:
            break
        reached = max(reached, segment.end)
    return reached >= item.end


def _is_same(one: ReviewItem, other: ReviewItem) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 2 * shared > min(one.end - one.start, other.end - other.start)
