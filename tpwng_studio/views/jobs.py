"""The strip at the bottom: what the worker does now, how far it is, and the ways to end it.

Reads ``jobs``, sends stop, cancel and again. When nothing runs it says how the last job ended,
until that is put away. Made by the window.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from tpwng_studio import theme
from tpwng_studio.icons import icon
from tpwng_studio.jobs.job_words import (
    amount_words,
    can_resume,
    eta_words,
    metric_words,
    outcome_words,
    stage_words,
    state_words,
)
from tpwng_studio.jobs.jobs import Job, Jobs
from tpwng_studio.widgets.elided_label import ElidedLabel

_SHARES = 1000


class JobsView(QWidget):
    """One line; hidden while there is nothing to say."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jobs")
        self.setAccessibleName("Jobs")
        self._jobs = jobs
        self._shown: Job | None = None
        self._put_away: set[str] = set()
        self._make()
        self._lay_out()
        jobs.job_changed.connect(self._show)
        self._show()

    @property
    def job(self) -> Job | None:
        """The job it shows."""
        return self._shown

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw icons in the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "away"):
            self._dress()
        super().changeEvent(event)

    def _make(self) -> None:
        self.title = QLabel()
        self.bar = QProgressBar(maximum=_SHARES, textVisible=True)
        self.bar.setAccessibleName("Progress of the job")
        self.bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.bar.setMinimumWidth(180)
        self.bar.setMaximumWidth(360)
        self.words = ElidedLabel()
        self.queue = QLabel()
        self.stop = _button("Stop and keep", "Finish the step, save, and end")
        self.cancel = _button("Cancel", "End now; what is half done is discarded")
        self.again = _button(
            "Run again", "Run the job again, then what was to follow; a training is resumed"
        )
        self.log = _button("Log", "What jobs said")
        self.away = QToolButton(autoRaise=True)
        self.away.setToolTip("Put away")
        self.away.setAccessibleName("Put the job away")
        self.stop.clicked.connect(lambda: self._do(self._jobs.stop))
        self.cancel.clicked.connect(lambda: self._do(self._jobs.cancel))
        self.again.clicked.connect(lambda: self._do(self._jobs.again))
        self.log.clicked.connect(self.show_log)
        self.away.clicked.connect(self._put_it_away)
        self._dress()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(10)
        row.addWidget(self.title)
        row.addWidget(self.bar)
        row.addWidget(self.words, 1)
        row.addWidget(self.queue)
        for button in (self.stop, self.cancel, self.again, self.log, self.away):
            row.addWidget(button)

    def show_log(self) -> None:
        """Open the log of all jobs."""
        from tpwng_studio.dialogs.job_log import JobLog

        JobLog(self._jobs, self._shown, self).show()

    def _do(self, act: Callable[[Job], object]) -> None:
        """Act on the job on screen; what waits for one that is cancelled goes with it."""
        if self._shown is not None:
            act(self._shown)

    def _put_it_away(self) -> None:
        if self._shown is not None:
            self._put_away.add(self._shown.id)
            self._show()

    def _show(self) -> None:
        self._shown = job = self._chosen()
        self.setVisible(job is not None)
        if job is None:
            return
        self.title.setText(f"<b>{job.title}</b>")
        self._show_bar(job)
        self._show_words(job)
        waiting = sum(other.state == "waiting" for other in self._jobs.running)
        self.queue.setText(f"{waiting} waiting" if waiting else "")
        self.queue.setVisible(bool(waiting))
        self.stop.setVisible(job.is_active)
        self.stop.setEnabled(job.state == "running")
        self.cancel.setVisible(job.is_open)
        self.cancel.setEnabled(job.state != "cancelling")
        self.again.setVisible(job.state in ("failed", "lost", "stopped", "cancelled"))
        self.again.setText("Resume" if can_resume(job) else "Run again")
        self.away.setVisible(not job.is_open)

    def _show_bar(self, job: Job) -> None:
        self.bar.setVisible(job.is_open)
        share = job.share
        self.bar.setMaximum(_SHARES if share is not None or not job.is_active else 0)
        self.bar.setValue(round((share or 0.0) * _SHARES))
        self.bar.setFormat(amount_words(job))

    def _show_words(self, job: Job) -> None:
        colours = theme.current()
        if job.is_open:
            now = stage_words(job) if job.state == "running" else state_words(job)
            words = " · ".join(part for part in (now, eta_words(job), metric_words(job)) if part)
            colour = colours.muted
        else:
            words = outcome_words(job)
            if left_out := len(self._jobs.left_out(job)):
                words += f" · {left_out} to follow not begun"
            colour = colours.warning if job.state in ("failed", "lost") else colours.muted
        self.words.set_text(words, colour)

    def _chosen(self) -> Job | None:
        """What runs, else what waits, else the last one that ended; of a broken chain its cause."""
        running = self._jobs.running
        active = [job for job in running if job.is_active]
        if active or running:
            return (active or list(running))[0]
        causes = [job.cause for job in self._jobs.jobs if job.is_news]
        ended = [job for job in causes if job.id not in self._put_away]
        return max(ended, key=lambda job: job.ended_s or 0.0, default=None)

    def _dress(self) -> None:
        self.away.setIcon(icon("close"))
        if self._shown is not None:
            self._show_words(self._shown)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
