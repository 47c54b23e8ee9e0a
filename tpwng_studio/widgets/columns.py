"""Long curves and long lists of runs, told per pixel column so that nothing short is lost.

Values of snippets and runs of frames in, one small array per column out; the cost of painting
then depends on the width of the window and not on the length of the video. Called by the
painting of the timeline. NumPy only, no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.labels import UNSET, Runs

Floats = NDArray[np.float64]
_LEAST_STATE = UNSET
_DENSE = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Steps:
    """A curve that keeps each value until the next step.

    Args:
        edges: (T + 1,) int64 ascending borders of the steps, frames.
        values: (T,) height of each step; NaN is a gap.
    """

    edges: NDArray[np.int64]
    values: NDArray[np.floating]

    def __post_init__(self) -> None:
        if len(self.edges) != len(self.values) + 1:
            raise ValueError(f"{len(self.edges)} edges do not bound {len(self.values)} values")

    def at(self, frame: int) -> float | None:
        """The value at a frame; None outside the curve."""
        index = int(np.searchsorted(self.edges, frame, side="right")) - 1
        return float(self.values[index]) if 0 <= index < len(self.values) else None


def column_borders(start: float, end: float, num_columns: int) -> Floats:
    """(num_columns + 1,) borders, in frames, of equal columns between two frames."""
    return np.linspace(start, end, num_columns + 1)


def envelope(steps: Steps, borders: Floats) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Lowest and highest value that a curve takes in each column, joined to the column before.

    A column includes the value with which the column before it ended, so that drawing the
    range of every column draws a line without holes.

    Args:
        steps: the curve.
        borders: (W + 1,) ascending, frames.

    Returns:
        (W,) lowest and (W,) highest value; NaN where a column sees gaps only.
    """
    if not len(steps.values):
        nothing = np.full(len(borders) - 1, np.nan)
        return nothing, nothing
    first, last = _steps_in(steps, borders)
    low = _reduced(np.fmin, steps.values, first, last)
    return low, _reduced(np.fmax, steps.values, first, last)


def is_dense(steps: Steps, borders: Floats) -> bool:
    """Whether columns hold so many steps that their range alone hides where most of them lie."""
    first, last = np.searchsorted(steps.edges, _ceil(borders[[0, -1]]))
    return bool(last - first > _DENSE * (len(borders) - 1))


def mean_line(steps: Steps, borders: Floats) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """The mean of the steps in each column, as a range that joins the column before.

    Args:
        steps: the curve; not empty.
        borders: (W + 1,) ascending, frames.

    Returns:
        (W,) lower and (W,) upper end; NaN where a column sees a gap.
    """
    first, last = _steps_in(steps, borders)
    mean = _reduced(np.add, steps.values, first, last) / (last - first + 1)
    before = np.concatenate((mean[:1], mean[:-1]))
    return np.fmin(mean, before), np.fmax(mean, before)


def states_in(runs: Runs, borders: Floats) -> NDArray[np.uint8]:
    """Which states each column holds, as bits: a short event keeps its column.

    Args:
        runs: states of the whole video.
        borders: (W + 1,) ascending, frames.

    Returns:
        (W,) uint8, the sum of :func:`bit` of every state in the column.
    """
    num_runs = len(runs.state)
    if not num_runs:
        return np.zeros(len(borders) - 1, dtype=np.uint8)
    first = np.searchsorted(runs.end, np.floor(borders[:-1]).astype(np.int64), side="right")
    last = np.searchsorted(runs.start, _ceil(borders[1:]), side="left") - 1
    first = np.minimum(first, num_runs - 1)
    bits = np.left_shift(1, runs.state - _LEAST_STATE, dtype=np.uint8, casting="unsafe")
    return _reduced(np.bitwise_or, bits, first, np.maximum(last, first))


def bit(state: int) -> int:
    """The bit of a state."""
    return 1 << (state - _LEAST_STATE)


def state_at(runs: Runs, frame: int) -> int | None:
    """The state of a frame; None outside the video."""
    index = int(np.searchsorted(runs.end, frame, side="right"))
    return int(runs.state[index]) if frame >= 0 and index < len(runs.end) else None


def _steps_in(steps: Steps, borders: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(W,) first and last step of each column, the step before its border included."""
    begun = np.searchsorted(steps.edges, _ceil(borders), side="left")
    index = np.clip(begun - 1, 0, len(steps.values) - 1)
    return index[:-1], index[1:]


def _ceil(borders: Floats) -> NDArray[np.int64]:
    """Whole frames below which the same frames lie; searching whole numbers copies nothing."""
    return np.ceil(borders).astype(np.int64)


def _reduced(
    reduce: np.ufunc, values: NDArray[Any], first: NDArray[np.intp], last: NDArray[np.intp]
) -> NDArray[Any]:
    """``reduce`` over values[first] to values[last], both included, for every pair."""
    num_values = len(values)
    pairs = np.stack((first, np.minimum(last + 1, num_values - 1)), axis=1).ravel()
    reduced = reduce.reduceat(values, pairs)[::2]
    # reduceat cannot name the end of the array, so the last value is added by hand; a pair of
    # twice the last value is that value already.
    at_end = (last == num_values - 1) & (first < last)
    return np.where(at_end, reduce(reduced, values[-1]), reduced)
