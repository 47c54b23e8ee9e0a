"""The six kinds of event, each with a weak prelude and aftermath that count as normal.

Fighting, robbery and vandalism are here; fire, explosion and accident in
:mod:`tpwng_core.world.disaster_acts`. All evidence can be seen in single frames.
"""

from __future__ import annotations

from functools import partial

from tpwng_core.world import poses
from tpwng_core.world.act import Moment, Sprite, car, person, thing
from tpwng_core.world.canvas import Canvas, Point, scatter
from tpwng_core.world.effects import draw_shards
from tpwng_core.world.furniture import draw_machine
from tpwng_core.world.person import Item, Pose
from tpwng_core.world.vehicles import CarState

_SPRAYS = ((220, 40, 130), (60, 200, 220), (250, 220, 60))


def fighting(moment: Moment) -> list[Sprite]:
    """Two or three people beat one another; variant 1: one goes down and is kicked."""
    if moment.phase in ("before", "after"):
        return []
    crowd = moment.beside(0.75, -2) if moment.act.variant == 2 else None
    if moment.phase == "prelude":
        sprites = _meet(moment, poses.argue(moment.time_s), poses.gesture(moment.time_s, 1.4))
    elif moment.phase == "aftermath":
        sprites = _part(moment)
    else:
        sprites = _brawl(moment)
    if crowd is not None:
        sprites.append(_third(moment, crowd, _strike(moment, 7)))
    return sprites


def robbery(moment: Moment) -> list[Sprite]:
    """A masked one points a gun at somebody whose hands are up; then takes the bag and runs."""
    if moment.phase in ("before", "after"):
        return []
    heading, time_s = moment.act.heading, moment.time_s
    victim = moment.beside(0.85)
    if moment.phase == "prelude":
        sprites = _meet(moment, poses.stand(time_s), poses.use_phone(time_s), apart=0.85)
    elif moment.phase == "aftermath":
        runner = leave(moment, moment.act.at, -heading, moment.progress)
        sprites = [
            person(moment, runner, poses.run(time_s * 11), heading=-heading, item="bag"),
            person(moment, victim, poses.stand(time_s), who=1, heading=-heading),
        ]
    else:
        clubbed = moment.act.variant == 2
        pose = poses.swing(0.9) if clubbed else poses.aim(time_s)
        item: Item = "bat" if clubbed else "gun"
        sprites = [
            person(moment, moment.act.at, pose, heading=heading, item=item),
            person(moment, victim, poses.hands_up(time_s), who=1, heading=-heading),
        ]
    if moment.act.variant == 1:
        sprites.append(_third(moment, moment.beside(1.15, -3), poses.hands_up(time_s + 1)))
    return sprites


def vandalism(moment: Moment) -> list[Sprite]:
    """Somebody smashes a vending machine (0) or a parked car (1), or sprays a wall (2)."""
    draw = (_smash_machine, _smash_car, _spray_wall)[moment.act.variant]
    return draw(moment)


def approach(moment: Moment, place: Point, side: int, share: float) -> Point:
    """Where somebody is who has come ``share`` of the way to ``place`` from a side (-1 left).

    In a corridor people come from its far end.
    """
    start = (80.0 + side * 95.0, place[1])
    if moment.scene.name == "corridor":
        start = (80.0 + side * 12.0, 60.0)
    return (
        start[0] + (place[0] - start[0]) * share,
        start[1] + (place[1] - start[1]) * share,
    )


def leave(moment: Moment, place: Point, side: int, share: float) -> Point:
    """Where somebody is who has gone ``share`` of the way from ``place`` out of the picture."""
    return approach(moment, place, side, 1.0 - share)


def _third(moment: Moment, place: Point, pose: Pose) -> Sprite:
    """A third person: comes and goes with the others, takes ``pose`` during the event."""
    heading, side = -moment.act.heading, moment.act.heading
    if moment.phase == "prelude":
        share = min(1.0, moment.progress / 0.9)
        pose = poses.walk(moment.time_s * 9) if share < 1.0 else poses.stand(moment.time_s)
        place = approach(moment, place, side, share)
    elif moment.phase == "aftermath":
        pose = poses.walk(moment.time_s * 9)
        place, heading = leave(moment, place, side, moment.progress), side
    return person(moment, place, pose, who=2, heading=heading)


def _meet(moment: Moment, first: Pose, second: Pose, apart: float = 0.62) -> list[Sprite]:
    """Two people come from both sides, then face each other, ``apart`` heights apart."""
    heading = moment.act.heading
    share = min(1.0, moment.progress / 0.62)
    if share < 1.0:
        first = second = poses.walk(moment.time_s * 9)
    at = approach(moment, moment.act.at, -heading, share)
    other = approach(moment, moment.beside(apart), heading, share)
    return [
        person(moment, at, first, heading=heading),
        person(moment, other, second, who=1, heading=-heading),
    ]


