"""Cycles are collected in the window's thread only, and Python is left as it was found."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest

from tpwng_studio.garbage import Garbage


class Ring:
    """Holds itself, so that only the collector ends it; remembers which thread that was."""

    def __init__(self, ends: list[str]) -> None:
        self.me = self
        self._ends = ends

    def __del__(self) -> None:
        self._ends.append(threading.current_thread().name)


@pytest.fixture
def as_python_is():
    """What the other tests have is taken back, and put there again."""
    gc.collect()
    gc.unfreeze()
    gc.enable()
    yield
    gc.disable()
    gc.freeze()


@pytest.fixture
def garbage(qtbot, as_python_is):
    gc.collect()
    garbage = Garbage()
    yield garbage
    garbage.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def litter(ends: list[str], num: int = 3 * gc.get_threshold()[0]) -> None:
    """Rings until Python would collect, by itself, in this thread."""
    for _ in range(num):
        Ring(ends)


def in_a_task(ends: list[str]) -> None:
    task = threading.Thread(target=litter, args=(ends,), name="task")
    task.start()
    task.join()


def test_without_it_a_task_destroys_what_it_did_not_make(as_python_is) -> None:
    """What it is there for; should Python change this, it can go."""
    ends: list[str] = []
    gc.collect()
    in_a_task(ends)
    assert "task" in ends


def test_a_task_destroys_nothing(garbage: Garbage, qtbot) -> None:
    ends: list[str] = []
    in_a_task(ends)
    assert ends == []
    qtbot.waitUntil(lambda: bool(ends))
    assert set(ends) == {threading.main_thread().name}


def test_nothing_is_collected_before_it_is_due(garbage: Garbage) -> None:
    gc.collect()
    ring = Ring([])
    left = weakref.ref(ring)
    del ring
    garbage.collect_due()
    assert left() is not None
    gc.collect()


def test_a_full_round_leaves_the_program_alone(garbage: Garbage) -> None:
    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects()) < gc.get_freeze_count()


def test_a_second_window_changes_nothing(garbage: Garbage) -> None:
    second = Garbage()
    second.stop()
    assert not gc.isenabled()
