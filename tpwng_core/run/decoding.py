"""Videos decoded ahead of the encoder: a thread for each, a bounded queue between.

Paths in; for every video an :class:`Opened`, its :class:`Piece` s of prepared frames, and an
:class:`Ended`, those of several videos interleaved. FFmpeg and the resize run outside the
interpreter's lock, so threads are enough. Called by ``run.extract``.

Shapes: N frames, C crops, S side of the input in pixels.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import torch
from torch import Tensor

from tpwng_core.errors import TpwngError
from tpwng_core.run.preprocess import Preparation, sampled_frames
from tpwng_core.video import DecodeReport, VideoFile, VideoIndex, index_video, sample_frames

_PIECE_IMAGES = 16
_POLL_S = 0.2
_MAX_WORKERS = 32


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A video is indexed; its pieces follow."""

    video: VideoFile
    index: VideoIndex


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Prepared frames of a video, in order.

    Attributes:
        video: whose.
        first: place of the first one among the sampled frames of the video.
        pixels: (N, C, 3, S, S) uint8.
    """

    video: VideoFile
    first: int
    pixels: Tensor


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A video is through: ``report`` where it could be decoded, else ``error``."""

    video: VideoFile
    report: DecodeReport | None = None
    error: TpwngError | None = None


Decoded = Opened | Piece | Ended


@dataclass(frozen=True, kw_only=True)
class _NotBegun:
    """A video that will not be decoded, because no more are wanted."""


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """Which frames are wanted, and how they are prepared."""

    stride: int
    frames_per_snippet: int
    preparation: Preparation


@dataclass
class StageSeconds:
    """Processor seconds of the decoding threads by stage; added to under a lock."""

    by_stage: dict[str, float] = field(
        default_factory=lambda: {"index": 0.0, "decode": 0.0, "resize": 0.0}
    )
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, stage: str, since_s: float) -> float:
        """Add what this thread spent since ``since_s``; returns the time now."""
        now_s = time.thread_time()
        with self._lock:
            self.by_stage[stage] += now_s - since_s
        return now_s


class DecodePool:
    """Decodes videos in threads; iterate it once, inside ``with``.

    Leaving the ``with`` block stops all threads, also in the middle of a video.

    Args:
        videos: in the order in which they are begun.
        sampling: what is wanted of them.
        num_workers: threads, one video each.
        ahead: images that may wait for the encoder; bounds the memory.
    """

    def __init__(
        self, videos: Sequence[VideoFile], sampling: Sampling, num_workers: int, ahead: int
    ) -> None:
        self.seconds = StageSeconds()
        self._videos = videos
        self._sampling = sampling
        self._piece_frames = max(1, _PIECE_IMAGES // sampling.preparation.num_crops)
        piece_images = self._piece_frames * sampling.preparation.num_crops
        self._queue: queue.Queue[Decoded | _NotBegun] = queue.Queue(
            max(ahead // piece_images, num_workers, 2)
        )
        self._stop = threading.Event()
        self._is_closing = threading.Event()
        self._threads = ThreadPoolExecutor(num_workers, thread_name_prefix="decode")
        self._futures: list[Future[None]] = []

    def __enter__(self) -> DecodePool:
        self._futures = [self._threads.submit(self._decode, video) for video in self._videos]
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def __iter__(self) -> Iterator[Decoded]:
        left = len(self._videos)
        while left:
            try:
                message = self._queue.get(timeout=_POLL_S)
            except queue.Empty:
                self._raise_defects()
                continue
            left -= isinstance(message, Ended | _NotBegun)
            if not isinstance(message, _NotBegun):
                yield message

    def begin_no_more(self) -> None:
        """Finish the videos that are being decoded, and begin no other."""
        self._is_closing.set()

    def _raise_defects(self) -> None:
        """Raise what a thread died of; errors of videos do not come this way."""
        for future in self._futures:
            if future.done():
                future.result()

    def _decode(self, video: VideoFile) -> None:
        if self._stop.is_set():
            return
        if self._is_closing.is_set():
            self._send(_NotBegun())
            return
        try:
            report = self._send_pieces(video)
        except TpwngError as error:
            self._send(Ended(video=video, error=error))
        else:
            self._send(Ended(video=video, report=report))

    def _send_pieces(self, video: VideoFile) -> DecodeReport:
        sampling = self._sampling
        mark_s = time.thread_time()
        index = index_video(video.path)
        mark_s = self.seconds.add("index", mark_s)
        self._send(Opened(video=video, index=index))
        wanted = sampled_frames(index.num_frames, sampling.stride, sampling.frames_per_snippet)
        frames = sample_frames(video.path, index, wanted)
        prepared: list[Tensor] = []
        for place, (_, picture) in enumerate(frames):
            mark_s = self.seconds.add("decode", mark_s)
            prepared.append(sampling.preparation.apply(picture))
            mark_s = self.seconds.add("resize", mark_s)
            if len(prepared) == self._piece_frames or place == len(wanted) - 1:
                first = place + 1 - len(prepared)
                self._send(Piece(video=video, first=first, pixels=torch.stack(prepared)))
                prepared = []
            if self._stop.is_set():
                break
        return frames.report

    def _send(self, message: Decoded | _NotBegun) -> None:
        """Hand over, waiting for room; give up once nobody listens."""
        while not self._stop.is_set():
            try:
                return self._queue.put(message, timeout=_POLL_S)
            except queue.Full:
                continue
        return None


def choose_num_workers(num_videos: int) -> int:
    """Threads to decode with: one per processor this program may use, one video each."""
    affinity = getattr(os, "sched_getaffinity", None)
    available = len(affinity(0)) if affinity else (os.cpu_count() or 1)
    return max(1, min(num_videos, available, _MAX_WORKERS))
