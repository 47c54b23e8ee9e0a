"""A panel that scrolls where it is too low: no frame, no place of its own in the tab order.

It asks for the width of what it holds, as a dock shrinks to its least width when a window gets
smaller and Qt does not give that back when the window grows again.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

_WIDEST = 56  # letters; a longer name is scrolled, and does not push the picture out of the window


def fill_scrolled(panel: QWidget, inside: QWidget) -> None:
    """Fill a panel with a widget that scrolls."""
    area = _Column()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setWidget(inside)
    outer = QVBoxLayout(panel)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(area)


class _Column(QScrollArea):
    """As wide as what it holds needs to be, and of any height."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The least width of the content beside the scroll bar."""
        hint, inside = super().minimumSizeHint(), self.widget()
        if inside is not None:
            wanted = inside.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
            widest = _WIDEST * self.fontMetrics().averageCharWidth()
            hint.setWidth(max(hint.width(), min(wanted, widest)))
        return hint
