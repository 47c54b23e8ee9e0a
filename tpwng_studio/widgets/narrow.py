"""Controls in narrow docks: as small as their words, where a style wants more air around them."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton

_AIR_PX = 14


def let_shrink(button: QAbstractButton) -> None:
    """Let a button be as narrow as its text, whatever the style's least width is."""
    button.setMinimumWidth(button.fontMetrics().horizontalAdvance(button.text()) + _AIR_PX)
