"""What needs the model again: R, the softness of the attention span, and how far it reaches.

Re-scoring goes through a warm worker; until it was done the score on screen belongs to another R
and a badge says so. What R can change is told as it was measured (spec B.8), no more. Part of the
parameters panel.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tpwng_core.errors import ArtifactError
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.live.rescoring import rescore_args
from tpwng_studio.state.session import Session
from tpwng_studio.throttle import Throttle
from tpwng_studio.views.parameters.badge import Badge
from tpwng_studio.views.parameters.reach import ReachWords, answer_words
from tpwng_studio.widgets.narrow import let_shrink
from tpwng_studio.widgets.number_control import NumberControl, Scale

_R = Scale(low=1.0, high=1024.0, step=1.0, decimals=0, is_log=True)
_DEFAULT_R = 256.0
_REST_MS = 300
_SELDOM_MS = 250
_R_TIP = (
    "Softness R of the attention span, in snippets: how slowly attention fades behind the learned"
    " reach z (Eq. 7). The mark shows what the model was trained with."
)
_HONEST = (
    "Here R changes only the score, never psi or pseudo-labels: above 256 next to nothing, below"
    " 64 visibly. A model that makes use of another R must be trained with it."
)
_LIVE_TIP = "Score again whenever R rests; the first time takes some seconds to load the model"


class RerunGroup(QGroupBox):
    """The R slider, its reach, and two buttons.

    Signals:
        retrain_requested: with R.
        corrections_requested: with what a person said.

    Args:
        session: what is on screen.
        jobs: the warm worker.
    """

    retrain_requested = Signal(float)
    corrections_requested = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__("Re-run", parent)
        self._session = session
        self._jobs = jobs
        self._words = ReachWords()
        self._asked: tuple[int, str] | None = None
        self.softness = NumberControl("R", _R, _R_TIP, self)
        self.reach, self.measured, self.honest = QLabel(), QLabel(), QLabel(_HONEST)
        self.reach.setAccessibleName("Attention reach at the playhead")
        self.stale_badge = Badge("")
        self.exploratory_badge = Badge("")
        self.rescore_button = QPushButton("Re-score")
        self.rescore_button.setToolTip("Score this video again with this R, in the warm worker")
        self.live = QCheckBox("live")
        self.live.setToolTip(_LIVE_TIP)
        self.live.setChecked(True)
        self._was_answered = False
        self._wanted = session.tuning.span_softness
        self.retrain_button = QPushButton("Re-train…")
        self.retrain_button.setToolTip("Train a model with this R")
        self.corrections_button = QPushButton("Retrain with my corrections…")
        self.corrections_button.setToolTip("Teach the model what you said, and see what it changes")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._place()
        self._connect()
        self._show()

    def _place(self) -> None:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        self.softness.place_in(grid, 0)
        buttons = QHBoxLayout()
        buttons.addWidget(self.live)
        for button in (self.rescore_button, self.retrain_button):
            let_shrink(button)
            buttons.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.addLayout(grid)
        column.addWidget(self.exploratory_badge)
        column.addWidget(self.stale_badge)
        column.addLayout(buttons)
        let_shrink(self.corrections_button)
        column.addWidget(self.corrections_button)
        for label in (self.reach, self.measured, self.honest):
            label.setWordWrap(True)
            column.addWidget(label)
        self.honest.setForegroundRole(self.palette().ColorRole.PlaceholderText)

    def _connect(self) -> None:
        session, jobs = self._session, self._jobs
        self.softness.changed.connect(self._on_softness)
        self.softness.held.connect(session.hold_tuning)
        self.rescore_button.clicked.connect(self.rescore)
        self._timer.timeout.connect(self.rescore)
        self.retrain_button.clicked.connect(
            lambda: self.retrain_requested.emit(self.softness.value)
        )
        self.corrections_button.clicked.connect(self.corrections_requested)
        session.tuning_changed.connect(self._on_tuning)
        for signal in (session.curves_changed, session.project_changed):
            signal.connect(self._show)
        session.video_changed.connect(self._on_video)
        session.playhead_changed.connect(Throttle(self._show_reach, _SELDOM_MS, self).ask)
        session.labels_changed.connect(self._show_badges)
        jobs.live_answer.connect(self._on_answer)
        jobs.live_failed.connect(self._on_failure)

    @property
    def is_asked(self) -> bool:
        """Whether an answer of the worker is due."""
        return self._asked is not None

    def rescore(self) -> None:
        """Ask the worker for the score of the open video under this R."""
        self._timer.stop()
        video = self._session.video
        args = rescore_args(self._session, self.softness.value)
        if video is None or args is None:
            return
        number = self._jobs.rescore(args)
        self._asked = (number, video.id)
        first = "" if self._was_answered else " The first time loads the model."
        self.measured.setText(f"Scoring with R = {self.softness.value:g}…{first}")
        self._show_badges()

    def _on_answer(self, number: int, summary: dict[str, Any]) -> None:
        if self._asked is None or self._asked[0] != number:
            return
        video, self._asked = self._asked[1], None
        self._was_answered = True
        if self._session.video is None or self._session.video.id != video:
            return
        try:
            self._session.show_curves(Path(summary["pseudo"]), Path(summary["scores"]))
        except ArtifactError as error:
            self.measured.setText(str(error))
        else:
            self.measured.setText(answer_words(summary))
        self._show_badges()

    def _on_failure(self, number: int, why: str) -> None:
        if self._asked is not None and self._asked[0] == number:
            self._asked = None
            self.measured.setText(f"Not scored: {why}")
            self._session.message.emit("warning", f"Re-scoring failed: {why}")
            self._show_badges()

    def _on_softness(self, value: float) -> None:
        trained = self._session.trained_softness
        self._session.set_tuning(span_softness=None if value == trained else value)

    def _on_tuning(self) -> None:
        """Score again for another R, whether somebody moved it or took a move back."""
        before, self._wanted = self._wanted, self._session.tuning.span_softness
        self._show()
        if self._wanted != before and self.live.isChecked() and self.rescore_button.isEnabled():
            self._timer.start()

    def _on_video(self) -> None:
        self._timer.stop()
        self._asked = None
        self._wanted = self._session.tuning.span_softness
        self.measured.setText("")
        self._show()

    def _show(self) -> None:
        session = self._session
        trained = session.trained_softness
        self.softness.set_value(session.tuning.span_softness or trained or _DEFAULT_R)
        self.softness.slider.set_mark(trained)
        has_model = trained is not None and session.video is not None
        self.softness.set_enabled(has_model)
        self.retrain_button.setEnabled(has_model)
        self.corrections_button.setEnabled(session.project is not None)
        has_features = has_model and session.video is not None and session.video.has_features
        self.rescore_button.setEnabled(has_features)
        self.live.setEnabled(has_features)
        self._show_badges()
        self._show_reach()

    def _show_badges(self) -> None:
        trained, stale = self._session.trained_softness, self._session.stale
        is_other = trained is not None and self.softness.value != trained
        self.exploratory_badge.setVisible(is_other)
        if is_other:
            self.exploratory_badge.setText(f"exploratory: trained at R = {trained:g}")
        self.stale_badge.setVisible(bool(stale) and not self.is_asked)
        self.stale_badge.setText(f"STALE  {stale}")
        self.measured.setVisible(bool(self.measured.text()))

    def _show_reach(self) -> None:
        session, curves = self._session, self._session.curves
        if curves is None or not curves.span.size:
            self.reach.setText("The reach of attention is not known for this video.")
            return
        fps = float(session.fps)
        looks_back = session.model is not None and session.model.can_watch
        r, frame = self.softness.value, session.playhead
        self.reach.setText(self._words.of(curves, r, frame, fps, looks_back=looks_back))
