"""What painting needs to know of the screen: colours, fonts and pixels per logical pixel.

Taken from the widget whenever its palette, font or screen changes; read by every painting room
of the timeline.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QWidget

from tpwng_studio import theme
from tpwng_studio.theme import Theme
from tpwng_studio.widgets.raster import Raster

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, kw_only=True)
class Look:
    """How things are drawn.

    Attributes:
        theme: colours.
        font: of titles and values.
        small: of notes, axes and badges.
        ratio: device pixels per logical pixel.
    """

    theme: Theme
    font: QFont
    small: QFont
    ratio: float

    @classmethod
    def of(cls, widget: QWidget) -> Look:
        """The look of a widget as it is now."""
        font = widget.font()
        small = QFont(font)
        if font.pointSizeF() > 0:
            small.setPointSizeF(max(font.pointSizeF() * 0.86, 7.0))
        else:
            small.setPixelSize(max(round(font.pixelSize() * 0.86), 9))
        return cls(theme=theme.current(), font=font, small=small, ratio=widget.devicePixelRatioF())

    @property
    def line_px(self) -> int:
        """Height of a line of text."""
        return QFontMetrics(self.font).height()

    @property
    def small_px(self) -> int:
        """Height of a line of small text."""
        return QFontMetrics(self.small).height()

    def width(self, text: str, *, is_small: bool = False) -> int:
        """Width of a text in logical pixels."""
        return QFontMetrics(self.small if is_small else self.font).horizontalAdvance(text)

    def raster(self, rect: QRect) -> Raster:
        """An empty picture with the device pixels of a place."""
        size = (round(rect.width() * self.ratio), round(rect.height() * self.ratio))
        return Raster(max(size[0], 1), max(size[1], 1), self.ratio)

    def place(self, painter: QPainter, rect: QRect, image: QImage) -> None:
        """Draw such a picture on whole device pixels."""
        image.setDevicePixelRatio(self.ratio)
        left, top = round(rect.left() * self.ratio), round(rect.top() * self.ratio)
        painter.drawImage(QPointF(left / self.ratio, top / self.ratio), image)

    def write(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        colour: QColor,
        align: Qt.AlignmentFlag = LEFT,
        *,
        is_small: bool = False,
    ) -> None:
        """One line of text in a rectangle; what does not fit is elided, never cut."""
        font = self.small if is_small else self.font
        metrics = QFontMetrics(font)
        if metrics.horizontalAdvance(text) > rect.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(rect, align | Qt.TextFlag.TextSingleLine, text)

    def plate_px(self, text: str) -> int:
        """Width of a plate with a text."""
        return self.width(text, is_small=True) + 8

    def plate(self, painter: QPainter, place: QPointF, text: str, colour: QColor) -> QRectF:
        """Small text on a plate that keeps it readable over curves.

        Args:
            painter: paints.
            place: left middle of the plate.
            text: what it says.
            colour: of the words.

        Returns:
            Where the plate is.
        """
        size = (self.plate_px(text), self.small_px)
        rect = QRectF(place.x(), place.y() - size[1] / 2, *size)
        ground = QColor(self.theme.background)
        ground.setAlpha(215)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, 3, 3)
        self.write(painter, rect.toRect(), text, colour, CENTRE, is_small=True)
        return rect

    def pill(
        self, painter: QPainter, place: QPointF, text: str, colour: QColor, *, height: int = 0
    ) -> None:
        """Small text in the colour of the ground, on a filled plate.

        Args:
            painter: paints.
            place: left middle of the pill.
            text: what it says.
            colour: of the pill.
            height: of the pill; 0 is that of its words.
        """
        size = (self.width(text, is_small=True) + 10, height or self.small_px)
        rect = QRectF(place.x(), place.y() - size[1] / 2, *size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(rect, 3, 3)
        self.write(painter, rect.toRect(), text, self.theme.background, CENTRE, is_small=True)


def mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    """A colour faded towards the ground: ``share`` of itself is left."""
    return QColor.fromRgbF(
        colour.redF() * share + ground.redF() * (1 - share),
        colour.greenF() * share + ground.greenF() * (1 - share),
        colour.blueF() * share + ground.blueF() * (1 - share),
    )
