"""Small videos and a small CLIP for the tests of extraction."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from tpwng_core.video import write_video


def draw(number: int, width: int = 96, height: int = 64) -> np.ndarray:
    """A smooth picture that changes with its number."""
    rows, columns = np.mgrid[:height, :width]
    red = 128 + 100 * np.sin((columns + 5 * number) / 15)
    green = 128 + 100 * np.cos((rows + 3 * number) / 11)
    blue = np.full_like(red, number * 7 % 200 + 20)
    return np.stack([red, green, blue], axis=-1).astype(np.uint8)


def film(path: Path, num_frames: int, width: int = 96, height: int = 64, first: int = 0) -> Path:
    """Write a video of ``num_frames`` pictures."""
    pictures = (draw(first + number, width, height) for number in range(num_frames))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_video(path, pictures, Fraction(25), crf=10)
    return path
