"""psi of one video or of a whole project as a distribution, to choose theta for all of them.

In come psi values, and where ground truth is known how many frames of each snippet are abnormal;
out come shares above any theta, histograms, and F1 as a function of theta. Made off the window's
thread, read at slider rate by the histogram panel. NumPy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

NUM_BINS = 40
THETAS = np.linspace(0.01, 1.0, 100)
"""Where F1 is worked out."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PsiSample:
    """psi of one video, with its truth where known.

    Attributes:
        psi: (T,) in [0, 1].
        num_frames: (T,) frames of each snippet.
        num_abnormal: (T,) frames of each snippet inside ground truth; None where not known.
    """

    psi: NDArray[np.floating]
    num_frames: NDArray[np.integer]
    num_abnormal: NDArray[np.integer] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class PsiPopulation:
    """psi of several abnormal videos together.

    Attributes:
        samples: one for each video.
    """

    samples: tuple[PsiSample, ...]

    @cached_property
    def values(self) -> NDArray[np.floating]:
        """(N,) all psi values."""
        parts = [sample.psi for sample in self.samples]
        return np.concatenate(parts) if parts else np.empty(0)

    @cached_property
    def histogram(self) -> NDArray[np.float64]:
        """(NUM_BINS,) share of the values in each bin of [0, 1]; zeros where there are none."""
        # np.histogram takes ten times as long, too long for a slider on a day of video.
        places = np.minimum((self.values * NUM_BINS).astype(np.int64), NUM_BINS - 1)
        counts = np.bincount(places, minlength=NUM_BINS)
        return np.asarray(counts / max(len(self.values), 1))

    def share_above(self, theta: float) -> float:
        """Share of the values with psi >= theta."""
        return np.count_nonzero(self.values >= theta) / max(len(self.values), 1)

    def prepare(self) -> PsiPopulation:
        """Work everything out now, off the window's thread; returns itself."""
        _ = self.histogram, self.f1
        return self

    @cached_property
    def f1(self) -> NDArray[np.float64] | None:
        """(100,) F1 over frames at each of ``THETAS``; None where no event is known.

        Videos without ground truth are left out. Minimum duration and merging do not enter.
        """
        flagged, hit = np.zeros(len(THETAS)), np.zeros(len(THETAS))
        num_abnormal = 0
        for sample in self.samples:
            if sample.num_abnormal is None:
                continue
            # A snippet is flagged at the first so many thetas: those its psi reaches.
            reached = np.searchsorted(THETAS, sample.psi, side="right")
            flagged += _from_above(reached, sample.num_frames)
            hit += _from_above(reached, sample.num_abnormal)
            num_abnormal += int(sample.num_abnormal.sum())
        return 2 * hit / (flagged + num_abnormal) if num_abnormal else None

    @property
    def num_known(self) -> int:
        """Videos with ground truth."""
        return sum(sample.num_abnormal is not None for sample in self.samples)


def frames_inside(
    intervals: Sequence[tuple[int, int]], edges: NDArray[np.integer]
) -> NDArray[np.int64]:
    """How many frames of each snippet lie in any of the intervals.

    Args:
        intervals: half-open frames; may overlap and leave the video.
        edges: (T + 1,) borders of the snippets in frames.
    """
    steps = np.zeros(int(edges[-1]) + 1, dtype=np.int64)
    for start, end in intervals:
        low, high = (int(np.clip(frame, 0, edges[-1])) for frame in (start, end))
        steps[low] += 1
        steps[high] -= 1
    inside = np.append(0, np.cumsum(np.cumsum(steps)[:-1] > 0))
    return np.asarray(np.diff(inside[edges]), dtype=np.int64)


def _from_above(reached: NDArray[np.integer], frames: NDArray[np.integer]) -> NDArray[np.float64]:
    """(100,) frames of the snippets that reach each theta."""
    counts = np.bincount(reached, weights=frames, minlength=len(THETAS) + 1)
    return np.asarray(np.cumsum(counts[::-1])[::-1][1:], dtype=np.float64)
