"""What the mouse does on the timeline: one small object per drag, from press to release.

A press becomes a gesture by what lies under it; the gesture talks to the session by its intents
and to the timeline through :class:`Stage`. Escape cancels it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from tpwng_studio.views.timeline.overlay import window_rect
from tpwng_studio.views.timeline.scene import Scene, theta_at, theta_y
from tpwng_studio.views.timeline.viewport import Viewport

if TYPE_CHECKING:
    from tpwng_studio.state.session import Session

Edge = Literal["start", "end"]
_GRIP_PX = 5
_CLICK_PX = 4


class Stage(Protocol):
    """What a gesture needs of the timeline."""

    @property
    def session(self) -> Session:
        """The state on screen."""

    @property
    def scene(self) -> Scene:
        """What is drawn, and where."""

    def look_at(self, viewport: Viewport) -> None:
        """Show other frames."""

    def preview_selected(self, borders: tuple[int, int] | None) -> None:
        """Draw the selected segment as it will be; None as it is."""

    def preview_mark(self, borders: tuple[int, int] | None) -> None:
        """Draw the marked range as it will be; None as it is."""

    def say(self, note: str) -> None:
        """Words beside the mouse."""


class Gesture:
    """A drag; does nothing by itself.

    Args:
        stage: the timeline.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def move(self, x: float, y: float) -> None:
        """The mouse is at a place, in pixels of the widget."""

    def release(self) -> None:
        """The button went up."""

    def cancel(self) -> None:
        """Escape: as if it had not been."""

    def _inside(self, x: float) -> float:
        """A pixel from the left of the plot; beyond an end, the visible range moves along."""
        scene = self.stage.scene
        inside = x - scene.geometry.left
        beyond = inside - min(max(inside, 0.0), scene.viewport.width_px)
        if beyond:
            self.stage.look_at(scene.viewport.panned(beyond / scene.viewport.px_per_frame))
        return inside - beyond


class Scrub(Gesture):
    """The playhead follows the mouse."""

    def move(self, x: float, y: float) -> None:
        """Seek."""
        frame_x = self._inside(x)
        self.stage.session.seek(self.stage.scene.viewport.frame_at(frame_x))


class MarkRange(Gesture):
    """A range is marked, from where the mouse went down to where it is."""

    def __init__(self, stage: Stage, x: float) -> None:
        super().__init__(stage)
        self._anchor = stage.scene.viewport.border_at(self._inside(x))
        self._other = self._anchor

    def move(self, x: float, y: float) -> None:
        """Draw the range."""
        frame_x = self._inside(x)
        self._other = self.stage.scene.viewport.border_at(frame_x)
        start, end = self._borders()
        self.stage.preview_mark((start, end))
        self.stage.say(f"{start:,} to {end:,}: {end - start:,} frames")

    def release(self) -> None:
        """Mark it."""
        self.cancel()
        start, end = self._borders()
        if end > start:
            self.stage.session.set_mark(start, end)

    def cancel(self) -> None:
        """Mark nothing."""
        self.stage.preview_mark(None)
        self.stage.say("")

    def _borders(self) -> tuple[int, int]:
        return min(self._anchor, self._other), max(self._anchor, self._other)


class DragTheta(Gesture):
    """The threshold follows the mouse, and all that depends on it."""

    def __init__(self, stage: Stage, y: float) -> None:
        super().__init__(stage)
        self._before = stage.session.tuning.theta
        self._grip = y - theta_y(stage.scene)
        self._has_moved = False
        stage.session.hold_tuning(True)

    def move(self, x: float, y: float) -> None:
        """Set theta."""
        theta = theta_at(self.stage.scene, y - self._grip)
        if self._has_moved or abs(y - self._grip - theta_y(self.stage.scene)) >= 1:
            self._has_moved = True
            self.stage.session.set_tuning(theta=theta)

    def release(self) -> None:
        """The drag was one step."""
        self.stage.session.hold_tuning(False)

    def cancel(self) -> None:
        """Set it back."""
        self.stage.session.set_tuning(theta=self._before)
        self.release()


