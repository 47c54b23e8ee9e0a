"""Curves and bands drawn as small pictures of colour numbers, a pixel column at a time.

Ranges per column in, a QImage out: steps are horizontal and vertical lines only, so writing
pixels draws them exactly, and a video of a day costs what a minute costs. A colour table gives
the numbers their colours. Called by the rows of the timeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

Mask = NDArray[np.bool_]


class CurveInk(IntEnum):
    """What a pixel of a curve is; the colour comes later."""

    TINT = 1
    RANGE = 2
    AREA = 3
    HATCH = 4
    GHOST = 5
    LINE = 6


class StripInk(IntEnum):
    """What a pixel of a strip of labels is."""

    NORMAL = 1
    UNKNOWN = 2
    DOT = 3
    ABNORMAL = 4
    HATCH = 5


Ink = CurveInk | StripInk
_NUM_INKS = 8


class Raster:
    """A picture of inks; (0, 0) is the top left, units are device pixels.

    An ink with a higher number covers one with a lower, 0 is clear.

    Args:
        num_columns: width, at least 1.
        num_rows: height, at least 1.
        scale: device pixels per logical pixel; hatches and dashes keep their size.
    """

    def __init__(self, num_columns: int, num_rows: int, scale: float = 1.0) -> None:
        self._pixels = np.zeros((num_rows, num_columns), dtype=np.uint8)
        self._row = np.arange(num_rows, dtype=np.int16)[:, None]
        self._column = np.arange(num_columns, dtype=np.int16)[None, :]
        self._scale = scale

    @property
    def num_columns(self) -> int:
        """Width in device pixels."""
        return self._pixels.shape[1]

    @property
    def num_rows(self) -> int:
        """Height in device pixels."""
        return self._pixels.shape[0]

    def pixels(self) -> NDArray[np.uint8]:
        """(num_rows, num_columns) what has been drawn."""
        return self._pixels

    def length(self, logical_px: float) -> int:
        """A length in device pixels, at least one."""
        return max(round(logical_px * self._scale), 1)

    def y_of(self, value: float, low: float, high: float) -> int:
        """The row of a value on an axis from ``low`` (bottom) to ``high`` (top)."""
        return int(self._heights(np.array([value]), low, high, 1)[0])

    def band(self, top: int, bottom: int, ink: Ink, where: Mask | None = None) -> None:
        """Fill rows [top, bottom), in the columns of ``where`` only."""
        rows = self._pixels[max(top, 0) : max(bottom, 0)]
        over = np.uint8(ink) if where is None else where.view(np.uint8) * np.uint8(ink)
        np.maximum(rows, over, out=rows)

    def hatch(self, over: Ink, ink: Ink) -> None:
        """Draw slanted lines over every pixel of one ink."""
        period, width = self.length(6), self.length(1.25)
        rows, columns = self._pixels.shape
        line = np.arange(rows + columns) % period < width
        slanted = sliding_window_view(line, columns)[:rows]  # row by row one pixel further
        self._cover(slanted & (self._pixels == over), ink)

    def dots(self, over: Ink, ink: Ink) -> None:
        """Draw a grid of dots over every pixel of one ink."""
        period, width = self.length(5), self.length(1.25)
        across, down = self._column % period < width, self._row % period < width
        self._cover(across & down & (self._pixels == over), ink)

    def curve(
        self,
        span: tuple[NDArray[np.floating], NDArray[np.floating]],
        axis: tuple[float, float],
        ink: Ink,
        *,
        width_px: float = 1.5,
        is_dashed: bool = False,
    ) -> None:
        """Draw the range of every column.

        Args:
            span: (W,) lowest and highest value per column; NaN is a gap.
            axis: values at the bottom and at the top.
            ink: of the line.
            width_px: thickness, logical pixels.
            is_dashed: leave gaps.
        """
        thick = self.length(width_px)
        top = _spread(self._heights(span[1], *axis, thick), thick, np.minimum)
        bottom = _spread(self._heights(span[0], *axis, thick), thick, np.maximum) + thick
        seen = ~np.isnan(span[0])
        if is_dashed:
            seen &= self._column[0] % self.length(8) < self.length(5)
        self._paint_between(top, np.where(seen, bottom, top), ink)

    def area_above(
        self, high: NDArray[np.floating], floor: float, axis: tuple[float, float], ink: Ink
    ) -> None:
        """Fill between a level and the curve where the curve lies above it.

        Args:
            high: (W,) highest value per column.
            floor: the level.
            axis: values at the bottom and at the top.
            ink: of the area.
        """
        top = self._heights(high, *axis, 1)
        level = self.y_of(floor, *axis)
        with np.errstate(invalid="ignore"):
            self._paint_between(top, np.where(high >= floor, level, top), ink)

    def image(self, colours: Mapping[CurveInk, QColor] | Mapping[StripInk, QColor]) -> QImage:
        """The picture in colours; an ink without one is clear."""
        rows, columns = self._pixels.shape
        image = QImage(self._pixels.data, columns, rows, columns, QImage.Format.Format_Indexed8)
        table = [0] * _NUM_INKS
        for ink, colour in colours.items():
            table[ink] = colour.rgba()
        image.setColorTable(table)
        # Qt draws this format several times faster, the conversion included.
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

    def _heights(
        self, values: NDArray[np.floating], low: float, high: float, thick: int
    ) -> NDArray[np.int16]:
        share = (np.nan_to_num(values) - low) / (high - low)
        rows = np.rint((1.0 - np.clip(share, 0.0, 1.0)) * (self.num_rows - thick))
        heights: NDArray[np.int16] = rows.astype(np.int16)
        return heights

    def _paint_between(self, top: NDArray[np.int16], bottom: NDArray[np.int16], ink: Ink) -> None:
        self._cover((self._row >= top) & (self._row < bottom), ink)

    def _cover(self, inside: Mask, ink: Ink) -> None:
        np.maximum(self._pixels, inside.view(np.uint8) * np.uint8(ink), out=self._pixels)


def _spread(heights: NDArray[np.int16], num_columns: int, pick: np.ufunc) -> NDArray[np.int16]:
    """Heights that also hold for the next columns, so that upright lines are as thick as level."""
    spread = heights.copy()
    for shift in range(1, min(num_columns, len(heights))):
        spread[shift:] = pick(spread[shift:], heights[:-shift])
    return spread
