"""Looks at every video of a project in the background, anew whenever the sliders rest.

Errands in, a signal per video out. Owned by the session; a new round ends the one before.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from tpwng_core.tuning import Tuning
from tpwng_studio.lane import Lane
from tpwng_studio.state.survey import Errand, Survey, survey_video


class Surveyor(QObject):
    """Runs :func:`survey_video` on all videos, in one thread.

    Signals:
        surveyed: the :class:`Survey` of a video.
        finished: all videos were looked at.

    Args:
        parent: the owner.
    """

    surveyed = Signal(object)
    finished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = Lane(self)
        self._lane.answered.connect(self._on_answered)
        self._lane.finished.connect(self.finished)

    def start(
        self, errands: Sequence[Errand], columns: Sequence[str], scale: float, tuning: Tuning
    ) -> None:
        """Look at all videos; a round under way ends.

        Args:
            errands: one a video.
            columns: category of each similarity column, normal last.
            scale: similarity scale of the checkpoint.
            tuning: the sliders.
        """
        self._lane.start(survey_video(errand, columns, scale, tuning) for errand in errands)

    def stop(self) -> None:
        """End the round under way after the video it is at."""
        self._lane.stop()

    def wait(self) -> None:
        """End the round and wait for its thread, before the program ends."""
        self._lane.wait()

    def _on_answered(self, survey: Survey | None) -> None:
        if survey is not None:
            self.surveyed.emit(survey)
