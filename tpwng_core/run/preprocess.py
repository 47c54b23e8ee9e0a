"""From decoded frames to what the image tower reads: which frames, which resize, which crops.

Resizing happens on uint8 in the decoding threads, also for a GPU: there it costs a tenth of
decoding, gives the same pixels on every device, and leaves 150 kB a frame to move instead of
megabytes. Only normalising is left to the device. Called by ``run.decoding`` and ``run.encoder``.

Shapes: N frames, C crops, S side of the input in pixels, T snippets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from tpwng_core.nn.clip import Clip

Crop = Literal["center", "ten"]

# Ten crops leave a margin: the shortest side is 256 where the input is 224.
_TEN_CROP_MARGIN = 256 / 224


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """How a frame becomes the input of the image tower.

    Attributes:
        size: S.
        interpolation: ``bicubic`` or ``bilinear``, both with antialiasing.
        crop: ``center``, or ``ten``: centre, top left, top right, bottom left, bottom right,
            then the five mirrored left to right.
    """

    size: int
    interpolation: str
    crop: Crop

    @classmethod
    def of(cls, clip: Clip, crop: Crop) -> Preparation:
        """What ``clip`` was trained on, with the crops wanted."""
        return cls(size=clip.image_size, interpolation=clip.interpolation, crop=crop)

    @property
    def num_crops(self) -> int:
        """C."""
        return 10 if self.crop == "ten" else 1

    @property
    def shortest_side(self) -> int:
        """Of the resized frame, in pixels."""
        return round(self.size * _TEN_CROP_MARGIN) if self.crop == "ten" else self.size

    def __str__(self) -> str:
        return f"{self.interpolation} antialias uint8, shortest {self.shortest_side}, {self.size}px"

    def apply(self, frame: NDArray[np.uint8]) -> Tensor:
        """Resize and crop one frame, as open_clip's own transform does by way of PIL.

        Args:
            frame: (H, W, 3) RGB.

        Returns:
            (C, 3, S, S) uint8.
        """
        picture = torch.from_numpy(frame).permute(2, 0, 1)[None]
        picture = F.interpolate(
            picture, self._resized(*frame.shape[:2]), mode=self.interpolation, antialias=True
        )
        if self.crop == "center":
            return _center_crop(picture, self.size)
        return _ten_crops(picture, self.size)

    def covered(self, height: int, width: int) -> tuple[float, float, float, float]:
        """What the centre crop shows: left, top, right, bottom in pixels of the frame."""
        rows, columns = self._resized(height, width)
        top, left = round((rows - self.size) / 2), round((columns - self.size) / 2)
        down, across = height / rows, width / columns
        right, bottom = (left + self.size) * across, (top + self.size) * down
        return left * across, top * down, right, bottom

    def _resized(self, height: int, width: int) -> tuple[int, int]:
        """The shortest side as wanted, the other one cut to whole pixels, as torchvision does."""
        short, long = sorted((height, width))
        side = self.shortest_side
        other = int(side * long / short)
        return (other, side) if height > width else (side, other)


def normalise(pixels: Tensor, clip: Clip, dtype: torch.dtype) -> Tensor:
    """Pixels as the image tower was trained on them.

    Args:
        pixels: (N, 3, S, S) uint8, on the device.
        clip: gives mean and standard deviation.
        dtype: of the result; the arithmetic is float32.

    Returns:
        (N, 3, S, S).
    """
    mean = torch.tensor(clip.mean, device=pixels.device).view(3, 1, 1) * 255
    std = torch.tensor(clip.std, device=pixels.device).view(3, 1, 1) * 255
    return pixels.to(torch.float32).sub_(mean).div_(std).to(dtype)


def snippet_starts(num_frames: int, stride: int) -> NDArray[np.int32]:
    """(T,) first frame of each snippet; T = ceil(num_frames / stride)."""
    return np.arange(0, num_frames, stride, dtype=np.int32)


def sampled_frames(num_frames: int, stride: int, frames_per_snippet: int) -> NDArray[np.int64]:
    """Which frames are encoded: the centre of each snippet, or several evenly spread over it.

    The last snippet counts the frames that exist (spec/method.md B.1). A snippet with fewer
    frames than wanted repeats some.

    Args:
        num_frames: of the video, at least 1.
        stride: frames per snippet.
        frames_per_snippet: n.

    Returns:
        (T * n,) ascending frame numbers, n for each snippet.
    """
    starts = snippet_starts(num_frames, stride).astype(np.int64)
    lengths = np.minimum(starts + stride, num_frames) - starts
    places = (2 * np.arange(frames_per_snippet) + 1)[None] * lengths[:, None]
    return (starts[:, None] + places // (2 * frames_per_snippet)).reshape(-1)


def _center_crop(picture: Tensor, size: int) -> Tensor:
    top, left = (round((side - size) / 2) for side in picture.shape[-2:])
    return picture[..., top : top + size, left : left + size]


def _ten_crops(picture: Tensor, size: int) -> Tensor:
    height, width = picture.shape[-2:]
    corners = [(0, 0), (0, width - size), (height - size, 0), (height - size, width - size)]
    crops = [_center_crop(picture, size)]
    crops += [picture[..., y : y + size, x : x + size] for y, x in corners]
    five = torch.cat(crops)
    return torch.cat([five, five.flip(-1)])