def _brawl(moment: Moment) -> list[Sprite]:
    heading, time_s, seed = moment.act.heading, moment.time_s, moment.act.seed
    beat = int(time_s * 2.2)
    apart = 0.36 + 0.1 * scatter(seed, beat)
    shift = 0.12 * (scatter(seed, beat + 50) - 0.5)
    here, there = moment.beside(shift), moment.beside(shift + apart)
    if moment.act.variant == 1 and moment.progress > 0.3:
        victim = person(moment, moment.beside(0.55), poses.curl_up(time_s), who=1, heading=heading)
        blow = poses.kick(time_s) if beat % 2 else poses.punch(time_s)
        return [person(moment, here, blow, heading=heading), victim]
    struck = scatter(seed, beat + 90) < 0.5
    hit, blow = poses.recoil(time_s), _strike(moment, beat)
    first, second = (blow, hit) if struck else (hit, blow)
    return [
        person(moment, here, first, heading=heading),
        person(moment, there, second, who=1, heading=-heading),
    ]


def _strike(moment: Moment, salt: int) -> Pose:
    move = scatter(moment.act.seed, int(moment.time_s * 2.2) + salt * 13)
    if move < 0.6:
        return poses.punch(moment.time_s)
    return poses.kick(moment.time_s) if move < 0.85 else poses.guard(moment.time_s)


def _part(moment: Moment) -> list[Sprite]:
    heading, time_s = moment.act.heading, moment.time_s
    winner = leave(moment, moment.act.at, -heading, moment.progress)
    loser = leave(moment, moment.beside(0.5), heading, max(0.0, moment.progress - 0.3) / 0.7)
    pose = poses.bend(time_s) if moment.progress < 0.3 else poses.walk(time_s * 6)
    return [
        person(moment, winner, poses.walk(time_s * 8), heading=-heading),
        person(moment, loser, pose, who=1, heading=heading),
    ]


def _vandal(moment: Moment, place: Point, pose: Pose, item: Item) -> list[Sprite]:
    """The person of any vandalism: comes, does it, goes."""
    heading = moment.act.heading
    if moment.phase == "prelude":
        at = approach(moment, place, -heading, moment.progress)
        return [person(moment, at, poses.walk(moment.time_s * 8), heading=heading)]
    if moment.phase == "aftermath":
        at = leave(moment, place, -heading, moment.progress)
        return [person(moment, at, poses.walk(moment.time_s * 9), heading=-heading)]
    if moment.phase == "event":
        return [person(moment, place, pose, heading=heading, item=item)]
    return []


def _broken(moment: Moment) -> bool:
    hit = moment.phase == "event" and moment.phase_s > 0.4
    return hit or moment.phase in ("aftermath", "after")


def _smash_machine(moment: Moment) -> list[Sprite]:
    at = moment.beside(0.66)
    paint = partial(draw_machine, at=at, height=moment.height * 1.1, broken=_broken(moment))
    sprites = _vandal(moment, moment.act.at, poses.swing(moment.phase_s), "bat")
    return [thing(at, moment.height, paint), *sprites, *_glass(moment, at)]


def _smash_car(moment: Moment) -> list[Sprite]:
    at = moment.beside(1.0, -2.0)
    state = CarState(
        heading=-moment.act.heading,
        windows_broken=_broken(moment),
        crumple=0.35 if _broken(moment) else 0.0,
        bonnet_open=False,
    )
    sprites = _vandal(moment, moment.act.at, poses.swing(moment.phase_s), "bat")
    parked = car(moment, at, state)[:1]
    return [*parked, *sprites, *_glass(moment, moment.beside(0.6))]


def _glass(moment: Moment, at: Point) -> list[Sprite]:
    if not _broken(moment):
        return []
    flying = (moment.phase_s * 1.5) % 1.0 if moment.phase == "event" else 1.0
    seed = moment.act.seed + (int(moment.phase_s * 1.5) if moment.phase == "event" else 0)
    below = (at[0], moment.act.at[1] + 2)
    paint = partial(draw_shards, at=below, size=moment.height * 0.6, progress=flying, seed=seed)
    return [thing(below, moment.height * 0.5, paint)]


def _spray_wall(moment: Moment) -> list[Sprite]:
    place = moment.act.at
    pose = poses.paint(moment.phase_s * 1.6)
    done = {"before": 0.0, "prelude": 0.0, "event": min(1.0, 0.3 + moment.progress)}.get(
        moment.phase, 1.0
    )
    wall = moment.beside(0.75)
    tags = partial(draw_graffiti, at=wall, size=moment.height, done=done, seed=moment.act.seed)
    # The paint is on the wall behind everybody, so its depth is the farthest.
    box = (wall[0] - moment.height, wall[1] - moment.height * 1.1, wall[0] + moment.height, wall[1])
    picture = Sprite(depth=0.0, box=box, paint=tags)
    return (
        [picture, *_vandal(moment, place, pose, "spray")]
        if done
        else _vandal(moment, place, pose, "spray")
    )


def draw_graffiti(canvas: Canvas, at: Point, size: float, done: float, seed: float) -> None:
    """Bold loops of paint on a wall, ``done`` 0-1 of them."""
    for index in range(round(3 * done + 0.4)):
        colour = _SPRAYS[(index + int(seed)) % 3]
        x = at[0] + (index - 1) * size * 0.45
        y = at[1] - size * (0.75 + 0.2 * scatter(seed, index))
        points = [
            (
                x + size * 0.3 * (scatter(seed, index * 9 + k) - 0.5),
                y + size * 0.5 * (scatter(seed, index * 9 + k + 40) - 0.5),
            )
            for k in range(6)
        ]
        canvas.line(points, size * 0.06, colour)
        canvas.ring(x, y, size * 0.16, size * 0.06, colour)
