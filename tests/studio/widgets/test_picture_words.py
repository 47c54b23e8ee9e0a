"""Words on the picture stay where they can be read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from tpwng_studio.state.frame_reading import Reading
from tpwng_studio.widgets.picture_words import draw_reading

READING = Reading(score=0.07, psi=0.3, theta=0.83, state="abnormal", is_by_hand=True)


def drawn(width: int) -> tuple[QImage, float]:
    """Words for an area of a width, on a picture with room beside it; and their height."""
    image = QImage(900, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    height = draw_reading(painter, QRectF(8, 8, width, 184), READING)
    painter.end()
    return image, height


def ink_ends(image: QImage) -> int:
    """The first column from which on nothing was drawn."""
    white = QColor("white").rgb()
    inked = [
        x
        for x in range(image.width())
        if any(image.pixel(x, y) != white for y in range(image.height()))
    ]
    return max(inked) + 1


@pytest.mark.parametrize("width", [184, 300])
def test_words_keep_to_their_area_and_the_state_goes_below(qapp: object, width: int) -> None:
    image, height = drawn(width)
    assert ink_ends(image) <= 8 + width
    assert height > 1.5 * drawn(800)[1]


def test_words_stand_in_one_line_where_there_is_room(qapp: object) -> None:
    image, height = drawn(800)
    assert 8 + 240 < ink_ends(image) < 8 + 800
    assert height < 50
