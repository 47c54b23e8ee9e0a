"""A warm worker that keeps what it is asked; the test answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytestqt.qtbot import QtBot

from tpwng_studio.jobs.jobs import Jobs


class AskedJobs(Jobs):
    """Keeps what was asked; the test answers."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, Any]] = []

    def rescore(self, args: Mapping[str, Any]) -> int:
        return self._note(args)

    def heatmap(self, args: Mapping[str, Any]) -> int:
        return self._note(args)

    def attention(self, args: Mapping[str, Any]) -> int:
        return self._note(args)

    def _note(self, args: Mapping[str, Any]) -> int:
        self.asked.append(dict(args))
        return len(self.asked)


def wait_for_request(qtbot: QtBot, jobs: AskedJobs, count: int) -> dict[str, Any]:
    """The last request, once there are so many."""
    qtbot.waitUntil(lambda: len(jobs.asked) >= count)
    return jobs.asked[-1]
