"""The places a camera looks at: geometry, light, and where things may happen.

A :class:`Scene` is a fixed view, a :class:`Light` what the sun and the lamps do to it. The
planner picks both; :mod:`tpwng_core.world.backdrops` paints them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tpwng_core.world.canvas import HEIGHT, WIDTH, Colour, Point

Band = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A fixed view.

    Attributes:
        name: key of the scene.
        words: where it is, as captions say it.
        indoor: lit by lamps only.
        walk: bands of y where people's feet stand, the near one first, world units.
        road: y of the lanes; empty where there are none.
        heights: of an adult at y = 50 and at y = 116, world units.
        lamps: where lamps pool their light in the dark.
    """

    name: str
    words: tuple[str, ...]
    indoor: bool
    walk: tuple[Band, Band]
    road: tuple[float, ...]
    heights: Band
    lamps: tuple[Point, ...]

    def height_at(self, y: float) -> float:
        """Height of an adult whose feet are at ``y``, world units."""
        far, near = self.heights
        return far + (near - far) * (y - 50.0) / 66.0


@dataclass(frozen=True, kw_only=True)
class Light:
    """What light does to a scene.

    Attributes:
        name: key of the light.
        words: for captions; may be empty strings.
        ambient: factor per colour channel, 0-1.
        lamps: strength of the lamps, 0-1.
        noise: standard deviation of the sensor's noise, grey levels.
        sky: colour of the sky.
        hours: of the day when it looks like this; may pass midnight.
    """

    name: str
    words: tuple[str, ...]
    ambient: tuple[float, float, float]
    lamps: float
    noise: float
    sky: Colour
    hours: tuple[int, int]

    @property
    def dark(self) -> bool:
        """Whether cars need their lamps."""
        return self.lamps > 0.5


SCENES = {
    scene.name: scene
    for scene in (
        Scene(
            name="street", words=("on a street", "in the street", "on a city street"), indoor=False,
            walk=((96.0, 114.0), (56.0, 60.0)), road=(72.0, 87.0), heights=(28.0, 50.0),
            lamps=((28.0, 84.0), (104.0, 84.0)),
        ),
        Scene(
            name="crossing", words=("at a crossing", "at a zebra crossing"), indoor=False,
            walk=((92.0, 113.0), (51.0, 56.0)), road=(66.0, 80.0), heights=(27.0, 49.0),
            lamps=((30.0, 96.0), (132.0, 80.0)),
        ),
        Scene(
            name="parking", words=("on a parking lot", "in a car park"), indoor=False,
            walk=((80.0, 113.0), (62.0, 72.0)), road=(78.0, 92.0), heights=(28.0, 49.0),
            lamps=((40.0, 80.0), (120.0, 96.0)),
        ),
        Scene(
            name="corridor", words=("in a corridor", "in a hallway"), indoor=True,
            walk=((84.0, 115.0), (64.0, 74.0)), road=(), heights=(23.0, 62.0),
            lamps=((80.0, 60.0), (80.0, 100.0)),
        ),
        Scene(
            name="shop", words=("in a shop", "in a store"), indoor=True,
            walk=((88.0, 114.0), (68.0, 78.0)), road=(), heights=(32.0, 53.0),
            lamps=((50.0, 90.0), (115.0, 70.0)),
        ),
        Scene(
            name="yard", words=("in a yard", "in a park", "in a courtyard"), indoor=False,
            walk=((80.0, 113.0), (58.0, 68.0)), road=(), heights=(28.0, 49.0),
            lamps=((42.0, 88.0), (122.0, 78.0)),
        ),
    )
}  # fmt: skip

LIGHTS = {
    light.name: light
    for light in (
        Light(name="day", words=("", "", "in daylight", "during the day"), ambient=(1.0, 1.0, 1.0),
              lamps=0.0, noise=2.0, sky=(150, 192, 226), hours=(9, 17)),
        Light(name="overcast", words=("", "", "on a grey day"), ambient=(0.84, 0.87, 0.9),
              lamps=0.0, noise=2.5, sky=(182, 188, 194), hours=(9, 17)),
        Light(name="dusk", words=("", "in the evening", "at dusk"), ambient=(0.86, 0.7, 0.62),
              lamps=0.35, noise=3.2, sky=(232, 176, 140), hours=(18, 20)),
        Light(name="night", words=("at night", "in the dark", ""), ambient=(0.46, 0.5, 0.61),
              lamps=0.85, noise=5.0, sky=(26, 32, 54), hours=(21, 29)),
        Light(name="bright", words=("",), ambient=(1.0, 0.99, 0.95), lamps=0.0, noise=2.0,
              sky=(0, 0, 0), hours=(8, 22)),
        Light(name="dim", words=("", "in dim light"), ambient=(0.56, 0.54, 0.5), lamps=0.55,
              noise=4.0, sky=(0, 0, 0), hours=(8, 22)),
    )
}  # fmt: skip

_OUTDOOR = (("day", 0.4), ("overcast", 0.22), ("dusk", 0.14), ("night", 0.24))
_INDOOR = (("bright", 0.7), ("dim", 0.3))


def random_light(rng: np.random.Generator, scene: Scene) -> Light:
    """A light that suits the scene."""
    names, shares = zip(*(_INDOOR if scene.indoor else _OUTDOOR), strict=True)
    return LIGHTS[str(rng.choice(names, p=shares))]


def light_map(scene: Scene, light: Light, shape: tuple[int, int]) -> np.ndarray:
    """Factors per pixel of a sheet that covers the picture.

    Args:
        scene: gives the lamps' places.
        light: gives their strength.
        shape: rows and columns wanted.

    Returns:
        float32 (rows, columns, 3) in [0, 1]: ambient light, lamp pools, a slight vignette.
    """
    rows, columns = shape
    y = np.linspace(0.0, HEIGHT, rows, dtype=np.float32)[:, None]
    x = np.linspace(0.0, WIDTH, columns, dtype=np.float32)[None, :]
    vignette = 1.0 - 0.22 * (((x - 80) / 80) ** 2 + ((y - 60) / 60) ** 2) / 2
    factors = np.array(light.ambient, np.float32) * vignette[..., None]
    for lamp_x, lamp_y in scene.lamps:
        pool = np.exp(-(((x - lamp_x) / 30) ** 2) - ((y - lamp_y) / 26) ** 2) * light.lamps
        factors += pool[..., None] * np.array((0.75, 0.66, 0.46), np.float32)
    return np.clip(factors, 0.0, 1.0)
