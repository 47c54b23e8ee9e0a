"""From a press of a mouse button to the gesture that begins there, and what the cursor says.

Called by the view with what lies under the mouse.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent

from tpwng_studio.views.timeline.geometry import ROW
from tpwng_studio.views.timeline.gestures import (
    DragEdge,
    DragTheta,
    DragWindow,
    Gesture,
    MarkRange,
    Pan,
    Scrub,
    Stage,
    target_at,
)

if TYPE_CHECKING:
    from tpwng_studio.state.session import Segment

CURSORS = {
    "theta": Qt.CursorShape.SizeVerCursor,
    "start": Qt.CursorShape.SizeHorCursor,
    "end": Qt.CursorShape.SizeHorCursor,
    "window": Qt.CursorShape.OpenHandCursor,
}


def gesture_for(
    stage: Stage, selected: tuple[int, int] | None, event: QMouseEvent
) -> Gesture | None:
    """The gesture that a press begins; None where it means nothing.

    Args:
        stage: the timeline.
        selected: borders of the selected segment.
        event: the press.
    """
    x, y = event.position().x(), event.position().y()
    target = target_at(stage.scene, selected, x, y)
    if target and event.button() == Qt.MouseButton.MiddleButton:
        return Pan(stage, x)
    if not target or event.button() != Qt.MouseButton.LeftButton:
        return None
    if target in ("overview", "window"):
        return DragWindow(stage, x)
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return MarkRange(stage, x)
    return _held(stage, selected, target, x, y)


def _held(
    stage: Stage, selected: tuple[int, int] | None, target: str, x: float, y: float
) -> Gesture:
    """What the left button alone takes hold of, over the rows."""
    if target == "theta":
        return DragTheta(stage, y)
    if selected is not None and target in ("start", "end"):
        return DragEdge(stage, "start" if target == "start" else "end", selected)
    if ROW[target].is_strip:
        frame = stage.scene.viewport.frame_at(x - stage.scene.geometry.left)
        stage.session.select(segment_under(stage.session.segments, target, frame))
    return Scrub(stage)


def segment_under(segments: Sequence[Segment], row: str, frame: int) -> Segment | None:
    """The segment that a strip shows at a frame, of those one can select.

    Args:
        segments: of the open video, in order, none overlapping.
        row: id of the strip.
        frame: where.
    """
    place = bisect_right(segments, frame, key=lambda one: one.start) - 1
    under = segments[place] if place >= 0 else None
    if (
        under is None
        or frame >= under.end
        or row == "truth"
        or (row == "human" and under.source == "pseudo")
    ):
        return None
    return under
