"""The frames nearest to the one looked at stay."""

from __future__ import annotations

import av
import pytest

from tpwng_core.video.neighbours import NeighbourCache
from tpwng_core.video.numbering import Numbered

FRAME_BYTES = sum(plane.buffer_size for plane in av.VideoFrame(64, 32, "yuv420p").planes)


def fill(cache: NeighbourCache, numbers: range) -> None:
    for number in numbers:
        cache.keep(Numbered(number, av.VideoFrame(64, 32, "yuv420p"), False))


def kept(cache: NeighbourCache) -> list[int]:
    return [number for number in range(1000) if number in cache]


@pytest.mark.parametrize(("focus", "expected"), [(5, [3, 4, 5, 6, 7]), (99, [95, 96, 97, 98, 99])])
def test_the_farthest_frames_go_first(focus, expected):
    cache = NeighbourCache(5 * FRAME_BYTES)
    cache.focus = focus
    fill(cache, range(100))
    assert len(cache) == 5
    assert kept(cache) == expected


def test_another_focus_lets_go_of_the_old_surroundings():
    cache = NeighbourCache(6 * FRAME_BYTES)
    fill(cache, range(6))
    cache.focus = 500
    fill(cache, range(496, 501))
    assert kept(cache) == [5, 496, 497, 498, 499, 500]


def test_one_frame_is_always_kept():
    cache = NeighbourCache(0)
    cache.focus = 7
    fill(cache, range(8))
    assert kept(cache) == [7]


def test_keeping_a_frame_again_costs_no_memory():
    cache = NeighbourCache(3 * FRAME_BYTES)
    for _ in range(5):
        fill(cache, range(3))
    assert kept(cache) == [0, 1, 2]


def test_the_nearest_frame_is_found():
    cache = NeighbourCache(100 * FRAME_BYTES)
    assert cache.nearest(3) is None
    fill(cache, range(10, 20, 3))
    said = {}
    for number in (0, 11, 12, 19, 900):
        found = cache.nearest(number)
        assert found is not None
        said[number] = found.number
    assert said == {0: 10, 11: 10, 12: 13, 19: 19, 900: 19}


def test_clearing_forgets_everything():
    cache = NeighbourCache(10 * FRAME_BYTES)
    fill(cache, range(5))
    cache.clear()
    assert kept(cache) == []
