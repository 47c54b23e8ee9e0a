"""A round of corrections in the window: asked for, run, compared, and kept or taken back.

Session and jobs in; what a round would learn from, how it goes, and what it changed out. A round
writes into a folder of its own; the project turns to it, and back, by one write of its file, so
that it is never half replaced. A round that is begun while another is undecided teaches the model
before that one and takes its place, so that "the old" is always what the person had. Made by the
window, read by the panel of the round. No widgets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from tpwng_core.errors import ArtifactError, TpwngError
from tpwng_core.rounds import HUMAN_WEIGHT, is_round, next_weight
from tpwng_studio.background import Task
from tpwng_studio.jobs.errands import keep_manifest, next_run
from tpwng_studio.jobs.job_words import outcome_words
from tpwng_studio.jobs.jobs import Job, Jobs
from tpwng_studio.jobs.late_ends import LateEnds, is_of
from tpwng_studio.jobs.runs import CHECKPOINT
from tpwng_studio.project.project import Project
from tpwng_studio.state.corrections import what_is_missing
from tpwng_studio.state.session import Session

if TYPE_CHECKING:
    from tpwng_studio.state.round_comparison import Comparison, RoundQuestion

RETRAIN = "retrain"
SPREAD_ABOVE = 0.99
"""Cosine from which snippets of a video look so much the same that they share a correction."""
_REST_MS = 500


@dataclass(frozen=True, kw_only=True)
class RoundWish:
    """How a person wants to retrain.

    Attributes:
        human_weight: what a corrected snippet counts; others count 1.
        spread: carry corrections over to snippets of the same video that look the same.
        from_scratch: begin from fresh weights.
    """

    human_weight: float = HUMAN_WEIGHT
    spread: bool = False
    from_scratch: bool = False


class Retraining(QObject):
    """The rounds of the open project.

    Signals:
        changed: something of what is below is another.

    Args:
        session: whose project is taught.
        jobs: where a round runs.

    Attributes:
        job: the round that runs or ran last in this window.
        comparison: what the round that is not decided yet did; None while there is none.
        trouble: why the last round brought nothing; "" if it did.
    """

    changed = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._project: Project | None = None
        self._task: Task | None = None
        self._late = LateEnds(session, self)
        self._late.due.connect(self._on_late_end)
        self.job: Job | None = None
        self.comparison: Comparison | None = None
        self.trouble = ""
        jobs.job_changed.connect(self._on_job)
        session.project_changed.connect(self._on_project)
        self._rest_timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest_timer.timeout.connect(self.compare_again)
        session.tuning_changed.connect(self._on_tuning)
        for signal in (session.videos_changed, session.labels_changed):
            signal.connect(self.changed)

    # What there is

    @property
    def is_running(self) -> bool:
        """Whether a round waits or runs."""
        return self.job is not None and self.job.is_open

    @property
    def is_comparing(self) -> bool:
        """Whether before and after are being compared."""
        return self._task is not None

    @property
    def is_undecided(self) -> bool:
        """Whether a round took the place of another model and was neither kept nor taken back."""
        return self._project is not None and self._project.linked("before") is not None

    @property
    def default_weight(self) -> float:
        """What a corrected snippet counts unless a person says otherwise."""
        taught = self._taught()
        if taught is None:
            return HUMAN_WEIGHT
        try:
            return next_weight(taught.parent)
        except ArtifactError:  # told by the worker when a round begins
            return HUMAN_WEIGHT

    # What a person wants

    def start(self, wish: RoundWish) -> Job | None:
        """Begin a round; None where something is missing.

        One that is undecided stays until the new one is there, then gives its place to it.

        Raises:
            OutputError: the manifest cannot be written.
        """
        session, project = self._session, self._session.project
        if what_is_missing(session) or self.is_running or project is None or not session.save():
            return None
        manifest = keep_manifest(session)
        out = next_run(project, self._jobs)
        args = {
            "checkpoint": self._taught(),
            "labels": project.labels_dir,
            "manifest": manifest,
            "features": project.features_dir,
            "out": out,
            "set": [f"loss.human_weight={wish.human_weight:g}", "validation.every=1"],
            "from_scratch": wish.from_scratch,
            "spread_labels": SPREAD_ABOVE if wish.spread else None,
            "ground_truth": project.ground_truth,
        }
        self.trouble = ""
        given = {name: value for name, value in args.items() if value is not None}
        self.job = self._jobs.submit(RETRAIN, given, f"Retrain {out.name}")
        self.changed.emit()
        return self.job

    def cancel(self) -> None:
        """End the round; the model before it, its scores and curves were never touched."""
        if self.is_running and self.job is not None:
            self._jobs.cancel(self.job)

    def keep(self) -> None:
        """The new model stays; what it is compared with is forgotten, not deleted."""
        self._turn(lambda project: project.link(before=None, results_before=None))

    def take_back(self) -> None:
        """The model before the round, its scores and curves are the project's again."""
        self._turn(
            lambda project: project.link(
                checkpoint=project.linked("before"),
                results=project.linked("results_before"),
                before=None,
                results_before=None,
            )
        )

    def compare_again(self) -> None:
        """Compare under the sliders and labels of now; what was under way is dropped."""
        self._rest_timer.stop()
        self._drop()
        question = self._question()
        if question is not None:
            self._task = _comparing(question, self)
            self._task.done.connect(self._on_compared)
            self._task.failed.connect(self._on_failed)
            self._task.start()
        self.changed.emit()

    # Steps

    def _taught(self) -> Path | None:
        """The model that a round teaches: an undecided one is no ground to build on."""
        project = self._session.project
        return None if project is None else project.linked("before") or project.checkpoint

    def _on_project(self) -> None:
        """Another project, or the same one read again, perhaps with another model."""
        project = self._session.project
        if project is not self._project:
            self._project, self.job, self.trouble = project, None, ""
        self._show_before()
        self.comparison = None
        self.compare_again()

    def _on_tuning(self) -> None:
        if self.is_undecided:
            self._rest_timer.start()

    def _show_before(self) -> None:
        project = self._project
        before = None
        if project is not None and self.is_undecided:
            before = project.linked("results_before") or project.folder
        self._session.compare_with(before)

    def _on_job(self, job: Job) -> None:
        if job.verb != RETRAIN:
            return
        if not is_of(job, self._project):
            if job.is_news and not job.is_open:
                self._late.keep(job)
            return
        if job.is_open:
            self.job = job
        elif job is self.job and job.is_news:
            self._on_end(job, Path(str(job.args["out"])))
        self.changed.emit()

    def _on_late_end(self, job: Job) -> None:
        self.job = job
        self._on_end(job, Path(str(job.args["out"])))
        self.changed.emit()

    def _on_end(self, job: Job, out: Path) -> None:
        if not job.ended_well or not is_round(out):
            model = "undecided model" if self.is_undecided else "model before"
            self.trouble = f"The {model} is still in use. The round was {outcome_words(job)}"
            return
        if self.is_undecided:  # what the person had first is still "the old"
            self._turn(lambda project: project.link(checkpoint=out / CHECKPOINT, results=out))
            return
        self._turn(
            lambda project: project.link(
                checkpoint=out / CHECKPOINT,
                results=out,
                before=project.checkpoint,
                results_before=project.linked("results"),
            )
        )

    def _turn(self, link: Callable[[Project], None]) -> None:
        """Turn the project to other results by one write of its file."""
        project = self._project
        if project is None or project.is_read_only:
            return
        try:
            link(project)
        except TpwngError as error:
            self._session.message.emit("error", str(error))
            return
        self._session.reload_project()

    def _question(self) -> RoundQuestion | None:
        if not self.is_undecided:
            return None
        from tpwng_studio.state.round_comparison import question_of

        try:
            return question_of(self._session)
        except TpwngError as error:
            self._session.message.emit("error", str(error))
            return None

    def _on_compared(self, comparison: Comparison) -> None:
        self._drop()
        self.comparison = comparison
        self.changed.emit()

    def _on_failed(self, why: str) -> None:
        self._drop()
        self._session.message.emit("warning", f"Before and after could not be compared: {why}")
        self.changed.emit()

    def _drop(self) -> None:
        """Hear no more of the comparison under way."""
        if self._task is not None:
            self._task.cancel()
            self._task.blockSignals(True)
            self._task.deleteLater()
            self._task = None


def _comparing(question: RoundQuestion, parent: QObject) -> Task:
    """Compares beside the window; only a project that has a round loads the evaluation."""
    from tpwng_studio.state.round_comparison import compare

    return Task(lambda progress: compare(question, progress), parent)
