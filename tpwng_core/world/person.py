"""People: how they look, how they hold themselves, and their drawing.

A :class:`Pose` is a set of joint angles, so that any act can be composed from a few numbers;
:func:`draw_person` puts the lowest point of the figure on the ground. Called by the acts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tpwng_core.world.canvas import Box, Canvas, Colour, Point, shade
from tpwng_core.world.items import draw_item

Limb = tuple[float, float]
Item = Literal["bat", "gun", "bag", "box", "broom", "phone", "spray", "roller", "backpack"]

_SKINS = ((241, 205, 170), (224, 176, 138), (190, 140, 100), (140, 96, 66), (98, 66, 48))
_HAIRS = ((40, 30, 26), (84, 58, 38), (150, 110, 60), (170, 165, 160), (25, 22, 22))
_TOPS = (
    (190, 52, 48), (52, 92, 160), (60, 128, 84), (224, 196, 92), (96, 70, 128), (225, 225, 220),
    (58, 60, 70), (205, 120, 60), (110, 150, 180), (150, 60, 90), (120, 112, 84), (34, 70, 78),
)  # fmt: skip
_BOTTOMS = ((44, 52, 78), (36, 36, 40), (92, 84, 70), (120, 116, 108), (66, 44, 36), (70, 84, 110))


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a person wears; ``size`` is the height relative to an average adult."""

    skin: Colour
    hair: Colour
    top: Colour
    bottom: Colour
    size: float = 1.0
    skirt: bool = False
    masked: bool = False


@dataclass(frozen=True, kw_only=True)
class Pose:
    """Joint angles in degrees; forward is where the person faces.

    Attributes:
        lean: torso, 0 = upright, positive = forward.
        nod: head, positive = forward.
        arms: near and far (shoulder, elbow); shoulder 0 = hanging, 90 = forward, 180 = up.
        legs: near and far (hip, knee); a knee bends backward.
        roll: the whole figure; 90 = lying on the back, -90 = on the face.
    """

    lean: float = 0.0
    nod: float = 0.0
    arms: tuple[Limb, Limb] = ((6.0, 10.0), (-6.0, 10.0))
    legs: tuple[Limb, Limb] = ((4.0, 2.0), (-4.0, 2.0))
    roll: float = 0.0


def random_look(rng: np.random.Generator, *, masked: bool = False) -> Look:
    """A person at random; masked ones wear dark clothes."""
    dark = ((30, 30, 34), (44, 46, 52), (38, 42, 56))
    tops = dark if masked else _TOPS
    bottoms = dark if masked else _BOTTOMS
    return Look(
        skin=_SKINS[rng.integers(len(_SKINS))],
        hair=_HAIRS[rng.integers(len(_HAIRS))],
        top=tops[rng.integers(len(tops))],
        bottom=bottoms[rng.integers(len(bottoms))],
        size=float(rng.uniform(0.9, 1.06)),
        skirt=bool(not masked and rng.random() < 0.2),
        masked=masked,
    )


def draw_person(
    canvas: Canvas,
    at: Point,
    height: float,
    look: Look,
    pose: Pose,
    *,
    heading: int = 1,
    item: Item | None = None,
) -> None:
    """Draw a person.

    Args:
        canvas: where to.
        at: the point on the ground, world units.
        height: of an average adult there, world units.
        look: clothes.
        pose: joint angles.
        heading: +1 faces right, -1 left.
        item: what the near hand holds (a backpack hangs on the back).
    """
    size = height * look.size
    joints = _joints(at, size, pose, heading)
    far = 0.78
    _draw_shadow(canvas, joints, at[1], size)
    _draw_arm(canvas, joints["far_arm"], size * 0.07, shade(look.top, far), shade(look.skin, far))
    _draw_leg(canvas, joints, "far_leg", size, shade(look.bottom, far))
    _draw_leg(canvas, joints, "near_leg", size, look.bottom)
    if item == "backpack":
        draw_item(canvas, item, joints, size, heading)
    _draw_torso(canvas, joints, size, look)
    _draw_head(canvas, joints, size, look, heading)
    if item is not None and item != "backpack":
        draw_item(canvas, item, joints, size, heading)
    _draw_arm(canvas, joints["near_arm"], size * 0.075, shade(look.top, 0.92), look.skin)


def person_box(at: Point, height: float, pose: Pose, heading: int = 1) -> Box:
    """Box around a person in that pose, world units."""
    joints = _joints(at, height, pose, heading)
    points = [point for chain in joints.values() for point in chain]
    pad = height * 0.1  # half a head and the hair
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) - pad, min(ys) - pad, max(xs) + pad, max(ys) + pad


