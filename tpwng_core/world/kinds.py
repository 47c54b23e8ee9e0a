"""The table of everything that may happen: who draws it, with whom, where.

The planner chooses from it, the renderer and the captions look things up in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tpwng_core.world import abnormal_acts, confusable_acts, disaster_acts, normal_acts
from tpwng_core.world.act import Moment, Sprite

Role = Literal["mover", "stayer", "driver", "confusable", "event"]

ALL = ("street", "crossing", "parking", "corridor", "shop", "yard")
ROADS = ("street", "crossing", "parking")
OPEN_AIR = (*ROADS, "yard")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of act.

    Attributes:
        draw: gives its sprites at a moment.
        role: how the planner places it.
        people: how many it needs.
        cars: how many it needs.
        variants: per variant, the scenes where it fits.
        share: how often, relative to the others of its role.
        on_road: variants that stand in a lane.
    """

    draw: Callable[[Moment], list[Sprite]]
    role: Role
    people: int = 1
    cars: int = 0
    variants: tuple[tuple[str, ...], ...] = (ALL,)
    share: float = 1.0
    on_road: tuple[int, ...] = ()


KINDS: dict[str, Kind] = {
    "walk": Kind(draw=normal_acts.walk, role="mover", variants=(ALL, ALL, ALL), share=4),
    "walk_together": Kind(draw=normal_acts.walk_together, role="mover", people=2, share=2),
    "jog": Kind(draw=normal_acts.jog, role="mover", variants=(OPEN_AIR,)),
    "carry": Kind(draw=normal_acts.carry, role="mover", share=1.5),
    "walk_dog": Kind(draw=normal_acts.walk_dog, role="mover", variants=(OPEN_AIR,)),
    "cycle": Kind(draw=normal_acts.cycle, role="mover", variants=(OPEN_AIR,)),
    "stand": Kind(draw=normal_acts.stand, role="stayer", variants=(ALL, ALL, ALL), share=2),
    "talk": Kind(draw=normal_acts.talk, role="stayer", people=2, share=1.5),
    "pass_car": Kind(
        draw=normal_acts.pass_car, role="driver", people=0, cars=1, variants=(ROADS,), share=4,
        on_road=(0,),
    ),
    "park_car": Kind(
        draw=normal_acts.park_car, role="driver", people=0, cars=1, variants=(("parking",),),
        share=2, on_road=(0,),
    ),
    "hug": Kind(draw=confusable_acts.hug, role="confusable", people=2),
    "dance": Kind(draw=confusable_acts.dance, role="confusable", people=2),
    "play_ball": Kind(
        draw=confusable_acts.play_ball, role="confusable", people=2, variants=(("parking", "yard"),)
    ),
    "brazier": Kind(
        draw=confusable_acts.brazier, role="confusable", people=2, variants=(OPEN_AIR,)
    ),
    "wave": Kind(draw=confusable_acts.wave, role="confusable", people=2),
    "sweep": Kind(draw=confusable_acts.sweep, role="confusable"),
    "breakdown": Kind(
        draw=confusable_acts.breakdown, role="confusable", cars=1, variants=(ROADS,), on_road=(0,)
    ),
    "rest": Kind(
        draw=confusable_acts.rest, role="confusable", people=2, variants=(OPEN_AIR, OPEN_AIR)
    ),
    "steam": Kind(draw=confusable_acts.steam, role="confusable", people=0, variants=(OPEN_AIR,)),
    "paint": Kind(draw=confusable_acts.paint, role="confusable"),
    "fighting": Kind(
        draw=abnormal_acts.fighting, role="event", people=3, variants=(ALL, ALL, ALL)
    ),
    "fire": Kind(
        draw=disaster_acts.fire, role="event", cars=1, variants=(ALL, ALL, ROADS), on_road=(2,)
    ),
    "explosion": Kind(
        draw=disaster_acts.explosion, role="event", variants=((), ALL, ROADS), cars=1, on_road=(2,)
    ),
    "accident": Kind(
        draw=disaster_acts.accident, role="event", people=2, cars=2,
        variants=(ROADS, ROADS, ROADS), on_road=(0, 1, 2),
    ),
    "robbery": Kind(draw=abnormal_acts.robbery, role="event", people=3, variants=(ALL, ALL, ALL)),
    "vandalism": Kind(
        draw=abnormal_acts.vandalism, role="event", cars=1,
        variants=(ALL, ROADS, ("street", "crossing", "yard")),
    ),
}  # fmt: skip

# Category id -> the words a prompt uses for it. The normal category stands last, as in the paper.
CATEGORIES: dict[str, str] = {
    "fighting": "fighting",
    "fire": "fire",
    "explosion": "explosion",
    "accident": "road accident",
    "robbery": "robbery",
    "vandalism": "vandalism",
    "normal": "normal",
}
EVENTS: tuple[str, ...] = tuple(name for name, kind in KINDS.items() if kind.role == "event")


def fits(name: str, scene: str) -> tuple[int, ...]:
    """Variants of a kind that suit a scene; empty if none does."""
    variants = KINDS[name].variants
    return tuple(number for number, scenes in enumerate(variants) if scene in scenes)


def of_role(role: Role, scene: str) -> list[str]:
    """Kinds of a role that suit a scene."""
    return [name for name, kind in KINDS.items() if kind.role == role and fits(name, scene)]
