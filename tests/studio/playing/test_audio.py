"""Sound is of the clock's time, is silent where it should be, and says why."""

from __future__ import annotations

import sys
import threading

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QIODevice

from tests.core.video.test_audio import click_times, film
from tests.studio.watching import WatchedSession
from tpwng_studio.playing.audio import MAX_DRIFT_S, Sound, default_sink
from tpwng_studio.playing.playback import Playback
from tpwng_studio.playing.sound_thread import RATE, SoundThread


class FakeSink:
    """A sound device that keeps what it was given; it plays when told so."""

    def __init__(self):
        self.played_s = 0.0
        self.volume = None
        self.num_stops = 0
        self.pieces: list[QBuffer] = []

    def start(self):
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.pieces.append(buffer)
        self.played_s = 0.0
        return buffer

    def stop(self):
        self.num_stops += 1

    def bufferSize(self):  # noqa: N802
        return RATE

    def bytesFree(self):  # noqa: N802
        held = self.pieces[-1].size() - 4 * round(self.played_s * RATE)
        return self.bufferSize() - max(held, 0)

    def setVolume(self, volume):  # noqa: N802
        self.volume = volume

    @property
    def given_s(self):
        """Seconds that were given and not played yet."""
        return len(self.heard()) / RATE - self.played_s

    def heard(self, piece=-1):
        """(N,) int16 left channel of a piece."""
        return np.frombuffer(self.pieces[piece].data().data(), np.int16)[::2]


@pytest.fixture(scope="module")
def clicking(tmp_path_factory):
    return film(tmp_path_factory.mktemp("films") / "clicking.mp4")


@pytest.fixture
def sink():
    return FakeSink()


@pytest.fixture
def sound(qtbot, clicking, sink):
    sound = Sound(lambda: sink)
    with qtbot.waitSignal(sound.changed, check_params_cb=lambda: sound.is_available):
        sound.open(clicking, 0.0)
    yield sound
    sound.shutdown()


def play(qtbot, sound, sink, start_s, seconds):
    """Let the device play from ``start_s`` as the clock would, many times as fast.

    The thread that decodes may not keep up with that; no device plays what it was not given.
    """
    sound.start(start_s)
    qtbot.waitUntil(lambda: sound.keep_up(start_s) or bool(sink.pieces))
    for _ in range(round(seconds * 20)):
        now_s = start_s + sink.played_s
        qtbot.waitUntil(lambda now_s=now_s: sound.keep_up(now_s) or sink.given_s >= 0.05)
        sink.played_s += 0.05
        qtbot.wait(2)
        sound.keep_up(start_s + sink.played_s)


def test_what_is_heard_belongs_to_the_clock(qtbot, sound, sink):
    play(qtbot, sound, sink, 0.9, 1.5)
    times = click_times(sink.heard(), 0.9)
    assert np.allclose(times[:2], [1, 2], atol=0.03)
    assert sink.volume == 1


def test_what_comes_too_late_is_left_out(qtbot, sound, sink):
    sound.start(0.0)
    qtbot.wait(100)
    qtbot.waitUntil(lambda: sound.keep_up(0.5) or bool(sink.pieces))
    sink.played_s = 10
    qtbot.waitUntil(lambda: sound.keep_up(0.5) or len(sink.heard()) > RATE)
    assert click_times(sink.heard(), 0.5)[0] == pytest.approx(1, abs=0.03)


