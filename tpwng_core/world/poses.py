"""Poses over time: what a body does while it walks, waves, punches or lies on the ground.

Each function takes a phase (radians of its cycle, or seconds) and gives a
:class:`tpwng_core.world.person.Pose`. Called by the acts.
"""

from __future__ import annotations

from math import sin

from tpwng_core.world.person import Pose


def walk(phase: float, *, carrying: bool = False) -> Pose:
    """A step of a walk; 2 pi is two steps. Carriers hold both arms in front."""
    swing = sin(phase)
    arms = ((-24 * swing, 16.0), (24 * swing, 16.0))
    if carrying:
        arms = ((28.0, 52.0), (32.0, 52.0))
    return Pose(lean=3, arms=arms, legs=(_leg(phase, 26, 34), _leg(phase + 3.14, 26, 34)))


def run(phase: float) -> Pose:
    """A step of a run; 2 pi is two steps."""
    swing = sin(phase)
    return Pose(
        lean=14,
        arms=((-48 * swing, 82.0), (48 * swing, 82.0)),
        legs=(_leg(phase, 42, 74), _leg(phase + 3.14, 42, 74)),
    )


def cycle(phase: float) -> Pose:
    """A rider's legs going round, hands on the bar."""
    near, far = 38 + 24 * sin(phase), 38 - 24 * sin(phase)
    return Pose(
        lean=24,
        arms=((62.0, 8.0), (58.0, 8.0)),
        legs=((near, near + 18), (far, far + 18)),
    )


def stand(time: float) -> Pose:
    """Standing, shifting weight a little."""
    sway = sin(time * 1.1)
    return Pose(lean=sway, arms=((5 + 3 * sway, 10.0), (-5.0, 12.0)))


def use_phone(time: float) -> Pose:
    """Looking at a phone in the near hand."""
    return Pose(nod=16, arms=((34.0 + 2 * sin(time), 84.0), (-4.0, 10.0)))


def gesture(time: float, strength: float = 1.0) -> Pose:
    """Talking with the hands."""
    beat = sin(time * 3.4) * strength
    return Pose(lean=2 * beat, arms=((34 + 26 * beat, 52.0), (18 - 18 * beat, 40.0)))


def argue(time: float) -> Pose:
    """Leaning in and pointing at somebody."""
    beat = sin(time * 6.0)
    return Pose(lean=7 + 4 * beat, arms=((72 + 16 * beat, 22.0), (10.0, 30.0)))


def wave(time: float) -> Pose:
    """Waving with one arm, high."""
    return Pose(arms=((158.0, 18 + 26 * sin(time * 6.5)), (-6.0, 10.0)))


def cheer(time: float) -> Pose:
    """Both arms up and swinging, hopping: a dancer or a happy greeting."""
    beat = sin(time * 6.0)
    return Pose(
        arms=((148 + 16 * beat, 14.0), (-148 + 16 * beat, -14.0)),
        legs=((12 + 10 * beat, 14 + 12 * beat), (-12 + 10 * beat, 12 - 10 * beat)),
    )


def hug(time: float) -> Pose:
    """Arms around somebody."""
    return Pose(lean=9 + 1.5 * sin(time * 1.6), nod=8, arms=((74.0, 34.0), (66.0, 30.0)))


def hands_up(time: float) -> Pose:
    """Both hands raised and still: being robbed."""
    shiver = 3 * sin(time * 9)
    return Pose(lean=-5, arms=((150 + shiver, 22.0), (-150 - shiver, -22.0)))


def aim(time: float) -> Pose:
    """Near arm stretched out, pointing a weapon."""
    return Pose(
        lean=4, arms=((88 + 2 * sin(time * 4), 4.0), (18.0, 30.0)), legs=((18, 6), (-20, 4))
    )


def guard(time: float) -> Pose:
    """A boxer's guard."""
    beat = sin(time * 8)
    return Pose(
        lean=8 + 2 * beat,
        arms=((48 + 6 * beat, 84.0), (64 - 6 * beat, 70.0)),
        legs=((22, 18), (-20, 12)),
    )


