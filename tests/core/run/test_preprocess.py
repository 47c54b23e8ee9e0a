from __future__ import annotations

from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.core.nn.small_clip import write_small_clip
from tests.core.run.footage import draw
from tpwng_core.nn.clip import Clip, load_clip
from tpwng_core.run.preprocess import Preparation, normalise, sampled_frames, snippet_starts
from tpwng_core.video import VideoReader

SIZES = [(96, 64), (64, 96), (64, 64), (321, 240), (37, 200), (640, 360)]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    return load_clip(str(write_small_clip(tmp_path_factory.mktemp("clip"))))


def ours(frame: np.ndarray, clip: Clip) -> torch.Tensor:
    return normalise(Preparation.of(clip, "center").apply(frame), clip, torch.float32)


def theirs(frame: np.ndarray, clip: Clip) -> torch.Tensor:
    transform = open_clip.image_transform(clip.image_size, is_train=False)
    image: torch.Tensor = transform(Image.fromarray(frame))
    return image[None]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_frames_are_prepared_as_open_clip_prepares_them(clip: Clip, width: int, height: int):
    """One step of 255 at most, which is what PIL and torch round differently."""
    frame = draw(5, width, height)
    step = 1 / (255 * min(clip.std))
    torch.testing.assert_close(ours(frame, clip), theirs(frame, clip), atol=1.01 * step, rtol=0)


def test_features_are_those_of_open_clips_transform_on_real_footage(clip: Clip, real_data: Path):
    paths = sorted((real_data / "clips" / "fights" / "fight").glob("*.mp4"))[:3]
    for path in paths:
        with VideoReader(path) as reader:
            frame = reader.frame(5)
        one, two = (clip.encode_images(prepare(frame, clip)) for prepare in (ours, theirs))
        assert F.cosine_similarity(one, two).item() > 1 - 1e-5


def test_ten_crops_are_centre_corners_and_their_mirrors():
    frame = draw(3, 96, 80)
    ten = Preparation(size=28, interpolation="bicubic", crop="ten")
    assert ten.shortest_side == 32
    crops = ten.apply(frame)
    assert crops.shape == (10, 3, 28, 28)
    whole = Preparation(size=32, interpolation="bicubic", crop="center")
    resized = torch.from_numpy(np.asarray(frame)).permute(2, 0, 1)[None]
    resized = F.interpolate(resized, (32, 38), mode="bicubic", antialias=True)[0]
    assert torch.equal(crops[0], resized[:, 2:30, 5:33])
    assert torch.equal(crops[1], resized[:, :28, :28])
    assert torch.equal(crops[4], resized[:, 4:, 10:])
    assert torch.equal(crops[5:], crops[:5].flip(-1))
    assert str(whole) != str(ten)


@pytest.mark.parametrize(
    ("num_frames", "expected"),
    [(1, [0]), (16, [8]), (17, [8, 16]), (20, [8, 18]), (31, [8, 23]), (33, [8, 24, 32])],
)
def test_the_centre_frame_is_that_of_the_frames_that_exist(num_frames: int, expected: list[int]):
    assert sampled_frames(num_frames, 16, 1).tolist() == expected


def test_several_frames_are_spread_over_the_snippet():
    assert sampled_frames(32, 16, 4).tolist() == [2, 6, 10, 14, 18, 22, 26, 30]
    assert sampled_frames(17, 16, 4).tolist() == [2, 6, 10, 14, 16, 16, 16, 16]


@given(num_frames=st.integers(1, 2000), stride=st.integers(1, 64), data=st.data())
def test_every_frame_wanted_lies_in_its_snippet(num_frames: int, stride: int, data):
    count = data.draw(st.integers(1, stride))
    starts = snippet_starts(num_frames, stride)
    frames = sampled_frames(num_frames, stride, count).reshape(-1, count)
    ends = np.append(starts[1:], num_frames)
    assert len(starts) == -(-num_frames // stride)
    assert (frames >= starts[:, None]).all()
    assert (frames < ends[:, None]).all()
    assert (np.diff(frames.ravel()) >= 0).all()
