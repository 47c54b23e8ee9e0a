"""The timeline as a surface: rows laid out and painted, and a visible range that can be moved.

Content and what moves in, pixels out; it knows no session and no mouse. ``view`` builds on it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from tpwng_studio.views.timeline.content import Content
from tpwng_studio.views.timeline.geometry import GAP_PX, HIDEABLE, ON_DEMAND, least_height
from tpwng_studio.views.timeline.layer import Layer
from tpwng_studio.views.timeline.look import CENTRE, Look
from tpwng_studio.views.timeline.overlay import (
    Moving,
    hover_region,
    paint_overlay,
    playhead_region,
)
from tpwng_studio.views.timeline.readout import tip
from tpwng_studio.views.timeline.scene import Scene
from tpwng_studio.views.timeline.viewport import Viewport

_LEAST_PLOT_PX = 160
_NO_VIDEO = "Open a video: its curves and labels will stand here over one axis of time"
_NO_LENGTH = "The length of this video is not known"


class Surface(QWidget):
    """Rows over one axis of time.

    Signals:
        laid_out: rows lie elsewhere, or look different.

    Args:
        parent: Qt's.
    """

    laid_out = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._hidden: frozenset[str] = frozenset()
        self._absent: frozenset[str] = ON_DEMAND
        self._layer = Layer(Look.of(self))
        self._moving = Moving()
        self._relayout()

    @property
    def scene(self) -> Scene:
        """What is drawn, and where."""
        return self._layer.scene

    @property
    def moving(self) -> Moving:
        """What is drawn over the rows."""
        return self._moving

    # The visible range

    @property
    def viewport(self) -> Viewport:
        """The visible frames."""
        return self.scene.viewport

    def look_at(self, viewport: Viewport) -> None:
        """Show other frames."""
        self._layer.set_viewport(viewport)
        self.update()

    def zoom(self, factor: float, at_frame: float | None = None) -> None:
        """Closer for a factor above 1, around a place or the playhead, if that is visible."""
        view = self.viewport
        if at_frame is None:
            playhead = self._moving.playhead
            middle = (view.start + view.end) / 2
            at_frame = playhead + 0.5 if view.shows(playhead) else middle
        self.look_at(view.zoomed(factor, at_frame))

    def fit(self) -> None:
        """Show the whole video."""
        self.look_at(Viewport.whole(self.scene.content.num_frames, self.viewport.width_px))

    def pan(self, fraction: float) -> None:
        """Move by a share of the visible range; towards the end of the video above 0."""
        self.look_at(self.viewport.panned(fraction * self.viewport.span))

    # Rows

    @property
    def hidden_rows(self) -> Collection[str]:
        """Ids of the rows that are not shown."""
        return self._hidden

    @property
    def shows_reach(self) -> bool:
        """Whether the reach of attention at the playhead is drawn."""
        return self.scene.shows_reach

    def set_row_visible(self, row: str, is_visible: bool) -> None:
        """Show or hide a row; the ruler always stays."""
        hidden = self._hidden - {row} if is_visible else self._hidden | {row}
        self._hidden = hidden & frozenset(HIDEABLE)
        self._relayout()

    @property
    def absent_rows(self) -> Collection[str]:
        """Ids of the rows there is nothing for now, shown or not."""
        return self._absent

    def set_row_present(self, row: str, is_present: bool) -> None:
        """Whether there is anything for a row, which is shown then unless it was hidden."""
        absent = self._absent - {row} if is_present else self._absent | {row}
        if absent != self._absent:
            self._absent = absent
            self._relayout()

    def set_reach_visible(self, is_visible: bool) -> None:
        """Draw the reach of attention at the playhead, or not."""
        self._layer.set_reach_visible(is_visible)
        self.update()

    # What is drawn

    def _move(self, **changes: object) -> None:
        """Draw other things over the rows."""
        self._moving = replace(self._moving, **changes)  # type: ignore[arg-type]
        self.update()

    def _move_playhead(self, frame: int, jump: float) -> None:
        """Repaint the two columns it leaves and enters, or follow it out of the picture."""
        if not self.scene.content.num_frames:
            self._moving = replace(self._moving, playhead=frame)
            return
        region = playhead_region(self.scene, self._moving)
        before, self._moving = self._moving.playhead, replace(self._moving, playhead=frame)
        followed = self.viewport.followed(before, frame, jump)
        if followed == self.viewport:
            self.update(region + playhead_region(self.scene, self._moving))
        else:
            self.look_at(followed)

    def _move_hover(self, frame: int | None) -> None:
        region = hover_region(self.scene, self._moving)
        self._moving = replace(self._moving, hover=frame)
        self.update(region + hover_region(self.scene, self._moving))

    def _show(self, content: Content) -> bool:
        """Draw other content; says whether it is another video or of another length."""
        before = self.scene.content
        for row in self._layer.set_content(content):
            self.update(self.scene.geometry.whole(row).adjusted(0, 0, 0, GAP_PX))
        is_other = (content.video, content.num_frames) != (before.video, before.num_frames)
        if is_other:
            self.fit()  # repaints all
        return is_other

    def _relayout(self) -> None:
        """Lay out and paint everything anew."""
        look = Look.of(self)
        hidden = self._hidden | self._absent
        self._layer.set_look(look, (self.width(), self.height()), hidden)
        geometry = self.scene.geometry
        self.setMinimumHeight(least_height(look, hidden))
        self.setMinimumWidth(geometry.left + _LEAST_PLOT_PX + geometry.readout_width)
        self.laid_out.emit()
        self.update()

    # Qt speaks

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for curves one likes to look at."""
        return QSize(900, round(least_height(self.scene.look, self._hidden | self._absent) * 1.4))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """All rows at their least, and some of the plot."""
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Copy the layer and draw what moves, where something changed."""
        if self.scene.look.ratio != self.devicePixelRatioF():
            self._relayout()
        painter = QPainter(self)
        if self.scene.content.num_frames:
            painter.drawPixmap(QPointF(0, 0), self._layer.pixmap())
            paint_overlay(painter, self.scene, self._moving)
            return
        look = self.scene.look
        painter.fillRect(self.rect(), look.theme.panel)
        words = _NO_LENGTH if self.scene.content.video else _NO_VIDEO
        look.write(painter, self.rect().adjusted(12, 0, -12, 0), words, look.theme.muted, CENTRE)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Lay out anew."""
        self._relayout()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Colours or fonts changed."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._relayout()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        """The story of a row, as a tooltip over its legend."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self.scene.geometry.row_at(event.pos().y())
            is_legend = row is not None and event.pos().x() < self.scene.geometry.left
            words = tip(self.scene.content, row) if row is not None and is_legend else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)
