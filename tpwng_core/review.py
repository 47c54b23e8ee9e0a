"""Where a person's look is worth most: frames whose label may well be wrong, ranked.

Derived curves and what people said of one video in, :class:`ReviewItem` out. Called by the
studio's session for the open video, by its ``survey`` for all, and by the simulated analyst of the
verb ``corrections``. NumPy only.

Where a video has a score, an item is a window of three snippets, worth the change that its label is
expected to make in training: the expected gradient length of L_cl (Settles, Craven and Ray,
Multiple-Instance Active Learning, NIPS 2007), see :func:`expected_change`. It is the chance that
the pseudo-label is wrong, together with how far the label is expected to be from the score.
Windows of one length taught more than stretches of doubt of any length ranked by the same worth,
most of all in the rendered world. Windows of a video do not overlap, and each lowers the priority
of its next one by a fifth, so that a round is spread over many videos. What people said teaches
nothing any more.

Without a score, an item is a stretch, worth the chance that its pseudo-label is wrong. The chances
are rules of thumb. The priority is the worth, as seconds per second spent: worth * length /
(length + 5 s to find one's way). The verb ``corrections`` measures what the ranking teaches.

Why a stretch is listed, and the chance that its pseudo-label is wrong; ``margin`` is |psi - theta|:

- ``near theta``: 0.5 * (1 - margin / delta), averaged over a stretch within delta of theta;
- ``flips``: such a stretch in which the label changes twice or more: 0.5 throughout;
- ``disagreement``: psi and score clearly on different sides: the share that the score has in the
  two margins, so that a sure score weighs against an unsure psi;
- ``unsure``: none of these, but the label is expected to change much;
- ``short``: an abnormal segment under a second, or of a single snippet: 0.5, less if psi is sure;
- ``edge``: the two snippets at a change of label that psi crosses slowly: up to 0.4.

Of stretches that share more than half of the shorter one's frames, the better one stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tpwng_core.labels import VideoLabels
from tpwng_core.pseudolabels import clean_runs, mask_runs
from tpwng_core.rounds import HUMAN_WEIGHT
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
_WINDOW = 3
"""Snippets of an item of a scored video."""
_WORTHWHILE = 0.4  # a coin's toss is worth 0.5; psi and score both at 0.75 make 0.35
_NEXT_OF_VIDEO = 0.8


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
    """Stretches of snippets [start, end) and what a look at them is worth, in [0, 1]."""

    reason: Reason
    start: NDArray[np.intp]
    end: NDArray[np.intp]
    worth: NDArray[np.float64]


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
    if derived.score is not None:
        parts = [*_windows(derived, derived.score, labels, parts)]
    reason = np.repeat([part.reason for part in parts], [len(part.start) for part in parts])
    start, end = (
        derived.edges[np.concatenate([getattr(part, side) for part in parts])]
        for side in ("start", "end")
    )
    length_s = (end - start) / fps
    worth = np.concatenate([part.worth for part in parts])
    if not len(worth):
        return []
    priority = worth * length_s / (length_s + _OVERHEAD_S)
    next_of_video, may_share = (1.0, 0.5) if derived.score is None else (_NEXT_OF_VIDEO, 0.0)
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
            priority=float(priority[place] * next_of_video ** len(kept)),
        )
        if _is_said(labels, item) or any(_share(item, other) > may_share for other in kept):
            continue
        kept.append(item)
    return kept


def _all_stretches(
    derived: Derived, theta: float, delta: float, fps: float
) -> Iterable[_Stretches]:
    yield from _near_theta(derived.psi, theta, delta)
    yield _edges(derived)
    yield _short(derived, theta, fps)
    if derived.score is not None:
        yield _disagreements(derived.psi - theta, derived.score - SCORE_DECIDES)


def _near_theta(psi: NDArray[np.float32], theta: float, delta: float) -> Iterator[_Stretches]:
    """Stretches within delta of theta, a gap of one snippet closed."""
    margin = np.abs(psi - theta)
    start, end = clean_runs(*mask_runs(margin < delta), 0, 1)
    crossed = np.concatenate([[0], np.cumsum(np.diff(psi >= theta))])
    is_flip = crossed[end - 1] - crossed[start] >= 2
    chance = 0.5 * _means(np.maximum(1 - margin / delta, 0), start, end)
    calm = ~is_flip
    yield _Stretches(reason="near theta", start=start[calm], end=end[calm], worth=chance[calm])
    sure = np.full(int(is_flip.sum()), 0.5)
    yield _Stretches(reason="flips", start=start[is_flip], end=end[is_flip], worth=sure)


def _disagreements(over: NDArray[np.float32], above: NDArray[np.float32]) -> _Stretches:
    """Where psi and score are clearly on different sides of their thresholds."""
    clear = (np.abs(over) > _CLEAR) & (np.abs(above) > _CLEAR) & (over * above < 0)
    start, end = mask_runs(clear)
    share = np.abs(above) / np.maximum(np.abs(above) + np.abs(over), 1e-6)
    return _Stretches(reason="disagreement", start=start, end=end, worth=_means(share, start, end))


def expected_change(
    psi: NDArray[np.floating],
    score: NDArray[np.floating],
    pseudo_label: NDArray[np.integer],
    human_weight: float = HUMAN_WEIGHT,
) -> NDArray[np.float64]:
    """How much the gradient of L_cl at a snippet's logit is expected to change by its label.

    With the pseudo-label g the gradient is eta - g, with a person's label y it is
    w * (eta - y). The label is 1 with the chance p = (psi + eta) / 2, the vote of a committee of
    two. The mean length of the change over both answers, divided by w, is::

        (P(y != g) + (w - 1) * (p * (1 - eta) + (1 - p) * eta)) / w

    Args:
        psi: (T,) in [0, 1].
        score: (T,) eta in [0, 1].
        pseudo_label: (T,) g in {0, 1}.
        human_weight: w, what a corrected snippet counts in L_cl; at least 1. At 1 only the chance
            that the pseudo-label is wrong is left.

    Returns:
        (T,) in [0, 1].
    """
    chance = (psi.astype(np.float64) + score) / 2
    wrong = np.where(pseudo_label == 1, 1 - chance, chance)
    surprise = chance * (1 - score) + (1 - chance) * score
    return np.asarray((wrong + (human_weight - 1) * surprise) / human_weight)


def _windows(
    derived: Derived,
    score: NDArray[np.float32],
    labels: VideoLabels,
    parts: Iterable[_Stretches],
) -> Iterator[_Stretches]:
    """Windows that are worth a look, by the reason that holds in them."""
    change = expected_change(derived.psi, score, derived.pseudo_label)
    change *= _unsaid(labels, derived.edges)
    length = min(_WINDOW, len(change))
    start = np.arange(len(change) - length + 1)
    worth = _means(change, start, start + length)
    why = _first_known(_reasons(parts, len(change)), length)
    for place, reason in enumerate(get_args(Reason)):
        chosen = (why == place) & (worth >= _WORTHWHILE)
        first = start[chosen]
        yield _Stretches(reason=reason, start=first, end=first + length, worth=worth[chosen])


def _reasons(parts: Iterable[_Stretches], num_snippets: int) -> NDArray[np.int8]:
    """(T,) place of each snippet's reason among all; of several, that of the last part."""
    known = get_args(Reason)
    found = np.full(num_snippets, known.index("unsure"), dtype=np.int8)
    for part in parts:
        steps = np.zeros(num_snippets + 1, dtype=np.intp)
        np.add.at(steps, part.start, 1)
        np.add.at(steps, part.end, -1)
        found[np.cumsum(steps[:-1]) > 0] = known.index(part.reason)
    return found


