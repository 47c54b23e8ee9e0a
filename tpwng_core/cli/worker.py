"""``tpwng-core worker``: the same verbs as JSON lines over stdin and stdout (spec/files.md).

One verb runs at a time, in the main thread; further requests wait in the order they came. A
second thread keeps reading, so that stop and cancel reach the verb that runs. It stands in the
``cli`` room because it is a second door to the same verbs and parser. What the studio drives.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import queue
import shutil
import signal
import sys
import threading
import time
import traceback
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from tpwng_core.cli import verbs
from tpwng_core.cli.channel import Channel, read_lines, take_streams
from tpwng_core.cli.requests import (
    End,
    RequestError,
    RequestId,
    Run,
    parse_run,
    read_request,
)
from tpwng_core.cli.warm_verbs import WARM_VERBS, Answer
from tpwng_core.errors import INTERRUPTED_EXIT_CODE, Cancelled, Stopped, TpwngError
from tpwng_core.events import Event, Failed, Finished, Progress, Started

_NICENESS = 5
_PROGRESS_EVERY_S = 0.05  # more would only keep the reader busy


def serve() -> int:
    """Answer requests until the end of input, or until asked to terminate.

    Returns:
        The exit code.
    """
    streams = take_streams()
    _give_way()
    faulthandler.enable(sys.stderr)
    logging.basicConfig(stream=sys.stderr)
    worker = Worker(Channel(streams.events))
    signal.signal(signal.SIGTERM, worker.break_off)
    signal.signal(signal.SIGINT, worker.break_off)
    threading.Thread(
        target=worker.listen, args=(read_lines(streams.requests),), name="requests", daemon=True
    ).start()
    try:
        worker.work()
    except _Terminated:
        return INTERRUPTED_EXIT_CODE
    return 0


class Job:
    """One verb on its way.

    Args:
        request: what to run.
        channel: where its events go.

    Attributes:
        wish: what a person wants of it; set by the reading thread.
        broken_by: what a signal raised in it; raised again at the next event, because an error
            that a signal raises inside a destructor or a callback of C is lost.
    """

    def __init__(self, request: Run, channel: Channel) -> None:
        self.request = request
        self.wish: Literal["run", "stop", "cancel"] = "run"
        self.broken_by: type[KeyboardInterrupt] | None = None
        self._channel = channel
        self._next_progress_s = 0.0
        self._lock = threading.Lock()
        self._state: Literal["waiting", "running", "dropped"] = "waiting"

    def begin(self) -> bool:
        """Whether it may run now; False where it was ended before its turn."""
        with self._lock:
            if self._state == "waiting":
                self._state = "running"
            return self._state == "running"

    def end(self, how: Literal["stop", "cancel"]) -> bool:
        """Wish for the end; False where it has not begun and now never will."""
        with self._lock:
            if self._state == "running":
                if self.wish != "cancel":  # a cancelled job cannot be stopped any more
                    self.wish = how
                return True
            self._state = "dropped"
            return False

    def __call__(self, event: Event) -> None:
        """Send an event of the verb, and tell the verb what is wished.

        Raises:
            Cancelled: at any event.
            KeyboardInterrupt: at any event, after a signal.
            Stopped: at every progress.
        """
        if self.broken_by is not None:
            raise self.broken_by
        if self.wish == "cancel":
            raise Cancelled
        if self._is_due(event):
            self.send(event)
        if isinstance(event, Progress) and (self.wish == "stop" or self._channel.is_broken):
            raise Stopped

    def send(self, event: Event) -> None:
        """Send an event, whatever is wished."""
        self._channel.send(event, self.request.id)

    def hurry(self) -> None:
        """Stop at the first progress, begun or not."""
        if self.wish == "run":
            self.wish = "stop"

    def _is_due(self, event: Event) -> bool:
        if not isinstance(event, Progress) or event.done == event.total:
            return True
        now_s = time.monotonic()
        if now_s < self._next_progress_s:
            return False
        self._next_progress_s = now_s + _PROGRESS_EVERY_S
        return True


class Worker:
    """Takes requests in one thread and runs them in another.

    Args:
        channel: where events go.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._waiting: queue.Queue[Job | None] = queue.Queue()
        self._jobs: dict[RequestId, Job] = {}  # waiting or running
        self._running: Job | None = None
        self._may_raise = False
        self._is_terminated = False
        self._warm: dict[str, Answer] = {}

    def listen(self, lines: Iterable[bytes]) -> None:
        """Take requests until the input ends; then let what is begun stop and keep its work.

        Whatever still waits is begun too, and stopped at its first progress: a verb that is
        piped in is answered, and a window that was killed leaves nothing that works for hours.
        """
        for line in lines:
            self._take(line)
        for job in list(self._jobs.values()):
            job.hurry()
        self._waiting.put(None)

    def work(self) -> None:
        """Run requests, one after the other, until the input has ended."""
        while (job := self._waiting.get()) is not None:
            self._running = job
            if job.begin():
                self._run(job)
            self._running = None
            if self._is_terminated:
                raise _Terminated

    def break_off(self, number: int, frame: object) -> None:
        """Take a signal: SIGINT ends the verb that runs, SIGTERM the worker too.

        Raises only where the verb itself is at work, or nothing is: between the two it would tear
        the loop that answers. There the job hears of it at its next event, if it still has one.
        """
        error = _Terminated if number == signal.SIGTERM else KeyboardInterrupt
        self._is_terminated |= error is _Terminated
        if self._running is not None:
            self._running.broken_by = error
        is_idle_end = self._running is None and self._is_terminated
        if self._may_raise or is_idle_end:
            self._may_raise = False  # once: what answers after it is not to be torn either
            raise error

    def _take(self, line: bytes) -> None:
        try:
            request = read_request(line)
            if isinstance(request, End):
                self._end(request)
            else:
                self._enqueue(request)
        except RequestError as error:
            self._channel.send(_failed(error), error.request_id)

    def _enqueue(self, request: Run) -> None:
        if request.id in self._jobs:
            raise RequestError(f"request {request.id!r} is not finished yet", request.id)
        job = Job(request, self._channel)
        self._jobs[request.id] = job
        self._waiting.put(job)

    def _end(self, request: End) -> None:
        job = self._jobs.get(request.target)
        if job is None:
            raise RequestError(
                f"there is no request {request.target!r} to {request.how}", request.id
            )
        if not job.end(request.how):
            self._close(job, _ended("ended before it began"))

    def _run(self, job: Job) -> None:
        """Run one verb; whatever happens to it, the worker lives on."""
        try:
            job(Started(verb=job.request.verb))
            self._may_raise = True
            try:
                summary = self._answer(job)
            finally:
                self._may_raise = False
            self._close(job, Finished(summary=summary))
        except Cancelled:
            self._close(job, _ended("cancelled"))
        except Stopped:
            self._close(job, Finished(summary={"stopped": True}))
        except _Terminated:
            self._close(job, _ended("terminated"))
            raise
        except KeyboardInterrupt:
            self._close(job, _ended("interrupted"))
        except TpwngError as error:
            self._close(job, _failed(error))
        except Exception as error:  # noqa: BLE001 - outermost loop
            traceback.print_exc(file=sys.stderr)
            hint = "this is a fault of ours: please report it with the worker's log"
            text = f"unexpected {type(error).__name__}: {error}"
            self._close(job, Failed(error=text, hint=hint, exit_code=1))

    def _close(self, job: Job, last: Event) -> None:
        """Answer; the number is free again before anyone can read that."""
        self._jobs.pop(job.request.id, None)
        job.send(last)

    def _answer(self, job: Job) -> dict[str, Any]:
        verb = job.request.verb
        if verb in WARM_VERBS:
            if verb not in self._warm:
                self._warm[verb] = WARM_VERBS[verb]()
            return self._warm[verb](job.request, job)
        options = parse_run(job.request)
        fresh = _fresh_run(options)
        try:
            return verbs.run(options, job)
        except Cancelled:
            if fresh is not None and fresh.exists():
                shutil.rmtree(fresh)
            raise


def _give_way() -> None:
    """Work behind the window: where both want a processor, the window goes first."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)


class _Terminated(KeyboardInterrupt):
    """The system asks the process to end."""


def _fresh_run(options: Namespace) -> Path | None:
    """The folder of a training that begins from nothing; a cancel takes it away again."""
    if options.verb not in ("train", "retrain") or options.resume:
        return None
    out: Path = options.out
    return None if out.exists() and any(out.iterdir()) else out


def _failed(error: TpwngError) -> Failed:
    return Failed(error=error.message, hint=error.hint, exit_code=error.exit_code)


def _ended(how: str) -> Failed:
    return Failed(error=how, hint="", exit_code=INTERRUPTED_EXIT_CODE)
