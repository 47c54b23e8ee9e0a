"""A signal at the worst moment: between two verbs, before one begins, while one is answered."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest

from tpwng_core.cli import verbs
from tpwng_core.cli.channel import Channel
from tpwng_core.cli.worker import Job, Worker, _Terminated
from tpwng_core.events import Event, Failed, Finished, Started

LINE = b'{"id": 1, "verb": "inspect", "args": {"file": "x"}}'


class Told(Channel):
    """Keeps what is answered, and lets a test act as it is."""

    def __init__(self) -> None:
        super().__init__(-1)
        self.events: list[Event] = []
        self.act: Callable[[Event], None] = lambda event: None

    def send(self, event: Event, request_id: int | str | None) -> None:
        self.events.append(event)
        self.act(event)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    def inspect(options: object, report: Callable[[Event], None]) -> dict[str, Any]:
        return {"kind": "nothing"}

    monkeypatch.setitem(verbs._HANDLERS, "inspect", inspect)
    return Told()


def answers(told: Told) -> list[Event]:
    return [event for event in told.events if isinstance(event, Failed | Finished)]


def worker_with_a_request(told: Told) -> Worker:
    worker = Worker(told)
    worker._take(LINE)
    worker._waiting.put(None)
    return worker


def test_an_interrupt_before_the_verb_is_at_work_ends_it_and_not_the_worker(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = worker_with_a_request(told)
    begin = Job.begin

    def interrupted(job: Job) -> bool:
        began = begin(job)
        worker.break_off(signal.SIGINT, None)
        return began

    monkeypatch.setattr(Job, "begin", interrupted)
    worker.work()
    (answer,) = answers(told)
    assert isinstance(answer, Failed)
    assert answer.exit_code == 130


@pytest.mark.parametrize("when", [Started, Finished])
def test_an_interrupt_while_the_worker_speaks_tears_nothing(told: Told, when: type) -> None:
    worker = worker_with_a_request(told)
    told.act = lambda event: (
        worker.break_off(signal.SIGINT, None) if isinstance(event, when) else None
    )
    worker.work()
    assert len(answers(told)) == 1


def test_an_interrupt_while_nothing_runs_is_nothing(told: Told) -> None:
    worker = Worker(told)
    worker.break_off(signal.SIGINT, None)
    worker._waiting.put(None)
    worker.work()
    assert told.events == []


def test_an_interrupt_in_the_verb_is_raised_in_it_once(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = worker_with_a_request(told)
    seen: list[str] = []

    def inspect(options: object, report: Callable[[Event], None]) -> dict[str, Any]:
        try:
            worker.break_off(signal.SIGINT, None)
        finally:
            seen.append("raised")
            worker.break_off(signal.SIGINT, None)  # a second one finds it ending already
            seen.append("ended")
        return {}

    monkeypatch.setitem(verbs._HANDLERS, "inspect", inspect)
    worker.work()
    assert seen == ["raised", "ended"]
    assert [type(event) for event in answers(told)] == [Failed]


def test_to_be_terminated_after_the_verb_ends_the_worker_once_it_is_answered(told: Told) -> None:
    worker = worker_with_a_request(told)
    told.act = lambda event: (
        worker.break_off(signal.SIGTERM, None) if isinstance(event, Finished) else None
    )
    with pytest.raises(_Terminated):
        worker.work()
    assert [type(event) for event in answers(told)] == [Finished]
    with pytest.raises(_Terminated):
        Worker(told).break_off(signal.SIGTERM, None)
