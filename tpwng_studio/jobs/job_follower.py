"""Takes in what jobs leave behind: features, curves, scores, and the model of a finished run.

Hears the jobs, tells the session to read again. One per window. No widgets.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from tpwng_core.errors import TpwngError
from tpwng_core.rounds import is_round
from tpwng_studio.jobs.job_words import outcome_words
from tpwng_studio.jobs.jobs import Job, Jobs
from tpwng_studio.jobs.late_ends import LateEnds, is_of
from tpwng_studio.jobs.runs import CHECKPOINT
from tpwng_studio.state.session import Session

_MAKES_FILES = ("extract", "score", "label")
_LOOK_EVERY_MS = 2000


class JobFollower(QObject):
    """Keeps the session up to date with the worker.

    Args:
        session: reads again when files are new.
        jobs: what it follows.
    """

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._open: set[str] = set()
        self._late = LateEnds(session, self)
        self._late.due.connect(self._on_late_end)
        self._timer = QTimer(self, singleShot=True, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(session.reload_curves)
        jobs.job_changed.connect(self._on_change)
        jobs.job_event.connect(self._on_event)
        session.project_changed.connect(self._on_project)

    def _on_project(self) -> None:
        if self._session.project is None:
            self._timer.stop()

    def _on_late_end(self, training: Job) -> None:
        """Use what was trained meanwhile: its scores and curves lie in the project."""
        if self._take_in(training):
            text = f"{training.title} ended meanwhile: its model is the project's now"
            self._session.message.emit("info", text)

    def _on_event(self, job: Job, event: dict[str, object]) -> None:
        """A file of a long job is there already: look, but not for each."""
        is_new = event["event"] == "artifact" and job.verb in _MAKES_FILES
        if is_new and is_of(job, self._session.project) and not self._timer.isActive():
            self._timer.start()

    def _on_change(self, job: Job) -> None:
        if job.is_open:
            self._open.add(job.id)
        elif job.id in self._open:
            self._open.discard(job.id)
            self._on_end(job)

    def _on_end(self, job: Job) -> None:
        session = self._session
        if job.cause is job:  # what it kept from beginning has nothing to add
            level = "warning" if job.state == "failed" else "info"
            session.message.emit(level, f"{job.title}: {outcome_words(job)}")
        is_ours = is_of(job, session.project)
        if job.verb == "train" and job.state == "done":
            if is_ours:
                self._take_in(job)
            else:
                self._late.keep(job)
        elif is_ours and job.verb in _MAKES_FILES:
            self._timer.stop()
            session.reload_curves()

    def _take_in(self, training: Job) -> bool:
        return self.use(Path(str(training.args["out"])) / CHECKPOINT)

    def use(self, checkpoint: Path) -> bool:
        """Make a run's model the project's; of a round of corrections its scores and curves too.

        Returns:
            Whether it is; where the project's file cannot be written, a message says so.
        """
        project = self._session.project
        if project is None or project.is_read_only:
            return False
        try:
            project.link(
                checkpoint=checkpoint,
                results=checkpoint.parent if is_round(checkpoint.parent) else None,
                before=None,
                results_before=None,
            )
        except TpwngError as error:
            self._session.message.emit("error", str(error))
            return False
        self._session.reload_project()
        return True
