"""What moves over the static layer: playhead, mouse, selection, marks, reach of attention.

A :class:`Moving` in, a few lines and words out, cheap enough for every frame of a playing video.
Called by the timeline's ``paintEvent``.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QRegion

from tpwng_studio.views.timeline.geometry import HANDLE_PX, STRIPS
from tpwng_studio.views.timeline.look import LEFT
from tpwng_studio.views.timeline.readout import is_abnormal, row_words, time_words
from tpwng_studio.views.timeline.scene import Scene
from tpwng_studio.views.timeline.viewport import Viewport


@dataclass(frozen=True, kw_only=True)
class Moving:
    """What is drawn over the rows.

    Attributes:
        playhead: frame.
        hover: frame under the mouse; None where it is elsewhere.
        selected: borders of the selected segment, while an edge is dragged as it will be.
        mark: borders of the range that is marked; None where one is not set.
        judged: borders of the place that A, N and U would judge.
        note: words beside the mouse while something is dragged.
    """

    playhead: int = 0
    hover: int | None = None
    selected: tuple[int, int] | None = None
    mark: tuple[int | None, int | None] = (None, None)
    judged: tuple[int, int] | None = None
    note: str = ""


def paint_overlay(painter: QPainter, scene: Scene, moving: Moving) -> None:
    """Everything that moves, over rows that are already there."""
    body = _body(scene)
    painter.save()
    painter.setClipRect(body, Qt.ClipOperation.IntersectClip)
    _paint_selected(painter, scene, moving)
    _paint_judged(painter, scene, moving)
    _paint_mark(painter, scene, moving)
    if scene.reach_px:
        _paint_reach(painter, scene, moving.playhead)
    if moving.hover is not None:
        _paint_hover(painter, scene, moving)
    _paint_playhead(painter, scene, moving.playhead)
    painter.restore()
    if "overview" in scene.geometry.rows:
        _paint_window(painter, scene, moving)
    _paint_readout(painter, scene, moving)


def playhead_region(scene: Scene, moving: Moving) -> QRegion:
    """The pixels that a playhead at this frame touches, its words included."""
    geometry = scene.geometry
    x = geometry.left + scene.viewport.centre_of(moving.playhead)
    half = max(scene.viewport.px_per_frame / 2, 2) + 2
    region = QRegion(int(x - half), geometry.body_top, int(2 * half) + 2, geometry.height)
    if "overview" in geometry.rows:
        top, height = geometry.rows["overview"]
        place = geometry.left + _whole(scene).centre_of(moving.playhead)
        region += QRegion(int(place) - 3, top, 7, height)
    if "ruler" in geometry.rows:
        region += _handle(scene, x).toAlignedRect().adjusted(-1, -1, 1, 1)
    region += QRect(geometry.right, 0, geometry.width - geometry.right, geometry.height)
    if scene.reach_px:
        region += _reach_rect(scene)
    return region


def hover_region(scene: Scene, moving: Moving) -> QRegion:
    """The pixels that belong to the mouse: its line, its words and the values of the rows."""
    geometry = scene.geometry
    region = QRegion(geometry.whole("ruler"))
    region += QRect(geometry.right, 0, geometry.width - geometry.right, geometry.height)
    if moving.hover is not None:
        x = geometry.left + scene.viewport.centre_of(moving.hover)
        region += QRect(int(x) - 2, geometry.body_top, 5, geometry.height)
    return region


def window_rect(scene: Scene) -> QRectF:
    """The frame around the visible range, in the overview."""
    top, height = scene.geometry.rows["overview"]
    whole, view = _whole(scene), scene.viewport
    left, right = whole.x_of(view.start), whole.x_of(view.end)
    left += scene.geometry.left
    return QRectF(left, top + 0.5, max(right + scene.geometry.left - left, 3), height - 1)


def _body(scene: Scene) -> QRect:
    geometry = scene.geometry
    top = geometry.body_top
    return QRect(geometry.left, top, geometry.plot_width, geometry.bottom - top)


def _whole(scene: Scene) -> Viewport:
    return Viewport.whole(scene.content.num_frames, scene.geometry.plot_width)


def _paint_selected(painter: QPainter, scene: Scene, moving: Moving) -> None:
    if moving.selected is None:
        return
    body, theme = _rows_below_ruler(scene), scene.look.theme
    left, right = (body.left() + scene.viewport.x_of(frame) for frame in moving.selected)
    strips = max(_strips_top(scene), body.top())
    faint = QColor(theme.selection)
    faint.setAlpha(theme.selection.alpha() // 2)
    painter.fillRect(QRectF(left, body.top(), right - left, strips - body.top()), faint)
    painter.fillRect(
        QRectF(left, strips, right - left, body.bottom() + 1 - strips), theme.selection
    )
    for x in (left, right):
        painter.setPen(QPen(theme.accent, 1.5))
        painter.drawLine(QPointF(x, body.top()), QPointF(x, body.bottom() + 1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.accent)
        painter.drawRoundedRect(QRectF(x - 3, body.top(), 6, 16), 2, 2)
        painter.drawRoundedRect(QRectF(x - 3, body.bottom() - 15, 6, 16), 2, 2)


def _paint_judged(painter: QPainter, scene: Scene, moving: Moving) -> None:
    """A frame round the frames under review: seldom those of the segment that is selected."""
    if moving.judged is None:
        return
    body, look = _rows_below_ruler(scene), scene.look
    left, right = (body.left() + scene.viewport.x_of(frame) for frame in moving.judged)
    frame = QRectF(left, body.top(), right - left, body.height()).adjusted(0.75, 0.75, -0.75, -0.75)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(look.theme.text, 1.5, Qt.PenStyle.DotLine))
    painter.drawRect(frame)
    words = "under review"
    if frame.width() > look.plate_px(words):
        place = QPointF(frame.center().x() - look.plate_px(words) / 2, frame.top() + 9)
        look.plate(painter, place, words, look.theme.text)


def _paint_mark(painter: QPainter, scene: Scene, moving: Moving) -> None:
    start, end = moving.mark
    if start is None and end is None:
        return
    body, look = _rows_below_ruler(scene), scene.look
    sides = [
        None if frame is None else body.left() + scene.viewport.x_of(frame) for frame in moving.mark
    ]
    if sides[0] is not None and sides[1] is not None:
        ground = QColor(look.theme.accent)
        ground.setAlpha(28)
        painter.fillRect(QRectF(sides[0], body.top(), sides[1] - sides[0], body.height()), ground)
        words = "Enter: make a segment"
        if sides[1] - sides[0] > look.width(words, is_small=True) + 30:
            place = QPointF(sides[0] + 16, body.bottom() - look.small_px / 2 - 2)
            look.plate(painter, place, words, look.theme.accent)
    painter.setPen(QPen(look.theme.accent, 1.5, Qt.PenStyle.DashLine))
    for x, turn in zip(sides, (1, -1), strict=True):
        if x is not None:
            painter.drawLine(QPointF(x, body.top()), QPointF(x, body.bottom() + 1))
            painter.drawLine(QPointF(x, body.top() + 1), QPointF(x + turn * 7, body.top() + 1))
            painter.drawLine(QPointF(x, body.bottom()), QPointF(x + turn * 7, body.bottom()))


def _paint_reach(painter: QPainter, scene: Scene, frame: int) -> None:
    """A bracket over the snippets that the one at the playhead attends to (Eq. 7).

    Solid where the weight is full, dashed where it falls to nothing.
    """
    found = scene.content.reach_at(frame)
    if found is None:
        return
    reach, start, end = found
    look, rect = scene.look, _reach_rect(scene)
    middle, per_snippet = (start + end) / 2, end - start
    y = rect.center().y() + 0.5
    for snippets, style, drop in (
        (reach.zero, Qt.PenStyle.DotLine, 2),
        (reach.full, Qt.PenStyle.SolidLine, 5),
    ):
        left, right = (
            scene.geometry.left + scene.viewport.x_of(min(max(place, 0), scene.content.num_frames))
            for place in (
                middle - snippets * per_snippet,
                middle + (0 if reach.looks_back else snippets * per_snippet),
            )
        )
        painter.setPen(QPen(look.theme.accent, 1.5, style))
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        painter.setPen(QPen(look.theme.accent, 1.5))
        for x in (left, right):
            painter.drawLine(QPointF(x, y - drop), QPointF(x, y + drop))
    if rect.width() > 2 * look.width(reach.words, is_small=True):
        look.plate(painter, QPointF(rect.left() + 6, y), reach.words, look.theme.accent)


def _paint_hover(painter: QPainter, scene: Scene, moving: Moving) -> None:
    assert moving.hover is not None
    look, body = scene.look, _body(scene)
    x = body.left() + scene.viewport.centre_of(moving.hover)
    painter.setPen(QPen(look.theme.muted, 1, Qt.PenStyle.DotLine))
    painter.drawLine(QPointF(x, body.top()), QPointF(x, body.bottom() + 1))
    time = time_words(scene.content, moving.hover)
    words = moving.note or f"{time}  frame {moving.hover:,}"
    width = look.width(words, is_small=True) + 10
    left = x + 8 if x + 8 + width <= body.right() else x - 8 - width
    top, height = scene.geometry.rows["ruler"]
    colour = look.theme.accent if moving.note else look.theme.text
    look.pill(painter, QPointF(left, top + height / 2), words, colour, height=height - 4)


def _paint_playhead(painter: QPainter, scene: Scene, frame: int) -> None:
    theme, body, view = scene.look.theme, _body(scene), scene.viewport
    x = body.left() + view.centre_of(frame)
    if view.px_per_frame >= 5:
        band = QColor(theme.playhead)
        band.setAlpha(30)
        rows = _rows_below_ruler(scene)
        left = body.left() + view.x_of(frame)
        painter.fillRect(QRectF(left, rows.top(), view.px_per_frame, rows.height()), band)
    handle = _handle(scene, x)
    _line_down(painter, scene, x, handle.top(), body.bottom() + 1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.playhead)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    corners = (
        handle.topLeft(),
        handle.topRight(),
        QPointF(handle.right(), handle.top() + 2),
        QPointF(x, handle.bottom()),
        QPointF(handle.left(), handle.top() + 2),
    )
    painter.drawPolygon(QPolygonF(corners))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _line_down(painter: QPainter, scene: Scene, x: float, top: float, bottom: float) -> None:
    """The playhead's line: on whole device pixels, with a halo that parts it from curves."""
    theme, ratio = scene.look.theme, scene.look.ratio
    halo = QColor(theme.background)
    halo.setAlpha(150)
    left = round(x * ratio) / ratio
    painter.fillRect(QRectF(left - 1, top, 3, bottom - top), halo)
    painter.fillRect(QRectF(left, top, 1, bottom - top), theme.playhead)


