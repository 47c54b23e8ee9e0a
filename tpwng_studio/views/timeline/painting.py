"""Paints the rows that hold curves and labels, and the legend beside each.

A :class:`Scene` in, pixels of the static layer out; nothing here moves with the playhead. Called
by ``layer`` for the rows that changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from tpwng_core.labels import ABNORMAL, NORMAL, UNKNOWN, UNSET
from tpwng_studio.views.timeline.content import AXIS, Content
from tpwng_studio.views.timeline.geometry import ROW, SWATCH_PX, Geometry
from tpwng_studio.views.timeline.look import CENTRE, RIGHT, Look, mixed
from tpwng_studio.views.timeline.viewport import Viewport
from tpwng_studio.widgets.columns import (
    Floats,
    bit,
    column_borders,
    envelope,
    is_dense,
    mean_line,
    states_in,
)
from tpwng_studio.widgets.raster import CurveInk, Raster, StripInk
from tpwng_studio.widgets.ticks import Tick, ticks

NO_SCORES = "no scores yet: Train or Score"
NO_HAND = "nobody has said anything yet: select a segment, then A, N or U"
ABOVE = "above theta: abnormal"
BELOW = "below: normal"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """All that a row is painted from.

    Attributes:
        content: what.
        geometry: where, across and down.
        viewport: which frames.
        look: colours and fonts.
        shows_reach: leave room for the reach of attention.
        ticks: marks of the time axis.
    """

    content: Content
    geometry: Geometry
    viewport: Viewport
    look: Look
    shows_reach: bool = True
    ticks: tuple[Tick, ...] = ()

    @property
    def reach_px(self) -> int:
        """Height kept free above the score for the reach of attention."""
        height = self.geometry.rows.get("score", (0, 0))[1]
        is_drawn = self.shows_reach and self.content.has_reach
        return self.look.small_px if is_drawn and height >= 3 * self.look.small_px else 0

    @property
    def num_columns(self) -> int:
        """Device pixels across the plot."""
        return max(round(self.geometry.plot_width * self.look.ratio), 1)

    @cached_property
    def borders(self) -> Floats:
        """Borders of the pixel columns of the visible range, frames."""
        return column_borders(self.viewport.start, self.viewport.end, self.num_columns)

    @cached_property
    def whole_borders(self) -> Floats:
        """Borders of the pixel columns of the whole video, frames."""
        return column_borders(0, self.content.num_frames, self.num_columns)

    def with_ticks(self) -> Scene:
        """The same, with the marks of its own time axis."""
        view = self.viewport
        room = max(self.look.width("0:00:00.00"), self.look.width("00000000", is_small=True)) + 34
        most = max(self.geometry.plot_width // room, 1)
        marks = ticks(view.start, view.end, self.content.clock, most)
        return replace(self, ticks=tuple(marks))


def curve_rect(scene: Scene, row: str) -> QRect:
    """Where the curve of a row lies."""
    return scene.geometry.plot(row).adjusted(0, scene.reach_px if row == "score" else 0, 0, 0)


def theta_y(scene: Scene) -> float:
    """Pixel of the line theta, from the top of the widget."""
    top, height = scene.geometry.rows["psi"]
    share = (scene.content.theta - AXIS[0]) / (AXIS[1] - AXIS[0])
    return top + (1 - share) * (height - 1)


def theta_at(scene: Scene, y: float) -> float:
    """The theta of a pixel, within its bounds and in steps of 0.005."""
    top, height = scene.geometry.rows["psi"]
    value = AXIS[0] + (1 - (y - top) / max(height - 1, 1)) * (AXIS[1] - AXIS[0])
    return min(max(round(value * 200) / 200, 0.005), 1.0)


def paint_ground(painter: QPainter, scene: Scene, row: str) -> None:
    """Margins, plot and grid of a row."""
    look, plot = scene.look, scene.geometry.plot(row)
    whole = scene.geometry.whole(row)
    painter.fillRect(whole.left(), plot.top(), plot.left(), plot.height(), look.theme.panel)
    behind = plot.right() + 1
    painter.fillRect(behind, plot.top(), whole.width() - behind, plot.height(), look.theme.panel)
    painter.fillRect(plot, look.theme.background)
    painter.fillRect(0, plot.bottom() + 1, scene.geometry.width, 1, look.theme.border)
    if row == "overview":
        return
    painter.setPen(QPen(look.theme.grid, 1))
    for tick in scene.ticks:
        if tick.time:
            x = plot.left() + round(scene.viewport.x_of(tick.frame))
            painter.drawLine(x, plot.top(), x, plot.bottom())


def paint_curve(painter: QPainter, scene: Scene, row: str) -> None:
    """A curve, the ghost behind it, and its axis."""
    plot, theme = curve_rect(scene, row), scene.look.theme
    steps = scene.content.curves.get(row)
    if steps is None:
        scene.look.write(painter, plot, _why_empty(scene, row), theme.muted, CENTRE)
        return
    _half_line(painter, scene, plot)
    raster = scene.look.raster(plot)
    _draw_lines(raster, scene, row)
    colour: QColor = getattr(theme, row)
    scene.look.place(painter, plot, raster.image(_line_inks(scene, colour)))


def paint_psi(painter: QPainter, scene: Scene) -> None:
    """psi with theta: the abnormal side tinted and named, what lies on it hatched."""
    steps = scene.content.curves.get("psi")
    if steps is None:
        paint_curve(painter, scene, "psi")
        return
    plot, is_mute = scene.geometry.plot("psi"), scene.content.is_psi_mute
    raster = scene.look.raster(plot)
    line_y = round((theta_y(scene) - plot.top()) * scene.look.ratio)
    raster.band(0, line_y, CurveInk.TINT)
    if not is_mute:
        high = envelope(steps, scene.borders)[1]
        raster.area_above(high, scene.content.theta, AXIS, CurveInk.AREA)
        raster.hatch(CurveInk.AREA, CurveInk.HATCH)
    _draw_lines(raster, scene, "psi")
    # A spike of one column must stand out where hatches have no room.
    inks = _psi_inks(scene, 200 if is_dense(steps, scene.borders) else 70)
    scene.look.place(painter, plot, raster.image(inks))
    _theta_line(painter, scene, plot)


def paint_strip(painter: QPainter, scene: Scene, row: str) -> None:
    """Labels of every column: abnormal tall and hatched, normal thin, unknown dotted."""
    plot, theme = scene.geometry.plot(row).adjusted(0, 2, 0, -2), scene.look.theme
    runs = scene.content.strips.get(row)
    if runs is None:
        words = "none for this video" if row == "truth" else ""
        scene.look.write(painter, plot, words, theme.muted, CENTRE, is_small=True)
        return
    raster = scene.look.raster(plot)
    draw_states(raster, states_in(runs, scene.borders))
    scene.look.place(painter, plot, raster.image(state_inks(scene.look, is_truth=row == "truth")))
    if row == "human":
        _write_names(painter, scene, plot)
        if len(runs.state) == 1 and runs.state[0] == UNSET:
            scene.look.write(painter, plot, NO_HAND, theme.muted, CENTRE, is_small=True)


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


def paint_legend(painter: QPainter, scene: Scene, row: str) -> None:
    """Name, sample, note or badge, and the numbers of the axis, left of the plot."""
    look, rect = scene.look, scene.geometry.legend(row)
    badge = scene.content.badges.get(row)
    spec = ROW[row]
    has_two = rect.height() >= look.line_px + look.small_px and bool(spec.note or badge)
    height = look.line_px + (look.small_px if has_two else 0)
    title = QRect(
        rect.left() + SWATCH_PX + 6, rect.center().y() - height // 2, rect.width(), look.line_px
    )
    title.setRight(rect.right() - (look.width("0.0", is_small=True) + 4 if spec.is_curve else 0))
    look.write(painter, title, spec.title, look.theme.text)
    _swatch(painter, scene, row, QRect(rect.left(), title.top(), SWATCH_PX, title.height()))
    if has_two:
        note = QRect(title.left(), title.bottom() + 1, title.width(), look.small_px)
        colour = look.theme.warning if badge else look.theme.muted
        look.write(painter, note, badge.word if badge else spec.note, colour, is_small=True)
    elif badge:
        _dot(painter, QPointF(title.right() - 4, title.center().y() + 0.5), look.theme.warning)
    if spec.is_curve and row in scene.content.curves:
        _axis_numbers(painter, scene, row)


def _why_empty(scene: Scene, row: str) -> str:
    """What an empty row says; where all are empty, the largest says it once."""
    if scene.content.curves:
        return "not scored yet" if row == "score" else "no pseudo-labels yet"
    heights = {name: height for name, (_, height) in scene.geometry.rows.items()}
    shown = [name for name in heights if ROW[name].is_curve]
    return NO_SCORES if row == max(shown, key=heights.__getitem__) else ""


def _draw_lines(raster: Raster, scene: Scene, row: str) -> None:
    """The curve over its ghost; where columns hold many snippets, their mean over their range."""
    content, borders = scene.content, scene.borders
    ghost, steps = content.ghosts.get(row), content.curves[row]
    dense = is_dense(steps, borders)
    if ghost is not None:
        span = mean_line(ghost, borders) if dense else envelope(ghost, borders)
        raster.curve(span, AXIS, CurveInk.GHOST, width_px=1)
    span = envelope(steps, borders)
    if dense:
        raster.curve(span, AXIS, CurveInk.RANGE, width_px=1)
        span = mean_line(steps, borders)
    raster.curve(span, AXIS, CurveInk.LINE, is_dashed=content.is_stale)


def _psi_inks(scene: Scene, area_alpha: int) -> dict[CurveInk, QColor]:
    theme, is_mute = scene.look.theme, scene.content.is_psi_mute
    return {
        CurveInk.TINT: _clear(theme.abnormal, 20 if is_mute else 30),
        CurveInk.AREA: _clear(theme.abnormal, area_alpha),
        CurveInk.HATCH: _clear(theme.abnormal_text, 190),
        **_line_inks(scene, mixed(theme.psi, theme.background, 0.45 if is_mute else 1.0)),
    }


def _line_inks(scene: Scene, line: QColor) -> dict[CurveInk, QColor]:
    theme = scene.look.theme
    return {
        CurveInk.RANGE: mixed(line, theme.background, 0.5),
        CurveInk.GHOST: theme.muted,
        CurveInk.LINE: line,
    }


def _theta_line(painter: QPainter, scene: Scene, plot: QRect) -> None:
    look, y = scene.look, theta_y(scene)
    line = QPen(look.theme.abnormal_text, 1.25)
    painter.setPen(line)
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right() + 1, y))
    theta = scene.content.theta
    tag = f"theta {theta:.2f}" if round(theta * 1000) % 10 == 0 else f"theta {theta:.3f}"
    room = look.small_px / 2 + 1
    place = QPointF(plot.left() + 6, min(max(y, plot.top() + room), plot.bottom() - room))
    look.pill(painter, place, tag, look.theme.abnormal_text)
    for is_room, middle, words, colour in (
        (y - plot.top() >= 2 * room, plot.top() + room, ABOVE, look.theme.abnormal_text),
        (plot.bottom() - y >= 2 * room, plot.bottom() - room, BELOW, look.theme.normal_text),
    ):
        width = look.width(words, is_small=True) + 8
        if is_room and width < plot.width() / 3:
            look.plate(painter, QPointF(plot.right() - 3 - width, middle), words, colour)


def _half_line(painter: QPainter, scene: Scene, plot: QRect) -> None:
    painter.setPen(QPen(scene.look.theme.grid, 1))
    painter.drawLine(plot.left(), plot.center().y(), plot.right(), plot.center().y())


def _axis_numbers(painter: QPainter, scene: Scene, row: str) -> None:
    look, rect, plot = scene.look, scene.geometry.legend(row), curve_rect(scene, row)
    if plot.height() < 2 * look.small_px:
        return
    top = QRect(rect.left(), plot.top(), rect.width(), look.small_px)
    look.write(painter, top, "1", look.theme.muted, RIGHT, is_small=True)
    top.moveBottom(rect.bottom())
    look.write(painter, top, "0", look.theme.muted, RIGHT, is_small=True)


def _swatch(painter: QPainter, scene: Scene, row: str, rect: QRect) -> None:
    look, spec = scene.look, ROW[row]
    middle = rect.center().y() + 0.5
    if spec.is_curve:
        style = Qt.PenStyle.DashLine if scene.content.is_stale else Qt.PenStyle.SolidLine
        painter.setPen(QPen(getattr(look.theme, row), 2, style))
        painter.drawLine(QPointF(rect.left(), middle), QPointF(rect.right(), middle))
    elif spec.is_strip:
        box = QRect(rect.left(), rect.center().y() - 4, rect.width(), 9)
        raster = look.raster(box)
        draw_abnormal(raster)
        look.place(painter, box, raster.image(state_inks(look, is_truth=row == "truth")))


def _write_names(painter: QPainter, scene: Scene, plot: QRect) -> None:
    """The category of human segments that are wide enough for it."""
    look, view = scene.look, scene.viewport
    for start, end, name in scene.content.names:
        left, right = max(view.x_of(start), 0.0), min(view.x_of(end), view.width_px)
        if right - left > look.width(name, is_small=True) + 16:
            place = QPointF(plot.left() + left + 4, plot.center().y() + 0.5)
            look.plate(painter, place, name, look.theme.text)


def _dot(painter: QPainter, place: QPointF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QRectF(place.x() - 3, place.y() - 3, 6, 6))


def _clear(colour: QColor, alpha: int) -> QColor:
    return QColor(colour.red(), colour.green(), colour.blue(), alpha)
