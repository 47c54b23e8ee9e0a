"""Work in the pool answers by signals, and only to those who are still there."""

from __future__ import annotations

import threading
import time
import weakref
from functools import partial

import pytest
from PySide6.QtCore import QObject

from tpwng_core.errors import OutputError
from tpwng_studio.background import Progress, Task


def test_the_answer_comes_back_with_its_progress(qtbot) -> None:
    heard: list[tuple[int, int]] = []

    def work(progress: Progress) -> int:
        progress(1, 2)
        return threading.get_ident()

    task = Task(work)
    task.progressed.connect(lambda done, total: heard.append((done, total)))
    with qtbot.waitSignal(task.done) as answer:
        task.start()
    assert answer.args[0] != threading.get_ident()
    assert heard == [(1, 2)]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (OutputError("cannot write a.csv", "free some space"), "cannot write a.csv (free some"),
        (ValueError("odd"), "ValueError: odd"),
    ],
)
def test_what_goes_wrong_is_said(qtbot, error: Exception, text: str) -> None:
    def work(progress: Progress) -> None:
        raise error

    task = Task(work)
    with qtbot.waitSignal(task.failed) as answer:
        task.start()
    assert text in answer.args[0]


def test_a_cancelled_task_stops_at_its_next_report(qtbot) -> None:
    go_on = threading.Event()

    def work(progress: Progress) -> None:
        go_on.wait(5)
        progress(1, 2)

    task = Task(work)
    with qtbot.waitSignal(task.cancelled):
        task.start()
        task.cancel()
        go_on.set()


def test_an_error_nobody_foresaw_ends_the_task_too(qtbot, monkeypatch) -> None:
    logged: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: logged.append(args.exc_type))

    def work(progress: Progress) -> None:
        raise KeyError("x")

    task = Task(work)
    with qtbot.waitSignal(task.failed) as answer:
        task.start()
    assert "nobody foresaw" in answer.args[0]
    qtbot.waitUntil(lambda: logged == [KeyError])


def test_an_owner_who_left_is_not_called(qtbot) -> None:
    go_on, done = threading.Event(), threading.Event()
    heard: list[object] = []

    def work(progress: Progress) -> None:
        go_on.wait(5)
        done.set()

    owner = QObject()
    task = Task(work, owner)
    task.done.connect(heard.append)
    task.start()
    owner.deleteLater()
    qtbot.wait(10)
    del task, owner
    go_on.set()
    assert done.wait(5)
    qtbot.wait(10)
    assert heard == []


def answer(number: int, progress: Progress) -> int:
    return number


def test_many_tasks_in_quick_succession_all_answer(qtbot) -> None:
    heard: list[int] = []
    tasks = [Task(partial(answer, number)) for number in range(200)]
    for task in tasks:
        task.done.connect(heard.append)
        task.start()
    qtbot.waitUntil(lambda: len(heard) == 200)
    assert sorted(heard) == list(range(200))


class _Lingering(threading.Thread):
    """Holds on to what it ran for a moment after the work is done."""

    def run(self) -> None:
        held = self._target  # type: ignore[attr-defined]
        super().run()
        time.sleep(0.2)
        del held


def test_what_a_dropped_task_leaves_goes_in_the_thread_of_the_window(
    qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tpwng_studio.background.threading.Thread", _Lingering)
    owner, gone_in = QObject(), []
    task = Task(lambda progress: None, owner).start()
    relay = task._relay
    assert relay is not None
    weakref.finalize(relay, lambda: gone_in.append(threading.current_thread()))
    task.deleteLater()
    del task, relay
    qtbot.waitUntil(lambda: bool(gone_in))
    assert gone_in == [threading.main_thread()]
