"""The panel of a round of corrections: form, progress, and what came of it.

Reads :class:`~tpwng_studio.jobs.retraining.Retraining`, sends it what a person wants. Placed by the
main window.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from tpwng_core.errors import TpwngError
from tpwng_core.evaluation.changes import Change
from tpwng_studio.jobs.job_words import amount_words, eta_words, stage_words, state_words
from tpwng_studio.jobs.retraining import Retraining, RoundWish
from tpwng_studio.state.corrections import corrections_in, needs_split, what_is_missing
from tpwng_studio.state.session import Session
from tpwng_studio.throttle import Throttle
from tpwng_studio.views.retraining.form import RoundForm
from tpwng_studio.views.retraining.outcome import Outcome
from tpwng_studio.widgets.scrolled import fill_scrolled

_SHARES = 1000
_SHOW_EVERY_MS = 150
_UNDECIDED = (
    "This round is undecided: Retrain begins again from the old model, and the new round takes the"
    " place of this one. To go on from this one, keep it first."
)


class RetrainView(QWidget):
    """See the module.

    Args:
        session: what is on screen.
        retraining: the rounds of the project.

    Signals:
        dataset_asked: the data set shall be shown at its split.

    Attributes:
        retraining: the same, for whoever has the panel.
    """

    dataset_asked = Signal()

    def __init__(
        self, session: Session, retraining: Retraining, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("retrain")
        self._session = session
        self.retraining = retraining
        self._has_weight = False
        self.form = RoundForm()
        self.bar = QProgressBar(maximum=_SHARES)
        self.bar.setAccessibleName("Progress of the round")
        self.words = QLabel()
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("End the round; the model of now, its scores and curves stay")
        self.trouble = QLabel(wordWrap=True)
        self.trouble.setAccessibleName("Why the last round brought nothing")
        self.outcome = Outcome()
        self.undecided = QLabel(_UNDECIDED, wordWrap=True)
        self.undecided.setAccessibleName("What Retrain does while a round is undecided")
        self._place()
        self._connect()
        self.refresh()

    def focus_start(self) -> None:
        """Put the focus where one goes on: what changed, else the button, else the form."""
        widgets: list[QWidget] = [self.form.start, self.form.weight]
        if not self.form.split.isHidden():
            widgets.insert(0, self.form.split)
        if self.retraining.is_undecided:
            widgets.insert(0, self.outcome.list)
        ready = next((one for one in widgets if one.isEnabled()), self)
        ready.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Show how the rounds stand."""
        retraining = self.retraining
        if not self._has_weight and self._session.model is not None:
            self._has_weight = True
            self.form.weight.setValue(retraining.default_weight)
        has_project = self._session.project is not None
        amount = corrections_in(self._session).words if has_project else ""
        missing = what_is_missing(self._session)
        self.form.show_state(
            amount,
            missing,
            is_running=retraining.is_running,
            needs_split=needs_split(missing),
        )
        self._show_progress()
        self.trouble.setText(retraining.trouble)
        self.trouble.setVisible(bool(retraining.trouble) and not retraining.is_running)
        for widget in (self.outcome, self.undecided):
            widget.setVisible(retraining.is_undecided)
        self.outcome.set_writable(not self._session.is_read_only and not retraining.is_running)
        self.outcome.show_comparison(retraining.comparison, is_comparing=retraining.is_comparing)

    def go_to(self, change: Change) -> None:
        """Open a change's video at its first frame."""
        self._session.open_video(change.video)
        self._session.settle()
        self._session.seek(change.start)

    # Making

    def _place(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addWidget(self.outcome, 1)
        column.addWidget(self.undecided)
        column.addWidget(self.form)
        column.addLayout(row)
        column.addWidget(self.words)
        column.addWidget(self.trouble)
        column.addStretch(0)
        fill_scrolled(self, inside)

    def _connect(self) -> None:
        retraining = self.retraining
        retraining.changed.connect(Throttle(self.refresh, _SHOW_EVERY_MS, self).ask)
        self.form.wanted.connect(self._start)
        self.form.split_asked.connect(self.dataset_asked)
        self.cancel.clicked.connect(retraining.cancel)
        self.outcome.kept.connect(retraining.keep)
        self.outcome.taken_back.connect(retraining.take_back)
        self.outcome.list.wanted.connect(self.go_to)

    def _start(self, wish: RoundWish) -> None:
        try:
            self.retraining.start(wish)
        except TpwngError as error:
            self._session.message.emit("error", str(error))

    def _show_progress(self) -> None:
        job = self.retraining.job
        is_running = self.retraining.is_running and job is not None
        for widget in (self.bar, self.cancel, self.words):
            widget.setVisible(is_running)
        if job is None or not is_running:
            return
        share = job.share
        self.bar.setMaximum(_SHARES if share is not None or not job.is_active else 0)
        self.bar.setValue(round((share or 0.0) * _SHARES))
        self.bar.setFormat(amount_words(job))
        now = stage_words(job) if job.state == "running" else state_words(job)
        self.words.setText(" · ".join(part for part in (now, eta_words(job)) if part))
        self.cancel.setEnabled(job.state != "cancelling")