class DragEdge(Gesture):
    """An edge of the selected segment follows the mouse; the picture shows the frame there."""

    def __init__(self, stage: Stage, edge: Edge, borders: tuple[int, int]) -> None:
        super().__init__(stage)
        self._edge = edge
        self._before = borders
        self._borders = borders
        self._playhead = stage.session.playhead

    def move(self, x: float, y: float) -> None:
        """Draw the segment, and show its first or last frame."""
        frame_x = self._inside(x)
        border = self.stage.scene.viewport.border_at(frame_x)
        start, end = self._before
        if self._edge == "start":
            self._borders = (min(border, end - 1), end)
            moved = self._borders[0] - start
            self.stage.session.seek(self._borders[0])
        else:
            self._borders = (start, max(border, start + 1))
            moved = self._borders[1] - end
            self.stage.session.seek(self._borders[1] - 1)
        self.stage.preview_selected(self._borders)
        at = self._borders[0] if self._edge == "start" else self._borders[1]
        self.stage.say(f"{self._edge} {at:,} ({moved:+,} frames)")

    def release(self) -> None:
        """Move the edge for good."""
        self.stage.preview_selected(None)
        self.stage.say("")
        if self._borders != self._before:
            at = self._borders[0] if self._edge == "start" else self._borders[1]
            self.stage.session.move_edge(self._edge, at)

    def cancel(self) -> None:
        """Leave the segment and the playhead as they were."""
        self._borders = self._before
        self.release()
        self.stage.session.seek(self._playhead)


class DragWindow(Gesture):
    """The visible range moves over the overview; a mere click seeks."""

    def __init__(self, stage: Stage, x: float) -> None:
        super().__init__(stage)
        self._start_x = self._last_x = x
        self._viewport = stage.scene.viewport
        self._is_drag = False

    def move(self, x: float, y: float) -> None:
        """Move the range, or seek where there is nothing to move."""
        self._last_x = x
        scene = self.stage.scene
        if self._viewport.is_whole:
            self._seek(x)
            return
        self._is_drag = self._is_drag or abs(x - self._start_x) >= _CLICK_PX
        if self._is_drag:
            frames = (x - self._start_x) / scene.geometry.plot_width * scene.content.num_frames
            self.stage.look_at(self._viewport.panned(frames))

    def release(self) -> None:
        """Seek after a click."""
        if not self._is_drag:
            self._seek(self._last_x)

    def cancel(self) -> None:
        """Show what was shown before."""
        self.stage.look_at(self._viewport)

    def _seek(self, x: float) -> None:
        scene = self.stage.scene
        whole = Viewport.whole(scene.content.num_frames, scene.geometry.plot_width)
        self.stage.session.seek(whole.frame_at(x - scene.geometry.left))


class Pan(Gesture):
    """The rows follow the mouse, held by the middle button."""

    def __init__(self, stage: Stage, x: float) -> None:
        super().__init__(stage)
        self._start_x = x
        self._viewport = stage.scene.viewport

    def move(self, x: float, y: float) -> None:
        """Move the range."""
        self.stage.look_at(self._viewport.panned((self._start_x - x) / self._viewport.px_per_frame))

    def cancel(self) -> None:
        """Show what was shown before."""
        self.stage.look_at(self._viewport)


def target_at(scene: Scene, selected: tuple[int, int] | None, x: float, y: float) -> str:
    """What the mouse would take hold of.

    Returns:
        "theta", "start" or "end" of the selected segment, "window" in the overview, else the
        id of the row; empty outside the plot.
    """
    row = scene.geometry.row_at(y)
    inside = x - scene.geometry.left
    if row is None or not 0 <= inside < scene.geometry.plot_width:
        return ""
    if row == "overview":
        is_on = not scene.viewport.is_whole and window_rect(scene).contains(x, y)
        return "window" if is_on else row
    if row == "ruler":
        return row
    if row == "psi" and "psi" in scene.content.curves and abs(y - theta_y(scene)) <= _GRIP_PX:
        return "theta"
    return _edge_at(scene, selected, inside) or row


def _edge_at(scene: Scene, selected: tuple[int, int] | None, inside: float) -> str:
    if selected is None:
        return ""
    start, end = (scene.viewport.x_of(frame) for frame in selected)
    near = "start" if abs(inside - start) < abs(inside - end) else "end"
    if start == end or (near == "end" and inside < start):
        near = "start"
    distance = min(abs(inside - start), abs(inside - end))
    return near if distance <= _GRIP_PX else ""
