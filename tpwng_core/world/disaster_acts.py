"""Fire, explosion and road accident, each with a weak prelude and aftermath.

What burns or blows up stands in the picture from the first frame and stays charred afterwards.
"""

from __future__ import annotations

from functools import partial

from tpwng_core.world import poses
from tpwng_core.world.abnormal_acts import approach, leave
from tpwng_core.world.act import CAR_LENGTH, FPS, Moment, Sprite, car, person, smoke, thing
from tpwng_core.world.canvas import Point
from tpwng_core.world.effects import (
    draw_blast,
    draw_debris,
    draw_embers,
    draw_flames,
    draw_shards,
)
from tpwng_core.world.furniture import draw_bin, draw_boxes
from tpwng_core.world.normal_acts import cyclist
from tpwng_core.world.vehicles import CarState, draw_bicycle

_BLAST_S = 1.9
_DARK_SMOKE = (52, 48, 46, 190)
_THIN_SMOKE = (150, 148, 146, 110)


def fire(moment: Moment) -> list[Sprite]:
    """A litter bin (0), boxes (1) or a car (2) burn; somebody set them on fire."""
    at, height = moment.act.at, moment.height
    burnt = moment.phase in ("aftermath", "after")
    sprites = _fuel(moment, charred=burnt)
    top = (at[0], at[1] - height * (0.1, 0.12, 0.3)[moment.act.variant])
    if moment.phase == "prelude":
        sprites += _arsonist(moment)
        if moment.progress > 0.6:
            sprites.append(smoke(moment, top, height * 0.2, _THIN_SMOKE, puffs=6))
    elif moment.phase == "event":
        size = height * (0.7, 0.85, 1.0)[moment.act.variant] * min(1.0, 0.4 + 2.5 * moment.progress)
        sprites += _blaze(moment, top, size * moment.act.pace)
    elif moment.phase == "aftermath":
        thin = (*_THIN_SMOKE[:3], int(110 * (1 - moment.progress)))
        sprites.append(smoke(moment, top, height * 0.25, thin, puffs=6))
    return sprites


def explosion(moment: Moment) -> list[Sprite]:
    """A car (2) or boxes (1) blow up, again and again; a passer-by is thrown to the ground."""
    at, height = moment.act.at, moment.height
    sprites = _fuel(moment, charred=moment.phase in ("event", "aftermath", "after"))
    if moment.phase == "prelude":
        sprites.append(_passer_by(moment))
    elif moment.phase == "event":
        sprites += _blasts(moment)
        sprites.append(_thrown(moment))
    elif moment.phase == "aftermath":
        fading = (*_THIN_SMOKE[:3], int(130 * (1 - moment.progress)))
        sprites.append(smoke(moment, (at[0], at[1] - 3), height * 0.4, fading))
        share = max(0.0, moment.progress - 0.3) / 0.7
        pose = poses.sit(moment.time_s) if share == 0 else poses.walk(moment.time_s * 8)
        gone = leave(moment, moment.beside(1.1, 3), moment.act.heading, share)
        sprites.append(person(moment, gone, pose, heading=moment.act.heading))
    return sprites


def accident(moment: Moment) -> list[Sprite]:
    """A car hits another car (0), somebody on foot (1) or on a bicycle (2)."""
    if moment.phase in ("before", "after"):
        return []
    if moment.phase == "prelude":
        return _collision_course(moment)
    if moment.phase == "aftermath":
        return _clearing(moment)
    return _wreck(moment)


def _fuel(moment: Moment, *, charred: bool) -> list[Sprite]:
    at, height = moment.act.at, moment.height
    if moment.act.variant == 2:
        state = CarState(heading=moment.act.heading, char=0.9 if charred else 0.0)
        return car(moment, at, state)[:1]
    if moment.act.variant == 1:
        paint = partial(draw_boxes, at=at, height=height * 0.42, charred=charred)
        return [thing(at, height * 0.6, paint)]
    return [
        thing(at, height * 0.5, partial(draw_bin, at=at, height=height * 0.45, charred=charred))
    ]


def _blaze(moment: Moment, at: Point, size: float) -> list[Sprite]:
    time_s, seed = moment.frame / FPS, moment.act.seed
    embers = partial(draw_embers, at=at, size=size, time=time_s, seed=seed)
    flames = partial(draw_flames, at=at, size=size, time=time_s, seed=seed)
    above = (at[0], at[1] - size * 0.6)
    return [
        smoke(moment, above, size * 0.55, _DARK_SMOKE),
        thing(at, size, flames, shining=True),
        thing(at, size * 1.5, embers, shining=True, evidence=False),
    ]


def _arsonist(moment: Moment) -> list[Sprite]:
    heading, place = moment.act.heading, moment.beside(-0.5, 2.0)
    if moment.progress < 0.35:
        at = approach(moment, place, -heading, moment.progress / 0.35)
        return [person(moment, at, poses.walk(moment.time_s * 9), heading=heading)]
    if moment.progress < 0.65:
        return [person(moment, place, poses.crouch(moment.time_s), heading=heading)]
    at = leave(moment, place, -heading, (moment.progress - 0.65) / 0.35)
    return [person(moment, at, poses.walk(moment.time_s * 9), heading=-heading)]


def _passer_by(moment: Moment) -> Sprite:
    heading, place = moment.act.heading, moment.beside(1.1, 3)
    at = approach(moment, place, heading, moment.progress)
    return person(moment, at, poses.walk(moment.time_s * 7), heading=-heading)