def test_drift_starts_the_sound_again_where_the_clock_is(qtbot, sound, sink):
    play(qtbot, sound, sink, 0.0, 1.2)
    assert len(sink.pieces) == 1
    sink.played_s -= 2 * MAX_DRIFT_S
    sound.keep_up(1.2)
    assert sink.num_stops == 1
    qtbot.waitUntil(lambda: sound.keep_up(1.9) or len(sink.pieces) == 2)
    sink.played_s = 10
    qtbot.waitUntil(lambda: sound.keep_up(1.9) or len(sink.heard()) > RATE // 2)
    assert click_times(sink.heard(), 1.9)[0] == pytest.approx(2, abs=0.03)
    assert sink.num_stops == 1


def test_muted_and_stopped_nothing_is_heard(qtbot, sound, sink):
    sound.set_muted(True)
    sound.start(0.0)
    qtbot.wait(50)
    sound.keep_up(0.0)
    assert not sink.pieces
    sound.toggle_mute()
    play(qtbot, sound, sink, 0.0, 0.1)
    sound.set_muted(True)
    assert sink.num_stops == 1
    sound.keep_up(0.2)
    assert len(sink.pieces) == 1


def test_the_volume_is_kept_within_its_range(sound, sink):
    sound.set_volume(0.25)
    assert (sound.volume, sink.volume) == (0.25, 0.25)
    sound.set_volume(7)
    assert sound.volume == 1


def test_a_video_without_sound_says_so(qtbot, plain_film):
    sound = Sound(FakeSink)
    with qtbot.waitSignal(sound.changed):
        sound.open(plain_film, 0.0)
    qtbot.wait(50)
    assert not sound.is_available
    assert sound.note == "This video has no sound"
    sound.start(0.0)
    sound.keep_up(0.0)
    sound.shutdown()


@pytest.fixture(scope="module")
def plain_film(tmp_path_factory):
    from tests.core.video.flavours import FLAVOURS
    from tests.core.video.rendering import render

    return render(FLAVOURS[0], tmp_path_factory.mktemp("plain"))


def test_a_computer_without_a_sound_device_says_so(qtbot, clicking):
    asked = []
    sound = Sound(lambda: asked.append(1))
    sound.open(clicking, 0.0)
    qtbot.waitUntil(lambda: sound.note == "This computer has no sound device")
    assert not sound.is_available
    sound.open(clicking, 0.0)
    qtbot.waitUntil(lambda: sound.note == "This computer has no sound device")
    assert asked == [1]
    sound.shutdown()


def test_a_system_without_the_sound_libraries_has_no_device(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    assert default_sink() is None
    assert "no sound" in caplog.text


def test_sound_is_heard_at_normal_speed_only(qtbot, clicking):
    sink, session = FakeSink(), WatchedSession()
    playback = Playback(session, make_sink=lambda: sink)
    session.open(clicking)
    qtbot.waitUntil(lambda: playback.sound.is_available and playback.shown is not None)
    playback.set_speed(2)
    playback.play()
    qtbot.wait(150)
    assert not sink.pieces
    playback.set_speed(1)
    qtbot.waitUntil(lambda: bool(sink.pieces))
    playback.set_speed(4)
    assert sink.num_stops == 1
    playback.shutdown()


def test_shutting_down_ends_the_thread(qtbot, sound):
    sound.start(0.0)
    sound.shutdown()
    assert "sound" not in [thread.name for thread in threading.enumerate()]


def test_the_thread_decodes_a_second_ahead_and_no_further(qtbot, clicking, monkeypatch):
    told = []
    thread = SoundThread(lambda *said: told.append(said))
    video = thread.open(clicking)
    qtbot.waitUntil(lambda: told == [(video, True)])
    thread.start(0.0)
    qtbot.waitUntil(lambda: thread._num_waiting >= RATE)
    qtbot.wait(100)
    ahead = len(thread.take(10 * RATE))
    assert RATE <= ahead < 1.2 * RATE
    qtbot.waitUntil(lambda: thread._num_waiting > 0)
    goes_on, take = threading.Event(), thread._mailbox.take
    monkeypatch.setattr(thread._mailbox, "take", lambda number: goes_on.wait(60) and take(number))
    thread.start(1.0)
    assert len(thread.take(RATE)) == 0  # what is of the order before is not given out
    goes_on.set()
    qtbot.waitUntil(lambda: len(thread.take(RATE)) > 0)
    thread.shutdown()
