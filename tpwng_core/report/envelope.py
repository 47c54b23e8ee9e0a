"""Long curves made short without losing a peak: runs, and min and max per column.

A figure has some hundred columns, a video may have a hundred thousand snippets. Curves in,
drawable arrays out; called by the figures. NumPy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Span = tuple[float, float]


def merge_equal_steps(edges: npt.ArrayLike, values: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Steps without the edges at which nothing changes.

    Args:
        edges: (T + 1,) ascending borders of the steps.
        values: (T,) height of each step; NaN is a gap.

    Returns:
        The (M + 1,) edges and (M,) values that draw the same curve, M <= T.
    """
    borders = np.asarray(edges, dtype=np.float64)
    heights = np.asarray(values, dtype=np.float64)
    gap = np.isnan(heights)
    same = (heights[1:] == heights[:-1]) | (gap[1:] & gap[:-1])
    first = np.concatenate(([0], np.flatnonzero(~same) + 1))
    return np.concatenate((borders[first], borders[-1:])), heights[first]


def clip_steps(
    edges: npt.ArrayLike, values: npt.ArrayLike, start: float, end: float
) -> tuple[Floats, npt.NDArray[Any]]:
    """The steps that lie in [start, end), those across a border cut there.

    Args:
        edges: (T + 1,) ascending borders of the steps, which reach over the range.
        values: (T,) height of each step.
        start: left border.
        end: right border, above it.

    Returns:
        The (M + 1,) edges from ``start`` to ``end`` and the (M,) values.
    """
    borders, heights = np.asarray(edges, dtype=np.float64), np.asarray(values)
    first = max(int(np.searchsorted(borders, start, side="right")) - 1, 0)
    last = min(int(np.searchsorted(borders, end, side="left")), len(heights))
    return borders[first : last + 1].clip(start, end), heights[first:last]


def step_envelope(
    edges: npt.ArrayLike, values: npt.ArrayLike, num_columns: int
) -> tuple[Floats, Floats, Floats]:
    """Smallest and largest step that each of ``num_columns`` equal columns touches.

    Args:
        edges: (T + 1,) strictly ascending borders of the steps.
        values: (T,) height of each step; NaN is a gap.
        num_columns: number of columns between the first and the last edge.

    Returns:
        Column borders (num_columns + 1,), lowest and highest value (num_columns,); NaN where
        a column sees gaps only.
    """
    borders = np.asarray(edges, dtype=np.float64)
    heights = np.asarray(values, dtype=np.float64)
    columns = np.linspace(borders[0], borders[-1], num_columns + 1)
    first = np.searchsorted(borders, columns[:-1], side="right") - 1
    after = np.searchsorted(borders, columns[1:], side="left")
    pairs = np.stack((first, np.maximum(after, first + 1)), axis=1).ravel()
    padded = np.append(heights, np.nan)  # reduceat needs every index to exist
    low = np.fmin.reduceat(padded, pairs)[::2]
    high = np.fmax.reduceat(padded, pairs)[::2]
    return columns, low, high


def spans_of(edges: npt.ArrayLike, mask: npt.ArrayLike, num_columns: int) -> list[Span]:
    """Intervals in which ``mask`` holds; more than ``num_columns`` runs are drawn by column.

    A column counts as set when any of its steps is, so that a short event stays visible.

    Args:
        edges: (T + 1,) strictly ascending borders.
        mask: (T,) bool.
        num_columns: the most columns that can be told apart.

    Returns:
        (start, end) in the unit of ``edges``, ascending, apart from each other.
    """
    borders, heights = merge_equal_steps(edges, np.asarray(mask, dtype=np.float64))
    if len(heights) > 2 * num_columns:
        columns, _, high = step_envelope(borders, heights, num_columns)
        borders, heights = merge_equal_steps(columns, high)
    inside = np.flatnonzero(heights > 0)
    return [(float(borders[i]), float(borders[i + 1])) for i in inside]


def thin_path(x: npt.ArrayLike, y: npt.ArrayLike, num_columns: int) -> tuple[Floats, Floats]:
    """A path with at most four points per column of ``x``: first, last, lowest, highest.

    Args:
        x: (N,) ascending.
        y: (N,) values.
        num_columns: number of columns between the smallest and the largest ``x``.

    Returns:
        The kept points, in their order.
    """
    across, up = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if len(across) <= 4 * num_columns:
        return across, up
    column = np.floor((across - across[0]) / max(np.ptp(across), 1e-300) * num_columns)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(column)) + 1))
    ends = np.append(starts[1:], len(across)) - 1
    by_height = np.lexsort((up, column))
    keep = np.unique(np.concatenate((starts, ends, by_height[starts], by_height[ends])))
    return across[keep], up[keep]


def clip_spans(spans: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """The parts of ``spans`` inside [0, length), merged where they touch or overlap."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(a, 0), min(b, length)) for a, b in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