def punch(time: float) -> Pose:
    """Arm shot forward, weight behind it."""
    return Pose(
        lean=19 + 3 * sin(time * 8), arms=((96.0, 2.0), (40.0, 96.0)), legs=((32, 20), (-34, 6))
    )


def kick(time: float) -> Pose:
    """Near leg swung high, body leaning back, arms out."""
    return Pose(
        lean=-17, arms=((-42.0, 22.0), (62.0, 40.0)), legs=((74 + 12 * sin(time * 8), 8), (-8, 4))
    )


def recoil(time: float) -> Pose:
    """Hit: body and head thrown back, arms flailing."""
    return Pose(
        lean=-24 + 4 * sin(time * 9),
        nod=-26,
        arms=((96 + 20 * sin(time * 7), 20.0), (-70.0, -10.0)),
        legs=((24, 16), (-26, 22)),
    )


def lie(time: float, *, face_down: bool = False) -> Pose:
    """On the ground."""
    return Pose(
        roll=-86.0 if face_down else 86.0,
        arms=((104 + 8 * sin(time * 2), 18.0), (150.0, 10.0)),
        legs=((16, 26), (-6, 6)),
    )


def curl_up(time: float) -> Pose:
    """On the ground, shielding the head."""
    return Pose(
        roll=80,
        lean=28,
        nod=18,
        arms=((128 + 8 * sin(time * 9), 74.0), (120.0, 80.0)),
        legs=((78, 96), (60, 84)),
    )


def sit(time: float) -> Pose:
    """Sitting on the ground, legs drawn up."""
    return Pose(lean=6 + sin(time), arms=((42.0, 20.0), (38.0, 24.0)), legs=((116, 92), (108, 96)))


def crouch(time: float) -> Pose:
    """Squatting, hands at something low."""
    return Pose(
        lean=30,
        nod=10,
        arms=((52 + 6 * sin(time * 5), 10.0), (46.0, 16.0)),
        legs=((96, 122), (66, 118)),
    )


def bend(time: float) -> Pose:
    """Bowed from the hip, breathing hard, hands on the knees."""
    return Pose(lean=52 + 3 * sin(time * 4), nod=-14, arms=((48.0, -8.0), (42.0, -6.0)))


def warm_hands(time: float) -> Pose:
    """Hands held out to a fire."""
    return Pose(lean=6, arms=((58 + 4 * sin(time * 2), 14.0), (52.0, 16.0)))


def sweep(time: float) -> Pose:
    """Both hands on a broom, swaying."""
    beat = sin(time * 3.6)
    return Pose(lean=13 + 4 * beat, arms=((38 + 12 * beat, 34.0), (26 + 12 * beat, 52.0)))


def swing(time: float) -> Pose:
    """Swinging a bat from high behind the head down to the front, again and again."""
    cycle_share = (time * 1.5) % 1.0
    angle = 205 - 135 * min(1.0, cycle_share / 0.3) if cycle_share < 0.5 else 205.0
    return Pose(
        lean=-8 + 26 * (angle < 150),
        arms=((angle, 24.0), (angle - 14, 30.0)),
        legs=((28, 12), (-26, 6)),
    )


def paint(time: float) -> Pose:
    """Near arm going up and down at a wall."""
    return Pose(lean=3, arms=((116 + 28 * sin(time * 3.0), 10.0), (-4.0, 12.0)))


def throw_back(progress: float) -> Pose:
    """Thrown through the air by a blast: from upright to flat on the back."""
    return Pose(
        roll=86 * min(1.0, progress),
        arms=((120.0, 10.0), (-110.0, -10.0)),
        legs=((34, 22), (-22, 30)),
    )


def limp(phase: float) -> Pose:
    """A slow walk, bowed."""
    return Pose(
        lean=22,
        nod=12,
        arms=((18.0, 50.0), (12.0, 30.0)),
        legs=(_leg(phase, 16, 18), _leg(phase + 3.14, 8, 6)),
    )


def _leg(phase: float, hip: float, knee: float) -> tuple[float, float]:
    return hip * sin(phase), 4 + knee * max(0.0, sin(phase + 1.9)) ** 1.5
