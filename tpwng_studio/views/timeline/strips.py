"""Paints rows that hold labels: bands that differ in shape and hatch as well as in colour.

A :class:`Scene` in, pixels of the static layer out. Called by ``layer``; the overview and the
legend draw the same band.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QPainter

from tpwng_core.labels import ABNORMAL, NORMAL, UNKNOWN, UNSET
from tpwng_studio.views.timeline.look import RIGHT, Look, mixed
from tpwng_studio.views.timeline.scene import Scene
from tpwng_studio.widgets.columns import bit, states_in
from tpwng_studio.widgets.raster import Raster, StripInk

NO_HAND = "nobody has said anything yet: select a segment, then A, N or U"


def paint_strip(painter: QPainter, scene: Scene, row: str) -> None:
    """Labels of every column: abnormal tall and hatched, normal thin, unknown dotted."""
    plot, theme = scene.geometry.plot(row).adjusted(0, 2, 0, -2), scene.look.theme
    runs = scene.content.strips.get(row)
    if runs is None:
        words = "none for this video" if row == "truth" else ""
        scene.look.write(
            painter, plot.adjusted(0, 0, -8, 0), words, theme.muted, RIGHT, is_small=True
        )
        return
    raster = scene.look.raster(plot)
    draw_states(raster, states_in(runs, scene.borders))
    scene.look.place(painter, plot, raster.image(state_inks(scene.look, is_truth=row == "truth")))
    if row == "human":
        _write_names(painter, scene, plot)
        if len(runs.state) == 1 and runs.state[0] == UNSET:
            room = plot.adjusted(0, 0, -8, 0)
            scene.look.write(painter, room, NO_HAND, theme.muted, RIGHT, is_small=True)


def draw_states(raster: Raster, states: NDArray[np.uint8]) -> None:
    """Bands of the states: abnormal is tall and hatched, unknown dotted, normal thin.

    Args:
        raster: as wide as the strip.
        states: (W,) bits of the states in each column.
    """
    rows = raster.num_rows
    middle = raster.length(3)
    top, edge = (rows - middle) // 2, round(rows * 0.2)
    raster.band(top, top + middle, StripInk.NORMAL, (states & bit(NORMAL)) > 0)
    raster.band(edge, rows - edge, StripInk.UNKNOWN, (states & bit(UNKNOWN)) > 0)
    raster.dots(StripInk.UNKNOWN, StripInk.DOT)
    draw_abnormal(raster, (states & bit(ABNORMAL)) > 0)


def draw_abnormal(raster: Raster, where: NDArray[np.bool_] | None = None) -> None:
    """The tall hatched band alone."""
    raster.band(0, raster.num_rows, StripInk.ABNORMAL, where)
    raster.hatch(StripInk.ABNORMAL, StripInk.HATCH)


def state_inks(look: Look, *, is_truth: bool = False) -> dict[StripInk, QColor]:
    """Colours of the states; the ground truth has its own for abnormal."""
    theme = look.theme
    abnormal = theme.truth if is_truth else theme.abnormal
    return {
        StripInk.NORMAL: theme.normal,
        StripInk.UNKNOWN: theme.unknown,
        StripInk.DOT: theme.background,
        StripInk.ABNORMAL: abnormal,
        StripInk.HATCH: mixed(abnormal, theme.background, 0.35),
    }


def _write_names(painter: QPainter, scene: Scene, plot: QRect) -> None:
    """The category of human segments that are wide enough for it."""
    look, view = scene.look, scene.viewport
    for start, end, name in scene.content.names:
        left, right = max(view.x_of(start), 0.0), min(view.x_of(end), view.width_px)
        if right - left > 24 and right - left > look.width(name, is_small=True) + 16:
            place = QPointF(plot.left() + left + 4, plot.center().y() + 0.5)
            look.plate(painter, place, name, look.theme.text)
