"""Every kind of file gives every frame exactly, in any order."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.core.video.access import assert_exact
from tests.core.video.flavours import FLAVOURS
from tests.core.video.rendering import HEIGHT, WIDTH
from tpwng_core.video import index_video, sample_frames


@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name + flavour.suffix)
def test_every_frame_is_the_one_asked_for(flavour, rendered):
    path = rendered(flavour)
    index = index_video(path)
    first = max(flavour.first, 0)
    assert index.num_frames == flavour.num_frames - first
    assert index.method == flavour.method
    assert index.vfr == flavour.variable
    turned = flavour.rotation % 180 == 90
    assert (index.width, index.height) == ((HEIGHT, WIDTH) if turned else (WIDTH, HEIGHT))
    assert index.rotation == flavour.rotation % 360
    if not flavour.variable:
        assert index.fps == Fraction(25)
    assert_exact(path, index, lambda number: number + first, flavour.rotation)
    sampler = sample_frames(path, index, range(0, index.num_frames, 16))
    assert len(list(sampler)) == len(sampler)
    assert sampler.report.is_clean


# what PyAV's wheel cannot write, made by the ffmpeg program
FFMPEG_FLAVOURS = {
    "theora.ogv": (["-c:v", "libtheora", "-q:v", "9"], "demux"),
    "av1_by_aom.mp4": (
        ["-c:v", "libaom-av1", "-cpu-used", "8", "-crf", "20", "-threads", "1"],
        "demux",
    ),
    "msmpeg4.avi": (["-c:v", "msmpeg4v2", "-g", "24", "-q:v", "3"], "demux"),
    "prores.mov": (["-c:v", "prores"], "demux"),
    "uncompressed.avi": (["-c:v", "rawvideo"], "demux"),
    "rgb_bottom_up.avi": (["-c:v", "rawvideo", "-pix_fmt", "bgr24"], "demux"),
    "interlaced.ts": (["-c:v", "libx264", "-flags", "+ildct+ilme", "-x264opts", "tff=1"], "demux"),
}


@pytest.mark.parametrize("name", FFMPEG_FLAVOURS)
def test_every_frame_of_the_ffmpeg_programs_files_is_the_one_asked_for(
    name, rendered, ffmpeg, tmp_path
):
    arguments, method = FFMPEG_FLAVOURS[name]
    ffmpeg("-i", rendered(FLAVOURS[0]), *arguments, tmp_path / name)
    index = index_video(tmp_path / name)
    assert (index.num_frames, index.method) == (80, method)
    assert_exact(tmp_path / name, index, lambda number: number)


def test_packed_b_frames_are_read_in_the_decoders_order(rendered, ffmpeg, tmp_path):
    path = tmp_path / "packed.avi"
    ffmpeg(
        "-i", rendered(FLAVOURS[0]), "-c:v", "libxvid", "-bf", "2", "-g", "24", "-q:v", "3", path
    )
    index = index_video(path)
    # the last frame is packed with one that the file does not have
    assert index.num_frames in (79, 80)
    assert index.method == "decode"
    assert_exact(path, index, lambda number: number)


def test_a_copy_cut_at_a_time_shows_what_a_player_shows(rendered, ffmpeg, tmp_path):
    path = tmp_path / "cut.mp4"
    ffmpeg("-ss", "1.3", "-i", rendered(FLAVOURS[0]), "-c", "copy", path)
    index = index_video(path)
    # the copy starts at the keyframe 30 and hides what lies before 1.3 s = frame 32.5
    assert index.num_hidden == 3
    assert_exact(path, index, lambda number: number + 33)
