"""The timeline: everything known about the open video, over one axis of time.

The session in, intents out: it draws what the session holds, and seeks, tunes, selects and marks
on it with the mouse. Made by the main window, which also calls ``zoom``, ``fit``, ``pan`` and
``zoom_to_segment``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolButton, QWidget

from tpwng_studio.views.timeline.content import Content, content_of
from tpwng_studio.views.timeline.filmstrip import Filmstrip
from tpwng_studio.views.timeline.geometry import STRIPS, SWATCH_PX
from tpwng_studio.views.timeline.gestures import Gesture, target_at
from tpwng_studio.views.timeline.menu import timeline_menu
from tpwng_studio.views.timeline.presses import CURSORS, gesture_for
from tpwng_studio.views.timeline.surface import Surface

if TYPE_CHECKING:
    from tpwng_studio.live.attention import Attention
    from tpwng_studio.playing.thumbnails import Thumbnails
    from tpwng_studio.state.session import Session

_NOTCH = 120  # of a mouse wheel, in eighths of a degree
_ZOOM_PER_NOTCH = 1.25
_PAN_PER_NOTCH = 0.1


class TimelineView(Surface):
    """Rows of curves and labels of the open video.

    Args:
        session: the state on screen.
        thumbnails: makes the pictures of the overview; None leaves them out.
        attention: what the frame at the playhead looked at; None where nobody can tell.
        parent: Qt's.
    """

    def __init__(
        self,
        session: Session,
        thumbnails: Thumbnails | None = None,
        attention: Attention | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription(
            "Curves, labels and ground truth of the open video over time. All that the mouse does "
            "here has a key or a control of its own; the menu key opens the choice of rows."
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._session, self._attention = session, attention
        self._gesture: Gesture | None = None
        self._filmstrip = Filmstrip(session, thumbnails, self)
        self._filmstrip.changed.connect(self._on_pictures)
        self._button = _rows_button(self)
        self._button.clicked.connect(self._open_menu)
        self.laid_out.connect(self._on_laid_out)
        self._connect()
        self._on_video()
        self._on_laid_out()

    @property
    def session(self) -> Session:
        """The state on screen."""
        return self._session

    @property
    def shows_attention(self) -> bool | None:
        """Whether attention is asked for; None where nobody can tell it."""
        return None if self._attention is None else self._attention.is_on

    def toggle_attention(self) -> None:
        """Ask what the frame at the playhead looked at, or no more."""
        if self._attention is not None:
            self._attention.toggle()

    def zoom_to_segment(self) -> None:
        """Show the selected segment with a little around it."""
        selected = self._session.selected
        if selected is not None:
            self.look_at(self.viewport.around(selected.start, selected.end))

    def reset_theta(self) -> None:
        """Back to the theta that the curves were made with."""
        curves = self._session.curves
        made_with = None if curves is None else curves.meta.get("theta")
        if isinstance(made_with, int | float):
            self._session.set_tuning(theta=float(made_with))

    # What gestures draw

    def preview_selected(self, borders: tuple[int, int] | None) -> None:
        """Draw the selected segment as it will be; None as it is."""
        self._move(selected=borders or self._selected())

    def preview_mark(self, borders: tuple[int, int] | None) -> None:
        """Draw the marked range as it will be; None as it is."""
        self._move(mark=borders or self._session.mark)

    def say(self, note: str) -> None:
        """Words beside the mouse while something is dragged."""
        self._move(note=note)

    # The session speaks

    def _connect(self) -> None:
        session = self._session
        session.video_changed.connect(self._on_video)
        for signal in (
            session.index_changed,
            session.curves_changed,
            session.derived_changed,
            session.labels_changed,
        ):
            signal.connect(self._on_content)
        session.query_changed.connect(self._on_query)
        if self._attention is not None:
            self._attention.changed.connect(self._on_attention)
        session.playhead_changed.connect(self._on_playhead)
        session.selection_changed.connect(self._on_selection)
        session.mark_changed.connect(self._on_selection)
        session.under_review_changed.connect(self._on_review)

    def _on_video(self) -> None:
        self._cancel_gesture()
        self._move(playhead=self._session.playhead, hover=None)
        self._show(Content())
        self._on_content()
        self._on_selection()

    def _on_content(self) -> None:
        if self._show(content_of(self._session, self._attention)):
            self._filmstrip.request(self.scene)
        self._button.setVisible(self.scene.content.num_frames > 0)

    def _on_query(self) -> None:
        self.set_row_present("query", self._session.query is not None)
        self._on_content()

    def _on_attention(self) -> None:
        assert self._attention is not None
        self.set_row_present("attention", self._attention.is_on)
        self._on_content()

    def _on_selection(self) -> None:
        self._move(selected=self._selected(), mark=self._session.mark, judged=self._judged())

    def _on_review(self) -> None:
        self._move(judged=self._judged())

    def _on_playhead(self, frame: int) -> None:
        self._move_playhead(frame, jump=max(float(self._session.fps) / 2, 1.0))

    def _on_pictures(self) -> None:
        self._layer.set_pictures(self._filmstrip.pictures, self._filmstrip.num_wanted)
        self.update()

    def _judged(self) -> tuple[int, int] | None:
        item = self._session.under_review
        return None if item is None else (item.start, item.end)

    def _selected(self) -> tuple[int, int] | None:
        selected = self._session.selected
        return None if selected is None else (selected.start, selected.end)

    # The mouse speaks

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of what lies under the mouse."""
        if self._gesture is None and self.scene.content.num_frames:
            self._gesture = gesture_for(self, self._selected(), event)
            if self._gesture is not None:
                self._gesture.move(event.position().x(), event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag, or read the values under the mouse."""
        x, y = event.position().x(), event.position().y()
        if self._gesture is not None:
            self._gesture.move(x, y)
        else:
            target = target_at(self.scene, self._selected(), x, y)
            self.setCursor(CURSORS.get(target, Qt.CursorShape.ArrowCursor))
        self._set_hover(x, y)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Reset theta, or zoom to the segment that the first click selected."""
        x, y = event.position().x(), event.position().y()
        target = target_at(self.scene, self._selected(), x, y)
        if target == "theta":
            self.reset_theta()
        elif target in STRIPS and self._session.selected is not None:
            self.zoom_to_segment()
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Pan; with Ctrl, zoom at the mouse."""
        across, along = event.angleDelta().x() / _NOTCH, event.angleDelta().y() / _NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            inside = event.position().x() - self.scene.geometry.left
            self.zoom(_ZOOM_PER_NOTCH**along, self.viewport.place_at(inside))
        else:
            self.pan(-(across if abs(across) > abs(along) else along) * _PAN_PER_NOTCH)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """The values at the playhead again."""
        self._set_hover(-1, -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape lets go of what is dragged, as it was before."""
        if event.key() == Qt.Key.Key_Escape and self._gesture is not None:
            self._cancel_gesture()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """While something is dragged Escape is the drag's, and no key of the window."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and self._gesture is not None
        if is_asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Rows, and what else the mouse can ask for."""
        timeline_menu(self, self).popup(event.globalPos())

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """A hidden timeline asks for nothing."""
        self._cancel_gesture()
        self._filmstrip.cancel()
        super().hideEvent(event)

    # Inside

    def _set_hover(self, x: float, y: float) -> None:
        """The frame under the mouse, while it is over the rows or drags."""
        scene = self.scene
        if not scene.content.num_frames:
            return
        inside = x - scene.geometry.left
        row = scene.geometry.row_at(y)
        is_over = 0 <= inside < scene.geometry.plot_width and row not in (None, "overview")
        is_read = is_over or self._gesture is not None
        self._move_hover(scene.viewport.frame_at(inside) if is_read else None)

    def _cancel_gesture(self) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()

    def _open_menu(self) -> None:
        corner = self._button.mapToGlobal(self._button.rect().bottomLeft())
        timeline_menu(self, self).popup(corner)

    def _on_laid_out(self) -> None:
        place = self.scene.geometry.legend("ruler").adjusted(SWATCH_PX, 2, 0, -2)
        place.setWidth(min(place.width(), self._button.sizeHint().width()))
        self._button.setGeometry(place)
        self._filmstrip.request(self.scene)


def _rows_button(parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setObjectName("timelineRows")
    button.setText("Rows \u25be")
    button.setAutoRaise(True)
    button.setAccessibleName("Rows of the timeline")
    button.setToolTip("Which rows are shown, and more (or right-click the timeline)")
    return button
