"""Parts of a backdrop: houses, trees, shelves, lamps, doors, parked cars.

All painted once per video, in daylight colours. Called by the backdrops and, for the things an
event damages, by the abnormal acts.
"""

from __future__ import annotations

import numpy as np

from tpwng_core.world.canvas import Box, Canvas, Colour, Point, shade

_WALLS = (
    (178, 150, 122), (150, 134, 126), (190, 176, 150), (140, 120, 110), (168, 162, 158),
    (160, 112, 92), (126, 132, 140),
)  # fmt: skip
_LEAVES = ((70, 110, 60), (86, 120, 66), (110, 116, 58), (58, 96, 66))
_GOODS = (
    (206, 60, 54), (64, 120, 186), (236, 196, 76), (96, 160, 92), (226, 226, 218), (186, 104, 160),
    (230, 140, 64),
)  # fmt: skip
_CAR_PAINTS = ((150, 40, 40), (48, 84, 140), (206, 206, 202), (52, 54, 60), (140, 142, 146))


def draw_facade(canvas: Canvas, box: Box, rng: np.random.Generator, *, lit: bool) -> None:
    """A house front: windows above, a shop front or a door below; some windows ``lit``."""
    left, top, right, bottom = box
    wall = _WALLS[rng.integers(len(_WALLS))]
    canvas.rectangle(box, wall)
    canvas.rectangle((left, top, right, top + 2.0), shade(wall, 0.75))
    ground = bottom - 19
    for y in np.arange(top + 5, ground - 9, 12):
        for x in np.arange(left + 4, right - 7, 10):
            shine = lit and rng.random() < 0.45
            glass = (250, 214, 130) if shine else (84, 100, 116)
            canvas.rectangle((x - 0.6, y - 0.6, x + 5.6, y + 7.6), shade(wall, 1.2))
            canvas.rectangle((x, y, x + 5, y + 7), glass)
    awning = _GOODS[rng.integers(len(_GOODS))]
    canvas.rectangle((left + 2, ground, right - 2, ground + 3.4), awning)
    canvas.rectangle((left + 3, ground + 4.5, right - 13, bottom - 3), (96, 114, 126))
    canvas.rectangle((right - 11, ground + 4.5, right - 4, bottom), shade(wall, 0.5))


def draw_tree(canvas: Canvas, at: Point, height: float, rng: np.random.Generator) -> None:
    """A tree with a round crown; ``at`` is the foot of its trunk."""
    x, y = at
    leaf = _LEAVES[rng.integers(len(_LEAVES))]
    canvas.polygon(
        [(x - 1.6, y), (x + 1.6, y), (x + 0.9, y - height * 0.5), (x - 0.9, y - height * 0.5)],
        (92, 70, 50),
    )
    for index in range(9):
        dx, dy = rng.uniform(-0.26, 0.26), rng.uniform(-0.2, 0.24)
        radius = height * float(rng.uniform(0.13, 0.2))
        canvas.oval(
            x + dx * height,
            y - height * (0.72 - dy),
            radius,
            radius,
            shade(leaf, 0.8 + 0.05 * index),
        )


def draw_lamp_post(canvas: Canvas, foot: Point, height: float, *, lit: bool) -> None:
    """A street lamp leaning over the road."""
    x, y = foot
    canvas.line([(x, y), (x, y - height)], 1.5, (66, 68, 72))
    canvas.line([(x, y - height), (x + 9, y - height - 1)], 1.2, (66, 68, 72))
    head = (255, 240, 196) if lit else (170, 172, 172)
    canvas.oval(x + 10, y - height, 3.2, 1.3, head)


def draw_bench(canvas: Canvas, at: Point, width: float) -> None:
    """A bench; ``at`` is the middle between its feet."""
    x, y = at
    wood = (124, 88, 58)
    for side in (-0.4, 0.4):
        canvas.line([(x + side * width, y), (x + side * width, y - 6)], 1.2, (60, 60, 62))
    canvas.rectangle((x - width / 2, y - 6.5, x + width / 2, y - 4.8), wood)
    canvas.rectangle((x - width / 2, y - 12, x + width / 2, y - 9.4), shade(wood, 0.9))


def draw_door(canvas: Canvas, box: Box, colour: Colour) -> None:
    """A closed door in its frame."""
    left, top, right, bottom = box
    canvas.rectangle((left - 1.2, top - 1.2, right + 1.2, bottom), shade(colour, 0.6))
    canvas.rectangle(box, colour)
    canvas.oval(right - 2.2, (top + bottom) / 2 + 2, 0.8, 0.8, (220, 200, 120))


def draw_shelf(canvas: Canvas, box: Box, rng: np.random.Generator) -> None:
    """A shelf full of goods."""
    left, top, right, bottom = box
    canvas.rectangle(box, (118, 104, 92))
    for y in np.arange(top + 2, bottom - 6, 12):
        canvas.rectangle((left + 1, y, right - 1, y + 10), (74, 66, 62))
        x = left + 2
        while x < right - 4:
            wide, tall = float(rng.uniform(2.2, 4.6)), float(rng.uniform(5, 9))
            colour = shade(_GOODS[rng.integers(len(_GOODS))], float(rng.uniform(0.75, 1.0)))
            canvas.rectangle((x, y + 10 - tall, min(x + wide, right - 2), y + 10), colour)
            x += wide + 0.6


