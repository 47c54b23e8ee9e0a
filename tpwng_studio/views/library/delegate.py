"""How a row of the library is drawn: a sign for the state, badges in words, a bar of progress.

In: :class:`VideoItem` of the model's row. No colour alone: every sign has its shape and word.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tpwng_studio import theme
from tpwng_studio.icons import icon
from tpwng_studio.state.session import VideoItem
from tpwng_studio.views.library.model import ITEM_ROLE, Column, state_of

_Index = QModelIndex | QPersistentModelIndex
_ICON_PX = 16
_BADGES = {"vfr": "VFR", "duplicate": "DUP", "corrupt": "BAD", "missing": "GONE", "cut off": "CUT"}
_SIGNS = {
    "corrupt": ("warning", "warning"),
    "missing": ("missing", "warning"),
    "cut off": ("warning", "warning"),
    "reviewed": ("check", "accent"),
    "changed since review": ("half", "warning"),
    "in progress": ("half", "accent"),
    "not reviewed": ("ring", "muted"),
}


class LibraryDelegate(QStyledItemDelegate):
    """Paints all columns."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icons: dict[tuple[str, bool, bool], QIcon] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        """Rows with a little air."""
        return QSize(40, _metrics(option).height() + 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one cell."""
        self.initStyleOption(option, index)
        rect: QRect = option.rect
        item: VideoItem = index.data(ITEM_ROLE)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        values = theme.current()
        painter.save()
        if selected:
            painter.fillRect(rect, values.accent)
        painter.setPen(values.on_accent if selected else values.text)
        column = Column(index.column())
        if column == Column.STATE:
            self._draw_sign(painter, rect, item, selected)
        elif column == Column.VIDEO:
            box = rect.adjusted(2, 0, -4, 0)
            name_px = _draw_name(painter, box, item, selected)
            if self.property("is_narrow"):
                box.setLeft(box.left() + name_px)
                _draw_inline_category(painter, box, item, selected)
        elif column == Column.CATEGORY:
            _draw_category(painter, rect.adjusted(4, 0, -4, 0), item, selected)
        else:
            _draw_progress(painter, rect.adjusted(4, 0, -6, 0), item, selected)
        painter.restore()

    def _draw_sign(self, painter: QPainter, rect: QRect, item: VideoItem, selected: bool) -> None:
        state = state_of(item)
        key = (state, selected, theme.current().is_dark)
        if key not in self._icons:
            drawing, colour = _SIGNS[state]
            values = theme.current()
            tint = values.on_accent if selected else getattr(values, colour)
            self._icons[key] = icon(drawing, tint)
        box = QRect(0, 0, _ICON_PX, _ICON_PX)
        box.moveCenter(rect.center())
        self._icons[key].paint(painter, box)


def _metrics(option: QStyleOptionViewItem) -> QFontMetrics:
    metrics: QFontMetrics = option.fontMetrics
    return metrics


def _draw_name(painter: QPainter, rect: QRect, item: VideoItem, selected: bool) -> int:
    """Draw name and badge; how many pixels from the left are taken, all of them by a badge."""
    values = theme.current()
    badge = _BADGES.get(item.badge)
    if badge:
        rect = _draw_badge(painter, rect, badge, values.on_accent if selected else values.warning)
    if item.badge in ("corrupt", "missing") and not selected:
        painter.setPen(values.muted)
    metrics = painter.fontMetrics()
    text = metrics.elidedText(item.id, Qt.TextElideMode.ElideMiddle, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, text)
    return rect.width() if badge else metrics.horizontalAdvance(text)


def _draw_inline_category(painter: QPainter, rect: QRect, item: VideoItem, selected: bool) -> None:
    """Draw the category behind the name, shortened where it must be, if its beginning fits."""
    rect = rect.adjusted(8, 0, 0, 0)
    if item.category and painter.fontMetrics().horizontalAdvance("abcd…") <= rect.width():
        _draw_category(painter, rect, item, selected, Qt.AlignmentFlag.AlignRight)


def _draw_badge(painter: QPainter, rect: QRect, text: str, colour: QColor) -> QRect:
    """Draw a badge at the right of ``rect``; what is left of ``rect``."""
    before, pen = painter.font(), painter.pen()
    font = painter.font()
    font.setPointSizeF(font.pointSizeF() * 0.8)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(text) + 8, metrics.height() + 2
    top = rect.center().y() - height // 2
    box = QRectF(rect.right() - width + 0.5, top + 0.5, width - 1, height - 1)
    painter.setPen(colour)
    painter.drawRoundedRect(box, 3, 3)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.setFont(before)
    painter.setPen(pen)
    return rect.adjusted(0, 0, -width - 4, 0)


def _draw_category(
    painter: QPainter,
    rect: QRect,
    item: VideoItem,
    selected: bool,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    if not selected:
        painter.setPen(theme.current().muted)
    font = painter.font()
    font.setItalic(item.is_assumed)
    painter.setFont(font)
    known = f"{item.category}?" if item.is_assumed and item.category else item.category
    text = painter.fontMetrics().elidedText(known or "–", Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | side, text)


def _draw_progress(painter: QPainter, rect: QRect, item: VideoItem, selected: bool) -> None:
    """A thin bar under the percentage; nothing where nobody did anything."""
    if not item.progress:
        return
    values = theme.current()
    ink = values.on_accent if selected else values.accent
    track = QColor(ink)
    track.setAlpha(60)
    bar = QRectF(rect.left(), rect.bottom() - 5, rect.width(), 3)
    painter.fillRect(bar, track)
    bar.setWidth(rect.width() * item.progress)
    painter.fillRect(bar, ink)
    if not selected:
        painter.setPen(painter.pen().color() if item.progress < 1 else values.accent)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(rect.adjusted(0, -2, 0, -3), right, f"{item.progress:.0%}")
