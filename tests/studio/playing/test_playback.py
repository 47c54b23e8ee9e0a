"""Playback shows the frame of the playhead, exactly, and never lets pictures queue."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from tests.core.video.flavours import FLAVOURS
from tests.core.video.rendering import Flavour, render
from tests.studio.watching import Eyes, WatchedSession
from tpwng_studio.playing.playback import SPEEDS, Playback
from tpwng_studio.state.segments import Segment

BY_NAME = {flavour.name + flavour.suffix: flavour for flavour in FLAVOURS}
LONG = Flavour(name="long", suffix=".mp4", codec="libx264", options={"g": "100"}, num_frames=250)


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    folder = tmp_path_factory.mktemp("films")
    return {
        flavour.name: render(flavour, folder)
        for flavour in (LONG, BY_NAME["h264_vfr.mkv"], BY_NAME["h264_b_frames.avi"])
    }


@pytest.fixture
def session(qapp):
    return WatchedSession()


@pytest.fixture
def playback(session):
    playback = Playback(session, make_sink=lambda: None)
    yield playback
    playback.shutdown()


@pytest.fixture
def eyes(playback):
    return Eyes(playback)


@pytest.fixture
def opened(qtbot, session, films, eyes):
    session.open(films["long"])
    qtbot.waitUntil(eyes.has_exactly(0))


def test_opening_a_video_indexes_it_and_shows_its_first_frame(opened, session, playback):
    assert session.index.num_frames == LONG.num_frames
    assert playback.index is session.index


@pytest.mark.parametrize("name", ["long", "h264_vfr", "h264_b_frames"])
def test_the_picture_is_the_frame_asked_for(qtbot, session, eyes, films, name):
    session.open(films[name])
    qtbot.waitUntil(eyes.has_exactly(0))
    for frame in np.random.default_rng(1).permutation(session.index.num_frames)[:25].tolist():
        session.seek(frame)
        qtbot.waitUntil(eyes.has_exactly(session.playhead))
    assert all(told == seen for told, seen, _ in eyes.seen)


def test_every_picture_says_its_own_number_in_a_storm_of_requests(qtbot, opened, session, eyes):
    random = np.random.default_rng(2)
    for frame in random.integers(LONG.num_frames, size=400).tolist():
        session.seek(frame)
        if random.random() < 0.1:
            qtbot.wait(1)
    session.seek(137)
    qtbot.waitUntil(eyes.has_exactly(137))
    assert all(told == seen for told, seen, _ in eyes.seen)
    assert all(exact.frame == exact.wanted for exact in eyes.shown if not exact.is_approximate)


def test_the_latest_of_many_requests_wins(qtbot, opened, session, eyes):
    before = len(eyes.seen)
    for frame in range(1, 200):
        session.seek(frame)
    qtbot.waitUntil(eyes.has_exactly(199))
    assert len(eyes.seen) - before < 10


def be_busy_until(playback, frame):
    """Hear nothing, as a busy window, until the thread has left the picture of ``frame``."""
    end_s = time.monotonic() + 30
    while (left := playback._thread._outbox) is None or left[1].frame != frame:
        assert time.monotonic() < end_s
        time.sleep(0.01)


def test_a_busy_window_gets_the_newest_picture_only(qtbot, opened, session, playback, eyes):
    before = len(eyes.seen)
    session.seek(10)
    be_busy_until(playback, 10)
    session.seek(20)
    be_busy_until(playback, 20)
    qtbot.waitUntil(eyes.has_exactly(20))
    assert len(eyes.seen) == before + 1


def test_playing_drops_frames_rather_than_queueing_them(qtbot, opened, session, playback, eyes):
    playback.set_speed(4)
    told = []  # when it moves, for whoever looks afterwards may come late himself
    session.playhead_changed.connect(lambda frame: told.append((time.perf_counter(), frame)))
    playback.play()
    begun = time.perf_counter()
    while time.perf_counter() - begun < 1:
        qtbot.wait(5)
        time.sleep(0.06)  # the window is busy
    playback.pause()
    behind = [abs((now - begun) * 4 * 25 - frame) for now, frame in told]
    assert min(behind[-5:]) < 25  # what queued up would make all the last ones late
    assert len(eyes.seen) < session.playhead / 2
    qtbot.waitUntil(eyes.has_exactly(session.playhead))


def test_playing_follows_the_times_of_the_frames(qtbot, session, playback, eyes, films):
    session.open(films["h264_vfr"])
    qtbot.waitUntil(eyes.has_exactly(0))
    told = []
    session.playhead_changed.connect(lambda frame: told.append((time.perf_counter(), frame)))
    begun = time.perf_counter()
    playback.play()
    playing = time.perf_counter()  # the clock began between the two
    qtbot.waitUntil(lambda: session.playhead > 30)
    playback.pause()
    since_s = np.array([now - session.index.time_of(frame) for now, frame in told])
    assert min(since_s - begun) > -0.005
    assert np.median(since_s - playing) < 0.05


def test_playing_ends_at_the_last_frame(qtbot, opened, session, playback, eyes):
    session.seek(240)
    with qtbot.waitSignal(playback.state_changed):
        playback.play()
    qtbot.waitUntil(lambda: not playback.is_playing)
    assert session.playhead == 249
    qtbot.waitUntil(eyes.has_exactly(249))
    playback.play()
    assert session.playhead == 0


def test_a_loop_repeats_its_frames(qtbot, opened, session, playback):
    places: list[int] = []
    session.playhead_changed.connect(places.append)
    playback.set_loop(range(50, 55))
    playback.play()
    qtbot.waitUntil(lambda: places.count(50) >= 3)
    assert set(places) <= set(range(50, 55))
    playback.set_loop(None)
    qtbot.waitUntil(lambda: session.playhead > 56)


def test_the_loop_is_the_selected_segment_or_what_is_marked(opened, session, playback):
    told = []
    session.message.connect(lambda level, text: told.append(level))
    playback.toggle_loop()
    assert playback.loop is None
    assert told == ["info"]
    session.mark = (5, 9)
    playback.toggle_loop()
    assert playback.loop == range(5, 9)
    playback.toggle_loop()
    assert playback.loop is None
    session.selected = Segment(start=20, end=30, state="abnormal")
    playback.toggle_loop()
    assert playback.loop == range(20, 30)


def test_speeds_go_up_and_down_within_their_range(qtbot, opened, playback):
    told: list[float] = []
    playback.speed_changed.connect(told.append)
    playback.faster()
    assert playback.is_playing
    for _ in range(10):
        playback.faster()
    for _ in range(10):
        playback.slower()
    assert told == [2, 4, 8, 16, 8, 4, 2, 1, 0.5, 0.25]
    assert (told[3], told[-1]) == (SPEEDS[-1], SPEEDS[0])


def test_backwards_is_faster_with_each_press_and_forwards_is_the_other_way(
    qtbot, opened, session, playback
):
    session.seek(200)
    playback.backwards()
    assert (playback.is_playing, playback.speed) == (True, -1)
    playback.backwards()
    playback.backwards()
    assert playback.speed == -4
    playback.slower()
    assert playback.speed == -2
    playback.forwards()
    assert (playback.is_playing, playback.speed) == (True, 1)
    playback.forwards()
    assert playback.speed == 2
    playback.stop()
    assert (playback.is_playing, playback.speed) == (False, 1)
    playback.stop()
    assert not playback.is_playing


def test_playing_backwards_shows_each_frame_as_itself_and_stops_at_the_first(
    qtbot, opened, session, playback, eyes
):
    session.seek(40)
    qtbot.waitUntil(eyes.has_exactly(40))
    told: list[int] = []
    session.playhead_changed.connect(told.append)
    playback.backwards()
    qtbot.waitUntil(lambda: not playback.is_playing)
    assert told == sorted(told, reverse=True)
    assert told[-1] == 0
    assert len(told) > 20
    qtbot.waitUntil(eyes.has_exactly(0))
    assert all(number == seen for number, seen, _ in eyes.seen)
    assert len({seen for _, seen, is_near in eyes.seen if not is_near}) > 10
    assert playback.speed == 1
    playback.backwards()
    assert not playback.is_playing


def test_a_loop_backwards_goes_on_from_its_end(qtbot, opened, session, playback):
    playback.set_loop(range(50, 60))
    session.seek(52)
    told: list[int] = []
    session.playhead_changed.connect(told.append)
    playback.backwards()
    qtbot.waitUntil(lambda: 59 in told)
    playback.pause()
    assert set(told) <= set(range(50, 60))
    assert playback.speed == 1


def test_a_loop_stays_inside_where_a_frame_is_one_unit_of_time(
    qtbot, session, playback, eyes, films
):
    session.open(films["h264_b_frames"])
    qtbot.waitUntil(eyes.has_exactly(0))
    assert float(session.index.time_base * session.index.fps) == 1
    playback.set_loop(range(5, 9))
    told: list[int] = []
    session.playhead_changed.connect(told.append)
    for begin in (playback.backwards, playback.play):
        session.seek(6)
        told.clear()
        begin()
        qtbot.waitUntil(lambda: 8 in told and 5 in told)
        playback.pause()
        assert set(told) <= set(range(5, 9))


def test_a_pause_keeps_the_speed_but_never_the_direction(qtbot, opened, session, playback):
    playback.set_speed(0.5)
    playback.toggle()
    playback.toggle()
    assert playback.speed == 0.5
    session.seek(100)
    playback.backwards()
    playback.toggle()
    playback.toggle()
    assert (playback.is_playing, playback.speed) == (True, 1)


def test_the_clock_goes_where_somebody_seeks(qtbot, opened, session, playback):
    playback.play()
    session.seek(200)
    qtbot.waitUntil(lambda: session.playhead > 203)
    assert session.playhead < 230


def test_closing_in_the_middle_of_decoding_ends_the_thread(qtbot, session, films):
    playback = Playback(session)
    session.open(films["long"])
    with qtbot.waitSignal(playback.index_ready):
        pass
    session.seek(99)
    begun = time.perf_counter()
    playback.shutdown()
    assert time.perf_counter() - begun < 1
    assert "decoder" not in [thread.name for thread in threading.enumerate()]


def test_closing_in_the_middle_of_indexing_ends_the_thread(qtbot, session, films):
    playback = Playback(session)
    session.open(films["h264_b_frames"])
    playback.shutdown()
    assert "decoder" not in [thread.name for thread in threading.enumerate()]


def test_a_file_that_is_no_video_is_told_and_the_next_one_plays(
    qtbot, session, playback, eyes, films, tmp_path
):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0\1" * 4000)
    told = []
    session.message.connect(lambda level, text: told.append((level, text)))
    with qtbot.waitSignal(playback.failed) as failed:
        session.open(broken)
    assert str(broken) in failed.args[0]
    assert told == [("error", failed.args[0])]
    playback.play()
    assert not playback.is_playing
    session.open(films["long"])
    qtbot.waitUntil(eyes.has_exactly(0))


def test_another_video_overtakes_the_one_before(qtbot, session, eyes, films):
    for _ in range(5):
        session.open(films["h264_b_frames"])
        session.open(films["long"])
    qtbot.waitUntil(eyes.has_exactly(0))
    qtbot.wait(50)
    assert session.index.num_frames == LONG.num_frames
    assert len(eyes.seen) == 1


def test_closing_a_video_forgets_it(qtbot, opened, session, playback, eyes):
    before = len(eyes.seen)
    session.open(None)
    session.seek(5)
    qtbot.wait(50)
    assert playback.index is None
    assert playback.shown is None
    assert len(eyes.seen) == before
