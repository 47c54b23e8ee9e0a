"""What may be dropped on the window, and a dashed area that says so.

A drag in, a path out. Used by the window, which takes drops anywhere, and the first-run card.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from tpwng_studio import theme

PROJECT_FILE = "project.toml"


def dropped_paths(data: QMimeData) -> list[Path]:
    """Files and folders of a drag that are there; what comes from the net is left out."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.exists()]


def is_project(path: Path) -> bool:
    """Whether ``path`` is a project folder or its file."""
    return path.name == PROJECT_FILE or (path / PROJECT_FILE).is_file()


class DropZone(QWidget):
    """A dashed frame; a click on it asks for a folder. The window takes the drop itself.

    Signals:
        clicked: the user clicked into it.
    """

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.body = QVBoxLayout(self)
        self._is_hot = False

    def set_hot(self, is_hot: bool) -> None:
        """Light up while something droppable is over the window."""
        self._is_hot = is_hot
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click."""
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the frame."""
        values = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(values.accent if self._is_hot else values.border, 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(values.selection if self._is_hot else QColor(values.background))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 10, 10)
