"""Who does what where and when: fills a video with everyday acts and, if wanted, events.

Called by :func:`tpwng_core.world.plan.plan_video` only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tpwng_core.errors import ConfigError
from tpwng_core.world.act import FPS, Act
from tpwng_core.world.canvas import WIDTH
from tpwng_core.world.kinds import KINDS, Role, fits, of_role
from tpwng_core.world.person import random_look
from tpwng_core.world.scenes import SCENES, Scene
from tpwng_core.world.vehicles import random_car

EVENT_SHARE = (0.08, 0.45)  # of a video's frames, log-uniform
MIN_EVENT_FRAMES = 12
_GAP_FRAMES = 24
_APART = 44.0  # world units an event keeps from confusable acts and from the other event


def pick_scene(rng: np.random.Generator, category: str | None, name: str | None) -> Scene:
    """The scene asked for, or any that suits the category.

    Raises:
        ConfigError: there is no such scene, or the category cannot happen there.
    """
    suitable = [key for key in SCENES if category is None or fits(category, key)]
    if name is None:
        return SCENES[suitable[rng.integers(len(suitable))]]
    if name not in suitable:
        raise ConfigError(f"no {category or 'video'} in scene {name!r}", ", ".join(suitable))
    return SCENES[name]


def event_acts(rng: np.random.Generator, category: str, scene: Scene, num_frames: int) -> list[Act]:
    """One or two events of a category, in different places, never at the same time."""
    spans = _event_spans(rng, num_frames)
    columns = [float(rng.uniform(52, 108))]
    if len(spans) == 2:
        columns = [float(rng.uniform(40, 58)), float(rng.uniform(102, 120))]
        rng.shuffle(columns)
    return [
        _event_act(rng, category, scene, num_frames, span=span, column=column)
        for span, column in zip(spans, columns, strict=True)
    ]


def add_everyday(
    rng: np.random.Generator, scene: Scene, num_frames: int, events: Sequence[Act]
) -> list[Act]:
    """The events among passers-by, people standing about, cars, and confusable acts."""
    crowd = float(rng.uniform(0.2, 1.2)) * num_frames / FPS / 5.0
    acts = list(events)
    acts += [_mover(rng, scene, num_frames, "mover") for _ in range(rng.poisson(crowd))]
    if scene.road:
        acts += [_mover(rng, scene, num_frames, "driver") for _ in range(rng.poisson(crowd * 0.7))]
    for _ in range(rng.poisson(0.7)):
        acts += _stayer(rng, scene, num_frames, "stayer", events)
    for _ in range(rng.poisson(0.6 if events else 1.2)):
        acts += _stayer(rng, scene, num_frames, "confusable", events)
    return acts


def _event_spans(rng: np.random.Generator, num_frames: int) -> list[tuple[int, int]]:
    low, high = np.log(EVENT_SHARE[0]), np.log(EVENT_SHARE[1])
    total = max(MIN_EVENT_FRAMES, round(float(np.exp(rng.uniform(low, high))) * num_frames))
    two = total >= 2 * MIN_EVENT_FRAMES + 4 and rng.random() < 0.3
    if not two:
        start = int(rng.integers(0, num_frames - total + 1))
        return [(start, start + total)]
    first = int(rng.integers(MIN_EVENT_FRAMES, total - MIN_EVENT_FRAMES + 1))
    slack = num_frames - total - _GAP_FRAMES
    if slack < 0:
        return [(0, total)]
    before, between = sorted(rng.integers(0, slack + 1, size=2))
    second = int(between) + first + _GAP_FRAMES
    return [(int(before), int(before) + first), (second, second + total - first)]


def _event_act(
    rng: np.random.Generator,
    category: str,
    scene: Scene,
    num_frames: int,
    *,
    span: tuple[int, int],
    column: float,
) -> Act:
    kind = KINDS[category]
    variants = fits(category, scene.name)
    variant = variants[rng.integers(len(variants))]
    heading = 1 if column < WIDTH / 2 else -1
    return Act(
        kind=category,
        start=0,
        end=num_frames,
        at=(column, _row(rng, scene, category, variant)),
        heading=heading,
        pace=float(rng.uniform(0.85, 1.15)),
        seed=float(rng.random() * 10),
        variant=variant,
        looks=tuple(
            random_look(rng, masked=category == "robbery" and number == 0)
            for number in range(kind.people)
        ),
        cars=tuple(random_car(rng) for _ in range(kind.cars)),
        lead=int(rng.integers(24, 43)),
        onset=span[0],
        offset=span[1],
        tail=int(rng.integers(24, 37)),
    )


def _row(rng: np.random.Generator, scene: Scene, name: str, variant: int) -> float:
    """Where the feet stand: in a lane, at the wall for spraying, else near (or rarely far)."""
    if variant in KINDS[name].on_road:
        return float(scene.road[rng.integers(len(scene.road))] + rng.uniform(-1, 2))
    near, far = scene.walk
    if name == "vandalism" and variant == 2:
        return far[0] + 1.0
    if name == "vandalism" and variant == 1:
        return scene.road[-1] + 5.0
    return float(rng.uniform(*(near if rng.random() < 0.8 else far)))


def _mover(rng: np.random.Generator, scene: Scene, num_frames: int, role: Role) -> Act:
    """Somebody who passes: inside the picture at a random frame, so in it from the start too."""
    name = _choose(rng, scene, role)
    heading = 1 if rng.random() < 0.5 else -1
    row = _row(rng, scene, name, 0)
    reach_frames = int(rng.integers(60, 110)) if role == "mover" else 48
    middle = int(rng.integers(-10, num_frames + 10))
    start = middle - reach_frames // 2
    column = WIDTH / 2 - heading * (WIDTH / 2 + 16)
    if scene.name == "corridor":
        column = 80.0 + float(rng.uniform(-34, 34))
    end = num_frames if name == "park_car" else min(num_frames, start + 260)
    return _act(rng, name, scene, (start, max(end, start + 1)), at=(column, row), heading=heading)


def _stayer(
    rng: np.random.Generator, scene: Scene, num_frames: int, role: Role, events: Sequence[Act]
) -> list[Act]:
    """Somebody who stays a while; nobody where an event would have to share the place."""
    name = _choose(rng, scene, role)
    length = int(rng.integers(40, 110))
    start = int(rng.integers(-20, max(1, num_frames - 20)))
    column = float(rng.uniform(30, 125))
    span = (max(0, start), min(num_frames, start + length))
    if any(_meets(event, span, column) for event in events):
        return []
    heading = 1 if column < WIDTH / 2 else -1
    at = (column, _row(rng, scene, name, 0))
    return [_act(rng, name, scene, span, at=at, heading=heading)]


def _meets(event: Act, span: tuple[int, int], column: float) -> bool:
    if event.onset is None or event.offset is None or abs(event.at[0] - column) > _APART:
        return False
    return span[0] < event.offset + event.tail and event.onset - event.lead < span[1]


def _act(
    rng: np.random.Generator,
    name: str,
    scene: Scene,
    span: tuple[int, int],
    *,
    at: tuple[float, float],
    heading: int,
) -> Act:
    kind = KINDS[name]
    variants = fits(name, scene.name)
    return Act(
        kind=name,
        start=span[0],
        end=span[1],
        at=at,
        heading=heading,
        pace=float(rng.uniform(0.8, 1.2)),
        seed=float(rng.random() * 10),
        variant=variants[rng.integers(len(variants))],
        looks=tuple(random_look(rng) for _ in range(kind.people)),
        cars=tuple(random_car(rng) for _ in range(kind.cars)),
    )


def _choose(rng: np.random.Generator, scene: Scene, role: Role) -> str:
    names = of_role(role, scene.name)
    shares = np.array([KINDS[name].share for name in names])
    return names[rng.choice(len(names), p=shares / shares.sum())]
