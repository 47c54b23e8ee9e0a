"""What jobs said, one at a time, growing while they run; the text can be copied.

Reads ``jobs``. Opened from the strip of jobs; deletes itself when it closes.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase, QTextCursor
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio.jobs.job_words import outcome_words, stage_words, state_words
from tpwng_studio.jobs.jobs import Job, Jobs

_SHOW_EVERY_MS = 200


class JobLog(QDialog):
    """A job to choose and its log.

    Args:
        jobs: all of them.
        job: the one to begin with; None takes the newest.
    """

    def __init__(self, jobs: Jobs, job: Job | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("job_log")
        self.setWindowTitle("Log of jobs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 460)
        self._jobs = jobs
        self.choice = QComboBox()
        self.choice.setAccessibleName("Job")
        self.state = QLabel(wordWrap=True)
        self.text = QPlainTextEdit(readOnly=True, lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName("Log")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.choice, self.state, self.text, buttons):
            layout.addWidget(widget)
        for known in reversed(jobs.jobs):
            self.choice.addItem(_name(known), known.id)
        self.choice.setCurrentIndex(max(self.choice.findData(job.id if job else None), 0))
        self._timer = QTimer(self, singleShot=True, interval=_SHOW_EVERY_MS)
        self._timer.timeout.connect(self._show)
        self.choice.currentIndexChanged.connect(self._show)
        jobs.job_changed.connect(self._on_change)
        self._show()

    @property
    def job(self) -> Job | None:
        """The job whose log is on screen."""
        wanted = self.choice.currentData()
        return next((job for job in self._jobs.jobs if job.id == wanted), None)

    def _on_change(self, job: Job) -> None:
        place = self.choice.findData(job.id)
        if place < 0:
            self.choice.insertItem(0, _name(job), job.id)
        else:
            self.choice.setItemText(place, _name(job))
        if not self._timer.isActive():
            self._timer.start()

    def _show(self) -> None:
        job = self.job
        if job is None:
            self.state.setText("No job was run in this project yet.")
            return
        words = stage_words(job) if job.is_active else outcome_words(job)
        self.state.setText(words)
        text = "\n".join(job.log)
        if text != self.text.toPlainText():
            bar = self.text.verticalScrollBar()
            follows = bar.value() == bar.maximum()
            self.text.setPlainText(text)
            if follows:
                self.text.moveCursor(QTextCursor.MoveOperation.End)


def _name(job: Job) -> str:
    return f"{job.id[9:11]}:{job.id[11:13]}  {job.title} – {state_words(job)}"
