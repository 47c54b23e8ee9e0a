"""Long curves and long lists of runs, told per pixel column so that nothing short is lost.

Values of snippets and runs of frames in, one small array per column out; the cost of painting
then depends on the width of the window and not on the length of the video. Called by the
painting of the timeline. NumPy only, no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tpwng_core.labels import Runs

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Steps:
    """A curve that keeps each value until the next step.

    Args:
        edges: (T + 1,) float64 ascending borders of the steps, frames.
        values: (T,) height of each step; NaN is a gap.
    """

    edges: Floats
    values: NDArray[np.floating]

    def __post_init__(self) -> None:
        if len(self.edges) != len(self.values) + 1:
            raise ValueError(f"{len(self.edges)} edges do not bound {len(self.values)} values")

    def at(self, frame: int) -> float | None:
        """The value at a frame; None outside the curve."""
        index = int(np.searchsorted(self.edges, frame, side="right")) - 1
        return float(self.values[index]) if 0 <= index < len(self.values) else None


def snippet_edges(snippet_start: ArrayLike, num_frames: int) -> Floats:
    """(T + 1,) borders of the snippets in frames; the first and the last reach the video's ends.

    Args:
        snippet_start: (T,) first frame of each snippet, ascending.
        num_frames: length of the video.
    """
    edges = np.append(np.asarray(snippet_start, dtype=np.float64), float(num_frames))
    edges[0] = 0.0
    kept: Floats = edges.clip(0.0, num_frames)
    return kept


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
    num_steps = len(steps.values)
    if not num_steps:
        nothing = np.full(len(borders) - 1, np.nan)
        return nothing, nothing
    index = np.searchsorted(steps.edges, borders, side="left") - 1
    index = np.clip(index, 0, num_steps - 1)
    pairs = np.stack((index[:-1], np.minimum(index[1:] + 1, num_steps - 1)), axis=1).ravel()
    low = np.fmin.reduceat(steps.values, pairs)[::2]
    high = np.fmax.reduceat(steps.values, pairs)[::2]
    # reduceat cannot name the end of the array, so the last step is added by hand.
    at_end = index[1:] == num_steps - 1
    last = steps.values[-1]
    return np.where(at_end, np.fmin(low, last), low), np.where(at_end, np.fmax(high, last), high)


def touches(runs: Runs, state: int, borders: Floats) -> NDArray[np.bool_]:
    """Whether each column holds any frame of a state: a short event keeps its column.

    Args:
        runs: states of the whole video.
        state: the one asked for.
        borders: (W + 1,) ascending, frames.

    Returns:
        (W,) bool.
    """
    chosen = runs.state == state
    start, end = runs.start[chosen], runs.end[chosen]
    if not len(start):
        return np.zeros(len(borders) - 1, dtype=np.bool_)
    begun = np.searchsorted(start, borders[1:], side="left")
    over = np.searchsorted(end, borders[:-1], side="right")
    return begun > over


def state_at(runs: Runs, frame: int) -> int | None:
    """The state of a frame; None outside the video."""
    index = int(np.searchsorted(runs.end, frame, side="right"))
    return int(runs.state[index]) if frame >= 0 and index < len(runs.end) else None
