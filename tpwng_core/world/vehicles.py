"""Cars, bicycles and dogs, seen from the side.

A car can be crumpled in front, turned, have its bonnet open; that is what an accident or a
breakdown looks like. Called by the acts and the backdrops.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tpwng_core.world.canvas import Box, Canvas, Colour, Point, scatter, shade

Body = Literal["saloon", "hatchback", "van"]

_OUTLINES: dict[str, tuple[Point, ...]] = {
    "saloon": ((-0.5, 0.07), (-0.5, 0.2), (-0.34, 0.235), (-0.21, 0.36), (0.08, 0.36),
               (0.24, 0.235), (0.47, 0.19), (0.5, 0.12), (0.5, 0.07)),
    "hatchback": ((-0.48, 0.07), (-0.5, 0.22), (-0.42, 0.36), (0.06, 0.37),
                  (0.24, 0.235), (0.46, 0.2), (0.5, 0.12), (0.5, 0.07)),
    "van": ((-0.5, 0.08), (-0.5, 0.45), (0.26, 0.45), (0.38, 0.28), (0.48, 0.23), (0.5, 0.08)),
}  # fmt: skip
_WINDOWS: dict[str, tuple[tuple[Point, ...], ...]] = {
    "saloon": (((-0.29, 0.235), (-0.2, 0.335), (-0.08, 0.335), (-0.08, 0.235)),
               ((-0.05, 0.235), (-0.05, 0.335), (0.06, 0.335), (0.18, 0.235))),
    "hatchback": (((-0.42, 0.235), (-0.38, 0.34), (-0.12, 0.345), (-0.12, 0.235)),
                  ((-0.09, 0.235), (-0.09, 0.345), (0.04, 0.345), (0.18, 0.235))),
    "van": (((0.06, 0.29), (0.06, 0.41), (0.23, 0.41), (0.32, 0.29)),),
}  # fmt: skip
_PAINTS = (
    (176, 42, 40), (40, 84, 150), (216, 216, 212), (46, 48, 54), (150, 152, 156),
    (58, 104, 76), (216, 168, 62), (112, 44, 60),
)  # fmt: skip
_GLASS = (52, 66, 80)
_TYRE = (24, 24, 26)


@dataclass(frozen=True, kw_only=True)
class Car:
    """What a car looks like."""

    paint: Colour
    body: Body


@dataclass(frozen=True, kw_only=True)
class CarState:
    """What a car is like at a moment.

    Attributes:
        heading: +1 drives right, -1 left.
        tilt: turned in the picture, degrees, positive = nose down.
        crumple: damage in front, 0-1.
        bonnet_open: engine bay open.
        char: burnt, 0-1.
        windows_broken: glass gone.
    """

    heading: int = 1
    tilt: float = 0.0
    crumple: float = 0.0
    bonnet_open: bool = False
    char: float = 0.0
    windows_broken: bool = False


def random_car(rng: np.random.Generator) -> Car:
    """A car at random."""
    bodies: tuple[Body, ...] = ("saloon", "hatchback", "van")
    return Car(
        paint=_PAINTS[rng.integers(len(_PAINTS))], body=bodies[rng.choice(3, p=[0.45, 0.4, 0.15])]
    )


def draw_car(canvas: Canvas, at: Point, length: float, car: Car, state: CarState) -> None:
    """Draw a car; ``at`` is the middle of its underside on the ground, world units."""
    place = _Placing(at=at, length=length, state=state)
    paint = shade(car.paint, 1.0 - 0.8 * state.char)
    canvas.oval(at[0], at[1] - length * 0.01, length * 0.54, length * 0.06, (0, 0, 0, 80))
    canvas.polygon(place(_OUTLINES[car.body]), paint)
    canvas.polygon(
        place(((-0.5, 0.07), (-0.5, 0.125), (0.5, 0.125), (0.5, 0.07))), shade(paint, 0.72)
    )
    glass = (16, 16, 18) if state.windows_broken or state.char > 0.5 else _GLASS
    for window in _WINDOWS[car.body]:
        canvas.polygon(place(window), glass)
    for x in (-0.3, 0.31):
        _draw_wheel(canvas, place(((x, 0.078),))[0], length * 0.082)
    lamp, tail = place(((0.475, 0.165), (-0.485, 0.18)))
    canvas.oval(*lamp, length * 0.022, length * 0.025, (250, 240, 190))
    canvas.oval(*tail, length * 0.018, length * 0.028, (190, 30, 28))
    _draw_damage(canvas, place, state, paint)


def car_box(at: Point, length: float, tilt: float = 0.0) -> Box:
    """Box around a car, world units."""
    extra = length * 0.5 * abs(math.sin(math.radians(tilt)))
    return (
        at[0] - length * 0.52,
        at[1] - length * 0.42 - extra,
        at[0] + length * 0.52,
        at[1] + length * 0.04,
    )


def draw_headlights(canvas: Canvas, at: Point, length: float, heading: int) -> None:
    """The light of a car's lamps in the dark."""
    x, y = at[0] + heading * length * 0.49, at[1] - length * 0.16
    canvas.glow(x, y, length * 0.16, (255, 244, 200, 220))
    canvas.glow(x + heading * length * 0.28, y + length * 0.1, length * 0.34, (255, 240, 190, 90))
    canvas.glow(at[0] - heading * length * 0.48, y, length * 0.09, (255, 40, 30, 200))


