"""A decoded frame becomes the picture a person sees: RGB, upright, of one size.

PyAV frame in, (H, W, 3) uint8 out. Called by ``reader.py`` and ``sampling.py``, so that both give
the same pixels, and by the studio's thumbnails.
"""

from __future__ import annotations

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def upright_size(width: int, height: int, rotation: int) -> tuple[int, int]:
    """Width and height in pixels after turning by ``rotation`` degrees."""
    return (height, width) if rotation % 180 == 90 else (width, height)


def rotation_of(frame: VideoFrame) -> int:
    """Degrees counter-clockwise to turn the frame by, of 0, 90, 180, 270.

    The container's display matrix says it. Other angles cannot be had without resampling and are
    left as they are (0).
    """
    rotation = round(frame.rotation) % 360
    return rotation if rotation % 90 == 0 else 0


class Painter:
    """Converts frames to RGB; keeps one scaler, since building one takes longer than its work.

    Pixels that are not square stay as they are coded: nothing is resampled. A frame whose size
    differs from the first one's (a stream that changes its size) is scaled to it.

    Args:
        width: upright width in pixels.
        height: upright height in pixels.
        rotation: degrees counter-clockwise, of 0, 90, 180, 270.
    """

    def __init__(self, width: int, height: int, rotation: int) -> None:
        self._coded_width, self._coded_height = upright_size(width, height, rotation)
        self._quarter_turns = rotation // 90
        self._reformatter = VideoReformatter()

    def paint(self, frame: VideoFrame) -> Picture:
        """(H, W, 3) uint8 RGB of ``frame``, upright; the caller owns the array."""
        rgb = self._reformatter.reformat(
            frame,
            width=self._coded_width,
            height=self._coded_height,
            # not bgra: of that, the scaler leaves the last columns unwritten at some widths
            format="rgb24",
            # what OpenCV and the ffmpeg program do
            interpolation=Interpolation.BICUBIC,
            threads=1,
        )
        picture = np.asarray(rgb.to_ndarray(), dtype=np.uint8)
        if self._quarter_turns:
            picture = np.ascontiguousarray(np.rot90(picture, self._quarter_turns))
        return picture
