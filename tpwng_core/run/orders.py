"""What the simulated analyst is shown next: the head of the review queue, or one of its rivals.

Looks at training videos, or what is labelled already, in; the stretches of a round out. The queue
sets the budget: its rivals get as many frames, and random stretches as many corrections of the same
lengths. Called by ``run/course.py``. NumPy only.
"""

# T snippets

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpwng_core.labels import VideoLabels
from tpwng_core.review import review_items
from tpwng_core.run.analyst import Stretch, is_unset
from tpwng_core.tuning import Derived

Edges = Mapping[str, NDArray[np.int64]]
"""Per video (T + 1,) frames at which snippets begin, and its end."""


def queue_order(
    looks: Mapping[str, Derived], labels: Mapping[str, VideoLabels], theta: float, count: int
) -> list[Stretch]:
    """The first ``count`` items of the review queue over all videos, best first.

    Args:
        looks: curves of each video as the model is now.
        labels: what was said of these videos.
        theta: threshold on psi.
        count: how many; fewer where the queue is shorter.
    """
    items = [item for video in looks for item in review_items(looks[video], labels[video], theta)]
    ordered = sorted(items, key=lambda item: (-item.priority, item.video, item.start))
    return [Stretch(video=item.video, start=item.start, end=item.end) for item in ordered[:count]]


def random_order(
    edges: Edges,
    labels: Mapping[str, VideoLabels],
    lengths: Sequence[int],
    rng: np.random.Generator,
) -> list[Stretch]:
    """A stretch for each length, drawn evenly from everything that nobody said anything of.

    Stretches are of whole snippets and do not overlap. Where no free stretch has just so many
    frames, one of the nearest length is drawn; where nothing is free any more, none.

    Args:
        edges: snippets of the videos.
        labels: what was said of these videos.
        lengths: frames of each stretch.
        rng: draws.
    """
    free = {video: _free_snippets(edges[video], labels[video]) for video in edges}
    chosen = []
    for length in lengths:
        places = _nearest(_windows(edges, free, length), length)
        if not places:
            continue
        video, first, behind = places[int(rng.integers(len(places)))]
        free[video][first:behind] = False
        start, end = edges[video][first], edges[video][behind]
        chosen.append(Stretch(video=video, start=int(start), end=int(end)))
    return chosen


def whole_videos(
    edges: Edges, labels: Mapping[str, VideoLabels], num_frames: int, order: Sequence[str]
) -> list[Stretch]:
    """Go on labelling whole videos, one after the other, for so many frames.

    The last video is begun and gone on with in the next round.

    Args:
        edges: of the videos.
        labels: what was said of these videos, from their beginnings.
        num_frames: budget.
        order: in which videos are labelled.
    """
    chosen, left = [], num_frames
    for video in order:
        begun = int((~is_unset(labels[video])).sum())
        end = min(begun + left, int(edges[video][-1]))
        if end > begun:
            chosen.append(Stretch(video=video, start=begun, end=end))
            left -= end - begun
    return chosen


@dataclass(frozen=True)
class _Window:
    """Free places of a video at which a stretch of so many snippets fits."""

    video: str
    first: NDArray[np.intp]
    num_snippets: int
    num_frames: NDArray[np.int64]


def _free_snippets(edges: NDArray[np.int64], labels: VideoLabels) -> NDArray[np.bool_]:
    """(T,) whether nobody said anything of any frame of a snippet; empty snippets are not free."""
    said = np.append(0, np.cumsum(~is_unset(labels)))
    return np.asarray((np.diff(said[edges]) == 0) & (np.diff(edges) > 0))


def _windows(edges: Edges, free: Mapping[str, NDArray[np.bool_]], length: int) -> list[_Window]:
    found = []
    for video, mask in free.items():
        edge = edges[video]
        typical = max(float(np.median(np.diff(edge))), 1.0)
        num_snippets = max(round(length / typical), 1)
        taken = np.append(0, np.cumsum(~mask))
        if num_snippets > len(mask):
            continue
        first = np.flatnonzero(taken[num_snippets:] == taken[:-num_snippets])
        frames = edge[first + num_snippets] - edge[first]
        found.append(_Window(video, first, num_snippets, frames))
    return found


def _nearest(windows: Sequence[_Window], length: int) -> list[tuple[str, int, int]]:
    """The places whose length is nearest to the one asked for: video, first snippet, one behind."""
    gaps = [np.abs(window.num_frames - length) for window in windows]
    least = min((int(gap.min()) for gap in gaps if len(gap)), default=None)
    return [
        (window.video, int(first), int(first) + window.num_snippets)
        for window, gap in zip(windows, gaps, strict=True)
        for first in window.first[gap == least]
    ]
