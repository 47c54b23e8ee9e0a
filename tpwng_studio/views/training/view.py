"""The training panel: start and resume, live charts, the pinned video, the runs compared.

Reads the session, the jobs and the run folders; sends errands. Numbers come from ``metrics.jsonl``,
which is whole after every epoch, so that a run of another day looks like the one that runs now.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tpwng_core.errors import TpwngError
from tpwng_studio.jobs import errands
from tpwng_studio.jobs.job import TRAINING
from tpwng_studio.jobs.job_follower import JobFollower
from tpwng_studio.jobs.job_words import outcome_words, summary_words
from tpwng_studio.jobs.jobs import Job, Jobs
from tpwng_studio.jobs.runs import RunInfo, read_runs
from tpwng_studio.state.session import Session
from tpwng_studio.views.training.charts import Chart, loss_lines, measure_lines
from tpwng_studio.views.training.form import TrainingForm
from tpwng_studio.views.training.pinned import PinnedPlot
from tpwng_studio.views.training.run_table import RunTable
from tpwng_studio.widgets.scrolled import fill_scrolled

_READ_EVERY_MS = 300


class TrainingView(QWidget):
    """See the module.

    Signals:
        dataset_asked: a person wants to say what the videos are.
    """

    dataset_asked = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        follower: JobFollower,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self._session = session
        self._jobs = jobs
        self._follower = follower
        self._live: Job | None = None
        self._folder: Path | None = None
        self._make()
        self._lay_out()
        self._timer = QTimer(self, singleShot=True, interval=_READ_EVERY_MS)
        self._timer.timeout.connect(self.read_runs)
        self._connect()
        self._show_project()
        for job in jobs.running:
            self._on_job(job)

    # Making

    def _make(self) -> None:
        self.form = TrainingForm()
        self.train = QPushButton("Train")
        self.train.setToolTip("Train a new run on the videos that have features")
        self.dataset = QPushButton("Data set…")
        self.dataset.setToolTip("What each video is, and what it is for")
        self.why = QLabel(wordWrap=True)
        self.device = QLabel(wordWrap=True)
        self.device.setForegroundRole(self.device.palette().ColorRole.PlaceholderText)
        self.losses = Chart("Loss", "Choose a run above, or train one.")
        hint = "Measured on annotated videos that are not trained on, and on the split val."
        self.measures = Chart("AUC, AP", hint, (0.0, 1.0))
        self.pinned = PinnedPlot()
        self.pinned.hide()
        self.table = RunTable()
        self.use = QPushButton("Use")
        self.use.setToolTip("Score and pseudo-label the project with this run's model")
        self.resume = QPushButton("Resume")
        self.resume.setToolTip(
            "Go on with a run that was stopped or cut off, and with the corrections it began with"
        )
        self.evaluate = QPushButton("Evaluate")
        self.evaluate.setToolTip("Compare the project's scores with its ground truth")
        self.report = QLabel(wordWrap=True)
        self.report.hide()

    def _lay_out(self) -> None:
        start = QHBoxLayout()
        start.addWidget(self.train, 2)
        start.addWidget(self.dataset, 1)
        box = QGroupBox("New run")
        column = QVBoxLayout(box)
        column.addWidget(self.form)
        column.addLayout(start)
        column.addWidget(self.why)
        column.addWidget(self.device)
        charts = QHBoxLayout()
        charts.addWidget(self.losses, 1)
        charts.addWidget(self.measures, 1)
        runs = QGroupBox("Runs")
        inner = QVBoxLayout(runs)
        inner.addWidget(self.table)
        buttons = QHBoxLayout()
        for button in (self.use, self.resume, self.evaluate):
            buttons.addWidget(button)
        inner.addLayout(buttons)
        inner.addWidget(self.report)
        content = QWidget()
        whole = QVBoxLayout(content)
        whole.addWidget(box)
        # What is pressed comes before what is looked at: in a small window the rest is scrolled.
        whole.addWidget(runs, 1)
        whole.addLayout(charts, 1)
        whole.addWidget(self.pinned)
        fill_scrolled(self, content)

    def _connect(self) -> None:
        session, jobs = self._session, self._jobs
        session.project_changed.connect(self._show_project)
        session.videos_changed.connect(self._show_videos)
        session.labels_changed.connect(self._show_videos)
        jobs.job_changed.connect(self._on_job)
        jobs.job_event.connect(self._on_event)
        self.form.sliders_asked.connect(lambda: self.form.take_tuning(session.tuning))
        self.train.clicked.connect(self.start)
        self.dataset.clicked.connect(self.dataset_asked)
        self.use.clicked.connect(self._use)
        self.resume.clicked.connect(self._resume)
        self.evaluate.clicked.connect(self._evaluate)
        self.table.chosen_changed.connect(self._show_chosen)

    # What a person does

    def start(self) -> Job | None:
        """Train a new run; None where something is missing."""
        if self._missing():
            return None
        try:
            job, _ = errands.train(self._session, self._jobs, self.form.wish)
        except TpwngError as error:
            self._session.message.emit("error", str(error))
            return None
        return job

    def propose_softness(self, softness: float) -> None:
        """Set R of the next run, as the parameters panel asks."""
        self.form.propose_softness(softness)

    def _use(self) -> None:
        for run in self.table.chosen[:1]:
            self._follower.use(run.checkpoint)
            errands.score_and_label(self._session, self._jobs, run.checkpoint)
            self.read_runs()

    def _resume(self) -> None:
        for run in self.table.chosen[:1]:
            if errands.resume(self._jobs, run) is None:
                text = f"nobody knows how {run.name} was begun; resume it by tpwng-core train"
                self._session.message.emit("warning", text)

    def _evaluate(self) -> None:
        errands.evaluate(self._session, self._jobs)

    # What is shown

    def read_runs(self) -> None:
        """Read the runs again."""
        project = self._session.project
        runs = read_runs(project.runs_dir) if project else []
        self.table.set_runs(runs, project.checkpoint if project else None)
        self._show_chosen()

    def _show_project(self) -> None:
        """Another project, or the same one read again."""
        project = self._session.project
        folder = project.folder if project else None
        if folder != self._folder:
            self._folder = folder
            self.report.hide()
            self.device.clear()
            self.pinned.begin("", ())
            if project is not None:
                self.form.begin_with(project.preset)
        self._show_videos()
        self.read_runs()

    def _show_videos(self) -> None:
        session = self._session
        video = session.video
        ready = [item.id for item in session.videos if item.has_features]
        self.form.set_videos(ready, video.id if video else "")
        self.form.set_num_labelled(sum(item.progress > 0 for item in session.videos))
        self._show_available()

    def _show_available(self) -> None:
        missing = self._missing()
        self.train.setEnabled(not missing)
        self.why.setText(missing)
        self.why.setVisible(bool(missing))
        chosen = self.table.chosen[:1]
        is_free = not self._session.is_read_only
        self.use.setEnabled(is_free and any(run.has_checkpoint for run in chosen))
        self.resume.setEnabled(is_free and any(self._can_resume(run) for run in chosen))
        project = self._session.project
        has_scores = any(item.has_scores for item in self._session.videos)
        can_evaluate = project is not None and project.ground_truth is not None and has_scores
        self.evaluate.setEnabled(can_evaluate and is_free)
        self.dataset.setEnabled(project is not None)

    def _missing(self) -> str:
        """Why no training can begin; "" if it can."""
        session, project = self._session, self._session.project
        if project is None:
            return "Open a project first."
        if project.is_read_only:
            return f"Read only: {project.why_read_only}."
        if project.manifest is None:
            return "Say first what the videos are: Data set…"
        if not any(item.has_features for item in session.videos):
            return "No video has features yet: Data set…, then Prepare and train."
        records = session.records.values()
        training = [r for r in records if r.labelled and r.split in (None, "train")]
        if not any(r.is_normal for r in training) or all(r.is_normal for r in training):
            return "Training needs abnormal and normal training videos: Data set…"
        return ""

    def _can_resume(self, run: RunInfo) -> bool:
        outs = [Path(str(job.args.get("out"))) for job in self._jobs.running]
        return run.can_resume and run.folder not in outs

    def _show_chosen(self) -> None:
        runs = self.table.chosen
        self.losses.show_lines(loss_lines(runs))
        self.measures.show_lines(measure_lines(runs))
        self._show_available()

    # The worker speaks

    def _on_job(self, job: Job) -> None:
        if job.verb in TRAINING and job.is_active and job is not self._live:
            self._begin_live(job)
        if job.verb == "evaluate" and job.state == "done":
            self.report.setText(f"Evaluation of all scores: {summary_words(job)}")
            self.report.show()
        if job.verb in TRAINING and not job.is_open:
            self._timer.start()
        if job is self._live and not job.is_open:
            self.pinned.end(outcome_words(job))
        if not job.is_active:
            self._show_available()

    def _begin_live(self, job: Job) -> None:
        """A training begins: watch it."""
        self._live = job
        video = str(job.args.get("pin") or "")
        self.pinned.begin(video, tuple(self._session.truths.get(video, ())))
        self.device.setText("")
        self._timer.start()

    def _on_event(self, job: Job, event: dict[str, Any]) -> None:
        if job is not self._live:
            return
        kind = event["event"]
        if kind == "metric" and not self._timer.isActive():
            self._timer.start()
        elif kind == "artifact" and event["kind"] == "pinned":
            self.pinned.take(Path(event["path"]), int(job.metrics[-1]["epoch"]))
        elif kind == "message" and str(event["text"]).startswith("training on"):
            self.device.setText(str(event["text"]).capitalize())
            self.table.choose([Path(str(job.args["out"])).name])
