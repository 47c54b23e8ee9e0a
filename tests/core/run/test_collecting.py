from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.core.run.footage import film
from tpwng_core.run.collecting import Batcher, Collector
from tpwng_core.video import DecodeReport, VideoFile, VideoIndex, index_video


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> VideoIndex:
    return index_video(film(tmp_path_factory.mktemp("v") / "v.mp4", 2))


def make_collector(
    index: VideoIndex, num_frames: int, count: int = 1, num_crops: int = 1
) -> Collector:
    index = replace(index, pts=np.arange(num_frames), keyframe=np.ones(num_frames, bool))
    video = VideoFile(video_id="v", path=Path("v.mp4"))
    return Collector(video, index, stride=4, frames_per_snippet=count, shape=(num_crops, 2))


class Doubler:
    """An encoder whose feature of an image is twice its first two pixels; notes its batches."""

    def __init__(self, batch_size: int) -> None:
        self.batch_size = batch_size
        self.batches: list[int] = []

    def encode(self, pixels: torch.Tensor) -> torch.Tensor:
        self.batches.append(len(pixels))
        return pixels[:, 0, 0, :2].to(torch.bfloat16) * 2


def pixels_of(first: int, count: int, num_crops: int = 1) -> torch.Tensor:
    """Frames whose pixels are all their own number."""
    numbers = torch.arange(first, first + count, dtype=torch.uint8).view(-1, 1, 1, 1, 1)
    return numbers.expand(count, num_crops, 3, 2, 2)


@given(pieces=st.lists(st.integers(1, 9), min_size=1, max_size=8), batch_size=st.integers(1, 20))
def test_features_return_to_the_frames_they_came_from(
    index: VideoIndex, pieces: list[int], batch_size: int
):
    total = sum(pieces)
    one, two = make_collector(index, 4 * total), make_collector(index, 4 * total)
    encoder = Doubler(batch_size)
    batcher = Batcher(encoder, 1)  # type: ignore[arg-type]
    first = 0
    for count in pieces:
        batcher.add(one, first, pixels_of(first, count))
        batcher.add(two, first, pixels_of(first, count) + 1)
        first += count
    batcher.finish()
    expected = 2.0 * np.arange(total)[:, None].repeat(2, axis=1)
    np.testing.assert_array_equal(one.features(), expected)
    np.testing.assert_array_equal(two.features(), expected + 2)
    assert batcher.num_frames == 2 * total
    assert set(encoder.batches[:-1]) <= {batch_size}
    assert encoder.batches[-1] <= batch_size


def test_several_frames_of_a_snippet_give_their_mean(index: VideoIndex):
    collector = make_collector(index, 8, count=4)
    collector.add(0, torch.arange(16.0).view(8, 1, 2))
    np.testing.assert_array_equal(collector.features(), [[3, 4], [11, 12]])


def test_crops_stay_side_by_side(index: VideoIndex):
    collector = make_collector(index, 8, num_crops=10)
    batcher = Batcher(Doubler(20), 10)  # type: ignore[arg-type]
    batcher.add(collector, 0, pixels_of(0, 2, 10))
    batcher.finish()
    assert collector.features().shape == (2, 10, 2)
    np.testing.assert_array_equal(collector.features()[1], np.full((10, 2), 2.0))


def test_a_video_is_complete_when_decoded_and_encoded(index: VideoIndex):
    collector = make_collector(index, 8)
    collector.add(0, torch.zeros(1, 1, 2))
    assert (collector.share, collector.is_complete) == (0.5, False)
    collector.report = DecodeReport()
    assert not collector.is_complete
    collector.add(1, torch.zeros(1, 1, 2))
    assert (collector.share, collector.is_complete) == (1, True)


@pytest.mark.parametrize("num_frames", [1, 4, 5])
def test_the_last_shorter_snippet_counts(index: VideoIndex, num_frames: int):
    assert len(make_collector(index, num_frames).starts) == -(-num_frames // 4)


def test_one_batch_stays_with_the_device(index: VideoIndex):
    collector, encoder = make_collector(index, 16), Doubler(2)
    batcher = Batcher(encoder, 1)  # type: ignore[arg-type]
    batcher.add(collector, 0, pixels_of(0, 2))
    assert (encoder.batches, batcher.num_frames) == ([2], 0)
    batcher.add(collector, 2, pixels_of(2, 2))
    assert (encoder.batches, batcher.num_frames) == ([2, 2], 2)
