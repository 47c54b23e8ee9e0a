"""Ordinary things: people walk, talk, carry, cycle; cars pass and park.

Each function gives the sprites of one act at one moment. Those of
:mod:`tpwng_core.world.confusable_acts` are ordinary too, but look like an event at a glance.
"""

from __future__ import annotations

from functools import partial

from tpwng_core.world import poses
from tpwng_core.world.act import Moment, Sprite, car, person
from tpwng_core.world.canvas import Point, scatter
from tpwng_core.world.person import Item, Pose
from tpwng_core.world.vehicles import CarState, draw_bicycle, draw_dog

WALK_SPEED = 0.72  # heights per second
JOG_SPEED = 1.7
CYCLE_SPEED = 2.1
CAR_SPEED = 2.6

_FURS = ((120, 82, 52), (56, 48, 44), (196, 166, 120), (220, 214, 204))


def walk(moment: Moment) -> list[Sprite]:
    """Somebody walks by; variant 1 with a bag, 2 with a backpack."""
    items: tuple[Item | None, ...] = (None, "bag", "backpack")
    at = moving(moment, WALK_SPEED)
    return [_mover(moment, at, poses.walk(_gait(moment)), items[moment.act.variant % 3])]


def walk_together(moment: Moment) -> list[Sprite]:
    """Two people walk side by side."""
    x, y = moving(moment, WALK_SPEED)
    gap = 0.34 * moment.height * moment.act.heading
    phase = _gait(moment)
    return [
        _mover(moment, (x, y), poses.walk(phase)),
        _mover(moment, (x - gap, y - 2.5), poses.walk(phase + 0.8), who=1),
    ]


def jog(moment: Moment) -> list[Sprite]:
    """A jogger."""
    return [_mover(moment, moving(moment, JOG_SPEED), poses.run(moment.time_s * 10))]


def carry(moment: Moment) -> list[Sprite]:
    """Somebody carries a box past."""
    at = moving(moment, WALK_SPEED * 0.9)
    return [_mover(moment, at, poses.walk(_gait(moment), carrying=True), "box")]


def walk_dog(moment: Moment) -> list[Sprite]:
    """Somebody walks a dog on a lead."""
    x, y = moving(moment, WALK_SPEED)
    height, heading = moment.scene.height_at(y), moment.act.heading
    dog = (x + heading * 0.62 * height, y + 1)
    fur = _FURS[int(scatter(moment.act.seed, 1) * len(_FURS))]
    paint = partial(
        draw_dog, at=dog, height=height, fur=fur, phase=moment.time_s * 11, heading=heading
    )
    box = (dog[0] - 0.25 * height, y - 0.4 * height, dog[0] + 0.25 * height, y)
    return [
        _mover(moment, (x, y), poses.walk(_gait(moment))),
        Sprite(depth=dog[1], box=box, paint=paint),
    ]


def cycle(moment: Moment) -> list[Sprite]:
    """Somebody cycles by."""
    return cyclist(moment, moving(moment, CYCLE_SPEED))


def cyclist(moment: Moment, at: Point) -> list[Sprite]:
    """A bicycle and its rider at a place."""
    height, heading = moment.scene.height_at(at[1]), moment.act.heading
    paint = partial(draw_bicycle, at=at, height=height, heading=heading)
    box = (at[0] - 0.5 * height, at[1] - 0.5 * height, at[0] + 0.5 * height, at[1])
    saddle = (at[0] - heading * 0.1 * height, at[1] - 0.1 * height)
    rider = person(moment, saddle, poses.cycle(moment.time_s * 7), heading=heading)
    return [Sprite(depth=at[1] - 0.2, box=box, paint=paint), rider]


def stand(moment: Moment) -> list[Sprite]:
    """Somebody stands; variant 1 looks at a phone, 2 has a bag."""
    items: tuple[Item | None, ...] = (None, "phone", "bag")
    item = items[moment.act.variant % 3]
    pose = poses.use_phone(moment.time_s) if item == "phone" else poses.stand(moment.time_s)
    return [person(moment, moment.act.at, pose, heading=moment.act.heading, item=item)]


def talk(moment: Moment) -> list[Sprite]:
    """Two people talk, face to face."""
    heading, time_s = moment.act.heading, moment.time_s
    return [
        person(moment, moment.act.at, poses.gesture(time_s), heading=heading),
        person(
            moment, moment.beside(0.55), poses.gesture(time_s * 0.7 + 2, 0.5),
            who=1, heading=-heading,
        ),
    ]  # fmt: skip


def pass_car(moment: Moment) -> list[Sprite]:
    """A car drives by."""
    at = moving(moment, CAR_SPEED)
    return car(moment, at, CarState(heading=moment.act.heading))


def park_car(moment: Moment) -> list[Sprite]:
    """A car comes in, slows down, and stays."""
    slow_s = 3.0
    share = min(1.0, moment.time_s / slow_s)
    gone = CAR_SPEED * moment.height * slow_s * (share - share * share / 2)
    x, y = moment.act.at
    return car(moment, (x + moment.act.heading * gone, y), CarState(heading=moment.act.heading))


def moving(moment: Moment, speed: float) -> Point:
    """Where a mover is now; in a corridor people walk in depth, elsewhere across.

    Args:
        moment: now.
        speed: heights per second.
    """
    x, y = moment.act.at
    if moment.scene.name == "corridor":
        share = min(1.15, moment.time_s * speed / 4.2)
        toward = share if moment.act.heading > 0 else 1.0 - share
        y = 60 + 60 * max(toward, 0.0) ** 1.7
        return 80 + (x - 80) * (y - 40) / 60, y
    return x + moment.act.heading * speed * moment.height * moment.time_s, y


def _gait(moment: Moment) -> float:
    return moment.time_s * 5.6 + moment.act.seed


def _mover(
    moment: Moment, at: Point, pose: Pose, item: Item | None = None, *, who: int = 0
) -> Sprite:
    heading = moment.act.heading
    if moment.scene.name == "corridor" and moment.act.at[0] < 80:
        heading = -heading
    return person(moment, at, pose, who=who, heading=heading, item=item)
