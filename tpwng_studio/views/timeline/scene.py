"""What a row is painted from, and where its curve and the line theta lie.

Content, geometry, viewport and look in one; read by every painting room and by the gestures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from PySide6.QtCore import QRect

from tpwng_studio.views.timeline.content import AXIS, Content
from tpwng_studio.views.timeline.geometry import Geometry
from tpwng_studio.views.timeline.look import Look
from tpwng_studio.views.timeline.viewport import Viewport
from tpwng_studio.widgets.columns import Floats, column_borders
from tpwng_studio.widgets.ticks import Tick, ticks


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
    """The theta of a pixel, within its bounds and in steps of 0.01, as slider and box have them."""
    top, height = scene.geometry.rows["psi"]
    value = AXIS[0] + (1 - (y - top) / max(height - 1, 1)) * (AXIS[1] - AXIS[0])
    return min(max(round(value, 2), 0.01), 1.0)