def _handle(scene: Scene, x: float) -> QRectF:
    """In the strip below the numbers of the ruler, so that it never covers one."""
    top, height = scene.geometry.rows["ruler"]
    return QRectF(x - 5, top + height - HANDLE_PX, 10, HANDLE_PX - 1)


def _paint_window(painter: QPainter, scene: Scene, moving: Moving) -> None:
    """The visible range and the playhead, in the overview."""
    look, plot = scene.look, scene.geometry.plot("overview")
    if not scene.viewport.is_whole:
        window = window_rect(scene)
        veil = QColor(look.theme.panel)
        veil.setAlpha(150)
        left = QRectF(plot.left(), plot.top(), window.left() - plot.left(), plot.height())
        right = QRectF(window.right(), plot.top(), plot.right() + 1 - window.right(), plot.height())
        painter.fillRect(left, veil)
        painter.fillRect(right, veil)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.theme.accent, 2))
        painter.drawRect(window.adjusted(1, 0.5, -1, -0.5))
    x = plot.left() + _whole(scene).centre_of(moving.playhead)
    _line_down(painter, scene, x, plot.top(), plot.bottom() + 1)


def _paint_readout(painter: QPainter, scene: Scene, moving: Moving) -> None:
    """The values of all rows, right of the plot."""
    look, content, geometry = scene.look, scene.content, scene.geometry
    frame = moving.playhead if moving.hover is None else moving.hover
    if "overview" in geometry.rows:
        where = "at playhead" if moving.hover is None else "at mouse"
        rect = geometry.readout("overview")
        look.write(painter, rect, where, look.theme.muted, LEFT, is_small=True)
    for row in geometry.rows:
        rect = geometry.readout(row)
        if row == "ruler":
            upper = QRect(rect.left(), rect.top() + 1, rect.width(), look.line_px)
            look.write(painter, upper, time_words(content, frame), look.theme.text)
            lower = QRect(rect.left(), upper.bottom() + 1, rect.width(), look.small_px)
            words = f"f {frame:,}"
            look.write(painter, lower, words, look.theme.muted, is_small=True)
            continue
        colour = look.theme.text
        if is_abnormal(content, row, frame):
            colour = look.theme.abnormal_text
        look.write(painter, rect, row_words(content, row, frame), colour)


def _rows_below_ruler(scene: Scene) -> QRect:
    top, height = scene.geometry.rows["ruler"]
    return _body(scene).adjusted(0, height + 1, 0, 0) if top >= 0 else _body(scene)


def _strips_top(scene: Scene) -> int:
    """Where the strips begin; the bottom where none is shown."""
    rows = scene.geometry.rows
    return min((rows[row][0] for row in STRIPS if row in rows), default=scene.geometry.bottom)


def _reach_rect(scene: Scene) -> QRect:
    plot = scene.geometry.plot("score")
    return QRect(plot.left(), plot.top(), plot.width(), scene.reach_px)
