"""Paints rows that hold a curve: the ground, the ghost, the line; and what psi has besides.

A :class:`Scene` in, pixels of the static layer out. Called by ``layer``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QPainter, QPen

from tpwng_studio.state.frame_reading import exact
from tpwng_studio.views.timeline.content import AXIS
from tpwng_studio.views.timeline.geometry import MODEL_CURVES
from tpwng_studio.views.timeline.look import CENTRE, mixed
from tpwng_studio.views.timeline.scene import Scene, curve_rect, theta_y
from tpwng_studio.widgets.columns import envelope, is_dense, mean_line
from tpwng_studio.widgets.raster import CurveInk, Raster

NO_SCORES = "no scores yet: Train or Score"
ABOVE = "above theta: abnormal"
BELOW = "below: normal"
Span = tuple[NDArray[np.floating], NDArray[np.floating]]


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
    if row == "query":
        words = f"“{scene.content.query}”"
        _write_beside(painter, scene, plot, envelope(steps, scene.borders), words)
    elif row == "attention":
        words = scene.content.attention_note
        _write_beside(painter, scene, plot, envelope(steps, scene.borders), words)


def paint_psi(painter: QPainter, scene: Scene) -> None:
    """psi with theta: the abnormal side tinted and named, what lies on it hatched."""
    steps = scene.content.curves.get("psi")
    if steps is None:
        paint_curve(painter, scene, "psi")
        return
    plot, span = scene.geometry.plot("psi"), envelope(steps, scene.borders)
    raster = scene.look.raster(plot)
    line_y = round((theta_y(scene) - plot.top()) * scene.look.ratio)
    raster.band(0, line_y, CurveInk.TINT)
    if not scene.content.is_psi_mute:
        raster.area_above(span[1], scene.content.theta, AXIS, CurveInk.AREA)
        raster.hatch(CurveInk.AREA, CurveInk.HATCH)
    _draw_lines(raster, scene, "psi")
    # A spike of one column must stand out where hatches have no room.
    inks = _psi_inks(scene, 200 if is_dense(steps, scene.borders) else 70)
    scene.look.place(painter, plot, raster.image(inks))
    _theta_line(painter, scene, plot)
    _name_sides(painter, scene, plot, span)


def _why_empty(scene: Scene, row: str) -> str:
    """What an empty row says; where all are empty, the largest says it once."""
    if row == "query":
        return "no features of this video"
    if row == "attention":
        return scene.content.attention
    if scene.content.curves.keys() & set(MODEL_CURVES):
        return "not scored yet" if row == "score" else "no pseudo-labels yet"
    heights = {name: height for name, (_, height) in scene.geometry.rows.items()}
    shown = [name for name in heights if name in MODEL_CURVES]
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
    raster.curve(span, AXIS, CurveInk.LINE, is_dashed=content.is_stale_row(row))


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
        CurveInk.RANGE: mixed(line, theme.background, 0.6),
        CurveInk.GHOST: theme.muted,
        CurveInk.LINE: line,
    }


def _theta_line(painter: QPainter, scene: Scene, plot: QRect) -> None:
    look, y, theta = scene.look, theta_y(scene), scene.content.theta
    painter.setPen(QPen(look.theme.abnormal_text, 1.25))
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right() + 1, y))
    tag = f"theta {exact(theta)}"
    room = look.small_px / 2 + 1
    place = QPointF(plot.left() + 6, min(max(y, plot.top() + room), plot.bottom() - room))
    look.pill(painter, place, tag, look.theme.abnormal_text)


def _name_sides(painter: QPainter, scene: Scene, plot: QRect, span: Span) -> None:
    """Say which side of theta is which, beside the curve; above it in any case."""
    look, room = scene.look, scene.look.small_px + 2
    y, taken = theta_y(scene), room / plot.height() * (AXIS[1] - AXIS[0])
    if y - plot.top() >= room:
        left = _free_place(scene, ABOVE, span[1] > AXIS[1] - taken)
        place = QPointF(_rightmost(scene, ABOVE) if left is None else left, plot.top() + room / 2)
        look.plate(painter, place, ABOVE, look.theme.abnormal_text)
    left = _free_place(scene, BELOW, span[0] < AXIS[0] + taken)
    if plot.bottom() - y >= room and left is not None:
        place = QPointF(left, plot.bottom() - room / 2)
        look.plate(painter, place, BELOW, look.theme.normal_text)


def _write_beside(painter: QPainter, scene: Scene, plot: QRect, span: Span, words: str) -> None:
    """Words where they cover no curve: the legend has room for a few letters."""
    look, room = scene.look, scene.look.small_px + 2
    taken = room / plot.height() * (AXIS[1] - AXIS[0])
    for middle, is_crossed in (
        (plot.top() + room / 2, span[1] > AXIS[1] - taken),
        (plot.bottom() - room / 2, span[0] < AXIS[0] + taken),
    ):
        left = _free_place(scene, words, is_crossed)
        if left is not None and left >= plot.left():
            look.plate(painter, QPointF(left, middle), words, look.theme.text)
            return


def _rightmost(scene: Scene, words: str) -> float:
    return scene.geometry.right - scene.look.plate_px(words) - 3


def _free_place(scene: Scene, words: str, is_crossed: NDArray[np.bool_]) -> float | None:
    """Left end of a place for words that no curve crosses, the further right the better."""
    first, last = scene.geometry.left, _rightmost(scene, words)
    for share in (1.0, 0.8, 0.6, 0.4):
        left = first + (last - first) * share
        columns = np.array([left, left + scene.look.plate_px(words)]) - first
        start, end = (columns * scene.look.ratio).astype(int)
        if not is_crossed[max(start, 0) : end + 1].any():
            return left
    return None


def _half_line(painter: QPainter, scene: Scene, plot: QRect) -> None:
    painter.setPen(QPen(scene.look.theme.grid, 1))
    painter.drawLine(plot.left(), plot.center().y(), plot.right(), plot.center().y())


def _clear(colour: QColor, alpha: int) -> QColor:
    return QColor(colour.red(), colour.green(), colour.blue(), alpha)
