"""Paints the legend of a row: its name, a sample, a note or a badge, the ends of its axis.

A :class:`Scene` in, pixels of the static layer, left of the plot, out. Called by ``layer``.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from tpwng_studio.views.timeline.content import SHARES
from tpwng_studio.views.timeline.geometry import ROW, SWATCH_PX
from tpwng_studio.views.timeline.look import RIGHT
from tpwng_studio.views.timeline.scene import Scene, curve_rect
from tpwng_studio.views.timeline.strips import draw_abnormal, state_inks


def paint_legend(painter: QPainter, scene: Scene, row: str) -> None:
    """Name, sample, note or badge, and the numbers of the axis, left of the plot."""
    look, rect = scene.look, scene.geometry.legend(row)
    badge = scene.content.badges.get(row)
    spec = ROW[row]
    ghost = scene.content.ghost_note if row in scene.content.ghosts else ""
    note = badge.word if badge else ghost or spec.note
    name = spec.title
    if row == "query":
        name, note = f"{name}: {scene.content.query}", scene.content.query_note
    has_two = rect.height() >= look.line_px + look.small_px and bool(note)
    height = look.line_px + (look.small_px if has_two else 0)
    title = QRect(
        rect.left() + SWATCH_PX + 6, rect.center().y() - height // 2, rect.width(), look.line_px
    )
    title.setRight(rect.right() - (look.width("0.0", is_small=True) + 4 if spec.is_curve else 0))
    look.write(painter, title, name, look.theme.text)
    _swatch(painter, scene, row, QRect(rect.left(), title.top(), SWATCH_PX, title.height()))
    if has_two:
        below = QRect(title.left(), title.bottom() + 1, title.width(), look.small_px)
        colour = look.theme.warning if badge else look.theme.muted
        look.write(painter, below, note, colour, is_small=True)
    elif badge:
        _dot(painter, QPointF(title.right() - 4, title.center().y() + 0.5), look.theme.warning)
    if spec.is_curve and row in scene.content.curves:
        _axis_numbers(painter, scene, row)


def _axis_numbers(painter: QPainter, scene: Scene, row: str) -> None:
    look, rect, plot = scene.look, scene.geometry.legend(row), curve_rect(scene, row)
    if plot.height() < 2 * look.small_px:
        return
    top = QRect(rect.left(), plot.top(), rect.width(), look.small_px)
    low, high = (_axis_text(scene, row, value) for value in scene.content.extent(row))
    look.write(painter, top, high, look.theme.muted, RIGHT, is_small=True)
    top.moveBottom(rect.bottom())
    look.write(painter, top, low, look.theme.muted, RIGHT, is_small=True)


def _axis_text(scene: Scene, row: str, value: float) -> str:
    if row in SHARES:
        return f"{value:.1%}" if 0 < value < 0.1 else f"{value:.0%}"
    return f"{value:.2f}" if row in scene.content.extents else f"{value:.0f}"


def _swatch(painter: QPainter, scene: Scene, row: str, rect: QRect) -> None:
    look, spec = scene.look, ROW[row]
    middle = rect.center().y() + 0.5
    if spec.is_curve:
        is_stale = scene.content.is_stale_row(row)
        style = Qt.PenStyle.DashLine if is_stale else Qt.PenStyle.SolidLine
        painter.setPen(QPen(getattr(look.theme, row), 2, style))
        painter.drawLine(QPointF(rect.left(), middle), QPointF(rect.right(), middle))
    elif spec.is_strip:
        box = QRect(rect.left(), rect.center().y() - 4, rect.width(), 9)
        raster = look.raster(box)
        draw_abnormal(raster)
        look.place(painter, box, raster.image(state_inks(look, is_truth=row == "truth")))


def _dot(painter: QPainter, place: QPointF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QRectF(place.x() - 3, place.y() - 3, 6, 6))
