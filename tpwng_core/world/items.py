"""Things people hold: drawn at the near hand (or on the back) of a figure's joints.

Called by :func:`tpwng_core.world.person.draw_person` only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from tpwng_core.world.canvas import Canvas, Point

Joints = Mapping[str, list[Point]]


def draw_item(canvas: Canvas, item: str, joints: Joints, size: float, heading: int) -> None:
    """Draw ``item``; sizes are shares of the person's height ``size``."""
    _DRAW[item](canvas, joints, size, heading)


def _along_forearm(joints: Joints, reach: float) -> Point:
    """Point ``reach`` beyond the near hand in the forearm's direction."""
    (ex, ey), (hx, hy) = joints["near_arm"][1:]
    length = math.hypot(hx - ex, hy - ey) or 1.0
    return hx + (hx - ex) / length * reach, hy + (hy - ey) / length * reach


def _bat(canvas: Canvas, joints: Joints, size: float, heading: int) -> None:
    hand, tip = joints["near_arm"][2], _along_forearm(joints, size * 0.42)
    middle = ((hand[0] + tip[0]) / 2, (hand[1] + tip[1]) / 2)
    canvas.limb([hand, middle], size * 0.035, (120, 84, 48))
    canvas.limb([middle, tip], size * 0.06, (158, 112, 66))


def _gun(canvas: Canvas, joints: Joints, size: float, heading: int) -> None:
    x, y = joints["near_arm"][2]
    canvas.line([(x, y), (x, y - size * 0.06)], size * 0.05, (18, 18, 20))
    muzzle = (x + heading * size * 0.17, y - size * 0.055)
    canvas.line([(x - heading * size * 0.02, y - size * 0.055), muzzle], size * 0.05, (18, 18, 20))


def _bag(canvas: Canvas, joints: Joints, size: float, heading: int) -> None:
    x, y = joints["near_arm"][2]
    wide, tall = size * 0.10, size * 0.17
    canvas.line([(x, y), (x, y + tall * 0.4)], size * 0.03, (60, 44, 36))
    canvas.rectangle((x - wide, y + tall * 0.3, x + wide, y + tall * 1.3), (132, 84, 48))


def _box(canvas: Canvas, joints: Joints, size: float, heading: int) -> None:
    x, y = joints["near_arm"][2]
    half = size * 0.13
    canvas.rectangle((x - half, y - half * 1.1, x + half, y + half * 0.7), (178, 138, 92))
    canvas.rectangle(
        (x - half * 0.2, y - half * 1.1, x + half * 0.2, y + half * 0.7), (206, 176, 130)
    )


def _broom(canvas: Canvas, joints: Joints, size: float, heading: int) -> None:
    x, y = joints["near_arm"][2]
    ground = max(joints["near_leg"][2][1], joints["far_leg"][2][1])
    foot = (x + heading * size * 0.22, ground)
    canvas.line([(x - heading * size * 0.1, y - size * 0.25), foot], size * 0.03, (150, 118, 70))
    left, right = foot[0] - size * 0.09, foot[0] + size * 0.09
    canvas.polygon(
        [(foot[0], foot[1] - size * 0.09), (left, ground), (right, ground)], (196, 168, 90)
    )


def _phone(canvas: Canvas, joints: Joints, size: float, heading: int) -> None:
    x, y = joints["near_arm"][2]
    canvas.rectangle((x - size * 0.02, y - size * 0.06, x + size * 0.025, y), (20, 22, 28))


def _spray(canvas: Canvas, joints: Joints, size: float, heading: int) -> None:
    x, y = joints["near_arm"][2]
    canvas.rectangle((x - size * 0.025, y - size * 0.1, x + size * 0.025, y), (200, 40, 120))


def _roller(canvas: Canvas, joints: Joints, size: float, heading: int) -> None:
    hand, tip = joints["near_arm"][2], _along_forearm(joints, size * 0.2)
    canvas.line([hand, tip], size * 0.025, (90, 90, 90))
    canvas.line(
        [(tip[0] - size * 0.07, tip[1]), (tip[0] + size * 0.07, tip[1])],
        size * 0.06,
        (236, 236, 228),
    )


def _backpack(canvas: Canvas, joints: Joints, size: float, heading: int) -> None:
    (hx, hy), (sx, sy) = joints["spine"][:2]
    x, y = (hx * 0.4 + sx * 0.6) - heading * size * 0.1, hy * 0.4 + sy * 0.6
    canvas.oval(x, y, size * 0.075, size * 0.12, (70, 84, 60))


_DRAW = {
    "bat": _bat,
    "gun": _gun,
    "bag": _bag,
    "box": _box,
    "broom": _broom,
    "phone": _phone,
    "spray": _spray,
    "roller": _roller,
    "backpack": _backpack,
}
