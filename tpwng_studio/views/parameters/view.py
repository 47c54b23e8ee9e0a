"""The parameters panel: an instant group, the spread of psi, and what needs the model again.

Only puts the parts below one another in a scroll area; each part reads the session itself. Placed
by the main window, which also hears :attr:`ParametersView.retrain_requested`.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.state.session import Session
from tpwng_studio.views.parameters.histogram import HistogramView
from tpwng_studio.views.parameters.instant import InstantGroup
from tpwng_studio.views.parameters.rerun import RerunGroup
from tpwng_studio.widgets.scrolled import fill_scrolled


class ParametersView(QWidget):
    """Everything that can be tuned.

    Signals:
        retrain_requested: with the R somebody wants to train with.
        corrections_requested: somebody wants to train with what people said.

    Args:
        session: what is on screen.
        jobs: scores the video again when R changes.
    """

    retrain_requested = Signal(float)
    corrections_requested = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("parameters")
        self.instant = InstantGroup(session)
        self.histogram = HistogramView(session)
        self.rerun = RerunGroup(session, jobs)
        self.rerun.retrain_requested.connect(self.retrain_requested)
        self.rerun.corrections_requested.connect(self.corrections_requested)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        for part in (self.instant, self.histogram, self.rerun):
            column.addWidget(part)
        column.addStretch()
        fill_scrolled(self, inside)
