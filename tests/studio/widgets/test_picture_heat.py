"""The map lies where the tower looked, its patches stay squares, and the rest is hatched."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from tpwng_core.heatmap import Heatmap
from tpwng_studio.widgets.picture_canvas import PictureCanvas
from tpwng_studio.widgets.picture_heat import HeatPicture

GROUND = 60


def heatmap(grid: np.ndarray) -> Heatmap:
    return Heatmap(grid=grid, box=(24.0, 0.0, 168.0, 144.0), size=(192, 144), meta={})


def drawn(grid: np.ndarray, opacity: float = 1.0) -> np.ndarray:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor(GROUND, GROUND, GROUND))
    painter = QPainter(image)
    HeatPicture(heatmap(grid), opacity).draw(painter, QRectF(8, 6, 384, 288))
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(300, 400, 4)[..., 2::-1].astype(int)


def test_the_best_patch_is_the_square_it_should_be(qapp: object) -> None:
    grid = np.zeros((8, 8), np.float32)
    grid[7, 0] = 1
    picture = drawn(grid)
    inside = picture[12:288, 62:338].sum(axis=2)  # without border and margins
    rows, columns = np.nonzero(inside > 600)
    assert (rows.min() + 12, columns.max() + 62) == pytest.approx((6 + 7 * 36, 56 + 35), abs=1)
    assert rows.max() == inside.shape[0] - 1
    assert columns.min() == 0


def test_outside_there_is_hatch_and_no_colour(qapp: object) -> None:
    picture = drawn(np.ones((8, 8), np.float32))
    margin = picture[20:280, 10:50]
    assert np.ptp(margin, axis=2).max() < 16
    assert 0.03 < (margin[..., 1] > GROUND + 10).mean() < 0.5
    assert (picture[20:280, :8] == GROUND).all()  # beside the picture there is nothing


def test_opacity_lets_the_picture_through(qapp: object) -> None:
    grid = np.ones((2, 2), np.float32)
    solid, faint = (np.abs(drawn(grid, share)[150, 200] - GROUND).sum() for share in (1.0, 0.3))
    assert faint == pytest.approx(0.3 * solid, abs=6)


def test_the_canvas_takes_a_map_and_gives_it_up(qtbot) -> None:
    canvas = PictureCanvas()
    qtbot.addWidget(canvas)
    image = QImage(192, 144, QImage.Format.Format_RGB32)
    image.fill(QColor(GROUND, GROUND, GROUND))
    canvas.resize(384, 288)
    canvas.set_picture(image)
    before = canvas.grab().toImage()
    canvas.set_heat(heatmap(np.ones((2, 2), np.float32)), 0.6)
    assert canvas.has_heat
    assert canvas.grab().toImage() != before
    canvas.set_heat(None, 0.6)
    assert canvas.grab().toImage() == before
