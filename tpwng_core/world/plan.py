"""A video before a pixel is drawn: scene, light, acts, junk, and the ground truth they imply.

:func:`plan_video` turns a seeded generator into a :class:`VideoPlan`, plain data from which
:mod:`tpwng_core.world.render` draws the same frames every time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tpwng_core.errors import ConfigError
from tpwng_core.world.act import FPS, Act, Moment
from tpwng_core.world.canvas import HEIGHT, WIDTH, Box, wobble
from tpwng_core.world.kinds import EVENTS, KINDS
from tpwng_core.world.scenes import LIGHTS, SCENES, Light, Scene, random_light
from tpwng_core.world.schedule import add_everyday, event_acts, pick_scene

NUM_FRAMES = (144, 240)  # a video's length, 12-20 s
WIDTH_PX = 192

PixelBox = tuple[int, int, int, int]


@dataclass(frozen=True, kw_only=True)
class Junk:
    """Something the camera does, normal by definition, in frames [start, end)."""

    kind: Literal["shake", "flicker", "blur"]
    start: int
    end: int
    seed: float


@dataclass(frozen=True, kw_only=True)
class VideoPlan:
    """Everything that determines a video.

    Attributes:
        scene_name: key of SCENES.
        light_name: key of LIGHTS.
        category: the event's, or None for a normal video.
        num_frames: length.
        acts: what happens.
        junk: what the camera does.
        seed: of the backdrop and the sensor's noise.
        infrared: the night camera sees grey.
        width_px: of the picture; the height is 3/4 of it.
    """

    scene_name: str
    light_name: str
    category: str | None
    num_frames: int
    acts: tuple[Act, ...]
    junk: tuple[Junk, ...]
    seed: int
    infrared: bool = False
    width_px: int = WIDTH_PX

    @property
    def scene(self) -> Scene:
        """The view."""
        return SCENES[self.scene_name]

    @property
    def light(self) -> Light:
        """The light."""
        return LIGHTS[self.light_name]

    @property
    def height_px(self) -> int:
        """Rows of the picture."""
        return self.width_px * 3 // 4

    @property
    def intervals(self) -> tuple[tuple[int, int], ...]:
        """The events in half-open frames, in order; empty for a normal video."""
        found = [(act.onset, act.offset) for act in self.acts]
        return tuple(sorted((a, b) for a, b in found if a is not None and b is not None))

    def moment(self, act: Act, frame: int) -> Moment:
        """An act of this plan at a frame."""
        return Moment(act=act, scene=self.scene, frame=frame, dark=self.light.dark)

    def shake_px(self, frame: int) -> tuple[int, int]:
        """How far the camera is off its place, pixels of the picture (right, down)."""
        for junk in self.junk:
            if junk.kind == "shake" and junk.start <= frame < junk.end:
                time_s = frame / FPS
                reach = 2.6 * self.width_px / WIDTH
                across, down = wobble(junk.seed, time_s * 3), wobble(junk.seed + 9, time_s * 3)
                return round(reach * across), round(reach * down)
        return 0, 0

    def regions(self, frame: int) -> tuple[PixelBox, ...]:
        """Where the event is in the picture.

        Args:
            frame: index in [0, num_frames).

        Returns:
            One box (left, top, right, bottom), half-open pixels, per event under way in this
            frame; empty exactly where no interval covers the frame.
        """
        going = [
            act
            for act in self.acts
            if act.onset is not None and act.offset is not None and act.onset <= frame < act.offset
        ]
        return tuple(self._region(act, frame) for act in going)

    def _region(self, act: Act, frame: int) -> PixelBox:
        sprites = KINDS[act.kind].draw(self.moment(act, frame))
        boxes = [sprite.box for sprite in sprites if sprite.evidence]
        union = (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )
        return self._to_px(union, frame)

    def _to_px(self, box: Box, frame: int) -> PixelBox:
        scale = self.width_px / WIDTH
        right, down = self.shake_px(frame)
        left = math.floor(max(box[0], 0.0) * scale) - right
        top = math.floor(max(box[1], 0.0) * scale) - down
        return (
            max(0, left),
            max(0, top),
            min(self.width_px, math.ceil(min(box[2], WIDTH) * scale) - right),
            min(self.height_px, math.ceil(min(box[3], HEIGHT) * scale) - down),
        )


def plan_video(
    rng: np.random.Generator,
    category: str | None = None,
    *,
    num_frames: int | None = None,
    scene: str | None = None,
) -> VideoPlan:
    """Plan a video.

    Args:
        rng: every choice comes from it.
        category: one of EVENTS, or None (or "normal") for a video without an event.
        num_frames: length; by default 144-240 (12-20 s at 12 frames a second). Videos with an
            event need at least 48.
        scene: key of SCENES; by default any that suits the category.

    Returns:
        The plan; equal generators give equal plans.

    Raises:
        ConfigError: no such category or scene, the scene does not suit it, or it is too short.
    """
    category = None if category == "normal" else category
    if category is not None and category not in EVENTS:
        raise ConfigError(
            f"the rendered world has no category {category!r}", f"{', '.join(EVENTS)}"
        )
    length = int(rng.integers(*NUM_FRAMES)) if num_frames is None else num_frames
    if length < 1 or (category is not None and length < 48):
        raise ConfigError(f"a rendered video of {length} frames is too short", "48 or more")
    place = pick_scene(rng, category, scene)
    light = random_light(rng, place)
    events = [] if category is None else event_acts(rng, category, place, length)
    acts = add_everyday(rng, place, length, events)
    return VideoPlan(
        scene_name=place.name,
        light_name=light.name,
        category=category,
        num_frames=length,
        acts=tuple(acts),
        junk=_random_junk(rng, length),
        seed=int(rng.integers(2**31)),
        infrared=bool(light.name == "night" and rng.random() < 0.2),
    )


def _random_junk(rng: np.random.Generator, num_frames: int) -> tuple[Junk, ...]:
    """Nothing in three of four videos, else one short disturbance."""
    if rng.random() > 0.25:
        return ()
    kinds: tuple[Literal["shake", "flicker", "blur"], ...] = ("shake", "flicker", "blur")
    start = int(rng.integers(num_frames))
    end = min(num_frames, start + int(rng.integers(10, 36)))
    kind = kinds[rng.integers(len(kinds))]
    return (Junk(kind=kind, start=start, end=end, seed=float(rng.random() * 10)),)
