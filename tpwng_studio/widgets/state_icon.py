"""The sign of a state: colour and hatch together, for tables, lists and legends.

abnormal is vermilion with strokes, normal plain blue, unknown grey with dots; what is not a
person's word but the model's is drawn as an outline.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPen, QPixmap

from tpwng_studio import theme

_PATTERNS = {
    "abnormal": Qt.BrushStyle.BDiagPattern,
    "normal": Qt.BrushStyle.NoBrush,
    "unknown": Qt.BrushStyle.Dense6Pattern,
}
_SIZE_PX = 14


def state_icon(state: str, *, is_human: bool = True) -> QIcon:
    """A small square for ``abnormal``, ``normal`` or ``unknown``.

    Args:
        state: which.
        is_human: a full square; else an outline, for pseudo-labels.
    """
    return _icon(state, is_human, theme.current().is_dark)


@lru_cache(maxsize=16)
def _icon(state: str, is_human: bool, is_dark: bool) -> QIcon:
    colours = theme.DARK if is_dark else theme.LIGHT
    colour = QColor(getattr(colours, state))
    icon = QIcon()
    for ratio in (1.0, 2.0):
        pixmap = QPixmap(round(_SIZE_PX * ratio), round(_SIZE_PX * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        box = QRectF(0.5, 0.5, _SIZE_PX - 1, _SIZE_PX - 1)
        ink = QColor("#ffffff") if is_human else colour
        if is_human:
            painter.fillRect(box, colour)
        painter.fillRect(box, QBrush(ink, _PATTERNS[state]))
        painter.setPen(QPen(colour, 1))
        painter.drawRect(box)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