def draw_bicycle(canvas: Canvas, at: Point, height: float, heading: int, tilt: float = 0.0) -> None:
    """A bicycle for a rider of ``height``; ``tilt`` 90 lies flat on the ground."""
    flat = math.cos(math.radians(tilt))
    radius = height * 0.19
    rear, front = (at[0] - heading * height * 0.29, at[0] + heading * height * 0.29)
    hub = at[1] - radius * max(flat, 0.35)
    frame = (196, 60, 44)
    for x in (rear, front):
        canvas.ring(x, hub, radius if flat > 0.6 else radius * 0.7, height * 0.032, _TYRE)
    seat = (at[0] - heading * height * 0.12, hub - height * 0.26 * flat)
    bar = (at[0] + heading * height * 0.2, hub - height * 0.3 * flat)
    crank = (at[0] - heading * height * 0.02, hub)
    canvas.line([(rear, hub), seat, bar, (front, hub)], height * 0.035, frame)
    canvas.line([seat, crank, bar], height * 0.035, frame)
    canvas.line([(rear, hub), crank], height * 0.03, frame)


def draw_dog(
    canvas: Canvas, at: Point, height: float, fur: Colour, phase: float, *, heading: int
) -> None:
    """A dog; ``height`` is that of an adult person beside it, ``phase`` its gait in radians."""
    size = height * 0.36
    x, y = at
    canvas.oval(x, y, size * 0.6, size * 0.1, (0, 0, 0, 70))
    for index, offset in enumerate((-0.36, -0.26, 0.26, 0.36)):
        swing = math.sin(phase + index * 1.9) * 0.16
        hip = (x + heading * offset * size, y - size * 0.45)
        foot = (hip[0] + heading * swing * size, y)
        canvas.line([hip, foot], size * 0.12, shade(fur, 0.75 if index % 2 else 1.0))
    canvas.oval(x, y - size * 0.55, size * 0.48, size * 0.2, fur)
    head = (x + heading * size * 0.55, y - size * 0.82)
    canvas.limb([(x + heading * size * 0.36, y - size * 0.6), head], size * 0.2, fur)
    canvas.oval(*head, size * 0.17, size * 0.15, fur)
    canvas.oval(
        head[0] + heading * size * 0.17, head[1] + size * 0.04, size * 0.1, size * 0.07, fur
    )
    canvas.polygon(
        [
            (head[0] - heading * size * 0.02, head[1] - size * 0.26),
            (head[0] - heading * size * 0.14, head[1] - size * 0.02),
            (head[0] + heading * size * 0.06, head[1] - size * 0.06),
        ],
        shade(fur, 0.7),
    )
    tail = (x - heading * size * 0.7, y - size * (0.85 + 0.1 * math.sin(phase * 2)))
    canvas.line([(x - heading * size * 0.42, y - size * 0.6), tail], size * 0.09, fur)


@dataclass(frozen=True, kw_only=True)
class _Placing:
    """Turns a car's own coordinates (lengths, y up, nose right) into world units."""

    at: Point
    length: float
    state: CarState

    def __call__(self, points: tuple[Point, ...]) -> list[Point]:
        return [self._place(x, y) for x, y in points]

    def _place(self, x: float, y: float) -> Point:
        state = self.state
        if state.crumple > 0 and x > 0.12:
            push = (x - 0.12) * 0.5 * state.crumple
            x, y = x - push, y + push * (0.9 * math.sin(x * 60) + 0.1)
        angle = math.radians(state.tilt)
        x, y = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
        lift = 0.42 * abs(math.sin(angle))
        return (
            self.at[0] + state.heading * x * self.length,
            self.at[1] - (y + lift * 0.8) * self.length,
        )


def _draw_wheel(canvas: Canvas, at: Point, radius: float) -> None:
    canvas.oval(*at, radius, radius, _TYRE)
    canvas.oval(*at, radius * 0.5, radius * 0.5, (150, 150, 152))


def _draw_damage(canvas: Canvas, place: _Placing, state: CarState, paint: Colour) -> None:
    if state.bonnet_open or state.crumple > 0.4:
        canvas.polygon(
            place(((0.24, 0.22), (0.27, 0.42), (0.31, 0.42), (0.4, 0.2))), shade(paint, 0.85)
        )
        canvas.polygon(place(((0.27, 0.2), (0.3, 0.235), (0.44, 0.2), (0.42, 0.15))), (26, 26, 28))
    if state.crumple > 0:
        for index in range(4):
            x = 0.3 + 0.05 * index
            top = 0.12 + 0.1 * scatter(3.0, index)
            canvas.line(
                place(((x, 0.08), (x + 0.03, top), (x - 0.02, top + 0.04))), 0.6, (20, 20, 22)
            )
