"""What a second model sees otherwise: stretches of frames whose label or side of the score changed.

Two looks at the same video in, its changed stretches out, each with how much the curve moved there.
Called by the studio after a round of corrections. NumPy only. T snippets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tpwng_core.labels import ABNORMAL, NORMAL, Runs
from tpwng_core.pseudolabels import mask_runs
from tpwng_core.scores import SCORE_DECIDES

Kind = Literal["label", "score"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """A video as one model sees it.

    Attributes:
        labels: what holds for each frame.
        edges: (T + 1,) frames at which snippets begin, and the end of the video.
        psi: (T,) in [0, 1].
        score: (T,) in [0, 1]; None where the video is not scored.
    """

    labels: Runs
    edges: NDArray[np.int64]
    psi: NDArray[np.floating]
    score: NDArray[np.floating] | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """Neighbouring frames that changed alike.

    Attributes:
        video: id.
        start: first frame.
        end: the frame behind the last one.
        kind: "label": what holds for the frames; "score": the side of 0.5 the score lies on.
        before: state of ``labels`` the frames had; of a score NORMAL or ABNORMAL.
        after: state they have now.
        amount: by how much the curve behind it moved on average, psi or the score, in [-1, 1].
    """

    video: str
    start: int
    end: int
    kind: Kind
    before: int
    after: int
    amount: float

    @property
    def num_frames(self) -> int:
        """Length in frames."""
        return self.end - self.start

    @property
    def weight(self) -> float:
        """Frames times how far the curve moved there: what is listed first."""
        return self.num_frames * abs(self.amount)


def changes(video: str, before: Look, after: Look) -> list[Change]:
    """Stretches of a video that changed, labels and scores apart, in the order of time.

    Args:
        video: id.
        before: as the model before sees it.
        after: as the model after sees it.

    Raises:
        ValueError: the two are of different lengths.
    """
    found = [*_changes(video, "label", before, after)]
    if before.score is not None and after.score is not None:
        found += _changes(video, "score", before, after)
    return sorted(found, key=lambda change: (change.start, change.kind))


def by_weight(found: Iterable[Change]) -> list[Change]:
    """What changed most first; equal ones by video and time."""
    return sorted(found, key=lambda change: (-change.weight, change.video, change.start))


def changed_runs(before: Runs, after: Runs) -> list[tuple[int, int, int, int]]:
    """Stretches (start, end, state before, state after) in which two run lengths differ.

    Raises:
        ValueError: the two are of different lengths.
    """
    if before.num_frames != after.num_frames:
        raise ValueError(f"{before.num_frames} frames before, {after.num_frames} after")
    edges = np.unique(np.concatenate([before.start, after.start, [before.num_frames]]))
    old, new = (
        runs.state[np.searchsorted(runs.start, edges[:-1], side="right") - 1]
        for runs in (before, after)
    )
    differs = old != new
    return list(
        zip(
            edges[:-1][differs].tolist(),
            edges[1:][differs].tolist(),
            old[differs].tolist(),
            new[differs].tolist(),
            strict=True,
        )
    )


def side_runs(edges: NDArray[np.int64], score: NDArray[np.floating]) -> Runs:
    """NORMAL and ABNORMAL of frames: which side of ``SCORE_DECIDES`` their score lies on.

    Args:
        edges: (T + 1,) frames at which snippets begin, and the end of the video.
        score: (T,).
    """
    starts, ends = mask_runs(score >= SCORE_DECIDES)
    found = zip(edges[starts].tolist(), edges[ends].tolist(), strict=True)
    pieces = [(start, end, ABNORMAL) for start, end in found if start < end]
    return Runs.painted(pieces, int(edges[-1]), base=NORMAL)


def means_over(
    edges: NDArray[np.int64],
    values: NDArray[np.floating],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
) -> NDArray[np.float64]:
    """(N,) means of a curve with one value a snippet over the frames of each [start, end).

    Args:
        edges: (T + 1,) frames at which snippets begin, and the end of the video.
        values: (T,).
        start: (N,) first frames.
        end: (N,) frames behind the last ones.
    """
    area = np.concatenate([[0.0], np.cumsum(np.diff(edges) * values, dtype=np.float64)])
    return np.asarray((np.interp(end, edges, area) - np.interp(start, edges, area)) / (end - start))


def _changes(video: str, kind: Kind, before: Look, after: Look) -> list[Change]:
    is_label = kind == "label"
    runs = [look.labels if is_label else _sides(look) for look in (before, after)]
    found = changed_runs(*runs)
    start, end = np.array(found, dtype=np.int64).reshape(-1, 4)[:, :2].T
    low, high = (means_over(look.edges, _curve(look, kind), start, end) for look in (before, after))
    return [
        Change(
            video=video,
            start=first,
            end=last,
            kind=kind,
            before=old,
            after=new,
            amount=amount,
        )
        for (first, last, old, new), amount in zip(found, (high - low).tolist(), strict=True)
    ]


def _curve(look: Look, kind: Kind) -> NDArray[np.floating]:
    """What a kind of change is decided by."""
    if kind == "label":
        return look.psi
    assert look.score is not None
    return look.score


def _sides(look: Look) -> Runs:
    assert look.score is not None
    return side_runs(look.edges, look.score)
