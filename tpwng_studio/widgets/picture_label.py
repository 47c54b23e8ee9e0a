"""A picture, or words in its place, as large as there is room.

A pixmap in; used by the page of the export dialog that shows a figure before it is saved.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class PictureLabel(QLabel):
    """A picture that keeps its shape and fills the room there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = QPixmap()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture, not words in its place."""
        return not self._full.isNull()

    def say(self, words: str) -> None:
        """Show words in place of a picture."""
        self._full = QPixmap()
        self.setText(words)

    def set_pixmap(self, pixmap: QPixmap) -> None:
        """Show another picture."""
        self._full = pixmap
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Some room to begin with."""
        return QSize(480, 300)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fill the new room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self.has_picture:
            return
        ratio = self.devicePixelRatioF()
        room = self.size() * ratio
        fitted = self._full.scaled(
            room,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        self.setPixmap(fitted)
