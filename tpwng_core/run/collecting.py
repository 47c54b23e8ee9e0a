"""Encoded frames become the features of videos: batches across videos, sums per snippet.

``run.extract`` puts pieces of several videos in and takes finished videos out.

Shapes: N frames, C crops, T snippets, D features.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tpwng_core.run.encoder import Encoder
from tpwng_core.run.preprocess import snippet_starts
from tpwng_core.video import DecodeReport, VideoFile, VideoIndex


class Collector:
    """The features of one video while they come in.

    Args:
        video: whose.
        index: its frames.
        stride: frames per snippet.
        frames_per_snippet: encoded frames whose mean is a snippet's feature.
        shape: (C, D).

    Attributes:
        report: how decoding went; set when it is through.
    """

    def __init__(
        self,
        video: VideoFile,
        index: VideoIndex,
        *,
        stride: int,
        frames_per_snippet: int,
        shape: tuple[int, int],
    ) -> None:
        self.video = video
        self.index = index
        self.starts = snippet_starts(index.num_frames, stride)
        self.report: DecodeReport | None = None
        self._frames_per_snippet = frames_per_snippet
        self._sums = torch.zeros(len(self.starts), *shape)
        self._num_missing = len(self.starts) * frames_per_snippet

    @property
    def share(self) -> float:
        """Part of the video that is encoded, 0 to 1."""
        return 1 - self._num_missing / (len(self.starts) * self._frames_per_snippet)

    @property
    def is_complete(self) -> bool:
        """True when every frame wanted is encoded and decoding has said how it went."""
        return self.report is not None and not self._num_missing

    def add(self, first: int, features: Tensor) -> None:
        """Take the features (N, C, D) of sampled frames ``first`` to ``first + N``."""
        frames = torch.arange(first, first + len(features))
        self._sums.index_add_(0, frames // self._frames_per_snippet, features)
        self._num_missing -= len(features)

    def features(self) -> NDArray[np.float32]:
        """(T, D), or (T, C, D) of several crops: means over the frames of each snippet."""
        means = self._sums.div_(self._frames_per_snippet)
        return np.asarray((means[:, 0] if means.shape[1] == 1 else means).numpy())


class Batcher:
    """Joins pieces of several videos into full batches, and shares the features out again.

    One batch stays with the device while the next is prepared, so a GPU has no pause.

    Args:
        encoder: what encodes.
        num_crops: C.

    Attributes:
        num_frames: frames encoded and shared out so far.
    """

    def __init__(self, encoder: Encoder, num_crops: int) -> None:
        self.num_frames = 0
        self._encoder = encoder
        self._num_crops = num_crops
        self._waiting: list[tuple[Collector, int, Tensor]] = []
        self._num_waiting = 0
        self._in_flight: tuple[list[tuple[Collector, int, int]], Tensor] | None = None

    def add(self, collector: Collector, first: int, pixels: Tensor) -> None:
        """Take prepared frames (N, C, 3, S, S) of a video; encode what fills a batch."""
        self._waiting.append((collector, first, pixels))
        self._num_waiting += len(pixels)
        while self._num_waiting >= self._batch_frames:
            self._launch(self._batch_frames)

    def finish(self) -> None:
        """Encode and share out all that is left."""
        if self._num_waiting:
            self._launch(self._num_waiting)
        self._share_out()

    @property
    def _batch_frames(self) -> int:
        return max(1, self._encoder.batch_size // self._num_crops)

    def _launch(self, num_frames: int) -> None:
        owners: list[tuple[Collector, int, int]] = []
        parts: list[Tensor] = []
        left = num_frames
        while left:
            collector, first, pixels = self._waiting.pop(0)
            if len(pixels) > left:
                self._waiting.insert(0, (collector, first + left, pixels[left:]))
                pixels = pixels[:left]
            owners.append((collector, first, len(pixels)))
            parts.append(pixels)
            left -= len(pixels)
        self._num_waiting -= num_frames
        launched = self._encoder.encode(torch.cat(parts).flatten(0, 1))
        self._share_out()
        self._in_flight = (owners, launched)

    def _share_out(self) -> None:
        if self._in_flight is None:
            return
        owners, launched = self._in_flight
        self._in_flight = None
        features = launched.to("cpu", torch.float32).view(-1, self._num_crops, launched.shape[-1])
        start = 0
        for collector, first, count in owners:
            collector.add(first, features[start : start + count])
            start += count
        self.num_frames += start
