"""Frames on the way to a wanted one: interrupted, threaded, and always exact."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from tests.core.video.access import TINY_CACHE_BYTES, orders
from tests.core.video.flavours import FLAVOURS
from tests.core.video.rendering import read
from tpwng_core.errors import Cancelled, VideoError
from tpwng_core.video import VideoReader, index_video
from tpwng_core.video.numbering import NumberedDecoder

BY_NAME = {flavour.name + flavour.suffix: flavour for flavour in FLAVOURS}


def test_the_way_leads_from_the_keyframe_to_the_frame(plain):
    with VideoReader(plain) as reader:
        way = [found.number for found in reader.approach(45)]
    assert way == list(range(30, 46))


def test_a_cached_frame_is_the_whole_way(plain):
    with VideoReader(plain) as reader:
        reader.frame(45)
        assert reader.is_cached(40)
        assert [found.number for found in reader.approach(40)] == [40]
        nearest = reader.nearest_cached(50)
    assert nearest is not None
    assert nearest.number == 45


def test_an_interrupted_way_loses_nothing(plain):
    with VideoReader(plain) as reader:
        begun = [found.number for found in islice(reader.approach(55), 5)]
        assert begun == [30, 31, 32, 33, 34]
        assert [found.number for found in reader.approach(33)] == [33]
        assert [found.number for found in reader.approach(37)] == [35, 36, 37]
        assert read(reader.frame(37)) == 37


@pytest.mark.parametrize("seed", range(4))
def test_interruptions_at_random_never_give_a_wrong_frame(rendered, seed):
    random = np.random.default_rng(seed)
    path = rendered(BY_NAME["h264_open_gop.mkv"])
    with VideoReader(path, cache_bytes=TINY_CACHE_BYTES, num_threads=1 + seed % 3) as reader:
        for _ in range(60):
            wanted, patience = random.integers(80), random.integers(1, 30)
            for found in islice(reader.approach(int(wanted)), int(patience)):
                assert read(reader.paint(found)) == found.number


@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name + flavour.suffix)
def test_several_threads_give_the_same_frames(flavour, rendered):
    path = rendered(flavour)
    index = index_video(path)
    with (
        VideoReader(path, index) as one,
        VideoReader(path, index, cache_bytes=TINY_CACHE_BYTES, num_threads=3) as many,
    ):
        for name in ("random", "forward"):
            for number in orders(index.num_frames)[name]:
                same = np.array_equal(many.frame(number), one.frame(number))
                assert same, f"frame {number}, {name} order"


def test_damage_ends_decoding_by_several_threads(plain, tmp_path):
    content = bytearray(plain.read_bytes())
    start = content.index(b"mdat")
    middle = start + (content.index(b"moov") - start) // 2
    content[middle : middle + 150] = bytes(150)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(content)
    index = index_video(path)
    with VideoReader(path, index) as one, VideoReader(path, index, num_threads=4) as many:
        for number in range(index.num_frames):
            assert _picture(one, number) == _picture(many, number), f"frame {number}"


def _picture(reader: VideoReader, number: int) -> tuple[bool, bytes] | None:
    try:
        return reader.is_damaged(number), reader.frame(number).tobytes()
    except VideoError:
        return None


def test_a_frame_on_the_way_is_painted_like_any_other(plain):
    with VideoReader(plain) as reader:
        for found in reader.approach(17):
            assert np.array_equal(reader.paint(found), reader.frame(found.number))


def test_looking_ahead_keeps_the_surroundings_of_the_focus(plain):
    with VideoReader(plain, cache_bytes=TINY_CACHE_BYTES) as reader:
        reader.frame(40)
        for _ in reader.approach(59, focus=40):
            pass
        assert reader.is_cached(40)
        assert reader.is_cached(42)
        assert not reader.is_cached(59)


def test_the_way_back_keeps_what_lies_before_the_focus(plain, monkeypatch):
    with VideoReader(plain, cache_bytes=TINY_CACHE_BYTES) as reader:
        reader.frame(28)
        monkeypatch.setattr(NumberedDecoder, "start_at", _fail)
        for number in range(27, 20, -1):
            assert read(reader.frame(number)) == number


def _fail(*_):
    raise AssertionError("not needed")


@pytest.mark.parametrize("name", ["h264.mp4", "h264_raw.h264"])
def test_indexing_can_be_cancelled(rendered, name):
    calls = []

    def check():
        calls.append(1)
        if len(calls) == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        index_video(rendered(BY_NAME[name]), check=check)
    assert len(calls) == 5


def test_times_and_frames_answer_each_other(rendered):
    for name in ("h264_vfr.mp4", "h264_late_start.ts", "h264.flv"):
        index = index_video(rendered(BY_NAME[name]))
        for number in range(index.num_frames):
            assert index.time_of(number) == pytest.approx(index.times_s[number])
            assert index.frame_at(index.time_of(number)) == number
        assert index.frame_at(-1e9) == 0
        assert index.frame_at(1e30) == index.num_frames - 1


def test_the_keyframe_before_a_frame_is_known(plain):
    index = index_video(plain)
    assert [index.keyframe_before(number) for number in (0, 29, 30, 79)] == [0, 0, 30, 60]
