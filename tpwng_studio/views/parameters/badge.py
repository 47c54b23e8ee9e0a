"""A short word on a tinted ground that says something is not as it seems: normal, stale."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from tpwng_studio import theme

Kind = Literal["normal", "warning"]


class Badge(QLabel):
    """Words in a rounded frame; the reason is its tooltip.

    Args:
        text: what it says.
        tip: why.
        kind: "normal" is blue, "warning" is amber.
    """

    def __init__(
        self, text: str, tip: str = "", *, kind: Kind = "warning", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._kind = kind
        self.setToolTip(tip)
        self.setWordWrap(True)
        self.setContentsMargins(8, 3, 8, 3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Take the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The frame, then the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._colour()
        ground = QColor(colour)
        ground.setAlpha(26)
        painter.setBrush(ground)
        painter.setPen(QPen(colour, 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()
        super().paintEvent(event)

    def _colour(self) -> QColor:
        colours = theme.current()
        return colours.normal_text if self._kind == "normal" else colours.warning

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(self.foregroundRole(), self._colour())
        self.setPalette(palette)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
