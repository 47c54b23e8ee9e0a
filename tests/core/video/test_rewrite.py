"""A video written again has the same frames at the same times, and its sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.core.video.flavours import FLAVOURS
from tests.core.video.rendering import Flavour, read
from tpwng_core.errors import Cancelled, OutputError
from tpwng_core.video import Stretch, VideoReader, index_video, rewrite_video
from tpwng_core.video.audio import RATE, open_audio

CHOSEN = [one for one in FLAVOURS if one.name in ("h264", "h264_vfr", "h264_edit_list")]


def same(picture: np.ndarray, number: int) -> np.ndarray:
    return picture


@pytest.mark.parametrize("flavour", CHOSEN, ids=lambda one: one.name + one.suffix)
def test_every_frame_is_there_at_its_own_time(
    rendered: Callable[[Flavour], Path], tmp_path: Path, flavour: Flavour
) -> None:
    index = index_video(rendered(flavour))
    target = tmp_path / "again.mp4"
    stretch = Stretch(index=index, start=0, end=index.num_frames)
    assert rewrite_video(target, stretch, same) == index.num_frames
    again = index_video(target)
    assert again.num_frames == index.num_frames
    assert np.allclose(again.times_s, index.times_s, atol=2e-3)
    with VideoReader(target) as reader, VideoReader(index.path) as before:
        for number in (0, 1, index.num_frames // 2, index.num_frames - 1):
            assert read(reader.frame(number)) == read(before.frame(number))


def test_a_clip_has_exactly_its_frames(plain: Path, tmp_path: Path) -> None:
    index = index_video(plain)
    target = tmp_path / "clip.mp4"
    assert rewrite_video(target, Stretch(index=index, start=31, end=47), same) == 16
    with VideoReader(target) as reader:
        assert [read(reader.frame(place)) for place in range(16)] == list(range(31, 47))


def test_pictures_are_drawn_over_and_odd_sizes_lose_a_row(plain: Path, tmp_path: Path) -> None:
    index = index_video(plain)
    target = tmp_path / "drawn.mp4"
    bar = np.full((33, index.width, 3), 255, dtype=np.uint8)
    stretch = Stretch(index=index, start=0, end=5)
    rewrite_video(target, stretch, lambda picture, number: np.concatenate([picture, bar]))
    with VideoReader(target) as reader:
        picture = reader.frame(3)
        assert picture.shape == (index.height + 32, index.width, 3)
        assert picture[-16:].min() > 240


def test_sound_stays_in_step(plain: Path, ffmpeg: Callable[..., None], tmp_path: Path) -> None:
    source, target = tmp_path / "loud.mp4", tmp_path / "clip.mp4"
    tone = "aevalsrc='if(gte(t,1),sin(2*PI*440*t),0)':s=48000:d=3.2"
    ffmpeg("-i", plain, "-f", "lavfi", "-i", tone, "-c:v", "copy", "-c:a", "aac", source)
    index = index_video(source)
    rewrite_video(target, Stretch(index=index, start=15, end=60), same)
    again = index_video(target)
    sound = open_audio(target, again.start_s)
    assert sound is not None
    samples = np.concatenate([*sound.blocks(0.0)])[:, 0].astype(float)
    sound.close()
    onset_s = int(np.flatnonzero(np.abs(samples) > 3000)[0]) / RATE
    # the tone begins at 1 s, the clip at frame 15 of 25 a second
    assert onset_s == pytest.approx(1 - 0.6, abs=0.03)
    assert len(samples) / RATE == pytest.approx(45 / 25, abs=0.06)


def test_a_cancelled_or_failed_rewrite_leaves_nothing(plain: Path, tmp_path: Path) -> None:
    index = index_video(plain)
    stretch = Stretch(index=index, start=0, end=9)
    target = tmp_path / "a.mp4"
    target.write_bytes(b"before")

    def cancel(number: int) -> None:
        if number == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        rewrite_video(target, stretch, same, cancel)
    assert target.read_bytes() == b"before"
    with pytest.raises(OutputError, match="cannot write"):
        rewrite_video(tmp_path / "a.mp4" / "b.mp4", stretch, same)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
