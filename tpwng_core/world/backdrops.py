"""Painting of the six places, once per video; a seeded generator varies every wall and car.

``BACKDROPS[scene.name](canvas, rng, light)`` paints daylight colours; the light comes later.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tpwng_core.world.canvas import HEIGHT, MARGIN, WIDTH, Canvas, Colour, shade
from tpwng_core.world.furniture import (
    draw_bench,
    draw_door,
    draw_facade,
    draw_lamp_post,
    draw_parked_row,
    draw_shelf,
    draw_tree,
    speckle,
)
from tpwng_core.world.scenes import Light

Backdrop = Callable[[Canvas, np.random.Generator, Light], None]

_LEFT, _RIGHT, _TOP, _BOTTOM = -MARGIN, WIDTH + MARGIN, -MARGIN, HEIGHT + MARGIN
_ASPHALT = ((84, 86, 92), (94, 94, 96), (74, 76, 82))
_PAVING = ((158, 152, 144), (146, 146, 148), (168, 160, 146))


def _street(canvas: Canvas, rng: np.random.Generator, light: Light) -> None:
    _fill(canvas, _TOP, 14, light.sky)
    _houses(canvas, rng, light, base=54.0)
    _fill(canvas, 54, 62, _pick(rng, _PAVING))
    asphalt = _pick(rng, _ASPHALT)
    _fill(canvas, 62, 92, asphalt)
    speckle(canvas, rng, (_LEFT, 63, _RIGHT, 91), asphalt)
    canvas.rectangle((_LEFT, 61.4, _RIGHT, 62.6), (190, 188, 182))
    for x in np.arange(_LEFT, _RIGHT, 22):
        canvas.rectangle((x, 76.6, x + 11, 77.8), (220, 216, 200))
    _pavement(canvas, rng, top=92.0)
    draw_lamp_post(canvas, (12.0 + float(rng.uniform(-4, 4)), 95.0), 62.0, lit=light.dark)
    draw_tree(canvas, (149.0, 60.0), 40.0, rng)


def _crossing(canvas: Canvas, rng: np.random.Generator, light: Light) -> None:
    _fill(canvas, _TOP, 14, light.sky)
    _houses(canvas, rng, light, base=46.0)
    asphalt = _pick(rng, _ASPHALT)
    _fill(canvas, 46, 58, _pick(rng, _PAVING))
    canvas.polygon([(52, 46), (86, 46), (98, 58), (34, 58)], asphalt)
    canvas.polygon([(56, 14), (82, 14), (86, 46), (52, 46)], shade(light.sky, 0.92))
    _fill(canvas, 58, 88, asphalt)
    speckle(canvas, rng, (_LEFT, 59, _RIGHT, 87), asphalt)
    for index in range(8):
        x = 42 + index * 9.5
        canvas.polygon([(x, 59), (x + 4.6, 59), (x + 3.8, 87), (x - 1.6, 87)], (224, 222, 212))
    for x in (_LEFT, 2, 16, 126, 140, 154):
        canvas.rectangle((x, 72.4, x + 8, 73.4), (220, 216, 200))
    _pavement(canvas, rng, top=88.0)
    canvas.rectangle((146, 44, 147.6, 90), (52, 54, 56))
    canvas.rectangle((144, 36, 149.6, 52), (30, 32, 34))
    for y, colour in zip((39, 44, 49), ((220, 50, 40), (90, 80, 40), (40, 90, 50)), strict=True):
        canvas.oval(146.8, y, 1.7, 1.7, colour)


def _parking(canvas: Canvas, rng: np.random.Generator, light: Light) -> None:
    _fill(canvas, _TOP, 22, light.sky)
    _fill(canvas, 22, 38, (112, 124, 92))
    for x in (8.0, 36.0, 70.0, 108.0, 140.0):
        draw_tree(canvas, (x + float(rng.uniform(-8, 8)), 42.0), float(rng.uniform(26, 38)), rng)
    asphalt = _pick(rng, _ASPHALT)
    _fill(canvas, 38, _BOTTOM, asphalt)
    speckle(canvas, rng, (_LEFT, 40, _RIGHT, HEIGHT), asphalt)
    for x in np.arange(_LEFT, _RIGHT, 6):
        canvas.line([(x, 28), (x, 40)], 0.6, (110, 116, 118))
    for y in (30.0, 36.0):
        canvas.line([(_LEFT, y), (_RIGHT, y)], 0.6, (126, 130, 132))
    for x in np.arange(-2, _RIGHT, 24):
        canvas.polygon([(x, 40), (x + 1.2, 40), (x - 1.4, 64), (x - 3.0, 64)], (210, 208, 196))
    draw_parked_row(canvas, rng, ground=58.0)
    for x in np.arange(-8, _RIGHT, 34):
        canvas.polygon([(x, 102), (x + 1.8, 102), (x - 3, 124), (x - 5.4, 124)], (206, 204, 192))
    draw_lamp_post(canvas, (150.0, 64.0), 58.0, lit=light.dark)


def _corridor(canvas: Canvas, rng: np.random.Generator, light: Light) -> None:
    wall = _pick(rng, ((206, 200, 184), (176, 192, 196), (200, 190, 196), (186, 198, 178)))
    tile = _pick(rng, ((140, 136, 128), (128, 134, 140), (156, 142, 122)))
    canvas.polygon([(_LEFT, _TOP), (58, 18), (58, 54), (_LEFT, 112)], shade(wall, 0.9))
    canvas.polygon([(_RIGHT, _TOP), (102, 18), (102, 54), (_RIGHT, 112)], shade(wall, 0.82))
    canvas.polygon([(_LEFT, _TOP), (_RIGHT, _TOP), (102, 18), (58, 18)], shade(wall, 1.1))
    canvas.rectangle((58, 18, 102, 54), wall)
    canvas.polygon(
        [(58, 54), (102, 54), (_RIGHT, 112), (_RIGHT, _BOTTOM), (_LEFT, _BOTTOM), (_LEFT, 112)],
        tile,
    )
    for share in (0.06, 0.16, 0.32, 0.55, 0.85):
        y = 54 + 70 * share
        canvas.line(
            [(58 - 63 * share * 1.25, y), (102 + 63 * share * 1.25, y)], 0.5, shade(tile, 0.85)
        )
    for x in (-60, -10, 40, 80, 120, 170, 220):
        canvas.line([(80 + (x - 80) * 0.3, 54), (x, _BOTTOM)], 0.5, shade(tile, 0.85))
    for near, far in ((0.12, 0.34), (0.55, 0.7)):
        lamp = [(80 - 20 * (1 - s * 0.7), -2 + 20 * s) for s in (near, far)]
        mirrored = [(160 - x, y) for x, y in reversed(lamp)]
        canvas.polygon([*lamp, *mirrored], (252, 250, 236))
    draw_door(canvas, (73.0, 26.0, 88.0, 54.0), _pick(rng, ((116, 82, 54), (84, 104, 118))))
    for x, top, bottom in ((20, 34, 94), (40, 27, 71)):
        canvas.polygon(
            [(x, top), (x + 11, top + 2.5), (x + 11, bottom - 10), (x, bottom)], (112, 86, 62)
        )
    board = _pick(rng, ((70, 110, 160), (160, 80, 70), (80, 130, 90)))
    canvas.polygon([(124, 30), (142, 22), (142, 54), (124, 52)], board)


def _shop(canvas: Canvas, rng: np.random.Generator, light: Light) -> None:
    wall = _pick(rng, ((214, 208, 194), (196, 206, 208), (216, 200, 186)))
    tile = _pick(rng, ((190, 184, 174), (172, 176, 178), (186, 172, 154)))
    _fill(canvas, _TOP, 58, wall)
    _fill(canvas, 58, _BOTTOM, tile)
    for y in (62, 69, 79, 93, 111):
        canvas.line([(_LEFT, y), (_RIGHT, y)], 0.5, shade(tile, 0.88))
    for x in range(-80, 250, 24):
        canvas.line([(80 + (x - 80) * 0.55, 58), (x, _BOTTOM)], 0.5, shade(tile, 0.88))
    for lamp in (24.0, 80.0, 128.0):
        canvas.rectangle((lamp - 14, 0, lamp + 14, 3), (250, 250, 240))
    for left in (-3.0, 36.0, 75.0):
        draw_shelf(canvas, (left, 14.0, left + 36.0, 64.0), rng)
    counter = _pick(rng, ((132, 92, 62), (96, 104, 116), (150, 120, 84)))
    canvas.rectangle((118, 58, _RIGHT, 84), counter)
    canvas.rectangle((116, 55, _RIGHT, 59), shade(counter, 1.25))
    canvas.rectangle((134, 46, 146, 55), (44, 48, 54))
    canvas.rectangle((136, 48, 144, 52), (110, 190, 170))
    canvas.rectangle(
        (118, 12, _RIGHT, 30), _pick(rng, ((170, 50, 48), (40, 96, 140), (60, 120, 70)))
    )


def _yard(canvas: Canvas, rng: np.random.Generator, light: Light) -> None:
    _fill(canvas, _TOP, 16, light.sky)
    brick = _pick(rng, ((152, 92, 72), (164, 132, 104), (128, 120, 112)))
    _fill(canvas, 14, 52, brick)
    for row in range(10):
        y = 14.0 + 4 * row
        canvas.line([(_LEFT, y), (_RIGHT, y)], 0.4, shade(brick, 0.82))
        for column in range(-5 + row % 2 * 4, 166, 8):
            canvas.line([(column, y), (column, min(y + 4, 52))], 0.4, shade(brick, 0.82))
    canvas.rectangle((_LEFT, 11.5, _RIGHT, 14.5), shade(brick, 0.7))
    grass = _pick(rng, ((108, 140, 78), (124, 138, 84), (92, 126, 74)))
    _fill(canvas, 52, _BOTTOM, grass)
    speckle(canvas, rng, (_LEFT, 53, _RIGHT, HEIGHT), grass)
    canvas.polygon([(_LEFT, 72), (_RIGHT, 66), (_RIGHT, 80), (_LEFT, 90)], (178, 164, 136))
    draw_bench(canvas, (float(rng.uniform(96, 112)), 64.0), 26.0)
    draw_tree(canvas, (20.0 + float(rng.uniform(-6, 6)), 62.0), 50.0, rng)
    draw_door(canvas, (62.0, 24.0, 76.0, 53.0), (88, 96, 84))
    draw_lamp_post(canvas, (146.0, 66.0), 50.0, lit=light.dark)


BACKDROPS: dict[str, Backdrop] = {
    "street": _street,
    "crossing": _crossing,
    "parking": _parking,
    "corridor": _corridor,
    "shop": _shop,
    "yard": _yard,
}


def _fill(canvas: Canvas, top: float, bottom: float, colour: Colour) -> None:
    canvas.rectangle((_LEFT, top, _RIGHT, bottom), colour)


def _pick(rng: np.random.Generator, colours: tuple[Colour, ...]) -> Colour:
    return colours[rng.integers(len(colours))]


def _houses(canvas: Canvas, rng: np.random.Generator, light: Light, base: float) -> None:
    left = _LEFT
    while left < _RIGHT:
        right = left + float(rng.uniform(34, 58))
        draw_facade(canvas, (left, float(rng.uniform(-4, 10)), right, base), rng, lit=light.dark)
        left = right


def _pavement(canvas: Canvas, rng: np.random.Generator, top: float) -> None:
    paving = _pick(rng, _PAVING)
    _fill(canvas, top, _BOTTOM, paving)
    canvas.rectangle((_LEFT, top - 0.6, _RIGHT, top + 1.2), (196, 194, 188))
    for x in range(-60, 230, 18):
        canvas.line([(80 + (x - 80) * 0.8, top + 1), (x, _BOTTOM)], 0.5, shade(paving, 0.9))
    canvas.line([(_LEFT, 105), (_RIGHT, 105)], 0.5, shade(paving, 0.9))
