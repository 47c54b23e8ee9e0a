"""Any frame by number, exactly or not at all."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tests.core.video.flavours import FLAVOURS
from tests.core.video.rendering import HEIGHT, WIDTH, draw, read
from tpwng_core.errors import VideoError
from tpwng_core.video import VideoIndex, VideoReader, index_video, write_video
from tpwng_core.video.numbering import NumberedDecoder

BY_NAME = {flavour.name + flavour.suffix: flavour for flavour in FLAVOURS}


def test_frames_are_upright_rgb(plain):
    with VideoReader(plain) as reader:
        picture = reader.frame(5)
    assert picture.shape == (HEIGHT, WIDTH, 3)
    assert picture.dtype == np.uint8
    assert np.abs(picture.astype(int) - draw(5)).mean() < 6


def test_colours_come_out_as_they_went_in(tmp_path):
    red, blue = np.zeros((2, 64, 64, 3), np.uint8)
    red[..., 0], blue[..., 2] = 255, 255
    write_video(tmp_path / "colours.mp4", [red, blue], Fraction(10), crf=1)
    with VideoReader(tmp_path / "colours.mp4") as reader:
        assert np.abs(reader.frame(0).astype(int) - red).max() < 8
        assert np.abs(reader.frame(1).astype(int) - blue).max() < 8


@pytest.mark.parametrize("number", [-1, 80, 10_000])
def test_a_frame_outside_the_video_is_an_error(plain, number):
    with (
        VideoReader(plain) as reader,
        pytest.raises(VideoError, match=f"has no frame {number} .*frames 0 to 79"),
    ):
        reader.frame(number)


def test_the_caller_may_draw_on_a_frame(plain):
    with VideoReader(plain) as reader:
        before = reader.frame(3)
        before[:] = 0
        assert read(reader.frame(3)) == 3


def test_stepping_back_within_a_group_decodes_nothing(plain, monkeypatch):
    with VideoReader(plain) as reader:
        reader.frame(29)
        monkeypatch.setattr(NumberedDecoder, "start_at", _fail)
        monkeypatch.setattr(NumberedDecoder, "frames", _fail)
        assert [read(reader.frame(number)) for number in range(29, -1, -1)] == list(
            range(29, -1, -1)
        )


def test_going_forward_never_seeks_within_a_group(plain, monkeypatch):
    with VideoReader(plain) as reader:
        reader.frame(31)
        monkeypatch.setattr(NumberedDecoder, "start_at", _fail)
        assert [read(reader.frame(number)) for number in (35, 47, 59)] == [35, 47, 59]


def test_a_file_without_times_goes_forward_without_starting_over(rendered, monkeypatch):
    with VideoReader(rendered(BY_NAME["h264_raw.h264"])) as reader:
        reader.frame(10)
        monkeypatch.setattr(NumberedDecoder, "start_at", _fail)
        assert read(reader.frame(75)) == 75


def test_a_tiny_cache_changes_nothing(plain):
    with VideoReader(plain, cache_bytes=0) as reader:
        for number in (40, 39, 41, 0, 79, 78):
            assert read(reader.frame(number)) == number


def test_a_stream_that_changes_its_size_keeps_the_first(rendered, ffmpeg, tmp_path):
    large = rendered(BY_NAME["h264_raw.h264"])
    small, joined = tmp_path / "small.h264", tmp_path / "joined.h264"
    ffmpeg("-i", large, "-vf", "scale=64:48", "-c:v", "libx264", "-crf", "10", small)
    joined.write_bytes(large.read_bytes() + small.read_bytes())
    with VideoReader(joined) as reader:
        assert reader.index.num_frames == 160
        for number in (10, 79, 80, 130):
            picture = reader.frame(number)
            assert picture.shape == (HEIGHT, WIDTH, 3)
            assert read(picture) == number % 80


def test_a_seek_that_shifts_the_times_is_found_out(rendered):
    # seeking in this MPEG-1 program stream gives the keyframe 36 the time of frame 35
    path = rendered(BY_NAME["mpeg1.mpg"])
    index = index_video(path)
    decoder = NumberedDecoder(path, index)
    for number in (36, 40, 79):
        decoder.start_at(number)
        found = next(decoder.frames())
        assert index.keyframe[found.number]
        assert found.number <= number
    decoder.close()


def test_a_damaged_frame_is_said_to_be_so(plain, tmp_path):
    content = bytearray(plain.read_bytes())
    start = content.index(b"mdat")
    middle = start + (content.index(b"moov") - start) // 2
    content[middle : middle + 150] = bytes(150)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(content)
    index = index_video(path)
    with VideoReader(path, index) as reader:
        unsound = [number for number in range(index.num_frames) if not _is_sound(reader, number)]
        assert unsound
        wrong = [
            number
            for number in range(index.num_frames)
            if number not in unsound and read(reader.frame(number)) != _number_at(index, number)
        ]
    assert len(unsound) < 40
    assert not wrong


def _is_sound(reader: VideoReader, number: int) -> bool:
    try:
        return not reader.is_damaged(number)
    except VideoError:
        return False


def _number_at(index: VideoIndex, number: int) -> int:
    return round(float(index.times_s[number]) * 25)


def _fail(*_):
    raise AssertionError("not needed")
