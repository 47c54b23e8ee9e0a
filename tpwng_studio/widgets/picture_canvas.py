"""The picture of the video in its true shape, with what is to be said about it on top.

Pictures, a reading and badges in; pixels on the screen. Used by the player. The surround is dark
in every theme, as pictures are judged against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tpwng_core.heatmap import Heatmap
from tpwng_studio.state.frame_reading import Reading
from tpwng_studio.widgets.picture_heat import HeatPicture
from tpwng_studio.widgets.picture_words import Badge, draw_badges, draw_note, draw_reading

Veil = Literal["none", "blur", "grey"]

_SURROUND = QColor("#0e0f12")
_BLUR_WIDTH_PX = 20
_WORDS_WIDTH_PX = 400


class PictureCanvas(QWidget):
    """Shows one picture.

    Signals:
        double_clicked: somebody wants it larger.
    """

    double_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picture")
        self.setAccessibleName("Picture of the video")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # It has no keys of its own: a click on it takes them from a list, so that they mean the
        # video.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._image = QImage()
        self._pixel_aspect = 1.0
        self._veil: Veil = "none"
        self._reading: Reading | None = None
        self._badges: Sequence[Badge] = ()
        self._note = ""
        self._heat: HeatPicture | None = None
        self._ready = QImage()
        self._ready_for: object = None

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for a small video."""
        return QSize(640, 400)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As small as a picture is still told apart."""
        return QSize(200, 120)

    @property
    def image(self) -> QImage:
        """The picture on screen, as decoded; null where there is none."""
        return self._image

    @property
    def has_heat(self) -> bool:
        """Whether a map lies on the picture."""
        return self._heat is not None

    @property
    def veil(self) -> Veil:
        """How the picture is hidden from those who need not see it."""
        return self._veil

    def set_picture(self, image: QImage, pixel_aspect: float = 1.0) -> None:
        """Show a picture whose pixels are ``pixel_aspect`` times as wide as high."""
        self._image, self._pixel_aspect = image, pixel_aspect
        self.update()

    def set_words(
        self, reading: Reading | None, badges: Sequence[Badge] = (), note: str = ""
    ) -> None:
        """What stands on the picture; ``note`` stands in its middle where there is none."""
        self._reading, self._badges, self._note = reading, badges, note
        said = [reading.words, reading.state.upper()] if reading else []
        self.setAccessibleDescription("; ".join([*said, *(badge.text for badge in badges), note]))
        self.update()

    def set_heat(self, heatmap: Heatmap | None, opacity: float) -> None:
        """Lay a map over the picture it was made of; None takes it off."""
        if heatmap is None and self._heat is None:
            return
        self._heat = None if heatmap is None else HeatPicture(heatmap, opacity)
        self.update()

    def set_veil(self, veil: Veil) -> None:
        """Blur the picture, or take its colours, or show it as it is."""
        self._veil = veil
        self.update()

    def picture_rect(self) -> QRectF:
        """Where the picture is: the largest rectangle of its shape, on whole device pixels."""
        if self._image.isNull():
            return QRectF(self.rect())
        width = self._image.width() * self._pixel_aspect
        scale = min(self.width() / width, self.height() / self._image.height())
        ratio = self.devicePixelRatioF()
        size = [round(side * scale * ratio) / ratio for side in (width, self._image.height())]
        left, top = (self.width() - size[0]) / 2, (self.height() - size[1]) / 2
        return QRectF(round(left * ratio) / ratio, round(top * ratio) / ratio, *size)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the picture, then the words."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _SURROUND)
        area = self._words_rect()
        if self._image.isNull():
            draw_note(painter, area, self._note)
        else:
            self._paint_picture(painter)
            if self._heat is not None:
                self._heat.draw(painter, self.picture_rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = draw_reading(painter, area, self._reading) if self._reading else 0.0
        draw_badges(painter, area.adjusted(0, top, 0, 0), self._badges)
        painter.end()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that somebody wants it larger."""
        self.double_clicked.emit()
        event.accept()

    def _words_rect(self) -> QRectF:
        """Where words stand: on the picture, from its left edge on as far as they need.

        Where there is no room for them from there to the right edge, all of the widget is theirs.
        """
        whole, picture = QRectF(self.rect()), self.picture_rect()
        words = QRectF(picture)
        words.setWidth(max(picture.width(), _WORDS_WIDTH_PX))
        return (words if whole.contains(words) else whole).adjusted(8, 8, -8, -8)

    def _paint_picture(self, painter: QPainter) -> None:
        target = self.picture_rect()
        key = self._image.cacheKey(), target.size(), self._veil, self.devicePixelRatioF()
        if key != self._ready_for:
            self._ready, self._ready_for = self._made_ready(target), key
        if self._ready.size() == self._device_size(target):
            self._ready.setDevicePixelRatio(self.devicePixelRatioF())
            painter.drawImage(QPointF(target.topLeft()), self._ready)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, self._ready, QRectF(self._ready.rect()))

    def _made_ready(self, target: QRectF) -> QImage:
        """The picture as it goes on screen; made once however often words change on it.

        Shrinking averages here, since the painter would leave out pixels; growing is the
        painter's.
        """
        image, size = self._image, self._device_size(target)
        smooth = Qt.TransformationMode.SmoothTransformation
        if self._veil == "blur":
            image = image.scaledToWidth(_BLUR_WIDTH_PX, smooth)
            while image.width() < size.width() / 2:
                # by steps: at once, the few pixels would show as diamonds
                image = image.scaledToWidth(2 * image.width(), smooth)
        elif size.width() < image.width():
            image = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        if self._veil == "grey":
            image = image.convertToFormat(QImage.Format.Format_Grayscale8)
        return image

    def _device_size(self, target: QRectF) -> QSize:
        ratio = self.devicePixelRatioF()
        return QSize(round(target.width() * ratio), round(target.height() * ratio))
