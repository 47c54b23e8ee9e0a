from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from tpwng_studio.widgets.columns import Steps, column_borders, envelope
from tpwng_studio.widgets.raster import CurveInk, Raster, StripInk

AXIS = (0.0, 1.0)


def heights_of(raster: Raster, ink: CurveInk) -> list[set[int]]:
    return [set(np.flatnonzero(column == ink).tolist()) for column in raster.pixels().T]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.integers(2, 60))
def test_a_drawn_curve_is_one_unbroken_line_through_every_value(
    values: list[float], num_columns: int
) -> None:
    steps = Steps(edges=np.arange(len(values) + 1), values=np.array(values))
    raster = Raster(num_columns, 40)
    raster.curve(envelope(steps, column_borders(0, len(values), num_columns)), AXIS, CurveInk.LINE)
    columns = heights_of(raster, CurveInk.LINE)
    for column in columns:
        assert column == set(range(min(column), max(column) + 1))
    for left, right in pairwise(columns):
        assert left & right
    drawn = set().union(*columns)
    assert raster.y_of(max(values), *AXIS) - min(drawn) in (-1, 0, 1)
    assert max(drawn) - raster.y_of(min(values), *AXIS) in (-1, 0, 1)


def test_upright_lines_are_as_thick_as_level_ones_at_every_scale() -> None:
    for scale, thick in ((1.0, 2), (2.0, 3), (3.0, 4)):
        raster = Raster(60, 60, scale)
        steps = Steps(edges=np.array([0, 30, 60]), values=np.array([0.0, 1.0]))
        raster.curve(envelope(steps, column_borders(0, 60, 60)), AXIS, CurveInk.LINE)
        assert (raster.pixels()[30] > 0).sum() == thick
        assert (raster.pixels()[:, 5] > 0).sum() == thick


def test_a_dashed_curve_has_gaps_and_a_solid_one_has_none() -> None:
    flat = (np.full(80, 0.5), np.full(80, 0.5))
    solid, dashed = Raster(80, 20), Raster(80, 20)
    solid.curve(flat, AXIS, CurveInk.LINE)
    dashed.curve(flat, AXIS, CurveInk.LINE, is_dashed=True)
    assert solid.pixels().any(axis=0).all()
    assert 30 < dashed.pixels().any(axis=0).sum() < 60


def test_a_gap_draws_nothing() -> None:
    raster = Raster(4, 10)
    high = np.array([np.nan, 0.2, np.nan, np.nan])
    raster.curve((high, high), AXIS, CurveInk.LINE, width_px=1)
    raster.area_above(high, 0.1, AXIS, CurveInk.AREA)
    assert raster.pixels().any(axis=0).tolist() == [False, True, False, False]


def test_the_area_lies_between_the_level_and_a_curve_above_it() -> None:
    raster = Raster(2, 101)
    raster.area_above(np.array([0.8, 0.3]), 0.5, AXIS, CurveInk.AREA)
    assert np.flatnonzero(raster.pixels()[:, 0]).tolist() == list(range(20, 50))
    assert not raster.pixels()[:, 1].any()


def test_hatch_and_dots_stay_on_their_ground_and_leave_some_of_it() -> None:
    raster = Raster(60, 20)
    raster.band(0, 20, StripInk.ABNORMAL, np.arange(60) < 30)
    raster.band(0, 20, StripInk.UNKNOWN, np.arange(60) >= 40)
    raster.hatch(StripInk.ABNORMAL, StripInk.HATCH)
    raster.dots(StripInk.UNKNOWN, StripInk.DOT)
    left, middle, right = np.split(raster.pixels(), [30, 40], axis=1)
    assert set(np.unique(left)) == {StripInk.ABNORMAL, StripInk.HATCH}
    assert set(np.unique(middle)) == {0}
    assert set(np.unique(right)) == {StripInk.UNKNOWN, StripInk.DOT}


def test_abnormal_covers_normal_whatever_is_drawn_first() -> None:
    raster = Raster(3, 5)
    raster.band(0, 5, StripInk.ABNORMAL)
    raster.band(0, 5, StripInk.NORMAL)
    assert (raster.pixels() == StripInk.ABNORMAL).all()


def test_the_picture_has_the_colours_and_is_clear_elsewhere() -> None:
    raster = Raster(6, 4)
    raster.band(0, 2, CurveInk.TINT)
    image = raster.image({CurveInk.TINT: QColor(255, 0, 0)})
    assert (image.width(), image.height()) == (6, 4)
    assert image.pixelColor(3, 1) == QColor(255, 0, 0)
    assert image.pixelColor(3, 3).alpha() == 0