def _first_known(reasons: NDArray[np.int8], length: int) -> NDArray[np.int8]:
    """(N,) of each window its middle's reason, or where that is "unsure" another one's."""
    inside = np.lib.stride_tricks.sliding_window_view(reasons, length)
    inside = np.roll(inside, -(length // 2), axis=1)
    known = (inside != get_args(Reason).index("unsure")).argmax(axis=1)
    return np.asarray(np.take_along_axis(inside, known[:, None], axis=1)[:, 0])


def _unsaid(labels: VideoLabels, edges: NDArray[np.int64]) -> NDArray[np.float64]:
    """(T,) share of each snippet's frames of which nobody said anything."""
    said = np.zeros(len(edges) - 1)
    for segment in labels.segments:
        over = np.minimum(edges[1:], segment.end) - np.maximum(edges[:-1], segment.start)
        said += np.maximum(over, 0)
    return np.asarray(1 - said / np.maximum(np.diff(edges), 1))


def _short(derived: Derived, theta: float, fps: float) -> _Stretches:
    """Abnormal segments too short to be believed."""
    start, end = mask_runs(derived.pseudo_label)
    length_s = (derived.edges[end] - derived.edges[start]) / fps
    chosen = (length_s < _SHORT_S) | (end - start < 2)
    start, end = start[chosen], end[chosen]
    sureness = _means(np.abs(derived.psi - theta), start, end)
    return _Stretches(reason="short", start=start, end=end, worth=0.5 * (1 - sureness))


def _edges(derived: Derived) -> _Stretches:
    """A snippet on each side of a change of label that psi crosses slowly."""
    place = np.flatnonzero(np.diff(derived.pseudo_label)) + 1
    slope = np.abs(derived.psi[place] - derived.psi[place - 1])
    slow = slope < _STEEP
    place, slope = place[slow], slope[slow]
    chance = 0.4 * (1 - slope.astype(np.float64) / _STEEP)
    return _Stretches(reason="edge", start=place - 1, end=place + 1, worth=chance)


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


def _share(one: ReviewItem, other: ReviewItem) -> float:
    """Of the shorter one's frames, the share that both have."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return max(shared, 0) / min(one.end - one.start, other.end - other.start)