def _thrown(moment: Moment) -> Sprite:
    away = 0.5 * min(1.0, moment.phase_s / 0.5)
    pose = (
        poses.throw_back(moment.phase_s / 0.5) if moment.phase_s < 0.6 else poses.lie(moment.time_s)
    )
    return person(moment, moment.beside(1.1 + away * 0.4, 3), pose, heading=-moment.act.heading)


def _blasts(moment: Moment) -> list[Sprite]:
    at, height, seed = moment.act.at, moment.height, moment.act.seed
    number, share = divmod(moment.phase_s / _BLAST_S, 1.0)
    size = height * (1.05 if number == 0 else 0.75)
    place = (at[0] + (seed % 1.0 - 0.5) * height * 0.5 * (number > 0), at[1])
    blast = partial(draw_blast, at=place, size=size, progress=share, seed=seed + number)
    debris = partial(
        draw_debris, at=at, size=height * 0.8, progress=1.0 if number else share, seed=seed
    )
    flames = partial(draw_flames, at=at, size=height * 0.5, time=moment.frame / FPS, seed=seed)
    return [
        smoke(moment, (at[0], at[1] - height * 0.4), height * 0.75, _DARK_SMOKE),
        thing(at, height * 0.5, flames, shining=True),
        thing(place, size * 1.6, blast, shining=True),
        thing(at, height, debris, evidence=False),
    ]


def _collision_course(moment: Moment) -> list[Sprite]:
    heading, share = moment.act.heading, moment.progress
    length = moment.height * CAR_LENGTH
    x, y = moment.act.at
    here = (x - heading * length * 0.45, y)
    sprites = car(moment, approach(moment, here, -heading, share), CarState(heading=heading))
    there = moment.beside(0.35, 1.0)
    if moment.act.variant == 0:
        other = (x + heading * length * 0.45, y + 2)
        state = CarState(heading=-heading)
        return sprites + car(moment, approach(moment, other, heading, share), state, which=1)
    at = (there[0], there[1] + 22 * (1 - share))
    if moment.act.variant == 2:
        return sprites + cyclist(moment, approach(moment, there, heading, share))
    return [*sprites, person(moment, at, poses.walk(moment.time_s * 7), heading=-heading)]


def _wreck(moment: Moment) -> list[Sprite]:
    heading, y = moment.act.heading, moment.act.at[1]
    length = moment.height * CAR_LENGTH
    spin = min(1.0, moment.phase_s / 0.4)
    crash = CarState(heading=heading, tilt=-13 * spin, crumple=1.0, windows_broken=True)
    shards = partial(
        draw_shards, at=moment.beside(0.1, 3), size=length * 0.55,
        progress=min(1.0, moment.phase_s), seed=moment.act.seed,
    )  # fmt: skip
    steam = (moment.act.at[0], y - length * 0.22)
    sprites = [
        *car(moment, moment.beside(-0.4 * CAR_LENGTH), crash),
        thing(moment.beside(0.1, 3), length * 0.5, shards),
        smoke(moment, steam, length * 0.2, (200, 200, 200, 150), puffs=8),
    ]
    if moment.act.variant == 0:
        struck = CarState(heading=-heading, tilt=9 * spin, crumple=1.0, windows_broken=True)
        sprites += car(moment, moment.beside(0.38 * CAR_LENGTH, 2), struck, which=1)
    else:
        pose = poses.throw_back(spin) if spin < 1 else poses.lie(moment.time_s)
        body = moment.beside(0.3 + 0.5 * spin, 3)
        sprites.append(person(moment, body, pose, heading=-heading))
    if moment.act.variant == 2:
        sprites.append(_fallen_bicycle(moment))
    return [*sprites, _helper(moment, min(1.0, moment.phase_s / 2.0))]


def _helper(moment: Moment, share: float) -> Sprite:
    """Somebody comes running to help; not the event itself."""
    heading, place = moment.act.heading, moment.beside(0.95, 5)
    at = approach(moment, place, heading, share)
    pose = poses.bend(moment.time_s) if share == 1.0 else poses.run(moment.time_s * 10)
    return person(moment, at, pose, who=1, heading=-heading, evidence=False)


def _fallen_bicycle(moment: Moment) -> Sprite:
    at, height = moment.beside(0.45, 5), moment.height
    paint = partial(draw_bicycle, at=at, height=height, heading=moment.act.heading, tilt=90)
    return thing(at, height * 0.6, paint)


def _clearing(moment: Moment) -> list[Sprite]:
    """The wreck drives off, slowly; whoever lay there walks away."""
    heading, share = moment.act.heading, moment.progress
    state = CarState(heading=-heading, crumple=0.0, windows_broken=True)
    here = moment.beside(-0.4 * CAR_LENGTH)
    sprites = car(moment, leave(moment, here, -heading, share), state)
    gone = leave(moment, moment.beside(0.7, 3), heading, share)
    helper = leave(moment, moment.beside(0.95, 5), heading, share)
    sprites.append(person(moment, helper, poses.walk(moment.time_s * 8), who=1, heading=heading))
    if moment.act.variant == 0:
        return sprites + car(moment, gone, CarState(heading=heading), which=1)
    return [*sprites, person(moment, gone, poses.limp(moment.time_s * 7), heading=heading)]
