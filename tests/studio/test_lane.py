"""One thread, one round: answers come in order, outdated ones are not heard."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from pytestqt.qtbot import QtBot

from tpwng_studio.lane import Lane


def test_answers_come_in_order_in_the_windows_thread(qtbot: QtBot) -> None:
    lane, heard = Lane(), list[tuple[object, bool]]()
    window = threading.current_thread()
    lane.answered.connect(
        lambda answer: heard.append((answer, threading.current_thread() is window))
    )
    with qtbot.waitSignal(lane.finished):
        lane.start(range(20))
    assert heard == [(number, True) for number in range(20)]
    lane.wait()


def test_only_the_last_of_many_rounds_is_heard(qtbot: QtBot) -> None:
    lane, heard = Lane(), list[object]()
    lane.answered.connect(heard.append)
    for number in range(200):
        lane.start([number] * 3)
    with qtbot.waitSignal(lane.finished):
        lane.start([999])
    assert heard == [999]
    lane.wait()


def test_waiting_ends_the_thread_and_leaves_the_rest_undone(qtbot: QtBot) -> None:
    lane, done = Lane(), list[int]()
    started = threading.Event()

    def work() -> Iterator[int]:
        for number in range(1000):
            started.set()
            done.append(number)
            threading.Event().wait(0.01)
            yield number

    lane.start(work())
    assert started.wait(10)
    lane.wait()
    assert len(done) < 1000
    assert not [thread for thread in threading.enumerate() if thread.name == "lane"]
