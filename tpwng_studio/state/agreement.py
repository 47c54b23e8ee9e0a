"""How well the pseudo-labels of one video agree with a reference: F1 at once, AP on request.

Runs of states in, numbers out; all in run lengths and counts per snippet, so that a day of video
costs what its segments cost. Called by the session while sliders move. NumPy only, no Qt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tpwng_core.groundtruth import Interval
from tpwng_core.labels import ABNORMAL, NORMAL, Runs
from tpwng_core.tuning import Derived

_LEVELS = 2**16 - 1


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Pseudo-labels against a reference, in frames of which the reference says something.

    Attributes:
        against: "ground truth" or "human labels".
        num_abnormal: abnormal frames of the reference.
        num_normal: its normal frames.
        precision: share of the pseudo-labelled frames that are abnormal; None without any.
        recall: share of the abnormal frames that are pseudo-labelled; None without any.
        f1: their harmonic mean; None where it is not defined.
        psi_ap: average precision of psi; None without abnormal frames or not asked for.
        score_ap: average precision of the score.
    """

    against: str
    num_abnormal: int
    num_normal: int
    precision: float | None
    recall: float | None
    f1: float | None
    psi_ap: float | None = None
    score_ap: float | None = None


def agreement(runs: Runs, reference: Runs, against: str) -> Agreement:
    """Compare pseudo-labels with a reference.

    Args:
        runs: pseudo-labels, NORMAL and ABNORMAL.
        reference: over the same frames; UNSET and UNKNOWN frames do not count.
        against: what the reference is.
    """
    abnormal, normal = (FrameCount(reference, state) for state in (ABNORMAL, NORMAL))
    chosen = runs.state == ABNORMAL
    starts, ends = runs.start[chosen], runs.end[chosen]
    hits, alarms = (int(count.between(starts, ends).sum()) for count in (abnormal, normal))
    wanted = abnormal.total
    return Agreement(
        against=against,
        num_abnormal=wanted,
        num_normal=normal.total,
        precision=hits / (hits + alarms) if hits + alarms else None,
        recall=hits / wanted if wanted else None,
        f1=2 * hits / (hits + alarms + wanted) if wanted else None,
    )


def curve_ap(
    curve: NDArray[np.floating], edges: NDArray[np.int64], reference: Runs
) -> float | None:
    """Average precision of a curve per snippet, each weighing its frames.

    Values are rounded to 16 bits, which saves the sort of a day's snippets: those closer than
    1 / 65,535 tie, which was seen to move a short video's third decimal by one. Reports use
    ``evaluation``, which is exact.

    Args:
        curve: (T,) psi or score, in [0, 1].
        edges: (T + 1,) frames at which snippets begin.
        reference: as in :func:`agreement`.

    Returns:
        In [0, 1], or None where the reference has no abnormal frame.
    """
    from tpwng_core.evaluation import Ranking  # the window need not wait for it

    positive, negative = (
        FrameCount(reference, state).between(edges[:-1], edges[1:]) for state in (ABNORMAL, NORMAL)
    )
    level = np.rint(np.clip(curve, 0, 1) * _LEVELS).astype(np.intp)
    counts = [
        np.bincount(level, weights=part, minlength=_LEVELS + 1)[::-1]
        for part in (positive, negative)
    ]
    said = counts[0] + counts[1] > 0
    ranking = Ranking(np.arange(_LEVELS, -1, -1)[said], counts[0][said], counts[1][said])
    return ranking.average_precision


def with_ap(found: Agreement, derived: Derived, reference: Runs) -> Agreement:
    """The same with average precisions, which take a sort of all snippets."""
    score = derived.score
    return replace(
        found,
        psi_ap=curve_ap(derived.psi, derived.edges, reference),
        score_ap=None if score is None else curve_ap(score, derived.edges, reference),
    )


def truth_runs(intervals: Iterable[Interval], num_frames: int) -> Runs:
    """Annotated intervals as runs; what is not annotated is normal, what lies behind is cut."""
    ordered = sorted((item.start, min(item.end, num_frames)) for item in intervals)
    pieces: list[tuple[int, int, int]] = []
    reached = 0
    for start, end in ordered:
        if end > max(start, reached):
            pieces.append((max(start, reached), end, ABNORMAL))
            reached = end
    return Runs.painted(pieces, num_frames, base=NORMAL)


class FrameCount:
    """How many frames of one state lie between any two frames.

    Args:
        runs: of a video.
        state: the state that counts.
    """

    def __init__(self, runs: Runs, state: int) -> None:
        lengths = np.where(runs.state == state, runs.end - runs.start, 0)
        self._edges = np.append(runs.start, runs.end[-1:])
        self._before = np.concatenate([[0], np.cumsum(lengths)])[: len(self._edges)]

    @property
    def total(self) -> int:
        """Frames of the state in the whole video."""
        return int(self._before[-1]) if len(self._before) else 0

    def between(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.float64]:
        """(N,) number of frames of the state in each [start, end)."""
        if not len(self._edges):
            return np.zeros(len(starts))
        low, high = (np.interp(at, self._edges, self._before) for at in (starts, ends))
        return np.asarray(high - low, dtype=np.float64)
