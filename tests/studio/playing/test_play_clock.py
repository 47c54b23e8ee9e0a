"""The clock runs from a place at a speed, and never jumps."""

from __future__ import annotations

from tpwng_studio.playing.play_clock import PlayClock


class Hand:
    now_s = 100.0

    def __call__(self):
        return self.now_s


def test_it_stands_until_started():
    clock = PlayClock(Hand())
    assert not clock.is_running
    assert clock.time_s == 0


def test_it_runs_at_its_speed_and_keeps_its_place_when_stopped():
    hand = Hand()
    clock = PlayClock(hand)
    clock.set_speed(2)
    clock.start(5)
    hand.now_s += 3
    assert clock.time_s == 11
    clock.stop()
    hand.now_s += 3
    assert clock.time_s == 11


def test_another_speed_makes_no_jump():
    hand = Hand()
    clock = PlayClock(hand)
    clock.start(0)
    hand.now_s += 4
    clock.set_speed(0.25)
    assert clock.time_s == 4
    hand.now_s += 4
    assert clock.time_s == 5
