"""The time axis that all rows of a video's figure share: place, ticks, steps, margin keys.

Called by ``video_figure`` and ``strips``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tpwng_core.report import palette
from tpwng_core.report.canvas import Axes
from tpwng_core.report.curves import VideoCurves
from tpwng_core.report.envelope import clip_steps, merge_equal_steps, step_envelope

WIDTH_IN = 10.0
LEFT_IN = 1.22
RIGHT_IN = 1.62
PLOT_IN = WIDTH_IN - LEFT_IN - RIGHT_IN
NUM_COLUMNS = 700  # about what an axis of PLOT_IN shows on a screen


def draw_steps(axes: Axes, edges: npt.ArrayLike, values: npt.ArrayLike, **line: Any) -> None:
    """One value per step; long curves as a zigzag through each column's lowest and highest.

    Args:
        axes: where to draw; its x axis says which steps are seen, others are left out.
        edges: (T + 1,) ascending borders of the steps, frames.
        values: (T,) heights; not finite = a gap.
        line: colour, style and width.
    """
    edges, values = clip_steps(edges, values, *axes.get_xlim())
    heights = np.array(values, dtype=np.float64)
    heights[~np.isfinite(heights)] = np.nan
    borders, heights = merge_equal_steps(edges, heights)
    if len(heights) <= 2 * NUM_COLUMNS:
        x, y = np.repeat(borders, 2)[1:-1], np.repeat(heights, 2)
    else:
        columns, low, high = step_envelope(borders, heights, NUM_COLUMNS)
        x = np.repeat((columns[1:] + columns[:-1]) / 2, 2)
        y = np.stack((low, high), axis=1).ravel()
        line = {**line, "linestyle": "-", "linewidth": 0.8}
    axes.plot(x, y, solid_joinstyle="miter", solid_capstyle="butt", **line)


def key(axes: Axes, height: float, text: str, **look: Any) -> None:
    """A word in the right margin, with a sample of its line or hatch before it.

    Args:
        axes: the row.
        height: middle of the word, share of the row's height.
        text: what the sample means.
        look: ``color``, and ``linestyle`` for a line or ``hatch`` for an area.
    """
    color = look.get("color", palette.ABNORMAL)
    start, end = 1.015, 1.052
    placed = {"transform": axes.transAxes, "clip_on": False}
    if "hatch" in look:
        corners = ([start, end, end, start], [height - 0.09] * 2 + [height + 0.09] * 2)
        axes.fill(
            *corners, facecolor="none", edgecolor=color, lw=0.7, hatch=look["hatch"], **placed
        )
    elif "linestyle" in look:
        axes.plot([start, end], [height] * 2, color=color, linestyle=look["linestyle"], **placed)
    else:
        end = start - 0.01
    axes.text(
        end + 0.01, height, text, color=color, ha="left", va="center", transform=axes.transAxes
    )


def label_time(axes: Axes, curves: VideoCurves) -> None:
    """Ticks of the lowest row: the frame, and the time of that frame below it."""
    start, end = curves.extent
    ticks = tick_frames(start, end)
    rate = float(curves.fps)
    labels = [f"{tick:,}\n{clock(tick / rate, (end - start) / rate)}" for tick in ticks]
    axes.tick_params(axis="x", length=3, labelbottom=True, labelcolor=palette.INK)
    axes.set_xticks(ticks, labels)
    axes.annotate(
        "frame\ntime",
        (0, 0),
        (-24, -5),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        va="top",
        color=palette.MUTED,
    )


def tick_frames(start: int, end: int, most: int = 9) -> list[int]:
    """Round frame numbers in [start, end), at most ``most`` of them."""
    step = 1
    while end - start > step * most:
        lead = int(str(step)[0])
        step = step * 5 // 2 if lead == 2 else step * 2
    return list(range(-(-start // step) * step, end, step))


def clock(seconds: float, length_s: float) -> str:
    """A time on an axis of ``length_s`` seconds: ``1.25 s``, ``12.5 s``, ``2:05``, ``1:02:05``.

    On a short axis far into a video the fractions stay: ``2:05.25``.
    """
    digits = 0 if length_s >= 120 else 1 if length_s >= 10 else 2
    if max(seconds, length_s) < 120:
        return f"{seconds:.{digits}f} s"
    minutes, rest = divmod(round(seconds, digits), 60)
    hours, minutes = divmod(int(minutes), 60)
    text = f"{rest:0{3 + digits if digits else 2}.{digits}f}"
    return f"{hours}:{minutes:02}:{text}" if hours else f"{minutes}:{text}"
