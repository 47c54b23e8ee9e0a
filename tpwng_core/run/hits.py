"""From curves of many videos to the best moments over all of them, what looks the same joined.

Moments are looked for only where a video can still be among the best. Called by ``run.search``.
"""

# T snippets, D features

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tpwng_core.features import FeatureSet
from tpwng_core.run.moments import Floats, Moment, moments

DUPLICATE_COSINE = 0.995
_MOST_ALSO = 5


@dataclass(kw_only=True)
class Hit:
    """One result.

    Attributes:
        video: id.
        moment: in snippets.
        frames: first frame, frame behind the last one, frame of the peak.
        seconds: start and end from the first frame; None where the features know no time.
        also: other moments that look the same, ``video@frame``; only the first few.
        num_similar: how many others there were among those looked at.
    """

    video: str
    moment: Moment
    frames: tuple[int, int, int]
    seconds: tuple[float, float] | None
    also: list[str] = field(default_factory=list)
    num_similar: int = 0


def best_hits(
    features: Mapping[str, FeatureSet],
    curves: Mapping[str, Floats],
    top: int,
    merge_above: float = DUPLICATE_COSINE,
) -> list[Hit]:
    """The best moments over all videos; those that look the same are one.

    Args:
        features: of the videos, for the looks of a peak and the frames of a snippet.
        curves: (T,) per video.
        top: how many.
        merge_above: cosine of two peaks' features.
    """
    hits: list[Hit] = []
    looks: list[NDArray[np.float32]] = []
    for video, moment in _in_order(curves):
        look = _look(features[video], moment.peak)
        twin = _twin(look, looks, merge_above)
        if twin is not None:
            found = _frames(features[video], moment)
            hits[twin].num_similar += 1
            if len(hits[twin].also) < _MOST_ALSO:
                hits[twin].also.append(f"{video}@{found[2]}")
            continue
        if len(hits) == top:
            break
        looks.append(look)
        hits.append(_hit(video, moment, features[video]))
    return hits


def _in_order(curves: Mapping[str, Floats]) -> Iterator[tuple[str, Moment]]:
    """Moments of all videos, best first; a video's next one is looked for after its last."""
    sources = {video: moments(curve) for video, curve in curves.items() if len(curve)}
    # until its first moment is wanted, a video stands in the queue by its maximum alone
    queue: list[tuple[float, str, Moment | None]] = [
        (-float(curves[video].max()), video, None) for video in sources
    ]
    heapq.heapify(queue)
    while queue:
        _, video, moment = heapq.heappop(queue)
        if moment is not None:
            yield video, moment
        following = next(sources[video], None)
        if following is not None:
            heapq.heappush(queue, (-following.similarity, video, following))


def _look(features: FeatureSet, snippet: int) -> NDArray[np.float32]:
    row = np.asarray(features.features[snippet], dtype=np.float32)
    row = row.mean(axis=0) if row.ndim == 2 else row
    return np.asarray(row / max(float(np.linalg.norm(row)), 1e-12), dtype=np.float32)


def _twin(
    look: NDArray[np.float32], looks: Sequence[NDArray[np.float32]], merge_above: float
) -> int | None:
    """Which earlier result looks the same, if any."""
    if not looks:
        return None
    cosines = np.stack(looks) @ look
    nearest = int(cosines.argmax())
    return nearest if cosines[nearest] > merge_above else None


def _frames(features: FeatureSet, moment: Moment) -> tuple[int, int, int]:
    starts = features.snippet_start
    end = starts[moment.end] if moment.end < len(starts) else features.num_frames
    peak_end = starts[moment.peak + 1] if moment.peak + 1 < len(starts) else features.num_frames
    return int(starts[moment.start]), int(end), int((starts[moment.peak] + peak_end) // 2)


def _hit(video: str, moment: Moment, features: FeatureSet) -> Hit:
    start, end, peak = _frames(features, moment)
    seconds = None
    if features.meta is not None:
        unit_s, first = float(features.meta.time_base), int(features.pts[0])
        # a moment ends when its last frame does
        last = features.pts[end] if end < len(features.pts) else features.pts[-1]
        seconds = ((int(features.pts[start]) - first) * unit_s, (int(last) - first) * unit_s)
    return Hit(video=video, moment=moment, frames=(start, end, peak), seconds=seconds)
