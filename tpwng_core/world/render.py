"""Frames of a planned video: backdrop, figures by depth, light, flames, camera.

In: a :class:`tpwng_core.world.plan.VideoPlan`. Out: RGB uint8 frames. Any frame can be drawn
alone; the costly parts (backdrop, light map, noise) are made once per video.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from tpwng_core.world.act import FPS, Sprite
from tpwng_core.world.backdrops import BACKDROPS
from tpwng_core.world.canvas import (
    HEIGHT,
    MARGIN,
    OVERSAMPLING,
    WIDTH,
    Canvas,
    scatter,
    sheet_size,
    wobble,
)
from tpwng_core.world.kinds import KINDS
from tpwng_core.world.plan import VideoPlan
from tpwng_core.world.scenes import light_map

_NOISE_MARGIN_PX = 32


def render_frames(plan: VideoPlan) -> Iterator[np.ndarray]:
    """All frames of a video in order, each (height_px, width_px, 3) uint8 RGB."""
    return render_some_frames(plan, range(plan.num_frames))


def render_some_frames(plan: VideoPlan, frames: Iterable[int]) -> Iterator[np.ndarray]:
    """Chosen frames of a video, equal to those of :func:`render_frames`.

    Raises:
        IndexError: there is no such frame.
    """
    camera = _Camera(plan)
    for frame in frames:
        if not 0 <= frame < plan.num_frames:
            raise IndexError(f"frame {frame} of a video of {plan.num_frames} frames")
        yield camera.shoot(frame)


def render_frame(plan: VideoPlan, frame: int) -> np.ndarray:
    """One frame, equal to that of :func:`render_frames`.

    Raises:
        IndexError: there is no such frame.
    """
    return next(render_some_frames(plan, [frame]))


def visible_sprites(plan: VideoPlan, frame: int) -> list[tuple[str, Sprite]]:
    """What is in the picture, far things first, each with its act's kind."""
    found = []
    for act in plan.acts:
        if act.start <= frame < act.end:
            for sprite in KINDS[act.kind].draw(plan.moment(act, frame)):
                left, top, right, bottom = sprite.box
                if right > 0 and left < WIDTH and bottom > 0 and top < HEIGHT:
                    found.append((act.kind, sprite))
    return sorted(found, key=lambda item: item[1].depth)


class _Camera:
    """The parts of a video that do not change from frame to frame."""

    def __init__(self, plan: VideoPlan) -> None:
        self._plan = plan
        self._unit_px = OVERSAMPLING * plan.width_px / WIDTH
        size = sheet_size(plan.width_px)
        self._backdrop = Image.new("RGB", size)
        rng = np.random.default_rng(plan.seed)
        BACKDROPS[plan.scene_name](Canvas(self._backdrop, self._unit_px), rng, plan.light)
        factors = light_map(plan.scene, plan.light, (65, 85))
        self._light = Image.fromarray(np.uint8(factors * 255)).resize(
            size, Image.Resampling.BILINEAR
        )
        self._noise = self._make_noise(rng)
        first, last = plan.light.hours
        self._clock_s = int(rng.integers(first * 3600, last * 3600))
        self._font = ImageFont.load_default_imagefont()
        self._name = f"CAM {int(rng.integers(1, 9))}"

    def shoot(self, frame: int) -> np.ndarray:
        """Draw a frame."""
        sheet = self._backdrop.copy()
        canvas = Canvas(sheet, self._unit_px)
        sprites = [sprite for _, sprite in visible_sprites(self._plan, frame)]
        for sprite in sprites:
            if not sprite.shining:
                sprite.paint(canvas)
        sheet = ImageChops.multiply(sheet, self._light)
        canvas = Canvas(sheet, self._unit_px)
        for sprite in sprites:
            if sprite.shining:
                sprite.paint(canvas)
        return np.asarray(self._develop(sheet, frame))

    def _develop(self, sheet: Image.Image, frame: int) -> Image.Image:
        """Crop, scale down, disturb, stamp."""
        plan = self._plan
        right, down = plan.shake_px(frame)
        margin_px = round(MARGIN * self._unit_px)
        left, top = margin_px + OVERSAMPLING * right, margin_px + OVERSAMPLING * down
        box = (left, top, left + OVERSAMPLING * plan.width_px, top + OVERSAMPLING * plan.height_px)
        picture = sheet.reduce(OVERSAMPLING, box=box)
        for junk in plan.junk:
            if junk.start <= frame < junk.end and junk.kind != "shake":
                picture = _disturb(picture, junk.kind, wobble(junk.seed, frame / FPS * 4))
        if plan.infrared:
            picture = picture.convert("L").convert("RGB")
        picture = ImageChops.add(picture, self._grain(frame), 1.0, -128)
        self._stamp(picture, frame)
        return picture

    def _make_noise(self, rng: np.random.Generator) -> Image.Image:
        shape = (self._plan.height_px + _NOISE_MARGIN_PX, self._plan.width_px + _NOISE_MARGIN_PX)
        grain = rng.normal(128.0, self._plan.light.noise, (*shape, 1))
        colour = rng.normal(0.0, self._plan.light.noise * 0.4, (*shape, 3))
        return Image.fromarray(np.uint8(np.clip(grain + colour, 0, 255)))

    def _grain(self, frame: int) -> Image.Image:
        left = int(scatter(1.7, frame) * _NOISE_MARGIN_PX)
        top = int(scatter(2.9, frame) * _NOISE_MARGIN_PX)
        return self._noise.crop((left, top, left + self._plan.width_px, top + self._plan.height_px))

    def _stamp(self, picture: Image.Image, frame: int) -> None:
        """The camera's name and clock."""
        second = (self._clock_s + frame // FPS) % 86_400
        clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        draw = ImageDraw.Draw(picture)
        draw.text((3, 1), self._name, fill=(236, 236, 236), font=self._font)
        draw.text((picture.width - 51, 1), clock, fill=(236, 236, 236), font=self._font)


def _disturb(picture: Image.Image, kind: str, amount: float) -> Image.Image:
    if kind == "blur":
        return picture.filter(ImageFilter.BoxBlur(1 + abs(amount)))
    factor = 1.0 + 0.45 * amount
    return picture.point([min(255, int(value * factor)) for value in range(256)] * 3)
