"""The figure of one video, in the manner of the paper's Fig. 3 and richer.

Pictures on top, then similarities, psi with theta, pseudo-labels, score and ground truth on
one time axis. A :class:`VideoCurves` in, a matplotlib figure out; rows whose data is missing
are left out. Called by the report builders and by whoever wants a single figure.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import numpy.typing as npt

from tpwng_core.report import canvas, palette
from tpwng_core.report.canvas import Axes, Figure
from tpwng_core.report.curves import VideoCurves
from tpwng_core.report.envelope import clip_steps, spans_of
from tpwng_core.report.strips import draw_pictures, draw_states, ground_truth_states
from tpwng_core.report.timeaxis import (
    LEFT_IN,
    NUM_COLUMNS,
    PLOT_IN,
    WIDTH_IN,
    draw_steps,
    key,
    label_time,
)

_TITLE_IN = 0.56
_FOOT_IN = 0.46
_STRIP_IN = 0.17


@dataclass(frozen=True, kw_only=True)
class _Row:
    """One band of the figure; heights in inches."""

    name: str
    height_in: float
    gap_in: float
    is_there: Callable[[VideoCurves], bool]
    draw: Callable[[Axes, VideoCurves], None]


def video_figure(curves: VideoCurves) -> Figure:
    """Draw everything that is known about one video, or a part of it, on one time axis.

    Args:
        curves: the video; missing parts are left out.

    Returns:
        A matplotlib figure, 10 inches wide; see :mod:`canvas` for SVG and PNG.
    """
    rows = [row for row in _ROWS if row.is_there(curves)]
    body_in = sum(row.height_in + row.gap_in for row in rows)
    height_in = _TITLE_IN + max(body_in, 0.3) + _FOOT_IN
    with canvas.style():
        figure = canvas.new_figure(WIDTH_IN, height_in)
        _draw_title(figure, curves, height_in)
        top_in = _TITLE_IN
        axes = None
        for row in rows:
            axes = _add_axes(figure, curves, row, (top_in, height_in))
            row.draw(axes, curves)
            top_in += row.height_in + row.gap_in
        if axes is not None:
            label_time(axes, curves)
    return figure


def _add_axes(
    figure: Figure, curves: VideoCurves, row: _Row, place_in: tuple[float, float]
) -> Axes:
    top_in, height_in = place_in
    bottom = 1 - (top_in + row.height_in) / height_in
    box = (LEFT_IN / WIDTH_IN, bottom, PLOT_IN / WIDTH_IN, row.height_in / height_in)
    axes = figure.add_axes(box, label=row.name)
    axes.set_xlim(*curves.extent)
    axes.tick_params(axis="x", length=0, labelbottom=False)
    offset = -0.012 if row.height_in < 0.3 else -0.052
    axes.text(offset, 0.5, row.name, transform=axes.transAxes, ha="right", va="center")
    return axes


def _draw_title(figure: Figure, curves: VideoCurves, height_in: float) -> None:
    left = LEFT_IN / WIDTH_IN
    title = canvas.drawable(curves.video)
    figure.text(left, 1 - 0.08 / height_in, title, va="top", weight="bold", size=10.5)
    kind = ", ".join(curves.categories) or "normal"
    seconds = float(curves.num_frames / curves.fps)
    parts = [kind, f"{curves.num_frames:,} frames", f"{float(curves.fps):.5g} frames/s"]
    parts.append(f"{seconds:,.1f} s")
    if curves.shown is not None:
        parts.append(f"shown: frames {curves.shown[0]:,} to {curves.shown[1] - 1:,}")
    facts = canvas.drawable("  ·  ".join(parts), limit=120)
    figure.text(left, 1 - 0.29 / height_in, facts, va="top", color=palette.MUTED)


def _draw_similarities(axes: Axes, curves: VideoCurves) -> None:
    lines = (
        (curves.s_normal, palette.NORMAL, (0, (3.2, 1.2)), "S normal", 0.36),
        (curves.s_abnormal, palette.ABNORMAL, "-", "S abnormal", 0.64),
    )
    for values, color, dashes, name, height in lines:
        if values is not None:
            draw_steps(axes, curves.snippet_edges, values, color=color, linestyle=dashes)
            key(axes, height, name, color=color, linestyle=dashes)
    axes.margins(y=0.12)
    axes.locator_params(axis="y", nbins=3)
    axes.grid(axis="y")


def _draw_psi(axes: Axes, curves: VideoCurves) -> None:
    assert curves.psi is not None
    _unit_axis(axes)
    if curves.theta is not None:
        _draw_theta(axes, curves.theta)
    draw_steps(axes, curves.snippet_edges, curves.psi, color=palette.PSI, linewidth=1.4)


def _draw_theta(axes: Axes, theta: float) -> None:
    axes.axhspan(theta, 1.06, facecolor=palette.ABNORMAL, alpha=0.13, linewidth=0)
    axes.axhline(theta, color=palette.INK, linestyle=(0, (4, 2)), linewidth=0.9)
    middle = min(max(theta, 0.3), 0.7)
    share = (middle + 0.06) / 1.12
    key(axes, share + 0.26, f"abnormal side: ψ ≥ {theta:g}", color=palette.ABNORMAL)
    key(axes, share, f"θ = {theta:g}", color=palette.INK, linestyle=(0, (4, 2)))
    key(axes, share - 0.26, "normal side", color=palette.NORMAL)


def _draw_score(axes: Axes, curves: VideoCurves) -> None:
    assert curves.score is not None
    _unit_axis(axes)
    for start, end in _spans_to_draw(curves):
        # Two areas: an SVG gives the hatch the opacity of the colour below it.
        axes.axvspan(start, end, facecolor=palette.ABNORMAL, alpha=0.16, linewidth=0)
        hatch = {"hatch": palette.ABNORMAL_HATCH[:3], "edgecolor": palette.ABNORMAL}
        axes.axvspan(start, end, facecolor="none", linewidth=0, **hatch)
    draw_steps(axes, curves.frame_edges, curves.score, color=palette.INK, linewidth=1.3)
    key(axes, 0.74, "score", color=palette.INK, linestyle="-")
    if curves.abnormal_spans:
        key(axes, 0.44, "ground truth:\nabnormal", hatch=palette.ABNORMAL_HATCH[:3])
    else:
        known = curves.ground_truth is not None
        text = "ground truth:\nnormal throughout" if known else "no ground truth"
        key(axes, 0.4, text, color=palette.MUTED)


def _unit_axis(axes: Axes) -> None:
    axes.set_ylim(-0.06, 1.06)
    axes.set_yticks([0, 0.5, 1], ["0", "0.5", "1"])
    axes.grid(axis="y")


def _spans_to_draw(curves: VideoCurves) -> list[tuple[float, float]]:
    edges, states = clip_steps(*ground_truth_states(curves), *curves.extent)
    return spans_of(edges, states == 1, NUM_COLUMNS)


def _draw_query(axes: Axes, curves: VideoCurves) -> None:
    assert curves.query is not None
    _unit_axis(axes)
    axes.set_yticks([0, 1], ["lowest", "highest"])
    draw_steps(axes, curves.query.edges, curves.query.values, color=palette.INK, linewidth=1.2)
    words = textwrap.wrap(canvas.drawable(curves.query.words), 20, max_lines=3, placeholder="…")
    key(axes, 0.5, "\n".join(words), color=palette.INK)


def _strip(
    name: str,
    gap_in: float,
    edges: Callable[[VideoCurves], npt.ArrayLike],
    states: Callable[[VideoCurves], npt.ArrayLike | None],
) -> _Row:
    """A band of labels, where there are any."""

    def draw(axes: Axes, curves: VideoCurves) -> None:
        known = states(curves)
        assert known is not None
        draw_states(axes, edges(curves), known)

    return _Row(
        name=name,
        height_in=_STRIP_IN,
        gap_in=gap_in,
        is_there=lambda curves: states(curves) is not None,
        draw=draw,
    )


_ROWS = (
    _Row(
        name="",
        height_in=1.04,
        gap_in=0.0,
        is_there=lambda curves: bool(curves.thumbnails),
        draw=draw_pictures,
    ),
    _Row(
        name="similarity",
        height_in=0.8,
        gap_in=0.13,
        is_there=lambda curves: curves.s_normal is not None or curves.s_abnormal is not None,
        draw=_draw_similarities,
    ),
    _Row(
        name="guidance ψ",
        height_in=0.86,
        gap_in=0.11,
        is_there=lambda curves: curves.psi is not None,
        draw=_draw_psi,
    ),
    _strip(
        "pseudo-label",
        0.13,
        lambda curves: curves.snippet_edges,
        lambda curves: curves.pseudo_label,
    ),
    _Row(
        name="score η",
        height_in=0.95,
        gap_in=0.11,
        is_there=lambda curves: curves.score is not None,
        draw=_draw_score,
    ),
    _Row(
        name="query",
        height_in=0.6,
        gap_in=0.11,
        is_there=lambda curves: curves.query is not None,
        draw=_draw_query,
    ),
    _strip("human label", 0.07, lambda curves: curves.frame_edges, lambda curves: curves.label),
    _strip("label", 0.07, lambda curves: curves.frame_edges, lambda curves: curves.effective),
    _Row(
        name="ground truth",
        height_in=_STRIP_IN,
        gap_in=0.05,
        is_there=lambda curves: curves.ground_truth is not None,
        draw=lambda axes, curves: draw_states(axes, *ground_truth_states(curves)),
    ),
)
