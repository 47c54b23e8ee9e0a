"""Paints the two rows that say where one is: the overview of the whole video, and the ruler.

Pictures along the video, where it is abnormal and where the ground truth says so; times and
frames of the visible range. Called by ``layer``.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter, QPen

from tpwng_core.labels import ABNORMAL
from tpwng_studio.views.timeline.look import RIGHT, Look
from tpwng_studio.views.timeline.scene import Scene
from tpwng_studio.views.timeline.strips import draw_abnormal, state_inks
from tpwng_studio.widgets.columns import bit, states_in

Picture = tuple[int, QImage]


def pictures_rect(scene: Scene) -> QRect:
    """Where the pictures lie."""
    plot = scene.geometry.plot("overview")
    return plot.adjusted(0, 0, 0, -2 * _lane_px(scene.look))


def num_pictures(scene: Scene, aspect: float) -> int:
    """How many pictures of a shape, width by height, cover the overview."""
    rect = pictures_rect(scene)
    return max(math.ceil(rect.width() / max(rect.height() * aspect, 1.0)), 1)


def paint_overview(
    painter: QPainter, scene: Scene, pictures: Sequence[Picture], num_slots: int
) -> None:
    """Pictures side by side, and two lanes below them: what counts, and the ground truth.

    Args:
        painter: paints.
        scene: what, and where.
        pictures: frames and pictures, ascending; where one is missing, the one before stays.
        num_slots: how many pictures the overview has room for.
    """
    look, rect = scene.look, pictures_rect(scene)
    painter.fillRect(rect, look.theme.raised)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    frames = [frame for frame, _ in pictures]
    for place in range(num_slots if pictures else 0):
        left = rect.left() + rect.width() * place // num_slots
        right = rect.left() + rect.width() * (place + 1) // num_slots
        slot = QRect(left, rect.top(), right - left, rect.height())
        middle = (2 * place + 1) * scene.content.num_frames // (2 * num_slots)
        picture = pictures[max(bisect_right(frames, middle) - 1, 0)][1]
        painter.drawImage(QRectF(slot), picture, _middle_part(picture, slot))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    for index, row in enumerate(("label", "truth")):
        _paint_lane(painter, scene, row, _lane_rect(scene, index))


def paint_lane_names(painter: QPainter, scene: Scene) -> None:
    """What the two lanes of the overview are, in its legend."""
    look, legend = scene.look, scene.geometry.legend("overview")
    for index, name in enumerate(("label", "truth")):
        lane = _lane_rect(scene, index)
        rect = QRect(legend.left(), lane.top() - 2, legend.width(), lane.height() + 4)
        look.write(painter, rect, name, look.theme.muted, RIGHT, is_small=True)


def paint_ruler(painter: QPainter, scene: Scene) -> None:
    """Marks at round times, each with the frame it falls on."""
    look, plot = scene.look, scene.geometry.plot("ruler")
    painter.fillRect(plot, look.theme.panel)
    for tick in scene.ticks:
        x = plot.left() + round(scene.viewport.x_of(tick.frame))
        painter.setPen(QPen(look.theme.muted if tick.time else look.theme.border, 1))
        painter.drawLine(x, plot.top() if tick.time else plot.bottom() - 4, x, plot.bottom())
        if not tick.time:
            continue
        room = QRect(x + 4, plot.top() + 1, plot.right() - x - 4, look.line_px)
        if look.width(tick.time) <= room.width():
            look.write(painter, room, tick.time, look.theme.text)
        room = QRect(room.left(), room.bottom() + 1, room.width(), look.small_px)
        if look.width(f"{tick.frame:,}", is_small=True) <= room.width():
            look.write(painter, room, f"{tick.frame:,}", look.theme.muted, is_small=True)
    painter.setPen(QPen(look.theme.border, 1))
    painter.drawLine(plot.left(), plot.bottom(), plot.right(), plot.bottom())


def _lane_px(look: Look) -> int:
    return look.small_px


def _lane_rect(scene: Scene, index: int) -> QRect:
    plot, height = scene.geometry.plot("overview"), _lane_px(scene.look)
    top = plot.bottom() + 1 - (2 - index) * height
    return QRect(plot.left(), top + 2, plot.width(), height - 4)


def _paint_lane(painter: QPainter, scene: Scene, row: str, rect: QRect) -> None:
    runs = scene.content.strips.get(row)
    if runs is None:
        return
    raster = scene.look.raster(rect)
    draw_abnormal(raster, (states_in(runs, scene.whole_borders) & bit(ABNORMAL)) > 0)
    scene.look.place(painter, rect, raster.image(state_inks(scene.look, is_truth=row == "truth")))


def _middle_part(picture: QImage, slot: QRect) -> QRectF:
    """The largest part of a picture, about its middle, that has the shape of its slot."""
    width, height = float(picture.width()), float(picture.height())
    wanted = slot.width() / max(slot.height(), 1)
    part_width, part_height = min(width, height * wanted), min(height, width / wanted)
    return QRectF((width - part_width) / 2, (height - part_height) / 2, part_width, part_height)
