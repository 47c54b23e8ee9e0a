"""A heat map on the picture: patches as squares, its border, and hatch where it has no values.

A map, a painter and the picture's place in; paint out. Used by the canvas of the player. Patches
are never smoothed: what is coarse shall look coarse.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QRegion

from tpwng_core.heatmap import Heatmap, paint

_HATCH = QColor(150, 155, 165, 150)
_EDGE = QColor(255, 255, 255, 190)


class HeatPicture:
    """One map, ready to be drawn at any size.

    Args:
        heatmap: of the picture below.
        opacity: of the best patch, 0 to 1.
    """

    def __init__(self, heatmap: Heatmap, opacity: float) -> None:
        pixels = np.ascontiguousarray(paint(heatmap.grid))
        side = len(pixels)
        kind = QImage.Format.Format_RGBA8888
        self._image = QImage(pixels.data, side, side, 4 * side, kind).copy()
        self._box, self._size, self._opacity = heatmap.box, heatmap.size, opacity

    def draw(self, painter: QPainter, picture: QRectF) -> None:
        """Draw over a picture that lies at ``picture``."""
        place = self.place_on(picture)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.setOpacity(self._opacity)
        painter.drawImage(place, self._image, QRectF(self._image.rect()))
        painter.setOpacity(1.0)
        painter.setPen(QPen(_EDGE, 1))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        outside = QRegion(picture.toAlignedRect()) - QRegion(place.toRect())
        painter.setClipRegion(outside)
        painter.fillRect(picture, QBrush(_HATCH, Qt.BrushStyle.BDiagPattern))
        painter.restore()

    def place_on(self, picture: QRectF) -> QRectF:
        """Where the grid lies on a picture that lies at ``picture``."""
        across, down = picture.width() / self._size[0], picture.height() / self._size[1]
        left, top, right, bottom = self._box
        return QRectF(
            picture.left() + left * across,
            picture.top() + top * down,
            (right - left) * across,
            (bottom - top) * down,
        )
