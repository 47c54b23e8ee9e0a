"""A job: what was asked of the worker, how far it is, and how it ended; and its record on disk.

Written under ``project/jobs/`` when it begins and ends, so that a window that was killed leaves
a trace: :func:`read_jobs` calls such jobs lost. Made and changed by ``jobs`` only. No Qt.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from tpwng_core.files import write_json

State = Literal[
    "waiting", "running", "stopping", "cancelling", "done", "stopped", "cancelled", "failed", "lost"
]
ACTIVE: tuple[State, ...] = ("running", "stopping", "cancelling")
PARTLY_FAILED = 6
TRAINING = ("train", "retrain")
"""Verbs that make a run's folder, and go on with one."""
_MAX_LOG = 2000
_LOG_KEPT = 40
_RECORDED = ("id", "verb", "title", "args", "state", "error", "hint", "exit_code", "summary")
_TIMES = ("created_s", "started_s", "ended_s")
_LOST = "the window ended while this ran; whatever was saved is still there"


@dataclass(eq=False, kw_only=True)
class Job:
    """One verb for the worker. Views read it; only ``jobs`` changes it.

    Attributes:
        id: sorts by time.
        verb: of the worker.
        args: of the verb, as in spec/files.md.
        title: for a person.
        after: job that must end well before this one begins.
        folder: where its record lies; None for none.
        state: how it stands.
        stage: verb that runs now; a job may extract before it scores.
        done: units finished of the stage.
        total: units of the stage, where known.
        unit: name of a unit.
        eta_s: seconds left of the stage, where known.
        metrics: a line an epoch: epoch, step, and what was measured.
        log: lines for a person.
        error: what went wrong.
        hint: what to do about it.
        exit_code: as of the command line.
        summary: of a verb that finished.
        is_news: it is of this window, or was found cut off by it.
    """

    id: str
    verb: str
    args: Mapping[str, Any]
    title: str
    after: Job | None = None
    folder: Path | None = None
    state: State = "waiting"
    stage: str = ""
    done: int = 0
    total: int | None = None
    unit: str = ""
    eta_s: float | None = None
    metrics: list[dict[str, float]] = field(default_factory=list)
    log: deque[str] = field(default_factory=lambda: deque(maxlen=_MAX_LOG))
    error: str = ""
    hint: str = ""
    exit_code: int = 0
    summary: Mapping[str, Any] = field(default_factory=dict)
    is_news: bool = True
    created_s: float = field(default_factory=time.time)
    started_s: float | None = None
    ended_s: float | None = None

    @property
    def is_active(self) -> bool:
        """Whether the worker has it now."""
        return self.state in ACTIVE

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.is_active or self.state == "waiting"

    @property
    def ended_well(self) -> bool:
        """Whether what follows it may begin: done, if need be but for some videos."""
        return self.state == "done" or self.exit_code == PARTLY_FAILED

    @property
    def cause(self) -> Job:
        """The job whose bad end kept this one from beginning; itself, where that is not why."""
        job = self
        while job._was_left_out and job.after is not None:
            job = job.after
        return job

    @property
    def _was_left_out(self) -> bool:
        return self.state == "cancelled" and self.started_s is None and bool(self.error)

    @property
    def share(self) -> float | None:
        """Part of the stage that is done, 0 to 1; None where not known."""
        return None if not self.total else min(self.done / self.total, 1.0)

    @property
    def seconds(self) -> float:
        """How long it ran, or has been running."""
        if self.started_s is None:
            return 0.0
        return (self.ended_s or time.time()) - self.started_s

    def take(self, event: Mapping[str, Any]) -> None:
        """Take over what the worker says of the verb while it runs."""
        kind = event.get("event")
        if kind == "started":
            self.stage, self.total, self.done = str(event["verb"]), event["total"], 0
            self.eta_s = None
        elif kind == "progress":
            self.done, self.total = int(event["done"]), event["total"]
            self.unit, self.eta_s = str(event["unit"]), event["eta_s"]
        elif kind == "metric":
            values = {key: float(v) for key, v in event["values"].items() if v is not None}
            self.metrics.append({"epoch": event["epoch"], "step": event["step"], **values})
        elif kind == "message":
            self.say(str(event["text"]), str(event["level"]))
        elif kind == "artifact":
            self.log.append(f"wrote {event['kind']} {event['path']}")

    def say(self, text: str, level: str = "info") -> None:
        """Add to the log."""
        prefix = "" if level in ("info", "debug") else f"{level}: "
        self.log.extend(f"{prefix}{line}" for line in text.splitlines())

    def write(self) -> None:
        """Write the record.

        Raises:
            OutputError: it cannot be written.
        """
        if self.folder is None:
            return
        content = {name: getattr(self, name) for name in (*_RECORDED, *_TIMES)}
        content["log"] = list(self.log)[-_LOG_KEPT:]
        write_json(self.folder / f"{self.id}.json", content)


def read_jobs(folder: Path) -> list[Job]:
    """Jobs of a project, oldest first; those that were cut off are lost, and recorded as such.

    A record that cannot be read is passed over: it is only a memory. What a crash left beside a
    record while that was written is none of its own.
    """
    paths = sorted(folder.glob("[!.]*.json"))
    found = [job for path in paths if (job := _read(path)) is not None]
    for job in found:
        job.is_news = job.is_open
        if job.is_news:
            job.state, job.error = "lost", _LOST
            job.hint = "train: resume it; anything else: run it again, nothing is done twice"
            job.write()
    return found


def _read(path: Path) -> Job | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        values = {name: content[name] for name in (*_RECORDED, *_TIMES)}
        log = deque(map(str, content["log"]), maxlen=_MAX_LOG)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if values["state"] not in get_args(State):
        return None
    return Job(**values, log=log, folder=path.parent)
