"""A sheet to draw on: world units, twice the pixels of the picture, colours with alpha.

Figures, effects and backdrops draw on it; :mod:`tpwng_core.world.render` makes the final frame.
The picture spans 160 x 120 world units whatever its size in pixels; a margin around it leaves
room for a shaking camera.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

WIDTH = 160.0
HEIGHT = 120.0
MARGIN = 5.0
OVERSAMPLING = 2

Colour = tuple[int, ...]
Point = tuple[float, float]
Box = tuple[float, float, float, float]


class Canvas:
    """Draws in world units on an oversampled RGB image.

    Args:
        image: RGB image of :func:`sheet_size`.
        unit_px: image pixels per world unit.
    """

    def __init__(self, image: Image.Image, unit_px: float) -> None:
        self.image = image
        self.unit_px = unit_px
        self._draw = ImageDraw.Draw(image, "RGBA")
        self._origin_px = MARGIN * unit_px

    def polygon(self, points: Sequence[Point], fill: Colour) -> None:
        """A filled polygon."""
        self._draw.polygon(self._to_px(points), fill=fill)

    def line(self, points: Sequence[Point], width: float, fill: Colour) -> None:
        """A line through ``points``, ``width`` world units wide, blunt ends."""
        self._draw.line(
            self._to_px(points), fill=fill, width=max(1, round(width * self.unit_px)), joint=None
        )

    def limb(self, points: Sequence[Point], width: float, fill: Colour) -> None:
        """A line with round joints and ends; ``fill`` should be opaque."""
        self.line(points, width, fill)
        for x, y in points:
            self.oval(x, y, width / 2, width / 2, fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """A filled ellipse around (x, y)."""
        (left, top), (right, bottom) = self._to_px([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse((left, top, right, bottom), fill=fill)

    def ring(self, x: float, y: float, radius: float, width: float, fill: Colour) -> None:
        """A circle's outline."""
        (left, top), (right, bottom) = self._to_px(
            [(x - radius, y - radius), (x + radius, y + radius)]
        )
        width_px = max(1, round(width * self.unit_px))
        self._draw.ellipse((left, top, right, bottom), outline=fill, width=width_px)

    def rectangle(self, box: Box, fill: Colour) -> None:
        """A filled rectangle (left, top, right, bottom)."""
        (left, top), (right, bottom) = self._to_px([(box[0], box[1]), (box[2], box[3])])
        self._draw.rectangle((left, top, right, bottom), fill=fill)

    def glow(self, x: float, y: float, radius: float, fill: Colour) -> None:
        """A soft round light; the fourth value of ``fill`` is its strength in the middle."""
        size_px = max(8, 8 * round(radius * self.unit_px / 4))  # few sizes: the discs are cached
        left, top = self._to_px([(x, y)])[0]
        corner = (round(left - size_px / 2), round(top - size_px / 2))
        self.image.paste(fill[:3], corner, _soft_disc(size_px, fill[3] // 8 * 8))

    def _to_px(self, points: Sequence[Point]) -> list[Point]:
        scale, origin = self.unit_px, self._origin_px
        return [(x * scale + origin, y * scale + origin) for x, y in points]


def sheet_size(width_px: int) -> tuple[int, int]:
    """Pixels of the oversampled sheet, margin included, for pictures ``width_px`` wide."""
    unit_px = OVERSAMPLING * width_px / WIDTH
    return round((WIDTH + 2 * MARGIN) * unit_px), round((HEIGHT + 2 * MARGIN) * unit_px)


def shade(colour: Colour, factor: float) -> Colour:
    """``colour`` made darker (factor < 1) or lighter (factor > 1), alpha kept."""
    r, g, b, *alpha = colour
    return (
        min(255, int(r * factor)),
        min(255, int(g * factor)),
        min(255, int(b * factor)),
        *alpha,
    )


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour ``share`` of the way from ``one`` to ``other`` (both RGB)."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


def wobble(seed: float, time: float) -> float:
    """A smooth, repeatable, irregular number in [-1, 1]: cheap stand-in for noise over time."""
    return (math.sin(time * 7.3 + seed * 12.9) + math.sin(time * 12.1 + seed * 78.2)) / 2


def scatter(seed: float, index: int) -> float:
    """A repeatable, uniform-looking number in [0, 1) for the ``index``-th part of a thing."""
    value = math.sin(seed * 127.1 + index * 311.7) * 43758.5453
    return value - math.floor(value)


@lru_cache(maxsize=512)
def _soft_disc(size_px: int, strength: int) -> Image.Image:
    axis = np.linspace(-1.0, 1.0, size_px, dtype=np.float32) ** 2
    distance = np.sqrt(axis[:, None] + axis[None, :])
    profile = np.clip(1.0 - distance, 0.0, 1.0) ** 1.7 * strength
    return Image.fromarray(profile.astype(np.uint8))
