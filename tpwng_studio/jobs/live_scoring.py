"""Answers about what is on screen, from a worker of its own that stays warm: scores, heat maps.

A request in, its answer by a signal; while one is on its way only the newest other one of each verb
is kept. Owned by ``jobs``, so that a long training never blocks a slider.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from tpwng_studio.jobs.window_words import in_window_words
from tpwng_studio.jobs.worker_process import WorkerProcess


class LiveScoring(QObject):
    """At most one request on its way, and one of each verb behind it.

    Signals:
        answered: the number of the request, and the summary of its verb.
        failed: the number, and a line that says why.
    """

    answered = Signal(int, dict)
    failed = Signal(int, str)

    def __init__(self, command: list[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = WorkerProcess(command, self)
        self._worker.spoke.connect(self._on_event)
        self._worker.died.connect(self._on_death)
        self._number = 0
        self._asked: int | None = None
        self._next: dict[str, tuple[int, Mapping[str, Any]]] = {}

    @property
    def is_busy(self) -> bool:
        """Whether an answer is due."""
        return self._asked is not None

    def ask(self, verb: str, args: Mapping[str, Any]) -> int:
        """Ask; takes the place of a request of the same verb that still waits.

        Returns:
            The number its answer will carry.
        """
        self._number += 1
        self._next[verb] = self._number, args
        self._advance()
        return self._number

    def shutdown(self) -> None:
        """End the process."""
        self._next.clear()
        self._worker.shutdown(is_idle=True)

    def _advance(self) -> None:
        if self._asked is not None or not self._next:
            return
        verb = next(iter(self._next))
        self._asked, args = self._next.pop(verb)
        self._worker.say({"id": self._asked, "verb": verb, "args": dict(args)})

    def _on_event(self, event: Mapping[str, Any]) -> None:
        if event.get("id") != self._asked or event["event"] not in ("finished", "failed"):
            return
        number, self._asked = self._asked or 0, None
        if event["event"] == "finished":
            self.answered.emit(number, event["summary"])
        else:
            hint = f" ({event['hint']})" if event["hint"] else ""
            self.failed.emit(number, in_window_words(f"{event['error']}{hint}"))
        self._advance()

    def _on_death(self, reason: str) -> None:
        number, self._asked = self._asked, None
        if number is not None:
            self.failed.emit(number, reason)
        self._advance()
