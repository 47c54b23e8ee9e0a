"""What is drawn on the picture: the frame's numbers, its state in colour, hatch and word, badges.

A painter, room and values in; paint out. Used by the canvas of the player. Words stand on dark
plates, so that they are read on any picture and in any theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter

from tpwng_studio import theme
from tpwng_studio.state.frame_reading import Reading

_PLATE = QColor(14, 15, 18, 205)
_INK = QColor("#f4f5f7")
_QUIET = QColor("#b9c0c9")
_STATE_INK = {"abnormal": QColor("#140800"), "normal": QColor("#ffffff"), "": _INK}
_HATCH = QColor(0, 0, 0, 60)
_WARNING = QColor("#f5c451")
_RADIUS_PX, _GAP_PX = 5.0, 6.0


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A few words in the lower left corner; a warning has a sign and another colour."""

    text: str
    kind: Literal["note", "warning"] = "note"


def draw_reading(painter: QPainter, area: QRectF, reading: Reading) -> float:
    """Draw the line of numbers and the state at the top left; returns their height.

    The state goes below the numbers where it does not fit beside them.
    """
    words, state = reading.words, _state_words(reading)
    if reading.stale and words:
        words += "   stale"
    if not words and not state:
        return 0.0
    font = _font(painter, 1.08)
    metrics = QFontMetricsF(font)
    height = metrics.height() + 2 * _GAP_PX
    x, y = area.left(), area.top()
    painter.setFont(font)
    if words:
        width = min(metrics.horizontalAdvance(words) + 4 * _GAP_PX, area.width())
        box = QRectF(x, y, width, height)
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, width - 2 * _GAP_PX)
        _plate(painter, box, _PLATE)
        painter.setPen(_INK)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        x = box.right() + _GAP_PX
    if state:
        width = _state_width(font, state)
        if words and x + width > area.right():
            x, y = area.left(), y + height + _GAP_PX
        _draw_state(painter, QRectF(x, y, width, height), reading.state, state)
    return y - area.top() + height + _GAP_PX


def draw_badges(painter: QPainter, area: QRectF, badges: Sequence[Badge]) -> None:
    """Draw badges upwards from the lower left corner."""
    font = _font(painter, 0.95)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    height = metrics.height() + _GAP_PX
    bottom = area.bottom()
    for badge in badges:
        text = f"⚠ {badge.text}" if badge.kind == "warning" else badge.text
        width = min(metrics.horizontalAdvance(text) + 3 * _GAP_PX, area.width())
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 2 * _GAP_PX)
        box = QRectF(area.left(), bottom - height, width, height)
        _plate(painter, box, _PLATE)
        painter.setPen(_WARNING if badge.kind == "warning" else _INK)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        bottom = box.top() - _GAP_PX


def draw_note(painter: QPainter, area: QRectF, note: str) -> None:
    """Draw words where there is no picture."""
    painter.setFont(_font(painter, 1.05))
    painter.setPen(_QUIET)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area.adjusted(24, 24, -24, -24), flags, note)


def _state_words(reading: Reading) -> str:
    if not reading.state:
        return ""
    return f"{reading.state.upper()} by hand" if reading.is_by_hand else reading.state.upper()


def _state_width(font: QFont, words: str) -> float:
    return QFontMetricsF(_bold(font)).horizontalAdvance(words) + 4 * _GAP_PX


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold


def _draw_state(painter: QPainter, box: QRectF, state: str, words: str) -> None:
    colours = theme.DARK
    colour = {"abnormal": colours.abnormal, "normal": colours.normal}.get(state, QColor("#5a616b"))
    _plate(painter, box, colour)
    if state == "abnormal":
        # a band of hatch below the word, as in the strips: never colour alone
        band = QRectF(box.left() + 2, box.bottom() - 5, box.width() - 4, 4)
        painter.fillRect(band, QBrush(_HATCH, Qt.BrushStyle.BDiagPattern))
    painter.setFont(_bold(painter.font()))
    painter.setPen(_STATE_INK.get(state, _INK))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _plate(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(box, _RADIUS_PX, _RADIUS_PX)
    painter.setBrushOrigin(QPointF(box.topLeft()))


def _font(painter: QPainter, scale: float) -> QFont:
    device = painter.device()
    font = QFont(device.font() if hasattr(device, "font") else painter.font())
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * scale)
    else:
        font.setPixelSize(round(font.pixelSize() * scale))
    return font