def draw_parked_row(canvas: Canvas, rng: np.random.Generator, ground: float) -> None:
    """Parked cars seen from the front, in bays 24 units apart; some bays stay empty."""
    for x in np.arange(9.0, 165.0, 24.0):
        if rng.random() < 0.7:
            paint = _CAR_PAINTS[rng.integers(len(_CAR_PAINTS))]
            _draw_car_front(canvas, (float(x), ground), 16.0, paint)


def draw_machine(canvas: Canvas, at: Point, height: float, *, broken: bool) -> None:
    """A vending machine, or its smashed remains."""
    x, y = at
    wide = height * 0.3
    canvas.oval(x, y, wide * 1.1, height * 0.05, (0, 0, 0, 80))
    canvas.rectangle((x - wide, y - height, x + wide, y), (178, 44, 52))
    glass = (24, 26, 30) if broken else (166, 204, 214)
    canvas.rectangle((x - wide * 0.8, y - height * 0.9, x + wide * 0.35, y - height * 0.25), glass)
    if not broken:
        for row in range(3):
            for column in range(3):
                left = x - wide * 0.72 + column * wide * 0.36
                top = y - height * (0.85 - row * 0.2)
                colour = _GOODS[(row * 3 + column) % len(_GOODS)]
                canvas.rectangle((left, top, left + wide * 0.24, top + height * 0.12), colour)
    canvas.rectangle(
        (x + wide * 0.5, y - height * 0.7, x + wide * 0.8, y - height * 0.5), (40, 40, 44)
    )


def draw_bin(canvas: Canvas, at: Point, height: float, *, charred: bool) -> None:
    """A litter bin."""
    x, y = at
    colour = (34, 32, 32) if charred else (62, 92, 76)
    half = height * 0.32
    canvas.oval(x, y, half * 1.2, height * 0.08, (0, 0, 0, 80))
    canvas.polygon(
        [(x - half, y - height), (x + half, y - height), (x + half * 0.8, y), (x - half * 0.8, y)],
        colour,
    )
    canvas.rectangle(
        (x - half * 1.1, y - height * 1.08, x + half * 1.1, y - height * 0.94), shade(colour, 1.3)
    )


def draw_barrel(canvas: Canvas, at: Point, height: float) -> None:
    """An oil drum with holes, for a fire to warm hands at."""
    x, y = at
    half = height * 0.36
    canvas.oval(x, y, half * 1.2, height * 0.1, (0, 0, 0, 80))
    canvas.rectangle((x - half, y - height, x + half, y), (86, 74, 70))
    for share in (0.3, 0.62):
        canvas.rectangle(
            (x - half, y - height * share - 0.5, x + half, y - height * share + 0.5), (58, 50, 48)
        )


def draw_boxes(canvas: Canvas, at: Point, height: float, *, charred: bool) -> None:
    """A pile of cardboard boxes."""
    x, y = at
    colour = (40, 36, 34) if charred else (176, 138, 94)
    for left, top, wide in ((-0.75, 0.6, 0.8), (0.05, 0.7, 0.75), (-0.35, 1.2, 0.7)):
        box = (
            x + left * height,
            y - top * height,
            x + (left + wide) * height,
            y - (top - 0.62) * height,
        )
        canvas.rectangle(
            (box[0], box[1], box[2], min(box[3], y)), shade(colour, 0.85 + 0.12 * wide)
        )
        canvas.line([(box[0], box[1] + 1), (box[2], box[1] + 1)], 0.5, shade(colour, 0.7))


def speckle(canvas: Canvas, rng: np.random.Generator, box: Box, colour: Colour) -> None:
    """Stains and tufts, so that a ground is no flat colour."""
    left, top, right, bottom = box
    for x, y, size, tone in rng.random((70, 4)):
        canvas.oval(
            left + x * (right - left),
            top + y * (bottom - top),
            0.4 + 2.2 * size**3,
            0.3 + 0.8 * size**3,
            (*shade(colour, 0.82 + 0.36 * tone), 170),
        )


def _draw_car_front(canvas: Canvas, at: Point, width: float, paint: Colour) -> None:
    x, y = at
    half = width / 2
    canvas.oval(x, y, half * 1.15, 1.6, (0, 0, 0, 80))
    for side in (-0.72, 0.72):
        canvas.rectangle((x + side * half - 1.5, y - 3, x + side * half + 1.5, y), (24, 24, 26))
    canvas.polygon(
        [
            (x - half * 0.78, y - 8),
            (x - half * 0.56, y - 13.5),
            (x + half * 0.56, y - 13.5),
            (x + half * 0.78, y - 8),
        ],
        shade(paint, 0.85),
    )
    canvas.polygon(
        [
            (x - half * 0.66, y - 8),
            (x - half * 0.5, y - 12.6),
            (x + half * 0.5, y - 12.6),
            (x + half * 0.66, y - 8),
        ],
        (58, 72, 86),
    )
    canvas.rectangle((x - half, y - 8.4, x + half, y - 1.8), paint)
    canvas.rectangle((x - half * 0.5, y - 5.4, x + half * 0.5, y - 3.4), shade(paint, 0.55))
    for side in (-0.78, 0.78):
        canvas.oval(x + side * half, y - 5.6, 1.5, 1.2, (236, 232, 206))
