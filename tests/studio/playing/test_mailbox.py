"""The newest order is the only one."""

from __future__ import annotations

import threading
import time

from tpwng_studio.playing.mailbox import Mailbox


def test_an_order_is_taken_once():
    box: Mailbox[str] = Mailbox()
    box.put("a")
    taken = box.take(0, timeout_s=0)
    assert taken is not None
    assert taken.order == "a"
    assert box.take(taken.number, timeout_s=0) is None


def test_the_newest_replaces_those_before():
    box: Mailbox[int] = Mailbox()
    for order in range(5):
        number = box.put(order)
    taken = box.take(0)
    assert taken is not None
    assert (taken.number, taken.order) == (number, 4)
    assert not box.is_overtaken(number)
    box.put(5)
    assert box.is_overtaken(number)


def test_taking_waits_for_an_order():
    box: Mailbox[str] = Mailbox()
    begun = time.perf_counter()  # before the timer begins: this thread may have to wait then
    threading.Timer(0.05, box.put, ["late"]).start()
    taken = box.take(0, timeout_s=5)
    assert taken is not None
    assert taken.order == "late"
    assert 0.03 < time.perf_counter() - begun < 2


def test_closing_ends_the_waiting():
    box: Mailbox[str] = Mailbox()
    box.put("never taken")
    threading.Timer(0.05, box.close).start()
    assert box.take(1, timeout_s=5) is None
    assert box.is_closed
    assert box.take(0) is None
    assert box.is_overtaken(1)
