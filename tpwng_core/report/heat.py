"""A heat map laid over its frame, as a picture with a line of words below.

A map of ``tpwng_core.heatmap`` and a frame in; pixels out. Called by ``run.heatmap``. What the grid
does not cover is hatched, so that nobody takes it for a low value.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tpwng_core.heatmap import Heatmap, paint
from tpwng_core.report.palette import INK, PAPER

_SHORTEST_PX = 480
_OPACITY = 0.6
_HATCH_PX = 10
_HATCH = (128, 128, 128, 150)
_EDGE = (255, 255, 255, 255)


def overlay(frame: NDArray[np.uint8], heatmap: Heatmap, opacity: float = _OPACITY) -> Image.Image:
    """The frame under its map.

    Args:
        frame: (H, W, 3) RGB.
        heatmap: of this frame.
        opacity: of the best patch, 0 to 1.

    Returns:
        RGB picture; small frames are enlarged, patches stay squares.
    """
    picture = Image.fromarray(frame).convert("RGBA")
    scale = max(1, round(_SHORTEST_PX / min(picture.size)))
    picture = picture.resize((picture.width * scale, picture.height * scale))
    sheet = _hatched(picture.size)
    left, top, right, bottom = (round(side * scale) for side in heatmap.box)
    colours = paint(heatmap.grid)
    colours[..., 3] = np.round(colours[..., 3] * opacity)
    patches = Image.fromarray(colours).resize(
        (right - left, bottom - top), Image.Resampling.NEAREST
    )
    sheet.paste(patches, (left, top))
    ImageDraw.Draw(sheet).rectangle((left, top, right - 1, bottom - 1), outline=_EDGE)
    return Image.alpha_composite(picture, sheet).convert("RGB")


def with_words(picture: Image.Image, words: str) -> Image.Image:
    """A picture with a line below it that says what it shows."""
    font = ImageFont.load_default(size=15)
    height = 26
    sheet = Image.new("RGB", (picture.width, picture.height + height), PAPER)
    sheet.paste(picture, (0, 0))
    ImageDraw.Draw(sheet).text((8, picture.height + 4), words, fill=INK, font=font)
    return sheet


def _hatched(size: tuple[int, int]) -> Image.Image:
    """A transparent sheet with diagonal lines."""
    sheet = Image.new("RGBA", size)
    pen = ImageDraw.Draw(sheet)
    for start in range(-size[1], size[0], _HATCH_PX):
        pen.line((start, size[1], start + size[1], 0), fill=_HATCH)
    return sheet
