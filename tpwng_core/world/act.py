"""What an act is: somebody does something somewhere, from one frame to another.

An :class:`Act` is plain data made by the planner; the functions of ``normal_acts`` and
``abnormal_acts`` turn it, at one :class:`Moment`, into :class:`Sprite` s that know how far away
they are and which part of the picture they fill.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from tpwng_core.world.canvas import Box, Canvas, Colour, Point
from tpwng_core.world.effects import draw_smoke
from tpwng_core.world.person import Item, Look, Pose, draw_person, person_box
from tpwng_core.world.scenes import Scene
from tpwng_core.world.vehicles import Car, CarState, car_box, draw_car, draw_headlights

FPS = 12
CAR_LENGTH = 1.4  # in heights of an adult: shorter than life, so that a car leaves room

Phase = Literal["before", "prelude", "event", "aftermath", "after"]


@dataclass(frozen=True, kw_only=True)
class Act:
    """Somebody does something.

    Attributes:
        kind: key of what is done.
        start: first frame in which it may be seen.
        end: frame after the last.
        at: where (movers: where they are at ``start``), world units.
        heading: +1 to the right, -1 to the left.
        pace: speed relative to the usual.
        seed: varies the details.
        variant: which way of doing it.
        looks: the people.
        cars: the cars.
        lead: frames of prelude before an abnormal act's onset.
        onset: first frame of the event; None for normal acts.
        offset: frame after the event's last.
        tail: frames of aftermath.
    """

    kind: str
    start: int
    end: int
    at: Point
    heading: int = 1
    pace: float = 1.0
    seed: float = 0.0
    variant: int = 0
    looks: tuple[Look, ...] = ()
    cars: tuple[Car, ...] = ()
    lead: int = 0
    onset: int | None = None
    offset: int | None = None
    tail: int = 0

    def phase_at(self, frame: int) -> tuple[Phase, int, int]:
        """Phase at ``frame``, frames since it began, and its length in frames.

        A normal act is in its "event" from start to end.
        """
        if self.onset is None or self.offset is None:
            return "event", frame - self.start, self.end - self.start
        edges: tuple[tuple[Phase, int, int], ...] = (
            ("before", self.start, self.onset - self.lead),
            ("prelude", self.onset - self.lead, self.onset),
            ("event", self.onset, self.offset),
            ("aftermath", self.offset, self.offset + self.tail),
        )
        for phase, first, last in edges:
            if frame < last:
                return phase, frame - first, last - first
        return "after", frame - self.offset - self.tail, self.end - self.offset - self.tail


@dataclass(frozen=True, kw_only=True)
class Moment:
    """An act at one frame, where and in what light it happens."""

    act: Act
    scene: Scene
    frame: int
    dark: bool

    @property
    def time_s(self) -> float:
        """Seconds since the act's start, sped up by its pace."""
        return (self.frame - self.act.start) / FPS * self.act.pace

    @property
    def height(self) -> float:
        """Height of an adult at the act's place, world units."""
        return self.scene.height_at(self.act.at[1])

    @property
    def phase(self) -> Phase:
        """Phase of an abnormal act."""
        return self.act.phase_at(self.frame)[0]

    @property
    def phase_s(self) -> float:
        """Seconds since the phase began."""
        return self.act.phase_at(self.frame)[1] / FPS

    @property
    def progress(self) -> float:
        """Share of the phase that is over, 0-1."""
        _, since, length = self.act.phase_at(self.frame)
        return min(1.0, since / max(length, 1))

    def beside(self, heights: float, nearer: float = 0.0) -> Point:
        """A point ``heights`` ahead of the act's place in its heading, ``nearer`` units down."""
        x, y = self.act.at
        return x + self.act.heading * heights * self.height, y + nearer


@dataclass(frozen=True, kw_only=True)
class Sprite:
    """Something to draw.

    Attributes:
        depth: y of its feet; smaller is farther away and drawn first.
        box: what it covers, world units.
        paint: draws it.
        shining: drawn after the scene's light, at full brightness.
        evidence: part of what makes an event an event (no smoke, shadow or passer-by).
    """

    depth: float
    box: Box
    paint: Callable[[Canvas], None]
    shining: bool = False
    evidence: bool = True


def person(
    moment: Moment,
    at: Point,
    pose: Pose,
    *,
    who: int = 0,
    heading: int = 1,
    item: Item | None = None,
    evidence: bool = True,
) -> Sprite:
    """The ``who``-th person of the act in a pose at a place."""
    look = moment.act.looks[who]
    height = moment.scene.height_at(at[1])
    paint = partial(
        draw_person, at=at, height=height, look=look, pose=pose, heading=heading, item=item
    )
    return Sprite(
        depth=at[1], box=person_box(at, height * look.size, pose, heading), paint=paint,
        evidence=evidence,
    )  # fmt: skip


def car(moment: Moment, at: Point, state: CarState, *, which: int = 0) -> list[Sprite]:
    """The ``which``-th car of the act; in the dark with its lamps on unless wrecked."""
    length = moment.scene.height_at(at[1]) * CAR_LENGTH
    box = car_box(at, length, state.tilt)
    paint = partial(draw_car, at=at, length=length, car=moment.act.cars[which], state=state)
    sprites = [Sprite(depth=at[1], box=box, paint=paint)]
    if moment.dark and not state.crumple and not state.char and not state.bonnet_open:
        lamps = partial(draw_headlights, at=at, length=length, heading=state.heading)
        sprites.append(Sprite(depth=at[1], box=box, paint=lamps, shining=True, evidence=False))
    return sprites


def thing(
    at: Point, size: float, paint: Callable[[Canvas], None], *, shining: bool = False,
    evidence: bool = True,
) -> Sprite:  # fmt: skip
    """Anything else, about ``size`` high and wide on the ground at ``at``."""
    box = (at[0] - size * 0.5, at[1] - size, at[0] + size * 0.5, at[1])
    return Sprite(depth=at[1], box=box, paint=paint, shining=shining, evidence=evidence)


def smoke(moment: Moment, at: Point, size: float, colour: Colour, puffs: int = 9) -> Sprite:
    """A plume; never evidence, for it drifts over half the picture."""
    paint = partial(
        draw_smoke, at=at, size=size, time=moment.frame / FPS, seed=moment.act.seed,
        colour=colour, puffs=puffs,
    )  # fmt: skip
    box = (at[0] - size, at[1] - size * 3, at[0] + size, at[1])
    return Sprite(depth=at[1] + 0.5, box=box, paint=paint, evidence=False)
