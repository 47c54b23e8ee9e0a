"""A map over its frame: what is covered is coloured, the rest is hatched."""

from __future__ import annotations

import numpy as np

from tpwng_core.heatmap import Heatmap
from tpwng_core.report.heat import overlay, with_words

GREY = np.full((144, 192, 3), 90, np.uint8)


def drawn(grid: np.ndarray) -> np.ndarray:
    heatmap = Heatmap(grid=grid, box=(24.0, 0.0, 168.0, 144.0), size=(192, 144), meta={})
    return np.asarray(overlay(GREY, heatmap)).astype(int)


def test_the_best_patch_stands_out_where_it_is() -> None:
    grid = np.zeros((2, 2), np.float32)
    grid[1, 0] = 1
    picture = drawn(grid)
    assert picture.shape == (432, 576, 3)
    change = np.abs(picture - 90).sum(axis=2)
    best = change[220:428, 76:284]
    rest = change[4:212, 76:500]
    assert best.min() > rest.max()


def test_margins_are_hatched_and_never_coloured() -> None:
    picture = drawn(np.ones((2, 2), np.float32))
    margin = picture[:, :68]
    assert (np.ptp(margin, axis=2) == 0).all()
    assert 0.05 < (margin[..., 0] > 95).mean() < 0.5


def test_words_stand_below_and_hide_nothing() -> None:
    from PIL import Image

    picture = Image.fromarray(GREY)
    sheet = with_words(picture, "patches")
    assert (np.asarray(sheet)[:144] == GREY).all()
    assert np.asarray(sheet)[144:].min() < 100
