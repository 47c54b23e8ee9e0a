"""The scores of the last hour of a watch, in bounded memory, however long it runs.

A place in time and a score at a time in; arrays for the curve out. Filled by ``watch``, drawn by
the live panel. No Qt.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpwng_studio.widgets.columns import Steps

KEPT = 36_000  # an hour at ten snippets a second: half a megabyte
_GAP_STEP_MS = 1


class ScoreHistory:
    """A window that slides over a stream of scores.

    Args:
        kept: how many scores at most.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._times_ms = np.zeros(2 * kept, dtype=np.int64)
        self._scores = np.zeros(2 * kept, dtype=np.float32)
        self._num = 0

    def __len__(self) -> int:
        return min(self._num, self._kept)

    @property
    def last_ms(self) -> int | None:
        """Where the newest score stands; None before the first."""
        return int(self._times_ms[self._num - 1]) if self._num else None

    def append(self, time_ms: int, score: float) -> None:
        """Add a score; NaN begins a gap. A clock that was set back does not turn the curve."""
        if self._num == 2 * self._kept:
            for values in (self._times_ms, self._scores):
                values[: self._kept] = values[self._kept :]
            self._num = self._kept
        last_ms = self.last_ms
        self._times_ms[self._num] = time_ms if last_ms is None else max(time_ms, last_ms)
        self._scores[self._num] = score
        self._num += 1

    def gap(self) -> None:
        """What comes next does not follow what came before."""
        if (last_ms := self.last_ms) is not None:
            self.append(last_ms + _GAP_STEP_MS + self._step_ms(), np.nan)

    def clear(self) -> None:
        """Forget all."""
        self._num = 0

    def steps(self) -> Steps:
        """All scores that are kept, each until the next; edges in milliseconds."""
        first = max(self._num - self._kept, 0)
        times: NDArray[np.int64] = self._times_ms[first : self._num]
        if not len(times):
            return Steps(edges=np.zeros(1, dtype=np.int64), values=np.zeros(0, dtype=np.float32))
        edges = np.append(times, times[-1] + max(self._step_ms(), 1))
        return Steps(edges=edges, values=self._scores[first : self._num])

    def _step_ms(self) -> int:
        """How long a snippet is: the middle of the last few distances."""
        times = self._times_ms[max(self._num - 8, 0) : self._num]
        return int(np.median(np.diff(times))) if len(times) > 1 else 0
