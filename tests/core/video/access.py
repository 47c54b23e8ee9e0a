"""Ways through a video, and whether each frame is the one asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from tests.core.video.rendering import read
from tpwng_core.video import VideoIndex, VideoReader, sample_frames

#: small enough that frames fall out of the cache and have to be sought again
TINY_CACHE_BYTES = 10 * 3 * 128 * 96


def orders(num_frames: int) -> dict[str, list[int]]:
    """Random, backward and forward order, and jumps with steps between."""
    shuffled = np.random.default_rng(0).permutation(num_frames).tolist()
    jumps = [number for start in shuffled[::10] for number in (start, max(start - 1, 0), start)]
    everything = list(range(num_frames))
    return {
        "random": shuffled[::2],
        "backward": everything[::-1],
        "forward": everything,
        "jumps": jumps,
    }


def assert_exact(
    path: Path, index: VideoIndex, expected: Callable[[int], int], rotation: int = 0
) -> None:
    """Every frame says ``expected(its number)`` whichever way it is reached, with equal pixels.

    Frames may be reported damaged (a joined transport stream is, at the joint), but none may be
    lost.
    """
    everything = dict(_sample(path, index, range(index.num_frames)))
    said = [read(picture, rotation) for picture in everything.values()]
    assert said == [expected(number) for number in everything]
    for number, picture in _sample(path, index, range(3, index.num_frames, 7)):
        assert np.array_equal(picture, everything[number]), f"frame {number} of a sparse pass"
    with VideoReader(path, index, cache_bytes=TINY_CACHE_BYTES) as reader:
        for name, order in orders(index.num_frames).items():
            for number in order:
                same = np.array_equal(reader.frame(number), everything[number])
                assert same, f"frame {number}, {name} order"


def _sample(
    path: Path, index: VideoIndex, numbers: Iterable[int]
) -> Iterable[tuple[int, np.ndarray]]:
    sampler = sample_frames(path, index, list(numbers))
    yield from sampler
    assert not sampler.report.concealed
    assert not sampler.report.num_unknown