def _joints(at: Point, size: float, pose: Pose, heading: int) -> dict[str, list[Point]]:
    """Chains of joints: hip to shoulder to head, both arms, both legs; lowest point at ``at``."""

    def step(origin: Point, angle: float, length: float) -> Point:
        radians = math.radians(angle + pose.roll)
        reach = length * size
        return origin[0] + heading * math.sin(radians) * reach, origin[1] + math.cos(
            radians
        ) * reach

    hip = (0.0, 0.0)
    shoulder = step(hip, 180 - pose.lean, 0.32)
    head = step(shoulder, 180 - pose.lean - pose.nod, 0.135)
    chains = {"spine": [hip, shoulder, head]}
    for name, (angle, bend) in zip(("near_arm", "far_arm"), pose.arms, strict=True):
        elbow = step(shoulder, angle - pose.lean * 0.5, 0.165)
        chains[name] = [shoulder, elbow, step(elbow, angle - pose.lean * 0.5 + bend, 0.17)]
    for name, (angle, bend) in zip(("near_leg", "far_leg"), pose.legs, strict=True):
        knee = step(hip, angle, 0.235)
        chains[name] = [hip, knee, step(knee, angle - bend, 0.235)]
    lowest = max(y for chain in chains.values() for _, y in chain) + size * 0.03
    return {
        name: [(x + at[0], y - lowest + at[1]) for x, y in chain] for name, chain in chains.items()
    }


def _draw_shadow(
    canvas: Canvas, joints: Mapping[str, list[Point]], ground: float, size: float
) -> None:
    xs = [joints["near_leg"][2][0], joints["far_leg"][2][0], joints["spine"][1][0]]
    middle, half = (min(xs) + max(xs)) / 2, (max(xs) - min(xs)) / 2
    canvas.oval(middle, ground, half + size * 0.13, size * 0.045, (0, 0, 0, 70))


def _draw_arm(canvas: Canvas, arm: list[Point], width: float, sleeve: Colour, hand: Colour) -> None:
    canvas.limb(arm, width, sleeve)
    x, y = arm[2]
    canvas.oval(x, y, width * 0.62, width * 0.62, hand)


def _draw_leg(
    canvas: Canvas, joints: Mapping[str, list[Point]], name: str, size: float, colour: Colour
) -> None:
    canvas.limb(joints[name], size * 0.09, colour)
    x, y = joints[name][2]
    canvas.oval(x, y, size * 0.058, size * 0.038, (28, 26, 26))


def _draw_torso(canvas: Canvas, joints: Mapping[str, list[Point]], size: float, look: Look) -> None:
    hip, shoulder, _ = joints["spine"]
    dx, dy = shoulder[0] - hip[0], shoulder[1] - hip[1]
    length = math.hypot(dx, dy)
    across = (-dy / length * size, dx / length * size)

    def beside(point: Point, share: float) -> Point:
        return point[0] + across[0] * share, point[1] + across[1] * share

    if look.skirt:
        knees = [joints["near_leg"][1], joints["far_leg"][1]]
        canvas.polygon([beside(hip, -0.07), *knees, beside(hip, 0.07)], look.bottom)
    canvas.polygon(
        [
            beside(hip, -0.065),
            beside(shoulder, -0.085),
            beside(shoulder, 0.085),
            beside(hip, 0.065),
        ],
        look.top,
    )
    canvas.oval(*shoulder, size * 0.085, size * 0.07, look.top)
    canvas.oval(*hip, size * 0.068, size * 0.055, look.top)


def _draw_head(
    canvas: Canvas, joints: Mapping[str, list[Point]], size: float, look: Look, heading: int
) -> None:
    x, y = joints["spine"][2]
    radius = size * 0.078
    canvas.limb([joints["spine"][1], (x, y)], size * 0.055, look.skin)
    if look.masked:
        canvas.oval(x, y, radius, radius * 1.12, (22, 22, 24))
        canvas.rectangle(
            (x - radius * 0.7, y - radius * 0.35, x + radius * 0.7, y + radius * 0.1), look.skin
        )
        return
    canvas.oval(x - heading * radius * 0.15, y - radius * 0.22, radius * 1.05, radius, look.hair)
    canvas.oval(x + heading * radius * 0.18, y + radius * 0.12, radius * 0.86, radius, look.skin)
