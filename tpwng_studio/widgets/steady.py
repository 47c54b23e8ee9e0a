"""Room for what comes and goes, so that the rest of a form stays where it is.

Called by dialogs that tell of progress and outcomes below their buttons.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def keep_room(widget: QWidget) -> None:
    """A widget that is hidden keeps its place in its layout."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


def keep_lines(label: QLabel, count: int) -> None:
    """A label has room for so many lines, however few it shows."""
    label.setMinimumHeight(count * label.fontMetrics().lineSpacing())
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
