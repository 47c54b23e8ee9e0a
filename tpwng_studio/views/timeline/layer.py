"""The static layer: all rows painted once into a pixmap, row by row as they change.

A scene in, a pixmap out; between two changes a repaint is a copy. Owned by the timeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtGui import QPainter, QPixmap

from tpwng_studio.views.timeline.content import Content
from tpwng_studio.views.timeline.curves import paint_curve, paint_ground, paint_psi
from tpwng_studio.views.timeline.geometry import ROW, Geometry, arrange
from tpwng_studio.views.timeline.legend import paint_legend
from tpwng_studio.views.timeline.look import Look
from tpwng_studio.views.timeline.overview import (
    Picture,
    paint_lane_names,
    paint_overview,
    paint_ruler,
)
from tpwng_studio.views.timeline.scene import Scene
from tpwng_studio.views.timeline.strips import paint_strip
from tpwng_studio.views.timeline.viewport import Viewport


class Layer:
    """The rows as they were painted last, and which of them are out of date.

    Args:
        look: of the widget.
    """

    def __init__(self, look: Look) -> None:
        geometry = Geometry()
        self.scene = Scene(content=Content(), geometry=geometry, viewport=Viewport(), look=look)
        self._pixmap = QPixmap()
        self._pictures: Sequence[Picture] = ()
        self._num_slots = 1
        self._stale_rows: set[str] = set()

    def set_content(self, content: Content) -> set[str]:
        """Show other things; the rows that have to be painted again."""
        before = self.scene.content
        changed = content.changed_rows(before, self.scene.geometry.rows)
        self.scene = replace(self.scene, content=content)
        if content.times is not before.times:
            self.scene = self.scene.with_ticks()
        self._stale_rows |= changed
        return changed

    def set_viewport(self, viewport: Viewport) -> None:
        """Show other frames."""
        if viewport == self.scene.viewport:
            return
        self.scene = replace(self.scene, viewport=viewport).with_ticks()
        self._stale_rows |= self.scene.geometry.rows.keys() - {"overview"}

    def set_reach_visible(self, is_visible: bool) -> None:
        """Leave room for the reach of attention, or not."""
        self.scene = replace(self.scene, shows_reach=is_visible)
        self._stale_rows |= {"score"} & self.scene.geometry.rows.keys()

    def set_look(self, look: Look, size: tuple[int, int], hidden: frozenset[str]) -> None:
        """Lay out and paint everything anew."""
        geometry = arrange(size, look, hidden)
        viewport = self.scene.viewport.resized(geometry.plot_width)
        scene = replace(self.scene, look=look, geometry=geometry, viewport=viewport)
        self.scene = scene.with_ticks()
        ratio = look.ratio
        self._pixmap = QPixmap(round(size[0] * ratio), round(size[1] * ratio))
        self._pixmap.setDevicePixelRatio(ratio)
        self._pixmap.fill(look.theme.panel)
        self._stale_rows = set(geometry.rows)

    def set_pictures(self, pictures: Sequence[Picture], num_slots: int) -> None:
        """Frames and pictures for the overview, and how many it has room for."""
        self._pictures, self._num_slots = pictures, num_slots
        self._stale_rows |= {"overview"} & self.scene.geometry.rows.keys()

    def pixmap(self) -> QPixmap:
        """The rows, up to date."""
        if self._stale_rows:
            painter = QPainter(self._pixmap)
            for row in self._stale_rows & self.scene.geometry.rows.keys():
                self._paint(painter, row)
            painter.end()
            self._stale_rows.clear()
        return self._pixmap

    def _paint(self, painter: QPainter, row: str) -> None:
        scene = self.scene
        painter.setClipRect(scene.geometry.whole(row).adjusted(0, 0, 0, 1))
        paint_ground(painter, scene, row)
        if row == "overview":
            paint_overview(painter, scene, self._pictures, self._num_slots)
            paint_lane_names(painter, scene)
        elif row == "ruler":
            paint_ruler(painter, scene)
        elif row == "psi":
            paint_psi(painter, scene)
        elif ROW[row].is_strip:
            paint_strip(painter, scene, row)
        else:
            paint_curve(painter, scene, row)
        if row != "ruler":  # a button stands there
            paint_legend(painter, scene, row)
