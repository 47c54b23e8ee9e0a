"""Fire, smoke, blasts, splinters: shapes that change from frame to frame without memory.

Every particle's place is a function of the time and of a seed, so any frame can be drawn alone.
Flames and glow shine by themselves: the acts draw them after the scene's light.
"""

from __future__ import annotations

import math

from tpwng_core.world.canvas import Canvas, Colour, Point, mix, scatter, wobble

_HEAT = ((206, 62, 20), (248, 134, 28), (255, 206, 90), (255, 255, 226))


def draw_flames(canvas: Canvas, at: Point, size: float, time: float, seed: float) -> None:
    """A fire ``size`` world units high on the ground at ``at``."""
    flicker = 1.0 + 0.12 * wobble(seed, time * 2.2)
    canvas.glow(at[0], at[1] - size * 0.4, size * 1.5 * flicker, (255, 130, 40, 120))
    layers = (
        (1.0, (214, 54, 18)),
        (0.74, (248, 122, 24)),
        (0.48, (255, 196, 60)),
        (0.24, (255, 244, 190)),
    )
    for share, colour in layers:
        for index in range(5):
            offset = (index - 2) / 2.6
            tall = (
                size
                * share
                * (1.0 - 0.42 * abs(offset))
                * (1.0 + 0.3 * wobble(seed + index, time * 1.7))
            )
            _draw_tongue(
                canvas, (at[0] + offset * size * 0.42 * share, at[1]), tall, colour,
                lean=0.2 * wobble(seed + index * 3, time),
            )  # fmt: skip


def draw_embers(canvas: Canvas, at: Point, size: float, time: float, seed: float) -> None:
    """Sparks rising from a fire."""
    for index in range(6):
        share = (time * 0.8 + scatter(seed, index)) % 1.0
        x = at[0] + size * (scatter(seed, index + 20) - 0.5) * 0.8 + 2 * wobble(seed + index, time)
        canvas.oval(
            x, at[1] - size * (0.5 + 1.3 * share), 0.5, 0.5, (255, 190, 80, int(255 * (1 - share)))
        )


def draw_smoke(
    canvas: Canvas,
    at: Point,
    size: float,
    time: float,
    *,
    seed: float,
    colour: Colour,
    puffs: int = 9,
) -> None:
    """A plume of smoke ``size`` wide at the foot; ``colour`` is RGBA, its alpha at the foot."""
    for index in range(puffs):
        share = (time * 0.28 + index / puffs) % 1.0
        drift = size * (
            0.9 * share * wobble(seed, 0.3) + 0.3 * wobble(seed + index, time * 0.4 + share)
        )
        radius = size * (0.22 + 0.62 * share)
        alpha = int(colour[3] * (1.0 - share) ** 0.8)
        canvas.oval(
            at[0] + drift, at[1] - size * 2.6 * share, radius, radius * 0.9, (*colour[:3], alpha)
        )


def draw_blast(canvas: Canvas, at: Point, size: float, progress: float, seed: float) -> None:
    """A fireball; ``progress`` 0-1 from the first flash to the last glow."""
    grown = size * min(1.0, 0.35 + 2.2 * progress)
    fade = max(0.0, 1.0 - progress)
    canvas.glow(at[0], at[1] - grown * 0.4, grown * 2.2, (255, 190, 90, int(230 * fade)))
    cool = min(1.0, progress * 1.15)
    for index in range(26):
        share = 1.0 - index / 30
        angle = 2 * math.pi * scatter(seed, index)
        reach = grown * share * 0.75 * scatter(seed, index + 30)
        radius = grown * (0.16 + 0.3 * share * scatter(seed, index + 60))
        hot = _HEAT[min(3, index // 7)]
        colour = mix(hot, (58 + index * 2, 48 + index, 44), cool)
        x = at[0] + math.cos(angle) * reach
        y = at[1] - grown * (0.4 + 0.25 * progress) + math.sin(angle) * reach * 0.8
        canvas.oval(x, y, radius, radius * 0.92, (*colour, int(255 * fade**0.4)))


def draw_debris(canvas: Canvas, at: Point, size: float, progress: float, *, seed: float) -> None:
    """Splinters flying out on parabolas and lying where they landed."""
    for index in range(14):
        speed = 0.4 + scatter(seed, index)
        angle = math.pi * (0.12 + 0.76 * scatter(seed, index + 40))
        flight = min(progress * 2.4, 1.0)
        x = at[0] + math.cos(angle) * size * 1.7 * speed * flight
        rise = math.sin(angle) * size * 2.0 * speed * 4 * flight * (1 - flight) * 0.6
        side = size * (0.03 + 0.05 * scatter(seed, index + 60))
        turn = flight * 9 + index
        points = [
            (
                x + side * math.cos(turn + k * 2.1),
                at[1] + 3 * scatter(seed, index + 80) - rise + side * math.sin(turn + k * 2.1),
            )
            for k in range(3)
        ]
        canvas.polygon(points, (40, 36, 34))


def draw_shards(canvas: Canvas, at: Point, size: float, progress: float, *, seed: float) -> None:
    """Bits of glass: bright, small, flying while ``progress`` < 0.5 of a blow, then lying."""
    for index in range(12):
        speed = 0.3 + scatter(seed, index)
        flight = min(1.0, progress * 2)
        x = at[0] + (scatter(seed, index + 15) - 0.5) * size * 1.8 * speed * flight
        y = at[1] - size * (1 - flight) * (0.35 + 0.4 * scatter(seed, index + 30)) * speed
        side = size * (0.03 + 0.04 * scatter(seed, index + 45))
        canvas.polygon(
            [(x - side, y), (x + side, y - side), (x + side * 0.4, y + side)], (206, 232, 240)
        )


def _draw_tongue(canvas: Canvas, at: Point, tall: float, colour: Colour, *, lean: float) -> None:
    x, y = at
    half = tall * 0.24
    tip = (x + lean * tall, y - tall)
    canvas.polygon(
        [
            (x - half, y),
            (x - half * 1.05, y - tall * 0.28),
            (x - half * 0.4 + lean * tall * 0.4, y - tall * 0.62),
            tip,
            (x + half * 0.55 + lean * tall * 0.4, y - tall * 0.55),
            (x + half * 1.05, y - tall * 0.25),
            (x + half, y),
        ],
        colour,
    )
    canvas.oval(x, y, half, half * 0.4, colour)
