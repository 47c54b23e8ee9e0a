"""Real files that readers stumble over: each has the one outcome we expect."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tpwng_core.errors import VideoError
from tpwng_core.video import VideoReader, health, index_video, sample_frames

# name: frames, upright size, rotation, rate, method
READABLE = {
    "decord_corrupted.mp4": (49, (1280, 720), 0, Fraction(480, 49), "decode"),
    "decord_flipping_a_pancake.mkv": (310, (426, 240), 0, Fraction(30), "demux"),
    "decord_unordered.mov": (4, (50, 50), 0, Fraction(32), "demux"),
    "decord_video_270.mov": (3, (320, 568), 90, Fraction(30), "demux"),
    "decord_video_90.mov": (3, (320, 568), 270, Fraction(30), "demux"),
    "exoplayer_bbb_2500ms.ts": (58, (1920, 1080), 0, Fraction(1368, 59), "demux"),
    "exoplayer_sample.flv": (30, (1080, 720), 0, Fraction(29000, 967), "demux"),
    "exoplayer_sample.mkv": (30, (1080, 720), 0, Fraction(29000, 967), "demux"),
    "exoplayer_sample_android_slow_motion.mp4": (
        7, (1280, 720), 0, Fraction(540000, 44281), "demux",
    ),
    "exoplayer_sample_h262_mpeg_audio.ps": (3, (640, 426), 0, Fraction(25), "demux"),
    "torchcodec_av1_video.mkv": (125, (640, 360), 0, Fraction(25), "demux"),
    "torchcodec_discard_first_keyframe.mp4": (25, (64, 64), 0, Fraction(25), "demux"),
    "torchcodec_h264_10bits.mp4": (30, (200, 200), 0, Fraction(30), "demux"),
    "torchcodec_h265_video.mp4": (10, (128, 128), 0, Fraction(10), "demux"),
    "torchcodec_nasa_13013.mp4": (390, (480, 270), 0, Fraction(30000, 1001), "demux"),
    "torchcodec_nasa_13013_rotated.mp4": (17, (270, 480), 90, Fraction(30000, 1001), "demux"),
    "torchcodec_test_non_zero_start.mp4": (12, (200, 112), 0, Fraction(30), "demux"),
    "torchcodec_testsrc2_mpeg4.mp4": (1, (64, 64), 0, Fraction(25), "demux"),
    "torchcodec_testsrc2_odd_width_vp9.mp4": (25, (321, 240), 0, Fraction(25), "demux"),
    "torchcodec_testsrc2_vp8.webm": (30, (1280, 720), 0, Fraction(30), "demux"),
    "ucf_Normal_Videos_063_attached_pic.mp4": (355, (320, 240), 0, Fraction(30), "demux"),
}  # fmt: skip

UNREADABLE = {
    "exoplayer_invalid-bitstream.webm": "no frame of .* can be decoded",
    "exoplayer_long_edit_list_audioonly.mp4": "has no video stream",
    "exoplayer_sample_fragmented_clearkey.mp4": "is encrypted .*decrypt it first",
    "mp4parse_invalid_userdata.mp4": "no frame of .* can be decoded .*download it again",
    "torchcodec_sine_mono_s16.wav": "has no video stream",
}


def test_every_odd_file_has_an_expected_outcome(real_data):
    assert {path.name for path in (real_data / "odd").iterdir()} == {*READABLE, *UNREADABLE}


@pytest.mark.parametrize("name", READABLE)
def test_a_readable_file_is_indexed_and_read_in_any_order(real_data, name):
    path = real_data / "odd" / name
    index = index_video(path)
    found = (index.num_frames, (index.width, index.height), index.rotation, index.fps, index.method)
    assert found == READABLE[name]
    chosen = np.unique(np.linspace(0, index.num_frames - 1, 6).astype(int))
    sampled = dict(sample_frames(path, index, chosen))
    assert list(sampled) == chosen.tolist()
    with VideoReader(path, index) as reader:
        for number in chosen[::-1].tolist():
            assert np.array_equal(reader.frame(number), sampled[number])


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_refused_with_a_remedy(real_data, name):
    with pytest.raises(VideoError, match=UNREADABLE[name]) as caught:
        index_video(real_data / "odd" / name)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_the_cover_picture_of_ucf_crime_files_is_passed_over(real_data):
    found = health(real_data / "odd" / "ucf_Normal_Videos_063_attached_pic.mp4")
    assert found.cover_streams == (2,)
    assert found.warnings == ()


def test_of_two_videos_in_a_file_the_default_and_larger_is_chosen_and_said(real_data):
    found = health(real_data / "odd" / "torchcodec_nasa_13013.mp4")
    assert found.stream == 3
    assert "2 video streams; stream 3 is used" in found.warnings


def test_a_later_start_is_reported(real_data):
    assert health(
        real_data / "odd" / "torchcodec_test_non_zero_start.mp4"
    ).start_s == pytest.approx(8.333, abs=1e-3)


def test_a_damaged_file_says_where(real_data):
    decoded = health(real_data / "odd" / "decord_corrupted.mp4", decode=True).decoded
    assert decoded is not None
    assert decoded.corrupt_spans == ((28, 49),)
