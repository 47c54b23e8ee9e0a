"""The window's jobs: extract, train, score and the rest, in a worker process, one after the other.

Views submit, stop and cancel, and hear by signals; the state of each job is a :class:`Job`. A
worker that dies takes no window with it: the job says so, and the next one starts another. Live
answers come from a second process (``live_scoring``).
"""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from tpwng_core.errors import INTERRUPTED_EXIT_CODE, TpwngError
from tpwng_studio.jobs.job import TRAINING, Job, State, read_jobs
from tpwng_studio.jobs.job_words import can_resume
from tpwng_studio.jobs.live_scoring import LiveScoring
from tpwng_studio.jobs.worker_process import WorkerProcess

__all__ = ["Job", "Jobs", "Patience"]

_ON_DEVICE = ("demo", "extract", "train", "retrain", "score", "label", "ablate", "compare")
_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Milliseconds between the rungs: asked, SIGINT, SIGTERM, SIGKILL.

    Stopping may take as long as the step that runs, and then saves; cancelling may not.
    """

    stop_ms: tuple[int, int, int] = (120_000, 10_000, 5_000)
    cancel_ms: tuple[int, int] = (1_200, 400)


class Jobs(QObject):
    """All jobs of a window.

    Signals:
        job_changed: a :class:`Job` that is new or another.
        job_event: a job and an event of the worker about it, a dict of spec/files.md.
        live_answer: number and summary of a :meth:`rescore` or :meth:`heatmap`.
        live_failed: number and what went wrong.

    Args:
        command: of the worker; None runs this Python's.
        patience: with a worker that does not answer.

    Attributes:
        device: where verbs compute that are not told.
    """

    job_changed = Signal(object)
    job_event = Signal(object, dict)
    live_answer = Signal(int, dict)
    live_failed = Signal(int, str)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        command: list[str] | None = None,
        patience: Patience | None = None,
    ) -> None:
        super().__init__(parent)
        self.device = "auto"
        self._patience = patience or Patience()
        self._folder: Path | None = None
        self._jobs: list[Job] = []
        self._begun_anew: set[str] = set()  # left out once, queued again since
        self._active: Job | None = None
        self._request = 0
        self._is_closed = False
        self._fresh: Path | None = None
        self._worker = WorkerProcess(command, self)
        self._worker.spoke.connect(self._on_event)
        self._worker.logged.connect(self._on_log)
        self._worker.died.connect(self._on_death)
        self._live = LiveScoring(command, self)
        self._live.answered.connect(self.live_answer)
        self._live.failed.connect(self.live_failed)
        self._rungs: deque[tuple[int, Callable[[], None]]] = deque()
        self._ladder = QTimer(self, singleShot=True)
        self._ladder.timeout.connect(self._climb)

    # What there is

    @property
    def jobs(self) -> Sequence[Job]:
        """Jobs of the project, oldest first."""
        return tuple(self._jobs)

    @property
    def running(self) -> Sequence[Job]:
        """Jobs that wait or run."""
        return tuple(job for job in self._jobs if job.is_open)

    @property
    def is_live_busy(self) -> bool:
        """Whether a live answer is due."""
        return self._live.is_busy

    def open(self, folder: Path | None) -> None:
        """Show the jobs of a project; what runs goes on.

        Args:
            folder: of the records; None for no project, or one that may not be written.
        """
        if folder == self._folder:
            return
        self._folder = folder
        known = read_jobs(folder)[-_SHOWN:] if folder else []
        self._jobs = [*(job for job in known if job.id not in self._ids()), *self.running]
        for job in self._jobs:
            self.job_changed.emit(job)

    # What a person wants

    def submit(
        self, verb: str, args: Mapping[str, Any], title: str, after: Job | None = None
    ) -> Job:
        """Queue a verb.

        Args:
            verb: of the worker.
            args: its options (spec/files.md); ``device`` is added where the verb has it.
            title: for a person.
            after: begins only when this job ended well; else it is cancelled.
        """
        if verb in _ON_DEVICE:
            args = {"device": self.device, **args}
        job = Job(
            id=self._new_id(), verb=verb, args=args, title=title, after=after, folder=self._folder
        )
        self._jobs.append(job)
        self._record(job)
        self.job_changed.emit(job)
        self._advance()
        return job

    def again(self, job: Job) -> Job:
        """Run a job again, then what was to follow it; a training goes on where it was saved."""
        args = {**job.args, "resume": True} if can_resume(job) else job.args
        followers = self.left_out(job)
        self._begun_anew.update(one.id for one in followers)
        made = {job.id: self.submit(job.verb, args, job.title)}
        for one in followers:
            assert one.after is not None, "it was left out because of the one before"
            made[one.id] = self.submit(one.verb, one.args, one.title, made[one.after.id])
        return made[job.id]

    def left_out(self, job: Job) -> Sequence[Job]:
        """Jobs that were to follow this one, never began and were not queued again since."""
        others = (one for one in self._jobs if one is not job and one.id not in self._begun_anew)
        return [one for one in others if one.cause is job]

    def stop(self, job: Job) -> None:
        """Let it finish its step, save and end; one that waits never begins."""
        if job.state == "waiting":
            self._end(job, "cancelled")
        elif job.state == "running":
            worker, waits = self._worker, self._patience.stop_ms
            acts = (worker.interrupt, worker.terminate, worker.kill)
            self._ask(job, "stop", zip(waits, acts, strict=True))

    def cancel(self, job: Job) -> None:
        """End it now; what is half done is discarded."""
        if job.state == "waiting":
            self._end(job, "cancelled")
        elif job.state in ("running", "stopping"):
            worker, waits = self._worker, self._patience.cancel_ms
            self._ask(job, "cancel", zip(waits, (worker.terminate, worker.kill), strict=True))

    def rescore(self, args: Mapping[str, Any]) -> int:
        """Score one video again in the live worker; the newest request wins.

        Returns:
            The number that ``live_answer`` or ``live_failed`` will carry.
        """
        return self._live.ask("rescore", {"device": self.device, **args})

    def heatmap(self, args: Mapping[str, Any]) -> int:
        """Look where in a frame something is, in the live worker; the newest request wins.

        Returns:
            As :meth:`rescore`.
        """
        return self._live.ask("heatmap", {"device": self.device, **args})

    def attention(self, args: Mapping[str, Any]) -> int:
        """Find out what one frame looked at, in the live worker; the newest request wins.

        Returns:
            As :meth:`rescore`.
        """
        return self._live.ask("attention", {"device": self.device, **args})

    def search(self, args: Mapping[str, Any]) -> int:
        """Look for words in all features, as :meth:`rescore` does; the newest request wins."""
        return self._live.ask("search", {"device": self.device, **args})

    def shutdown(self) -> None:
        """End both processes; a job that runs may save for some seconds."""
        self._is_closed = True
        self._ladder.stop()
        self._worker.shutdown(is_idle=self._active is None)
        self._live.shutdown()
        for job in self.running:
            job.state, job.ended_s = "lost", time.time()
            self._record(job)

    # The queue

    def _advance(self) -> None:
        """Begin the next job, if the worker is free."""
        while self._is_free and (job := self._next()) is not None:
            if job.after is not None and not job.after.ended_well:
                job.error = f"not begun, because this did not end well: {job.after.cause.title}"
                self._end(job, "cancelled")
            else:
                self._begin(job)

    @property
    def _is_free(self) -> bool:
        """Whether the worker can take a job; one that was told to end would lose it."""
        return not self._is_closed and self._active is None and not self._worker.is_ending

    def _next(self) -> Job | None:
        ready = (
            job
            for job in self._jobs
            if job.state == "waiting" and not (job.after and job.after.is_open)
        )
        return next(ready, None)

    def _begin(self, job: Job) -> None:
        self._active = job
        self._request += 1
        self._fresh = _fresh_run(job)
        job.state, job.stage, job.started_s = "running", job.verb, time.time()
        self._record(job)
        self.job_changed.emit(job)
        self._worker.say({"id": self._request, "verb": job.verb, "args": job.args})

    def _end(self, job: Job, state: State) -> None:
        """A job is over, however."""
        job.state, job.ended_s, job.eta_s = state, time.time(), None
        if job is self._active:
            self._active = None
            if not self._worker.is_ending:  # else it must be seen to end
                self._ladder.stop()
            if state == "cancelled" and self._fresh is not None:
                shutil.rmtree(self._fresh, ignore_errors=True)
        self._record(job)
        self.job_changed.emit(job)
        self._advance()

    # The worker speaks

    def _on_event(self, event: Mapping[str, Any]) -> None:
        job = self._active
        if job is None or event.get("id") != self._request:
            return
        job.take(event)
        if event["event"] == "finished":
            job.summary = event["summary"]
            self._end(job, "stopped" if job.summary.get("stopped") else "done")
        elif event["event"] == "failed":
            job.error, job.hint = str(event["error"]), str(event["hint"])
            job.exit_code = int(event["exit_code"])
            self._end(job, _ending(job))
        else:
            self.job_changed.emit(job)
        self.job_event.emit(job, dict(event))

    def _on_log(self, line: str) -> None:
        if self._active is not None:
            self._active.log.append(line)

    def _on_death(self, reason: str) -> None:
        self._ladder.stop()
        job = self._active
        if job is None:
            self._advance()
            return
        if job.state == "running":
            first, _, rest = reason.partition("\n")
            job.error, job.exit_code = first, 1
            job.hint = rest.splitlines()[-1] if rest else "run it again"
        self._end(job, _ending(job))

    # The ladder

    def _ask(self, job: Job, how: str, rungs: Iterable[tuple[int, Callable[[], None]]]) -> None:
        job.state = "stopping" if how == "stop" else "cancelling"
        self._worker.say({"id": f"{how} {self._request}", how: self._request})
        self._rungs = deque(rungs)
        self._wait()
        self.job_changed.emit(job)

    def _wait(self) -> None:
        if self._rungs:
            self._ladder.start(self._rungs[0][0])

    def _climb(self) -> None:
        _, act = self._rungs.popleft()
        act()
        self._wait()

    # Records

    def _record(self, job: Job) -> None:
        try:
            job.write()
        except TpwngError as error:
            job.say(str(error), "warning")

    def _new_id(self) -> str:
        stamp = time.strftime("%Y%m%d-%H%M%S")
        taken, number = self._ids(), 1
        while f"{stamp}-{number:03}" in taken:
            number += 1
        return f"{stamp}-{number:03}"

    def _ids(self) -> set[str]:
        return {job.id for job in self._jobs}


def _ending(job: Job) -> State:
    """How a job that did not finish is called: by what a person wanted of it."""
    if job.state == "cancelling":
        return "cancelled"
    was_asked = job.state == "stopping" and job.exit_code in (0, INTERRUPTED_EXIT_CODE)
    return "stopped" if was_asked else "failed"


def _fresh_run(job: Job) -> Path | None:
    """The folder of a training that begins from nothing."""
    if job.verb not in TRAINING or job.args.get("resume"):
        return None
    out = Path(str(job.args["out"]))
    return None if out.exists() and any(out.iterdir()) else out
