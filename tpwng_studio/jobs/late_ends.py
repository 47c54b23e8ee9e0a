"""Jobs that ended while another project was open: kept until their own is opened.

Ended jobs in, the same ones out when their project is there to take in what they left. Used by
``job_follower`` and ``retraining``. No widgets.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from tpwng_studio.jobs.job import Job
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session


class LateEnds(QObject):
    """Remembers what nobody could take in yet.

    Signals:
        due: an ended :class:`Job` whose project is open now, and may be changed; once each.
    """

    due = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs: list[Job] = []
        # Once everybody has heard of the project: what is taken in changes it.
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._tell)
        session.project_changed.connect(self._timer.start)

    def keep(self, job: Job) -> None:
        """Remember a job of a project that is not open."""
        if job not in self._jobs:
            self._jobs.append(job)

    def _tell(self) -> None:
        project = self._session.project
        if project is None or project.is_read_only:
            return
        due = [job for job in self._jobs if is_of(job, project)]
        self._jobs = [job for job in self._jobs if job not in due]
        for job in due:
            self.due.emit(job)


def is_of(job: Job, project: Project | None) -> bool:
    """Whether a job is a project's."""
    return project is not None and job.folder == project.jobs_dir
