"""The PTS index: times, rates, and files whose packets do not tell the truth."""

from __future__ import annotations

import dataclasses
import os
import pickle
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.core.video.access import assert_exact
from tests.core.video.flavours import FLAVOURS
from tests.core.video.rendering import Flavour, read
from tpwng_core.errors import InputError, VideoError
from tpwng_core.video import VideoReader, index_video
from tpwng_core.video.index import average_fps, is_variable

BY_NAME = {flavour.name + flavour.suffix: flavour for flavour in FLAVOURS}
TS_PACKET_BYTES = 188


def test_times_and_frame_numbers_invert_each_other(rendered):
    index = index_video(rendered(BY_NAME["h264_vfr.mp4"]))
    assert index.times_s[0] == 0
    assert [index.frame_at(time_s) for time_s in index.times_s] == list(range(80))
    assert index.frame_at(-1) == 0
    assert index.frame_at(1e9) == 79
    between = (index.times_s[41] + index.times_s[42]) / 2
    assert index.frame_at(between) == 41


def test_digest_depends_on_the_times_only(rendered, plain):
    index = index_video(plain)
    assert index.digest == index_video(plain).digest
    assert len(index.digest) == 16
    assert index.digest != index_video(rendered(BY_NAME["h264_vfr.mp4"])).digest
    other_unit = dataclasses.replace(index, time_base=index.time_base * 2)
    assert other_unit.digest != index.digest


def test_an_index_travels_to_another_process(plain):
    index = index_video(plain)
    assert pickle.loads(pickle.dumps(index)).digest == index.digest


def test_start_is_reported_and_times_count_from_the_first_frame(rendered):
    index = index_video(rendered(BY_NAME["h264_late_start.ts"]))
    assert index.start_s == pytest.approx(2.0, abs=1e-3)
    assert index.times_s[1] == pytest.approx(0.04)
    assert index.duration_s == pytest.approx(80 / 25)


@pytest.mark.parametrize("rate", [Fraction(30000, 1001), Fraction(24000, 1001), Fraction(25)])
def test_times_rounded_to_milliseconds_give_the_nominal_rate(rate):
    pts = np.array([round(1000 * number / rate) for number in range(500)], dtype=np.int64)
    assert average_fps(pts, Fraction(1, 1000), rate) == rate
    assert not is_variable(pts)


def test_a_wrong_nominal_rate_is_not_believed():
    pts = np.arange(30, dtype=np.int64) * 33
    assert average_fps(pts, Fraction(1, 1000), Fraction(60)) == Fraction(1000, 33)


def test_one_frame_has_the_nominal_rate():
    assert average_fps(np.array([7]), Fraction(1, 1000), Fraction(10)) == 10


def test_one_lost_frame_makes_the_rate_variable():
    pts = np.delete(np.arange(10_000, dtype=np.int64) * 40, 5000)
    assert is_variable(pts)


def test_a_transport_stream_cut_in_the_middle_starts_at_its_first_keyframe(rendered, tmp_path):
    whole = rendered(BY_NAME["h264_open_gop.ts"]).read_bytes()
    path = tmp_path / "cut.ts"
    path.write_bytes(whole[40 * TS_PACKET_BYTES :])
    index = index_video(path)
    assert index.num_leading_lost > 0
    assert_exact(path, index, lambda number: number + 20)


@pytest.mark.parametrize("name", ["h264_open_gop.ts", "mpeg2.ts", "mpeg2.mpg"])
def test_joined_streams_whose_times_repeat_are_read_in_the_decoders_order(rendered, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(rendered(BY_NAME[name]).read_bytes() * 2)
    index = index_video(path)
    assert (index.method, index.timed, index.num_frames) == ("decode", False, 160)
    assert_exact(path, index, lambda number: number % 80)


def test_times_that_wrap_around_go_on(tmp_path, rendered):
    # transport streams count 33 bits of 1/90000 s; this one wraps after a second
    flavour = Flavour(
        name="wrap", suffix=".ts", codec="libx264", options={"g": "30"},
        container_options={"output_ts_offset": str(2**33 / 90000 - 2.5)},
    )  # fmt: skip
    path = rendered(flavour)
    index = index_video(path)
    assert index.num_frames == 80
    assert index.fps == 25
    assert_exact(path, index, lambda number: number)


@pytest.mark.parametrize(
    "name", ["h264_fragmented.mp4", "h264_open_gop.mkv", "mpeg4.avi", "h264.flv", "mpeg2.ts"]
)
def test_a_truncated_file_has_the_frames_that_are_left(rendered, tmp_path, name):
    whole = rendered(BY_NAME[name]).read_bytes()
    path = tmp_path / name
    path.write_bytes(whole[: len(whole) * 6 // 10])
    index = index_video(path)
    assert 20 < index.num_frames < 70
    whole_frames = range(index.num_frames - 3)
    with VideoReader(path, index) as reader:
        assert [read(reader.frame(number)) for number in whole_frames] == list(whole_frames)


def test_an_mp4_without_its_table_of_contents_is_refused(plain, tmp_path):
    path = tmp_path / "cut.mp4"
    path.write_bytes(plain.read_bytes()[: plain.stat().st_size // 2])
    with pytest.raises(VideoError, match=r"cut\.mp4 cannot be read as a video.*copy or download"):
        index_video(path)


def test_what_is_no_video_is_refused_with_a_remedy(tmp_path):
    text = tmp_path / "notes.mp4"
    text.write_text("this is no video\n" * 100)
    with pytest.raises(VideoError, match=r"notes\.mp4 is a text file.*give a video file"):
        index_video(text)
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with pytest.raises(VideoError, match=r"empty\.mp4 is empty"):
        index_video(empty)
    with pytest.raises(InputError, match=r"there is no file .*missing\.mp4"):
        index_video(tmp_path / "missing.mp4")
    with pytest.raises(InputError, match="is a folder"):
        index_video(tmp_path)
    with pytest.raises(InputError, match="is not a regular file"):
        index_video(Path(os.devnull))


@pytest.mark.parametrize("name", ["a #1.mp4", "20:15:00.mp4", "ünïcode 映像.mp4", "50%d.mp4"])
def test_any_file_name_will_do(plain, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(plain.read_bytes())
    assert index_video(path).num_frames == 80


def test_a_file_that_vanishes_as_it_is_opened_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "gone.mp4"
    path.write_bytes(b"a")

    def gone(*_: object, **__: object) -> None:
        path.unlink()
        raise FileNotFoundError(2, "No such file or directory", str(path))

    monkeypatch.setattr("av.open", gone)
    with pytest.raises(InputError, match=r"there is no file .*gone\.mp4"):
        index_video(path)
