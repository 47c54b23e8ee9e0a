"""A throttled call happens at once, seldom in between, and once more at the end."""

from __future__ import annotations

from PySide6.QtCore import QObject

from tpwng_studio.throttle import Throttle


def test_first_at_once_then_seldom_and_the_last_is_not_lost(qtbot) -> None:
    asked: list[int] = []
    heard: list[int] = []
    owner = QObject()
    throttle = Throttle(lambda: heard.append(len(asked)), 30, owner)
    for number in range(50):
        asked.append(number)
        throttle.ask()
    assert heard == [1]
    qtbot.waitUntil(lambda: len(heard) == 2)
    qtbot.wait(60)
    assert heard == [1, 50]


def test_now_does_not_wait_and_is_not_repeated(qtbot) -> None:
    heard: list[int] = []
    owner = QObject()
    throttle = Throttle(lambda: heard.append(1), 20, owner)
    throttle.ask()
    throttle.ask()
    throttle.now()
    assert len(heard) == 2
    qtbot.wait(50)
    assert len(heard) == 2
