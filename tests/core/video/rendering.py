"""Videos whose frames say their own number: what every test of the video room reads back.

A frame of 128 x 96 pixels holds 12 blocks of 32 x 32, black or white: the bits of its number. The
blocks are dimmed by a drifting pattern, so that encoders have motion to predict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

WIDTH, HEIGHT, BLOCK = 128, 96, 32
NUM_BITS = (WIDTH // BLOCK) * (HEIGHT // BLOCK)


def draw(number: int) -> np.ndarray:
    """(96, 128, 3) uint8 picture of ``number``, which is below 4096."""
    bits = (number >> np.arange(NUM_BITS)) & 1
    blocks = bits.reshape(HEIGHT // BLOCK, WIDTH // BLOCK)
    picture = np.kron(blocks * 160 + 20, np.ones((BLOCK, BLOCK)))
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    drift = 25 * np.sin((columns + 3 * number) / 9.0) * np.cos((rows - 2 * number) / 7.0)
    return np.repeat(np.clip(picture + drift + 25, 0, 255)[..., None], 3, axis=2).astype(np.uint8)


def read(picture: np.ndarray, rotation: int = 0) -> int:
    """The number a picture says that was turned counter-clockwise by ``rotation`` degrees."""
    picture = np.rot90(picture, -rotation // 90)
    height, width = picture.shape[0] // 3, picture.shape[1] // 4
    centres = picture[..., 1].reshape(3, height, 4, width)[
        :, height // 4 : -height // 4, :, width // 4 : -width // 4
    ]
    bits = centres.mean(axis=(1, 3)).ravel() > 127
    return int((bits << np.arange(NUM_BITS)).sum())


@dataclass(frozen=True, kw_only=True)
class Flavour:
    """How to encode a test video; ``times`` maps frame numbers to ticks of 1/90000 s."""

    name: str
    suffix: str
    codec: str
    options: dict[str, str] = field(default_factory=dict)
    container: str | None = None
    container_options: dict[str, str] = field(default_factory=dict)
    pixel_format: str = "yuv420p"
    num_frames: int = 80
    rotation: int = 0
    times: Callable[[int], int] = lambda number: 3600 * number
    #: the first frame that is shown: the earlier ones lie before the edit list
    first: int = 0
    method: str = "demux"
    variable: bool = False


def render(flavour: Flavour, folder: Path) -> Path:
    """Encode the flavour into ``folder``."""
    path = folder / f"{flavour.name}{flavour.suffix}"
    pictures = (draw(number) for number in range(flavour.num_frames))
    encode(path, flavour, pictures)
    return path


def encode(path: Path, flavour: Flavour, pictures: Iterable[np.ndarray]) -> None:
    """Encode pictures as ``flavour`` says, at 25 frames per second by default."""
    with av.open(
        str(path), "w", format=flavour.container, options=flavour.container_options
    ) as container:
        stream = container.add_stream(flavour.codec, rate=25, options=flavour.options)
        stream.width, stream.height = WIDTH, HEIGHT
        stream.pix_fmt = flavour.pixel_format
        stream.codec_context.thread_count = 1
        if flavour.variable:
            stream.codec_context.time_base = Fraction(1, 90000)
        if flavour.rotation:
            stream.set_display_rotation(flavour.rotation)
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = flavour.times(number)
            frame.time_base = Fraction(1, 90000)
            container.mux(_cut(stream.encode(frame), flavour.first))
        container.mux(_cut(stream.encode(None), flavour.first))


def _cut(packets: list[av.Packet], first: int) -> list[av.Packet]:
    """Move frame ``first`` to time 0, which hides the earlier ones behind an edit list."""
    for packet in packets:
        offset = round(Fraction(first, 25) / packet.time_base)
        packet.pts -= offset
        packet.dts -= offset
    return packets
