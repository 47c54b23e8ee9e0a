"""The picture keeps its shape; what is said on it is seen and readable by other means."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage

from tpwng_studio.state.frame_reading import Reading
from tpwng_studio.widgets.picture_canvas import PictureCanvas
from tpwng_studio.widgets.picture_words import Badge


def picture(width: int, height: int, colour: str = "#30a050") -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


@pytest.fixture
def canvas(qtbot):
    canvas = PictureCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.show()
    return canvas


def green_box(canvas: PictureCanvas) -> tuple[int, int, int, int]:
    """left, top, width, height of what is drawn in the picture's colour."""
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    green = (np.abs(rows[..., :3].astype(int) - [0x50, 0xA0, 0x30]) < 12).all(axis=2)
    ys, xs = np.nonzero(green)
    return int(xs.min()), int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1


@pytest.mark.parametrize(
    ("size", "pixel_aspect", "expected"),
    [
        ((160, 90), 1.0, (0, 37, 400, 225)),
        ((90, 160), 1.0, (116, 0, 169, 300)),
        ((720, 576), 64 / 45, (0, 38, 400, 225)),  # 16:9 with wide pixels
        ((1920, 1080), 1.0, (0, 37, 400, 225)),
    ],
)
def test_the_picture_has_its_true_shape(canvas, size, pixel_aspect, expected):
    canvas.set_picture(picture(*size), pixel_aspect)
    assert np.abs(np.subtract(green_box(canvas), expected)).max() <= 1


def test_without_a_picture_the_note_is_told(canvas):
    canvas.set_words(None, note="No video open")
    assert canvas.accessibleDescription() == "No video open"
    before = canvas.grab().toImage()
    canvas.set_words(None)
    assert canvas.grab().toImage() != before


def test_words_are_on_the_picture_and_accessible(canvas):
    canvas.set_picture(picture(160, 120))
    before = canvas.grab().toImage()
    reading = Reading(score=0.8, psi=0.7, theta=0.5, state="abnormal")
    canvas.set_words(reading, [Badge(text="DAMAGED FRAME", kind="warning")])
    said = canvas.accessibleDescription()
    assert "SCORE .80" in said
    assert "ABNORMAL" in said
    assert "DAMAGED FRAME" in said
    after = canvas.grab().toImage()
    assert after != before
    canvas.set_words(Reading(score=0.8, psi=0.7, theta=0.5, state="normal"))
    assert canvas.grab().toImage() != after


def test_a_blur_hides_and_grey_takes_the_colours(canvas):
    image = picture(160, 120, "#ffffff")
    for x in range(0, 160, 2):
        for y in range(120):
            image.setPixelColor(x, y, QColor("#d02020"))
    canvas.set_picture(image)
    canvas.set_veil("blur")
    row = [canvas.grab().toImage().pixelColor(x, 150).green() for x in range(100, 300)]
    assert max(row) - min(row) < 12
    canvas.set_veil("grey")
    colour = canvas.grab().toImage().pixelColor(200, 150)
    assert colour.red() == colour.green() == colour.blue()
    canvas.set_veil("none")
    reds = [canvas.grab().toImage().pixelColor(x, 150).green() for x in range(100, 300)]
    assert max(reds) - min(reds) > 100


def test_words_begin_on_the_picture_and_a_narrow_one_lets_them_end_beside_it(canvas):
    canvas.set_picture(picture(90, 160))
    assert canvas._words_rect() == QRectF(8, 8, 384, 284)  # no room: the whole widget
    canvas.resize(800, 300)
    canvas.set_picture(picture(100, 100))
    assert canvas._words_rect() == QRectF(258, 8, 384, 284)
    canvas.resize(800, 450)
    canvas.set_picture(picture(160, 90))
    assert canvas._words_rect().width() == 784


def test_a_double_click_asks_for_more_room(qtbot, canvas):
    with qtbot.waitSignal(canvas.double_clicked):
        qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton)
