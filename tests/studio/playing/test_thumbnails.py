"""Small pictures along the video: true to their frame, newest wish first, cached."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.core.video.flavours import FLAVOURS
from tests.core.video.rendering import Flavour, read, render
from tests.studio.watching import pixels
from tpwng_core.video import index_video
from tpwng_studio.playing import thumbnails as room
from tpwng_studio.playing.thumbnails import Thumbnails, chosen_frames

BY_NAME = {flavour.name + flavour.suffix: flavour for flavour in FLAVOURS}
LONG = Flavour(name="long", suffix=".mp4", codec="libx264", options={"g": "50"}, num_frames=300)


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    folder = tmp_path_factory.mktemp("films")
    return {name: render(BY_NAME[name], folder) for name in ("h264.mp4", "h264_rotated.mp4")} | {
        "long": render(LONG, folder)
    }


@pytest.fixture
def thumbnails(qapp):
    made = Thumbnails()
    yield made
    made.shutdown()


@pytest.fixture
def heard(thumbnails):
    told = []
    thumbnails.ready.connect(lambda video, pictures: told.append((video, pictures)))
    return told


def test_each_picture_is_the_frame_it_says(qtbot, thumbnails, heard, films):
    index = index_video(films["long"])
    thumbnails.request(films["long"], index, 10, 48)
    qtbot.waitUntil(lambda: bool(heard) and len(heard[-1][1]) == 10)
    video, pictures = heard[-1]
    assert video == str(films["long"])
    assert [frame for frame, _ in pictures] == list(range(15, 300, 30))
    assert all(read(pixels(image)) == frame for frame, image in pictures)
    assert {(image.width(), image.height()) for _, image in pictures} == {(64, 48)}


def test_pictures_come_as_they_are_made(qtbot, thumbnails, heard, films):
    thumbnails.request(films["long"], index_video(films["long"]), 20, 32)
    qtbot.waitUntil(lambda: bool(heard) and len(heard[-1][1]) == 20)
    assert [len(pictures) for _, pictures in heard] == [6, 12, 18, 20]


def test_a_turned_video_has_upright_pictures(qtbot, thumbnails, heard, films):
    path = films["h264_rotated.mp4"]
    thumbnails.request(path, index_video(path), 3, 64)
    qtbot.waitUntil(lambda: bool(heard) and len(heard[-1][1]) == 3)
    frame, image = heard[-1][1][1]
    assert image.height() > image.width()
    assert read(pixels(image), 90) == frame


def test_far_from_keyframes_the_keyframe_is_shown(films, monkeypatch):
    index = index_video(films["long"])
    monkeypatch.setattr(room, "_MAX_WAY_PIXELS", 10 * 128 * 96)
    assert chosen_frames(index, 6) == [0, 50, 100, 150, 200, 250]
    assert chosen_frames(index, 100)[:6] == [0, 1, 4, 7, 10, 50]
    assert chosen_frames(index, 0) == []


def test_the_newest_wish_wins(qtbot, thumbnails, heard, films):
    for path in (films["h264.mp4"], films["long"]) * 4:
        thumbnails.request(path, index_video(path), 12, 40)
    qtbot.waitUntil(lambda: bool(heard) and len(heard[-1][1]) == 12)
    assert {video for video, _ in heard} == {str(films["long"])}


def test_the_same_wish_again_comes_from_the_cache(qtbot, thumbnails, heard, films, monkeypatch):
    path = films["h264.mp4"]
    index = index_video(path)
    thumbnails.request(path, index, 4, 40)
    qtbot.waitUntil(lambda: bool(heard) and len(heard[-1][1]) == 4)
    monkeypatch.setattr(room, "_thumbnails", None)
    for _ in range(2):
        heard.clear()
        thumbnails.request(path, index, 4, 40)
        qtbot.waitUntil(lambda: bool(heard))
        assert len(heard[-1][1]) == 4
        thumbnails.cancel()


def test_cancelling_brings_no_more(qtbot, thumbnails, heard, films):
    thumbnails.request(films["long"], index_video(films["long"]), 40, 40)
    thumbnails.cancel()
    qtbot.wait(200)
    assert heard == []


def test_a_file_that_is_gone_brings_nothing_and_harms_nothing(
    qtbot, thumbnails, heard, films, tmp_path
):
    path = tmp_path / "gone.mp4"
    path.write_bytes(films["h264.mp4"].read_bytes())
    index = index_video(path)
    path.unlink()
    thumbnails.request(path, index, 4, 40)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(str(path), [])]


def test_pictures_own_their_pixels(qtbot, thumbnails, heard, films):
    path = films["h264.mp4"]
    thumbnails.request(path, index_video(path), 8, 96)
    qtbot.waitUntil(lambda: bool(heard) and len(heard[-1][1]) == 8)
    seen = [pixels(image) for _, image in heard[-1][1]]
    assert all(not np.array_equal(one, other) for one, other in pairwise(seen))
