"""Ordinary things that look like an event at a glance: they keep a detector honest.

A hug beside a fight, a fire in a drum beside an arson, a car with its bonnet open beside a crash,
a painter or a sweeper beside a vandal, a dancer beside somebody with his hands up.
"""

from __future__ import annotations

from functools import partial
from math import pi, sin

from tpwng_core.world import poses
from tpwng_core.world.act import CAR_LENGTH, FPS, Moment, Sprite, car, person, smoke, thing
from tpwng_core.world.canvas import Canvas, Point
from tpwng_core.world.effects import draw_flames
from tpwng_core.world.furniture import draw_barrel
from tpwng_core.world.vehicles import CarState


def hug(moment: Moment) -> list[Sprite]:
    """Two people embrace."""
    heading, time_s = moment.act.heading, moment.time_s
    return [
        person(moment, moment.act.at, poses.hug(time_s), heading=heading),
        person(
            moment, moment.beside(0.26), poses.hug(time_s + 1), who=1, heading=-heading
        ),
    ]  # fmt: skip


def dance(moment: Moment) -> list[Sprite]:
    """Two people dance, arms up."""
    heading, time_s = moment.act.heading, moment.time_s
    sway = 0.06 * sin(time_s * 3)
    return [
        person(moment, moment.beside(sway), poses.cheer(time_s), heading=heading),
        person(
            moment, moment.beside(0.6 - sway), poses.cheer(time_s + 0.5), who=1, heading=-heading
        ),
    ]


def play_ball(moment: Moment) -> list[Sprite]:
    """Two people kick a ball to and fro."""
    heading = moment.act.heading
    share = (moment.time_s * 0.7) % 2.0
    forth = share if share < 1 else 2 - share
    x, y = moment.beside(0.25 + 0.8 * forth, nearer=1.0)
    ball = (x, y - 2 - 0.3 * moment.height * sin(pi * forth) * 0.5)
    first = poses.kick(0) if share > 1.8 or share < 0.25 else poses.run(moment.time_s * 5)
    second = poses.kick(0) if 0.8 < share < 1.25 else poses.guard(moment.time_s * 0.4)
    return [
        person(moment, moment.act.at, first, heading=heading),
        person(moment, moment.beside(1.3), second, who=1, heading=-heading),
        thing(ball, 3.0, partial(_draw_ball, at=ball)),
    ]


def brazier(moment: Moment) -> list[Sprite]:
    """People warm their hands at a fire in a drum."""
    heading, time_s = moment.act.heading, moment.time_s
    height = moment.height * 0.38
    x, y = moment.act.at
    flames = partial(
        draw_flames, at=(x, y - height), size=height * 0.75, time=moment.frame / FPS,
        seed=moment.act.seed,
    )  # fmt: skip
    return [
        thing((x, y), height, partial(draw_barrel, at=(x, y), height=height)),
        thing((x, y), height * 2, flames, shining=True),
        person(moment, moment.beside(-0.5), poses.warm_hands(time_s), heading=heading),
        person(moment, moment.beside(0.5), poses.warm_hands(time_s + 1), who=1, heading=-heading),
    ]


def wave(moment: Moment) -> list[Sprite]:
    """Somebody waves, and another one waves back."""
    heading, time_s = moment.act.heading, moment.time_s
    return [
        person(moment, moment.act.at, poses.wave(time_s), heading=heading),
        person(moment, moment.beside(0.9), poses.wave(time_s + 0.4), who=1, heading=-heading),
    ]


def sweep(moment: Moment) -> list[Sprite]:
    """Somebody sweeps the floor."""
    at = moment.beside(0.1 * sin(moment.time_s * 0.6))
    pose = poses.sweep(moment.time_s)
    return [person(moment, at, pose, heading=moment.act.heading, item="broom")]


def breakdown(moment: Moment) -> list[Sprite]:
    """A car with its bonnet open and steaming; its driver looks in."""
    x, y = moment.act.at
    heading = moment.act.heading
    length = moment.height * CAR_LENGTH
    state = CarState(heading=heading, bonnet_open=True)
    nose = (x + heading * length * 0.36, y - length * 0.2)
    driver = (x + heading * length * 0.62, y + 2)
    return [
        *car(moment, (x, y), state),
        smoke(moment, nose, moment.height * 0.22, (226, 226, 226, 120), puffs=6),
        person(moment, driver, poses.bend(moment.time_s * 0.3), heading=-heading),
    ]


def rest(moment: Moment) -> list[Sprite]:
    """People sit on the ground; variant 1: one lies down."""
    second = poses.lie(moment.time_s) if moment.act.variant % 2 else poses.sit(moment.time_s + 2)
    return [
        person(moment, moment.act.at, poses.sit(moment.time_s), heading=moment.act.heading),
        person(moment, moment.beside(0.75), second, who=1, heading=-moment.act.heading),
    ]


def steam(moment: Moment) -> list[Sprite]:
    """White steam from a vent in the ground."""
    return [smoke(moment, moment.act.at, moment.height * 0.5, (236, 238, 240, 150))]


def paint(moment: Moment) -> list[Sprite]:
    """A painter with a roller, a bucket beside."""
    at = moment.act.at
    x, y = moment.beside(-0.3)
    bucket = partial(_draw_bucket, at=(x, y), size=moment.height * 0.16)
    return [
        person(moment, at, poses.paint(moment.time_s), heading=moment.act.heading, item="roller"),
        thing((x, y), moment.height * 0.2, bucket),
    ]


def _draw_ball(canvas: Canvas, at: Point) -> None:
    canvas.oval(at[0], at[1], 2.0, 2.0, (238, 236, 226))
    canvas.oval(at[0] + 0.4, at[1], 0.8, 0.8, (60, 60, 64))


def _draw_bucket(canvas: Canvas, at: Point, size: float) -> None:
    x, y = at
    canvas.polygon(
        [
            (x - size * 0.6, y - size),
            (x + size * 0.6, y - size),
            (x + size * 0.45, y),
            (x - size * 0.45, y),
        ],
        (226, 226, 220),
    )
